"""A sandbox of its own for the walk: what it does to the clock is nobody else's."""

from __future__ import annotations

from tests.sandbox.conftest import sandbox_world

globals().update(sandbox_world())
