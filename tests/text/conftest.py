"""A world of its own: what looks the same is looked for in it."""

from __future__ import annotations

from tests.worlds import world

globals().update(world())
