"""A few hundred cases of every tenant in every state, on a database of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.settings import Settings
from tests.monitoring.data import planted
from tests.worlds import on_database, world

_, app, door, client, token, as_user = world(forged=True)


@pytest.fixture(scope="session")
def settings(seeded: Settings, clone: Callable[[str], str]) -> Settings:
    return planted(on_database(seeded, clone("caselist")), 600)
