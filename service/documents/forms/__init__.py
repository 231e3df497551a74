"""One module per form of file: each reads what a person would see in it, and says what of that it could not read."""
