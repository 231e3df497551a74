"""A world of its own, and cities whose portals declare there."""

from __future__ import annotations

from tests.fixtures import build, city
from tests.worlds import world

__all__ = ["build", "city"]

settings, app, door, client, token, as_user = world()
