"""Drills: what takes too long, or needs too much of a machine, for the suite. Run by `make drills`."""
