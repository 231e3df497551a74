from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from service.kit.moment import Moment
from tests.console.browser import Browser
from tests.worlds import world

settings, app, door, client, token, as_user = world()


@pytest.fixture(autouse=True)
def unchanged(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is read in a page's moment is shared by the page's operations: none of them may change it."""
    read: list[tuple[Any, str]] = []
    fetch = Moment.fetch

    async def watched(self: Moment, *asked: Any) -> Any:
        rows = await fetch(self, *asked)
        read.extend((row, repr(tuple(row.values()))) for row in rows)
        return rows

    monkeypatch.setattr(Moment, "fetch", watched)
    yield
    assert [row for row, told in read if repr(tuple(row.values())) != told] == []


@pytest.fixture
async def visit(app: Any) -> AsyncIterator[Callable[..., Any]]:
    """await visit("360100", "unit") → a browser signed in as that person; without a person nobody is."""
    opened: list[httpx.AsyncClient] = []

    async def open_browser(tenant: str | None = None, login: str = "") -> Browser:
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
            base_url="http://127.0.0.1:8000",
        )
        opened.append(client)
        browser = Browser(client)
        if tenant is not None:
            entered = await client.get(f"/console/demo/{tenant}/{login}")
            assert entered.status_code == 303, entered.text
        return browser

    yield open_browser
    for client in opened:
        await client.aclose()
