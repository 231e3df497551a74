"""Tenants, offices, people, clients: who may come in, by whose consent, and what passes on when an office ends."""
