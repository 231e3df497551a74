"""Where the site has a scanner, nothing is kept that it has not passed; and nothing classified is shown to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from service.documents.loading import infected
from service.documents.storage import LocalStorage
from service.documents.viruses import Viruses
from service.settings import Settings
from tests.documents.scanner import MARK, Clamd
from tests.documents.test_documents import PLAIN, send
from tests.factories import draft


@pytest.fixture
async def clamd(app: Any, tmp_path: Path) -> AsyncIterator[Clamd]:
    """A scanner, and the API told of it."""
    shelf, scanner = app.app.state.services.shelf, Clamd(tmp_path / "clamd.ctl")
    before, shelf[Viruses] = shelf[Viruses], Viruses(str(scanner.path))
    yield scanner
    shelf[Viruses] = before


@pytest.fixture
async def case(as_user: Any) -> str:
    return str((await as_user("360100")("POST", "/projects", draft())).json()["id"])


async def kept(caller: Any, case: str) -> list[str]:
    return [each["name"] for each in (await caller("GET", f"/projects/{case}/documents")).json()["items"]]


async def test_what_the_scanner_knows_is_refused_and_kept_nowhere(
    clamd: Clamd, as_user: Any, case: str, settings: Settings
) -> None:
    caller, ill, path = as_user("360100"), PLAIN + MARK, Path(str(settings.documents_dir))
    async with clamd.listening():
        assert (await send(caller, case, PLAIN)).status_code == 201 and clamd.seen == [PLAIN]
        files = {each for each in path.rglob("*") if each.is_file()}
        refused = await send(caller, case, ill, name="带毒.txt")
        assert (refused.status_code, refused.json()["code"]) == (422, "malware")
        assert "病毒特征" in refused.text and "Test.Sample" not in refused.text
        shown = len(clamd.seen)
        marked = await send(caller, case, "机密★十年 方案".encode(), name="密.txt")
        assert marked.status_code == 422 and len(clamd.seen) == shown
    assert {each for each in path.rglob("*") if each.is_file()} == files
    assert await kept(caller, case) == ["方案.txt"]


async def test_where_the_scanner_does_not_answer_nothing_is_taken(
    clamd: Clamd, as_user: Any, case: str
) -> None:
    caller = as_user("360100")
    away = await send(caller, case, PLAIN)
    assert away.status_code == 503 and away.headers["retry-after"] and "病毒查杀" in away.text
    async with clamd.listening():
        for said in (
            b"INSTREAM size limit exceeded. ERROR",
            b"COMMAND READ TIMED OUT",
            b"\0",
            b"stream: OK FOUND maybe",
        ):
            clamd.says = said
            assert (await send(caller, case, PLAIN)).status_code == 503, said
        clamd.says = b""
        assert await kept(caller, case) == []
        assert (await send(caller, case, PLAIN)).status_code == 201


async def test_what_lies_in_the_store_is_shown_to_it_again(tmp_path: Path) -> None:
    """By `tongjian documents scan`: signatures come after files."""
    store, scanner = LocalStorage(tmp_path / "store"), Clamd(tmp_path / "clamd.ctl")
    store.put("360100", "a" * 32, PLAIN)
    store.put("360100", "b" * 32, b"x" * 600_000 + MARK)
    async with scanner.listening():
        found = {key: told async for _, key, told in infected(store, Viruses(str(scanner.path)))}
    assert found == {"a" * 32: None, "b" * 32: "Test.Sample.UNOFFICIAL"}


def test_a_scanner_on_another_machine_is_refused_in_production() -> None:
    for at, fine in (
        ("/run/clamav/clamd.ctl", True),
        ("127.0.0.1:3310", True),
        ("[::1]:3310", True),
        ("10.1.1.1:3310", False),
    ):
        told = Settings(clamd=at).problems()
        assert fine is not any("TONGJIAN_CLAMD" in each for each in told), at
    assert Settings.from_env({"TONGJIAN_CLAMD": "127.0.0.1:3310"}).clamd == "127.0.0.1:3310"
    with pytest.raises(ValueError, match="TONGJIAN_CLAMD"):
        Settings.from_env({"TONGJIAN_CLAMD": "clamd"})
