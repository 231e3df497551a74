"""Existing systems, import of running projects, purge of spilled secrets."""
