"""A world of its own, for whole populations that are written in SQL."""

from tests.worlds import world

settings, app, door, client, token, as_user = world(forged=True)
