"""One worker of several writes the anchors: by lease, with a fence against one that was stopped and comes back late."""

from __future__ import annotations

import asyncio
import fcntl
import signal
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from service.audit import jobs
from service.audit import seal as of_seal
from service.audit.check import check_audit, trusted_anchors
from service.audit.jobs import LEASE, hand_on, seal
from service.audit.seal import Fenced, Head, _locked, anchor_log
from service.audit.verify import AnchorLine
from service.kit import clock
from service.kit.db import Door
from service.kit.held import ME, hold, release
from service.kit.ids import new_id
from service.kit.telemetry import Telemetry
from service.settings import Settings
from tests.audit.conftest import TENANT, Trail, opened
from tests.upkeep.conftest import command, environment, started, until


@pytest.fixture(autouse=True)
async def _free(trail: Trail) -> AsyncIterator[None]:
    """What a test leaves held is nobody's when the next one begins."""
    await trail.sql("DELETE FROM leases")
    yield
    await trail.sql("DELETE FROM leases")


def _lines(trail: Trail) -> list[AnchorLine]:
    return [msgspec.json.decode(raw, type=AnchorLine) for raw in trail.anchors.read_bytes().splitlines()]


async def _lapse(trail: Trail) -> None:
    await trail.sql("UPDATE leases SET until = now() - interval '1 second'")


async def test_a_lease_has_one_holder_and_a_fence_that_grows(trail: Trail) -> None:
    name, one, two = "test", new_id(), new_id()
    assert await hold(trail.door, name, holder=one) == 1
    assert await hold(trail.door, name, holder=two) is None
    assert await hold(trail.door, name, holder=one) == 1
    await _lapse(trail)
    assert await hold(trail.door, name, holder=one) == 1, "nobody had it in between"
    await _lapse(trail)
    assert await hold(trail.door, name, holder=two) == 2
    assert await hold(trail.door, name, holder=one) is None
    await release(trail.door, name, holder=one)  # not his to give
    assert await hold(trail.door, name, holder=one) is None
    await release(trail.door, name, holder=two)
    assert await hold(trail.door, name, holder=one) == 3
    assert await hold(trail.door, name, seen=9, holder=one) == 10, "a restored database has forgotten"


async def test_many_at_once_get_it_once(trail: Trail) -> None:
    found = await asyncio.gather(*(hold(trail.door, "race", holder=new_id()) for _ in range(20)))
    assert [each for each in found if each is not None] == [1]


async def test_who_does_not_hold_it_neither_seals_nor_anchors(trail: Trail) -> None:
    await trail.write(3)
    assert await hold(trail.door, LEASE, holder="another") == 1
    trail.telemetry.gauge("tongjian_audit_unsealed_seconds", "", 900.0)  # of when it held it itself
    assert await trail.seal() == 0
    assert "tongjian_audit_unsealed_seconds 0.0" in trail.telemetry.render().decode()
    assert not trail.anchors.exists()
    await release(trail.door, LEASE, holder="another")
    assert await trail.seal() == 3
    assert [line.fence for line in _lines(trail)] == [2]
    assert await trail.findings() == []


async def test_who_comes_late_writes_nothing(trail: Trail) -> None:
    """Stopped between asking for the lease and writing; meanwhile another took it and wrote."""
    log = anchor_log(trail.settings)
    assert log is not None
    log.append([Head(TENANT, 2, "1" * 64)], clock.now(), fence=8)
    before = trail.anchors.read_bytes()
    with pytest.raises(Fenced):
        log.append([Head(TENANT, 1, "0" * 64)], clock.now(), fence=7)
    assert trail.anchors.read_bytes() == before
    log.append([Head(TENANT, 3, "2" * 64)], clock.now(), fence=8)
    assert log.fence() == 8
    assert trusted_anchors(trail.settings)[1] == []


async def test_a_line_of_an_older_fence_is_found(trail: Trail) -> None:
    """On a file system whose locks do not hold, somebody wrote all the same."""
    log = anchor_log(trail.settings)
    assert log is not None
    log.append([Head(TENANT, 1, "0" * 64)], clock.now(), fence=2)
    line = log._line(Head(TENANT, 2, "1" * 64), _prev(trail.anchors), clock.now(), 1)
    with trail.anchors.open("ab") as file:
        file.write(line + b"\n")
    assert [fault.code for fault in trusted_anchors(trail.settings)[1]] == ["anchor_fence"]


def _prev(path: Path) -> str:
    from service.kit.digest import sm3

    return sm3(path.read_bytes().splitlines()[-1])


async def test_whoever_takes_over_anchors_what_the_last_one_left(trail: Trail) -> None:
    await trail.write(2)
    assert await trail.seal() == 2
    lines = trail.anchors.read_bytes().splitlines(keepends=True)
    await trail.write(1)
    assert await trail.seal() == 1
    trail.anchors.write_bytes(b"".join(lines))  # died between the commit and the anchor
    await trail.sql("UPDATE leases SET holder = 'dead', until = now() - interval '1 second'")
    assert await trail.seal() == 0
    assert [(line.seq, line.fence) for line in _lines(trail)] == [(2, 1), (3, 2)]
    await hand_on(trail.door)
    assert await hold(trail.door, LEASE, holder="next") == 3
    assert ME != "next"


async def test_a_writer_that_stands_still_blocks_nobody_for_ever(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in the middle of a line, it has the file's lock: the next one fails, says so, and tries again."""
    monkeypatch.setattr(of_seal, "LOCKED", 0.1)
    await trail.write(1)
    trail.anchors.parent.mkdir()
    with trail.anchors.open("wb") as stopped:
        fcntl.flock(stopped, fcntl.LOCK_EX)
        async with asyncio.timeout(60):
            with pytest.raises(TimeoutError, match="stands still"):
                await trail.seal()
    assert await trail.seal() == 1
    assert await trail.findings() == []


async def test_who_loses_it_on_the_way_leaves_the_anchors_to_the_next(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    await trail.write(1)

    async def slow(door: Door, tenant: str, now: datetime) -> of_seal.Sealed:
        sealed = await of_seal.seal_tenant(door, tenant, now)
        if sealed.entries:
            await trail.sql("UPDATE leases SET holder = 'another', fence = fence + 1")
            monkeypatch.setattr(jobs, "SPAN", timedelta())  # it took so long that it asks again
        return sealed

    monkeypatch.setattr(jobs, "seal_tenant", slow)
    assert await trail.seal() == 1
    assert not trail.anchors.exists() or trail.anchors.read_bytes() == b""
    monkeypatch.undo()
    await _lapse(trail)
    await jobs.sweep(trail.door, trail.settings, trail.telemetry)
    assert [line.seq for line in _lines(trail)] == [1]


@pytest.mark.long
async def test_of_two_workers_one_writes_and_the_other_takes_over(trail: Trail, settings: Settings) -> None:
    """Real processes; the one that writes is stopped, as a machine that stands still, and goes on too late."""
    env = environment(replace(trail.settings, valkey_url="", clock_file=None), log_level="WARNING")
    with ExitStack() as stack:
        workers = [stack.enter_context(started(command("worker"), env)) for _ in range(2)]

        async def sealed(count: int) -> None:
            async def all_in() -> bool:
                rows = await trail.sql("SELECT count(*) AS n FROM audit_chain WHERE tenant_id = $1", TENANT)
                return (
                    bool(rows[0]["n"] == count) and trail.anchors.exists() and _lines(trail)[-1].seq == count
                )

            await until(all_in, *(each for each in workers if each.poll() is None))

        await trail.write(4)
        await sealed(4)
        (first,) = {line.fence for line in _lines(trail)}
        for worker in workers:  # which of them it is shows when it stands still
            with _locked(
                trail.anchors
            ):  # not in the middle of a line: a lock of the file's is given up by nobody else
                worker.send_signal(signal.SIGSTOP)
            await trail.write(1)
            if worker is workers[0]:
                await sealed(5)
                worker.send_signal(signal.SIGCONT)
        await _lapse(trail)
        await sealed(6)
        workers[1].send_signal(signal.SIGCONT)
        await trail.write(1)
        await sealed(7)
        fences = [line.fence for line in _lines(trail)]
        assert fences == sorted(fences)
        assert fences[-1] > first
        assert await check_audit(trail.door, trail.settings) == []


async def test_unheld_anchors_do_not_stop_a_deployment_without_any(trail: Trail) -> None:
    async with opened(replace(trail.settings, audit_anchor_dir=None)) as bare:
        await bare.write(2)
        assert await seal(bare.door, bare.settings, Telemetry()) == 2
