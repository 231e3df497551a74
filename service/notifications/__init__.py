"""The inbox: every event told to those it concerns, in Chinese."""
