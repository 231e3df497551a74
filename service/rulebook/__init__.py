"""The dated rules in force: files, readings, overlays, amendments, notices (arts 9, 14, 44, 45)."""
