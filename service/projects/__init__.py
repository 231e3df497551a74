"""The case: draft, declaration, gatekeeping, approval; the state that every later phase moves (arts 9, 13-15, 23)."""
