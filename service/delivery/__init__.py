"""Building, acceptance, evaluation, maintenance, orders (arts 24-41)."""
