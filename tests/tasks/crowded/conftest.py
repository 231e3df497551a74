"""A world of its own, for whole populations that are written in SQL."""

from tests.worlds import world

globals().update(world(forged=True))
