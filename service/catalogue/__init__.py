"""Shared apps and their adoption (arts 3, 6, 23, 31)."""
