"""The process beside this one: turns, bounds, deaths, and nothing left of who gave up."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import psutil
import pytest

from service.kit.beside import MOST, PER_CALLER, Beside, WorkFailed
from service.kit.errors import ServiceError

pytestmark = pytest.mark.long  # processes that begin, die and end

TARGET = "tests.kit.test_beside:answer"


def answer(raw: bytes) -> list[object]:
    """Runs in the other process: `die` ends it, `wait PATH` until a byte can be read from that pipe."""
    if raw == b"die":
        os._exit(1)
    if raw.startswith(b"wait "):
        with open(raw[5:], "rb") as pipe:
            pipe.read(1)
    return [raw.decode(), os.getpid()]


@pytest.fixture
async def bench() -> AsyncIterator[Beside]:
    made = Beside(TARGET)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def pipe(tmp_path: object) -> str:
    path = f"{tmp_path}/pipe"
    os.mkfifo(path)
    return path


def release(pipe: str) -> None:
    with open(pipe, "wb") as opened:
        opened.write(b"x")


async def queued(bench: Beside, pipe: str, works: list[tuple[bytes, str]]) -> list[asyncio.Task[object]]:
    """One piece of work holds the bench, the others wait behind it in this order."""
    tasks = [asyncio.create_task(bench.ask(b"wait " + pipe.encode(), "holder"))]
    while bench.pid is None or bench.waiting:
        await asyncio.sleep(0)
    for raw, caller in works:
        tasks.append(asyncio.create_task(bench.ask(raw, caller)))
    while bench.waiting < len(works):
        await asyncio.sleep(0)
    return tasks


async def test_work_is_done_in_one_other_process(bench: Beside) -> None:
    assert bench.pid is None  # not before it is needed
    first = await bench.ask(b"a", "x")
    second = await bench.ask(b"b" * 3_000_000, "x")
    assert first == ["a", bench.pid] and second[1] == bench.pid != os.getpid()


async def test_who_sends_much_waits_for_himself(bench: Beside, pipe: str) -> None:
    done: list[str] = []
    works = [*((f"m{i}".encode(), "much") for i in range(5)), (b"few", "few")]
    tasks = await queued(bench, pipe, works)
    for task in tasks[1:]:
        task.add_done_callback(lambda task: done.append(task.result()[0]))
    await asyncio.to_thread(release, pipe)
    await asyncio.gather(*tasks)
    await asyncio.sleep(0)
    assert done.index("few") <= 1, done


async def test_more_than_fits_is_told_to_come_back(bench: Beside, pipe: str) -> None:
    works = [(b"x", f"caller {i // PER_CALLER}") for i in range(MOST)]
    tasks = await queued(bench, pipe, works[:PER_CALLER])
    with pytest.raises(ServiceError) as told:
        await bench.ask(b"x", "caller 0")
    assert (told.value.status, "Retry-After" in told.value.headers) == (503, True)
    tasks += [asyncio.create_task(bench.ask(raw, caller)) for raw, caller in works[PER_CALLER:]]
    while bench.waiting < MOST:
        await asyncio.sleep(0)
    with pytest.raises(ServiceError):
        await bench.ask(b"x", "somebody else")
    await asyncio.to_thread(release, pipe)
    assert len(await asyncio.gather(*tasks)) == MOST + 1


async def test_who_gives_up_leaves_nothing(bench: Beside, pipe: str) -> None:
    tasks = await queued(bench, pipe, [(b"a", "a"), (b"b", "b")])
    for task in tasks[:2]:
        task.cancel()
    await asyncio.wait(tasks[:2])
    assert bench.waiting == 1
    await asyncio.to_thread(release, pipe)
    assert (await tasks[2])[0] == "b"
    assert bench.waiting == 0 and not bench._waiting


async def test_a_death_costs_the_work_it_died_of_and_no_more(bench: Beside) -> None:
    before = (await bench.ask(b"a", "x"))[1]
    with pytest.raises(WorkFailed):
        await bench.ask(b"die", "x")
    after = (await bench.ask(b"a", "x"))[1]
    assert after != before and not psutil.pid_exists(before)


async def test_it_ends_with_the_service(pipe: str) -> None:
    bench = Beside(TARGET)
    await bench.start()
    tasks = await queued(bench, pipe, [(b"a", "a")])
    process = psutil.Process(bench.pid)
    await bench.stop()
    assert not process.is_running()
    told = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(error) for error in told] == [ServiceError, ServiceError]
    with pytest.raises(ServiceError):
        await bench.ask(b"a", "x")


async def test_it_ends_when_nobody_is_left_to_ask() -> None:
    """The service was killed: the other process reads the end of its input."""
    bench = Beside(TARGET)
    await bench.start()
    process = psutil.Process((await bench.ask(b"a", "x"))[1])
    assert bench._process is not None and bench._process.stdin is not None
    bench._process.stdin.close()
    await bench._process.wait()
    assert not process.is_running()
    await bench.stop()
