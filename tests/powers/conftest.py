"""A world of its own, whose desks these tests empty and fill."""

from tests.identity.conftest import admin, demo, me, oauth, person
from tests.worlds import world

globals().update(world())
__all__ = ["admin", "demo", "me", "oauth", "person"]
