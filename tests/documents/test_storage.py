"""A store that hangs, fails or refuses: what the caller is told, what is held meanwhile, what is left behind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from service.documents import actions
from service.documents.storage import LocalStorage, Storage
from service.kit.db import Door
from service.settings import Settings
from tests.documents.test_documents import PLAIN, send
from tests.factories import draft
from tests.worlds import Caller, running


class Slow(LocalStorage):
    """Takes a file, and its time: until it is let go on."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.documents_dir)
        self.asked, self.go = threading.Event(), threading.Event()

    def put(self, tenant: str, key: str, content: bytes) -> None:
        self.asked.set()
        assert self.go.wait(60)
        super().put(tenant, key, content)


class Full(LocalStorage):
    def put(self, tenant: str, key: str, content: bytes) -> None:
        raise OSError(28, "No space left on device")


@pytest.fixture
async def app(settings: Settings) -> Any:
    async with running(settings) as made:
        yield made


def _services(app: Any) -> Any:
    return app.app.state.services


@pytest.fixture
async def portal(app: Any, token: Any) -> Any:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test", timeout=60
    ) as client:
        yield Caller(client, token("360100"))


def _lent(door: Door) -> int:
    """Connections that work for the tenant; what looks after the rules and revocations has its own now and then."""
    return sum(lender.held.get("360100", 0) for lender in door.lenders.values())


async def test_a_store_that_takes_its_time_holds_no_connection(
    app: Any, portal: Any, settings: Settings
) -> None:
    case = (await portal("POST", "/projects", draft())).json()["id"]
    slow = _services(app).shelf[Storage] = Slow(settings)
    sending = asyncio.create_task(send(portal, case, PLAIN))
    try:
        assert await asyncio.to_thread(slow.asked.wait, 60)
        assert _lent(_services(app).door) == 0
    finally:
        slow.go.set()
    assert (await sending).status_code == 201


async def test_a_full_disk_is_said_and_not_our_fault(app: Any, portal: Any, settings: Settings) -> None:
    case = (await portal("POST", "/projects", draft())).json()["id"]
    _services(app).shelf[Storage] = Full(settings.documents_dir)
    answer = await send(portal, case, PLAIN)
    assert (answer.status_code, answer.json()["code"]) == (503, "file_unavailable")
    assert "space" not in answer.text
    assert (await portal("GET", f"/projects/{case}/documents")).json() == {"items": []}


async def test_a_refusal_after_the_storing_leaves_no_bytes(
    app: Any, portal: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the case and the transaction the case fills up, or ends."""
    case = (await portal("POST", "/projects", draft())).json()["id"]
    looks: Iterator[bool] = iter((True, False))
    full = actions.not_full

    def filling(attached: list[Any]) -> None:
        full(attached if next(looks) else [{}] * actions.MAX_DOCUMENTS)

    monkeypatch.setattr(actions, "not_full", filling)
    storage = LocalStorage(settings.documents_dir)
    before = set(storage.kept())
    answer = await send(portal, case, PLAIN)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_documents")
    assert set(storage.kept()) == before


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"DOCUMENTS_URL": "https://key:secret@s3.internal/bucket"}, "DOCUMENTS_ACCESS"),
        ({"DOCUMENTS_URL": "s3://bucket"}, "https://host"),
        ({"DOCUMENTS_URL": "https://s3.internal/"}, "a bucket"),
        ({"DOCUMENTS_URL": "https://s3.internal/bucket/../other"}, "a bucket"),
        ({"DOCUMENTS_ACCESS": "only-a-key"}, "<access key>:<secret>"),
        ({"DOCUMENTS_ACCESS": "a:b c"}, "<access key>:<secret>"),
    ],
)
def test_settings_that_cannot_be_read(given: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told) as raised:
        Settings.from_env({f"TONGJIAN_{name}": text for name, text in given.items()})
    assert "secret@" not in str(raised.value)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"DOCUMENTS_URL": "https://s3.internal/bucket"}, "needs TONGJIAN_DOCUMENTS_ACCESS"),
        ({"DOCUMENTS_URL": "https://s3.internal/bucket", "DOCUMENTS_DIR": "/x"}, "one of them"),
        ({"DOCUMENTS_URL": "http://s3.internal/bucket", "DOCUMENTS_ACCESS": "a:b"}, "in the clear"),
        ({}, "attachments need a place"),
    ],
)
def test_settings_that_are_refused_in_production(given: dict[str, str], told: str) -> None:
    made = Settings.from_env({f"TONGJIAN_{name}": text for name, text in given.items()})
    assert any(told in each for each in made.problems())
    assert "a:b" not in repr(made)


def test_the_secret_may_stand_in_a_file(tmp_path: Any) -> None:
    (tmp_path / "access").write_text("known:elsewhere\n")
    assert Settings(documents_access_file=tmp_path / "access").documents_credentials() == (
        "known",
        "elsewhere",
    )
