"""The bench: tenants take turns, nobody sits on every place, a dead reader is replaced, and no connection is held."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from service.documents import bench as benches
from service.documents.bench import FileBench, Lost
from service.documents.verdict import Verdict
from service.kit import apart
from service.kit.errors import ServiceError
from tests.documents.papers import word
from tests.documents.test_documents import PLAIN, send
from tests.documents.test_hostile_files import endless
from tests.factories import draft


class Slow(FileBench):
    """A bench whose files are done when the test says so."""

    def __init__(self, places: int) -> None:
        super().__init__(places)
        self.reading: list[str] = []
        self.done: dict[str, asyncio.Event] = {}

    async def _read(self, name: str, _raw: bytes) -> Verdict:
        self.reading.append(name)
        await self.done.setdefault(name, asyncio.Event()).wait()
        return Verdict("text/plain")

    def finish(self, name: str) -> None:
        self.done.setdefault(name, asyncio.Event()).set()


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_tenants_take_turns() -> None:
    bench = Slow(2)
    many = [asyncio.create_task(bench.judge("甲", f"甲{n}", b"x")) for n in range(20)]
    await settled()
    assert bench.reading == ["甲0"]  # the other place is somebody else's
    one = asyncio.create_task(bench.judge("乙", "乙0", b"x"))
    two = [asyncio.create_task(bench.judge("丙", f"丙{n}", b"x")) for n in range(2)]
    await settled()
    assert bench.reading == ["甲0", "乙0"]
    order = []
    while not all(task.done() for task in (*many, one, *two)):
        name = next(each for each in bench.reading if each not in order)
        order.append(name)
        bench.finish(name)
        await settled()
    assert bench.reading.index("丙0") <= 3 and bench.reading.index("丙1") <= 6
    assert Counter(name[0] for name in bench.reading) == {"甲": 20, "乙": 1, "丙": 2}
    assert not bench._running and not bench._waiting


async def test_who_waits_too_long_or_with_too_many_is_told_when_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(benches, "MAX_WAITING", 3)
    bench = Slow(1)
    tasks = [asyncio.create_task(bench.judge("甲", f"甲{n}", b"x")) for n in range(4)]
    await settled()
    with pytest.raises(ServiceError) as refused:
        await bench.judge("甲", "甲4", b"x")
    assert (refused.value.status, refused.value.headers["retry-after"]) == (503, "10")
    other = asyncio.create_task(bench.judge("乙", "乙0", b"x"))
    await settled()
    tasks[2].cancel()
    for name in ("甲0", "乙0", "甲1", "甲3"):
        bench.finish(name)
    await asyncio.gather(*tasks, other, return_exceptions=True)
    assert bench.reading == ["甲0", "甲1", "乙0", "甲3"] or bench.reading == ["甲0", "乙0", "甲1", "甲3"]
    monkeypatch.setattr(benches, "WAIT_SECONDS", 0.01)
    held = asyncio.create_task(bench.judge("甲", "甲9", b"x"))
    await settled()
    with pytest.raises(ServiceError):
        await bench.judge("甲", "甲10", b"x")
    bench.finish("甲9")
    await held
    assert not bench._running and not bench._waiting


@pytest.fixture
async def bench() -> AsyncIterator[FileBench]:
    made = FileBench(1)
    yield made
    await made.close()


@pytest.mark.long
async def test_one_process_reads_many_files_and_a_dead_one_is_replaced(
    bench: FileBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await bench.judge("甲", "a.docx", word())).notes == ()
    [reader] = bench._idle
    for _ in range(3):
        assert (await bench.judge("甲", "a.docx", word())).notes == ()
        assert bench._idle == [reader]
    first = reader._process.pid
    monkeypatch.setattr(benches, "WALL_SECONDS", 1)
    with pytest.raises(Lost):
        await bench.judge("甲", "a.pdf", endless())
    monkeypatch.undo()
    assert (await bench.judge("甲", "a.txt", PLAIN)).media_type == "text/plain"
    assert bench._idle[0]._process.pid != first and reader._process.returncode is not None
    bench._idle[0]._process.kill()  # between two files
    await bench._idle[0]._process.wait()
    assert (await bench.judge("甲", "a.txt", PLAIN)).media_type == "text/plain"


@pytest.mark.long
async def test_a_reader_is_not_blamed_for_the_memory_of_whoever_started_it(bench: FileBench) -> None:
    ballast = bytes(b"x" * 4096) * (
        (apart.SPENT << 10) // 4096
    )  # this process is above what a reader may need
    assert (await bench.judge("甲", "a.docx", word())).notes == ()
    assert len(bench._idle) == 1 and len(ballast) >= apart.SPENT << 10


class Held(FileBench):
    """The real bench, whose places open when the test says so."""

    def __init__(self) -> None:
        super().__init__(3)
        self.open = asyncio.Event()

    async def _read(self, name: str, raw: bytes) -> Verdict:
        if name.startswith("等"):
            await self.open.wait()
        return await super()._read(name, raw)


@pytest.mark.long
async def test_no_connection_is_held_while_a_file_waits(
    as_user: Any, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: forty files wait, every connection is free, another city's file goes through."""
    services = app.app.state.services
    held = Held()
    monkeypatch.setitem(services.shelf, FileBench, held)
    portal, other = as_user("360100"), as_user("360200")
    case = (await portal("POST", "/projects", draft())).json()["id"]
    made = await other("POST", "/projects", draft("360200"))
    assert made.status_code == 201, made.text
    theirs = made.json()["id"]
    tasks = [asyncio.create_task(send(portal, case, word(), name=f"等{n}.docx")) for n in range(40)]
    while sum(map(len, held._waiting.values())) + sum(held._running.values()) < 40:
        await asyncio.sleep(0.001)
    assert [sum(lender.held.values()) for lender in services.door.lenders.values()] == [0, 0, 0]
    assert (await send(other, theirs, PLAIN)).status_code == 201
    held.open.set()
    answers = await asyncio.gather(*tasks)
    assert [answer.status_code for answer in answers] == [201] * 40
    await held.close()


async def test_a_stranger_costs_no_reading(as_user: Any, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may not write to the case is told so before its bytes are looked at (404 stays 404)."""
    bench = Slow(3)
    monkeypatch.setitem(app.app.state.services.shelf, FileBench, bench)
    mine = as_user("360100")
    case = (await mine("POST", "/projects", draft())).json()["id"]
    for caller in (as_user("360200"), as_user("360000", "office")):
        assert (await send(caller, case, PLAIN)).status_code == 404
    assert (await send(mine, "360100-0197f3a0-0000-7000-8000-000000000000", PLAIN)).status_code == 404
    assert bench.reading == []
