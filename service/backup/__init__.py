"""Backup and restore: a set is taken, how old it is, it is laid out again, and what was lost is declared."""
