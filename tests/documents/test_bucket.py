"""Several nodes, one bucket: attachments in a real S3 server, which is away, refuses, or keeps what it should not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.backup import taking as backup
from service.documents.jobs import clear_orphans
from service.documents.loading import load
from service.documents.storage import LocalStorage, StorageAway, inside
from service.kit import clock
from service.kit.ids import new_id
from service.settings import Settings
from tests.documents.bucket import BUCKET, Server, serving, store
from tests.documents.test_documents import PLAIN, send
from tests.factories import draft
from tests.worlds import Caller, running

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def server(workdir: Path) -> Iterator[Server]:
    with serving(workdir / "bucket") as made:
        yield made


def _client(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", timeout=120)


async def test_what_one_api_takes_another_gives_out(
    settings: Settings, server: Server, as_user: Any, token: Any, door: Any
) -> None:
    mine = server.settings(settings)
    case = (await as_user("360100")("POST", "/projects", draft())).json()["id"]
    async with running(mine) as one, running(mine) as other, _client(one) as first, _client(other) as second:
        made = await send(Caller(first, token("360100")), case, PLAIN)
        assert made.status_code == 201, made.text
        ref = made.json()["id"]
        back = await Caller(second, token("360100"))("GET", f"/documents/{ref}/content")
        assert back.content == PLAIN
        storage, key = store(server, settings), ref.partition("-")[2]
        assert ("360100", key) in {(tenant, found) for tenant, found, _ in storage.kept()}
        # What no row names goes after a day, in a bucket too; what one names stays.
        lost = new_id()
        storage.put("360100", lost, b"nobody knows me")
        tomorrow = clock.now().replace(year=clock.now().year + 1)
        assert await clear_orphans(door, storage, tomorrow) >= 1
        assert storage.get("360100", lost) is None
        assert storage.get("360100", key) == PLAIN
        storage.delete("360100", key)  # as an erasing does
        assert storage.get("360100", key) is None
        storage.delete("360100", key)  # again, after a crash
        gone = await Caller(second, token("360100"))("GET", f"/documents/{ref}/content")
        assert (gone.status_code, gone.json()["code"]) == (503, "file_unavailable")


async def test_a_store_that_refuses_us_takes_nothing(
    settings: Settings, server: Server, as_user: Any, token: Any
) -> None:
    case = (await as_user("360100")("POST", "/projects", draft())).json()["id"]
    async with (
        running(server.settings(settings, documents_access="tongjian:wrong")) as app,
        _client(app) as client,
    ):
        made = await send(Caller(client, token("360100")), case, PLAIN)
    assert (made.status_code, made.json()["code"]) == (503, "file_unavailable")
    assert made.headers["retry-after"]
    assert "wrong" not in made.text
    assert (await as_user("360100")("GET", f"/projects/{case}/documents")).json() == {"items": []}


def test_what_is_new_is_found_without_what_is_old(settings: Settings, server: Server) -> None:
    storage, now = store(server, settings), clock.timestamp()
    old, fresh = "0190a000-0000-7000-8000-000000000001", new_id()
    for tenant in ("360200", "360300"):
        storage.put(tenant, old, b"1")
        storage.put(tenant, fresh, b"2")
    mine = ("360200", "360300")
    assert {(t, k) for t, k, _ in storage.kept() if t in mine} == {(t, k) for t in mine for k in (old, fresh)}
    assert {(t, k) for t, k, _ in storage.kept(now) if t in mine} == {(t, fresh) for t in mine}


def test_a_set_holds_what_the_bucket_holds_and_fills_another(
    settings: Settings, server: Server, tmp_path: Path
) -> None:
    storage, key = store(server, settings), new_id()
    storage.put("360400", key, b"paper")
    target = tmp_path / "set"
    target.mkdir()
    backup.mirror(replace(server.settings(settings), audit_anchor_dir=None), target, None)
    assert (target / "documents" / inside("360400", key)).read_bytes() == b"paper"
    empty = store(server, settings, documents_url=f"http://127.0.0.1:{server.port}/{BUCKET}/restored")
    brought, had = load(target / "documents", empty)
    assert brought >= 1
    assert had == 0
    assert empty.get("360400", key) == b"paper"
    assert load(target / "documents", empty) == (0, brought)
    assert "restored" not in {tenant for tenant, _, _ in storage.kept()}, (
        "another's files, no orphans of ours"
    )
    assert LocalStorage(target / "documents").get("360400", key) == b"paper"


def test_a_bucket_that_keeps_versions_is_refused(settings: Settings, server: Server) -> None:
    """What is erased there goes on to exist, and an erasing (art. 14) would say that it does not."""
    versioned = store(server, settings, documents_url=f"http://127.0.0.1:{server.port}/keeping")
    versioned.put("360500", new_id(), b"1")
    server.shell("s3.bucket.versioning -name keeping -enable\n")
    key = new_id()
    with pytest.raises(StorageAway):
        versioned.put("360500", key, b"2")
    assert versioned.get("360500", key) is None


async def test_a_store_that_is_away_is_said_so_and_comes_back(
    settings: Settings, workdir: Path, as_user: Any, token: Any
) -> None:
    case = (await as_user("360100")("POST", "/projects", draft())).json()["id"]
    with serving(workdir / "dying") as mortal:
        async with running(mortal.settings(settings)) as app, _client(app) as client:
            portal = Caller(client, token("360100"))
            made = await send(portal, case, PLAIN)
            assert made.status_code == 201, made.text
            mortal.kill()
            later = await send(portal, case, PLAIN + b"2")
            read = await portal("GET", f"/documents/{made.json()['id']}/content")
            for answer in (later, read):
                assert (answer.status_code, answer.json()["code"]) == (503, "file_unavailable")
                assert answer.headers["retry-after"]
            listed = await portal("GET", f"/projects/{case}/documents")  # what needs no file goes on
            assert [each["id"] for each in listed.json()["items"]] == [made.json()["id"]]
