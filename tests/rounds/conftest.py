"""A world of its own: what a round asks here is asked of nobody else's tests."""

from __future__ import annotations

from tests.worlds import world

settings, app, door, client, token, as_user = world()
