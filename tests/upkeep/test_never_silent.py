"""Logging costs nobody anything when it cannot write; what dies ends its process; what fails is counted."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.audit.seal import anchor_path
from service.embedded.daemon import free_port
from service.kit import tasks
from service.kit.jobs import Every, run_worker
from service.kit.output import Handler, Output
from service.kit.tasks import TaskDied, end, watched
from service.kit.telemetry import ALARM, Telemetry, configure_logging
from service.settings import Settings
from tests.upkeep.conftest import command, ended, environment, faulty, started, until
from tests.worlds import Caller, running

# ---- a log that cannot be written -------------------------------------------------------------------------


@contextmanager
def full() -> Iterator[int]:
    """A disk without room: every write is ENOSPC."""
    fd = os.open("/dev/full", os.O_WRONLY)
    yield fd
    os.close(fd)


@contextmanager
def gone() -> Iterator[int]:
    """A pipe whose reader has ended."""
    read, write = os.pipe()
    os.close(read)
    yield write
    os.close(write)


@contextmanager
def unread() -> Iterator[int]:
    """A pipe that is full, because its reader reads no more."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    with suppress(BlockingIOError):
        while True:
            os.write(write, b"x" * 4096)
    os.set_blocking(write, True)
    yield write
    os.close(read)
    os.close(write)


@contextmanager
def closed() -> Iterator[None]:
    """No standard error at all."""
    yield None


def _stderr(place: int | None) -> dict[str, Any]:
    """How a process gets it."""
    return {"stderr": place} if place is not None else {"preexec_fn": lambda: os.close(2)}


@pytest.mark.parametrize("place", [full, gone, unread])
def test_a_line_that_cannot_be_written_is_counted_and_no_more(place: Callable[[], Any]) -> None:
    with place() as fd:
        output = Output(fd)
        for length in (10, 10_000):
            assert output.write(b"x" * length) == length
        assert output.lost == 2


def test_a_line_longer_than_a_pipe_takes_at_once_comes_whole() -> None:
    read, write = os.pipe()
    output = Output(write)
    output.write(b"a" * 10_000)
    assert (os.read(read, 20_000), output.lost) == (b"a" * 10_000, 0)
    os.close(read)
    os.close(write)
    output.write(b"b")
    assert output.lost == 1


def test_whatever_is_logged_becomes_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("WARNING")

    class Wordless:
        def __repr__(self) -> str:
            raise RuntimeError

    Telemetry().log.warning("odd", value=Wordless(), text="\ud800")
    assert "unloggable" in capfd.readouterr().err


def test_what_a_library_logs_is_one_line_of_json(capfd: pytest.CaptureFixture[str]) -> None:
    """A collector reads lines: a trace of its own lines would be torn, and forged by whatever it quotes."""
    output = Output()
    logger = logging.Logger("some.library")
    logger.addHandler(Handler(output))
    try:
        raise ConnectionRefusedError(111, "no\nserver \ud800")
    except OSError:
        logger.exception("cannot restore %s", "it")
    logger.warning("%d", "no number")
    first, second = (json.loads(line) for line in capfd.readouterr().err.removesuffix("\n").split("\n"))
    assert (first["message"], first["error"], first["level"]) == (
        "cannot restore it",
        "ConnectionRefusedError",
        "error",
    )
    assert "test_never_silent.py" in first["trace"] and first["timestamp"].endswith("+00:00")
    assert second["message"] == "TypeError while formatting"


def test_what_is_logged_makes_no_lines_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("WARNING")
    said = 'x\r\n{"event":"login.granted"}\u2028"}\x1b[2K'
    Telemetry().log.warning("odd", value=said)
    (line,) = capfd.readouterr().err.removesuffix("\n").split("\n")
    assert json.loads(line)["value"] == said and not {"\r", "\x1b"} & set(line)


@pytest.mark.long
@pytest.mark.parametrize("place", [full, closed])
async def test_the_api_answers_though_its_log_cannot_be_written(
    place: Callable[[], Any], settings: Settings, token: Any
) -> None:
    port = free_port(0)
    env = environment(settings, port=port, log_level="INFO")
    base = f"http://127.0.0.1:{port}"
    with place() as fd, started(command("serve"), env, **_stderr(fd)) as api:
        async with httpx.AsyncClient(base_url=base, timeout=600) as client:
            await until(lambda: _ready(client), api)
            keeper = Caller(client, token("360100", "gatekeeper"))
            answers = await asyncio.gather(*(keeper("GET", "/projects") for _ in range(30)))
            assert [each.status_code for each in answers] == [200] * 30
            lost = (await client.get("/metrics")).text.partition("\ntongjian_log_lines_lost ")[2]
            assert float(lost.split("\n")[0]) >= 30 or place is closed
        assert api.poll() is None
    assert api.returncode == 0


async def _ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).is_success
    except httpx.TransportError:
        return False


@pytest.mark.long
@pytest.mark.parametrize("place", [full, gone])
async def test_the_worker_goes_on_when_failing_jobs_cannot_say_so(
    place: Callable[[], Any], settings: Settings, build: Any, tmp_path: Path
) -> None:
    """A full disk takes log and anchors together; when there is room again, everything goes on by itself."""
    there = tmp_path / "anchors"
    there.write_text("a file where a directory should be")
    port = free_port(0)
    broken = replace(settings, audit_anchor_dir=there)
    env = environment(broken, worker_metrics_port=port)
    with place() as fd, started(command("worker"), env, **_stderr(fd)) as worker:
        await build().draft()

        async def failed() -> bool:
            with suppress(httpx.TransportError):
                async with httpx.AsyncClient(timeout=600) as client:
                    told = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
                    return "tongjian_job_failures_total{" in told
            return False

        await until(failed, worker)
        there.unlink()
        file = anchor_path(broken)
        assert file is not None

        async def anchored() -> bool:
            await build().draft()
            return file.exists() and file.stat().st_size > 0

        await until(anchored, worker)
    assert worker.returncode == 0


# ---- what dies ---------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_periodic_job_that_dies_ends_the_worker(settings: Settings, tmp_path: Path) -> None:
    """Even by an exit that would look like a good one."""
    fault = "import service.worker as w\nasync def die(c): raise SystemExit(0)\nw.CRON[3] = ('seal', 2, die)"
    log = tmp_path / "log"
    with log.open("wb") as err, started(faulty(fault, "worker"), environment(settings), stderr=err) as worker:
        assert ended(worker) not in (0, None)
    assert '"task":"seal"' in log.read_text()
    assert "Traceback" not in log.read_text()


@pytest.mark.long
def test_a_background_task_of_the_api_that_dies_ends_the_process(settings: Settings, tmp_path: Path) -> None:
    fault = (
        "import asyncio\nfrom service.kit.jobs import Doorbell\n"
        "async def die(self): raise asyncio.CancelledError\nDoorbell._run = die"
    )
    log, env = tmp_path / "log", environment(settings, port=free_port(0))
    with log.open("wb") as err, started(faulty(fault, "serve"), env, stderr=err) as api:
        assert ended(api) not in (0, None)
    assert '"task":"doorbell"' in log.read_text()


BACKGROUND = [
    ("service.identity.revoking.RevocationPoller._poll", "revocations"),
    ("service.rulebook.following.RuleBookFollower._poll", "rulebooks"),
    ("service.kit.jobs.Doorbell._run", "doorbell"),
]


@pytest.mark.parametrize(("work", "name"), BACKGROUND)
async def test_each_background_task_of_the_api_is_watched(
    work: str, name: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    died, before = asyncio.Event(), list(tasks.DEAD)

    async def die(_self: Any) -> None:
        raise GeneratorExit

    monkeypatch.setattr(work, die)
    monkeypatch.setattr(tasks, "_on_death", [died.set])
    async with running(settings):
        await died.wait()
    assert [*before, name] == tasks.DEAD
    tasks.DEAD[:] = before


async def test_a_task_that_is_ended_is_no_death(capfd: pytest.CaptureFixture[str]) -> None:
    deaths: list[str] = []
    before = list(tasks.DEAD)

    async def forever() -> None:
        await asyncio.Event().wait()

    async def nothing() -> None: ...

    lasting = watched(forever(), "one", lambda: deaths.append("one"))
    await asyncio.sleep(0)
    await end(lasting)
    assert deaths == []
    task = watched(nothing(), "two", lambda: deaths.append("two"))
    await asyncio.wait({task})
    await asyncio.sleep(0)
    assert deaths == ["two"]
    assert [*before, "two"] == tasks.DEAD
    tasks.DEAD[:] = before
    assert "task_died" in capfd.readouterr().err


# ---- what fails --------------------------------------------------------------------------------------------


async def test_failures_of_a_job_are_counted_and_told_louder_when_they_go_on(
    capfd: pytest.CaptureFixture[str],
) -> None:
    telemetry, runs, stop = Telemetry(), 0, asyncio.Event()

    async def work() -> None:
        nonlocal runs
        runs += 1
        if runs <= ALARM:
            raise LookupError("not to be logged")
        stop.set()

    await run_worker("", lambda _tenant: None, [Every("x", 0.001, work)], [], telemetry, stop)
    told = telemetry.render().decode()
    assert f'tongjian_job_failures_total{{task="x"}} {float(ALARM)}' in told
    lines = capfd.readouterr().err
    assert lines.count("job_failed") == ALARM - 1
    assert lines.count("job_keeps_failing") == 1
    assert "not to be logged" not in lines


@pytest.mark.parametrize("death", [asyncio.CancelledError, SystemExit, GeneratorExit])
async def test_a_dead_job_is_raised(death: type[BaseException]) -> None:
    async def work() -> None:
        raise death

    before = list(tasks.DEAD)
    with pytest.raises(TaskDied, match="x"):
        await run_worker("", lambda _tenant: None, [Every("x", 60, work)], [], Telemetry())
    tasks.DEAD[:] = before
