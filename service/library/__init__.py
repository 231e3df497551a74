"""Three-year plan, intake rounds, needs, project library, frameworks, links (arts 7-10, 12, 14, 16)."""
