"""Attachments, checklists, evidence packs (arts 15, 30, 42)."""
