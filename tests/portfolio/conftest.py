"""A world of its own, builders of cases in it, and the servers' owner, who may look everywhere."""

from __future__ import annotations

import pytest

from service.documents.storage import LocalStorage
from service.settings import Settings
from tests.fixtures import build, superuser, travel
from tests.worlds import world

__all__ = ["build", "superuser", "travel"]

settings, app, door, client, token, as_user = world()


@pytest.fixture
def storage(settings: Settings) -> LocalStorage:
    return LocalStorage(settings.documents_dir)
