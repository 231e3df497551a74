"""A world of its own, whose desks these tests empty and fill."""

from tests.identity.conftest import admin, demo, me, oauth, person
from tests.worlds import world

settings, app, door, client, token, as_user = world()
__all__ = ["admin", "demo", "me", "oauth", "person"]
