"""A world of its own: what looks the same is looked for in it."""

from __future__ import annotations

from tests.worlds import world

settings, app, door, client, token, as_user = world()
