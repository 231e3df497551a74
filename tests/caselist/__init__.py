"""The list of cases, found by words."""
