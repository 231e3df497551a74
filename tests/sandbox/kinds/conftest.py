"""A sandbox of its own for the walk: what it does to the clock is nobody else's."""

from __future__ import annotations

from tests.sandbox.conftest import sandbox_world

settings, app, door, client, token, as_user, its_own_clock = sandbox_world()
