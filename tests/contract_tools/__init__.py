"""What holds the document from outside: linters, generators of clients, and both generated clients at work."""
