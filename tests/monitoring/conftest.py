"""An application on a database of its own, with projects of every tenant in every state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from service.settings import Settings
from tests.fixtures import superuser
from tests.monitoring.data import planted
from tests.worlds import on_database, world

__all__ = ["superuser"]

_, app, door, client, token, as_user = world(forged=True)


@pytest.fixture(scope="session")
def settings(seeded: Settings, clone: Callable[[str], str]) -> Settings:
    """A database of this package's own, with projects of every tenant in every state."""
    return planted(on_database(seeded, clone("monitoring")), 3000)


@pytest.fixture
def office(as_user: Any) -> Any:
    """The leading group's office: it watches all tenants."""
    return as_user("360000", "office")


async def all_pages(caller: Any, path: str, limit: int = 7) -> list[dict[str, Any]]:
    """Every item of a list, by its Link headers."""
    items: list[dict[str, Any]] = []
    url: str | None = f"{path}{'&' if '?' in path else '?'}limit={limit}"
    while url:
        answer: httpx.Response = await caller("GET", url)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        link = answer.headers.get("link")
        url = link[1 : link.index(">")] if link else None
        assert (url is None) == (page["next_cursor"] is None)
    return items
