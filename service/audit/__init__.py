"""Who did what, chained and anchored outside the database; cases proved by it (arts 39, 42)."""
