"""A world of its own: PostgreSQL is told there that it holds a hundred thousand cases."""

from tests.worlds import world

settings, app, door, client, token, as_user = world()
