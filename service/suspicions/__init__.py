"""Split and label suspicion (arts 8, 9)."""
