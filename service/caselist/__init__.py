"""The list of cases: what a desk decides by, found and sorted in every way a desk looks for it."""
