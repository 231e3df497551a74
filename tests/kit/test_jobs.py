"""Relay, bench, doorbell and worker loop: nothing lost, nothing done twice, Valkey never needed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from service.embedded.servers import Servers
from service.kit import clock, jobs
from service.kit.db import RELAY, Door, Tx
from service.kit.jobs import Bench, Doorbell, Every
from service.kit.outbox import Event, Recipient
from service.kit.relay import Subscriber, drain, sweep
from service.kit.telemetry import Telemetry
from service.settings import Settings
from tests.notifications.events import emit_one, query, ringing, until, working

TENANT = "360300"
DESK = [Recipient(TENANT, "unit")]


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture(autouse=True)
async def _empty(settings: Settings) -> None:
    await query(settings.database_url, "TRUNCATE outbox")


async def rows(settings: Settings) -> list[Any]:
    return await query(
        settings.database_url,
        "SELECT id::text, attempts, last_error, done_at, next_attempt_at FROM outbox ORDER BY created_at, id",
    )


class Recorder:
    """A subscriber that notes what it got, and fails as told."""

    def __init__(self, fail: Any = lambda _event: False) -> None:
        self.got: list[str] = []
        self.calls: list[int] = []
        self.fail = fail

    async def run(self, tx: Tx, tenant: str, events: Sequence[Event]) -> None:
        assert tx.scope.tenant == tenant
        self.calls.append(len(events))
        for event in events:
            if self.fail(event):
                raise LookupError(f"secret of {event.snapshot}")
        self.got += [event.id for event in events]

    @property
    def subscriber(self) -> Subscriber:
        return Subscriber("recorder", lambda event: {each.tenant for each in event.recipients}, self.run)


async def test_events_are_handed_on_in_batches_and_order_then_done(
    door: Door, settings: Settings, telemetry: Telemetry
) -> None:
    ids = [await emit_one(door, TENANT, "k", DESK) for _ in range(130)]
    recorder = Recorder()
    assert await drain(door, TENANT, {"k": [recorder.subscriber]}, telemetry) == 130
    assert recorder.got == ids
    assert recorder.calls == [100, 30]
    assert all(row["done_at"] for row in await rows(settings))
    assert await drain(door, TENANT, {"k": [recorder.subscriber]}, telemetry) == 0


async def test_a_failing_event_waits_with_a_pause_and_holds_nobody_up(
    door: Door, settings: Settings, telemetry: Telemetry
) -> None:
    bad = await emit_one(door, TENANT, "k", DESK, reason="bad")
    good = await emit_one(door, TENANT, "k", DESK)
    broken = True
    recorder = Recorder(lambda event: broken and event.id == bad)
    other = Recorder()
    subscribers = {"k": [recorder.subscriber, other.subscriber]}
    assert await drain(door, TENANT, subscribers, telemetry) == 1
    assert recorder.got == [good]
    assert sorted(other.got) == sorted([bad, good])
    first, second = await rows(settings)
    assert (first["id"], first["attempts"], first["done_at"]) == (bad, 1, None)
    assert first["last_error"] == "recorder: LookupError"
    assert first["next_attempt_at"] > clock.now()
    assert second["done_at"]
    broken = False
    await query(settings.database_url, "UPDATE outbox SET next_attempt_at = now() - interval '1 s'")
    assert await drain(door, TENANT, subscribers, telemetry) == 1
    assert recorder.got == [good, bad]


async def test_unknown_kinds_and_unreadable_rows_wait_for_a_worker_that_knows_them(
    door: Door, settings: Settings, telemetry: Telemetry
) -> None:
    await emit_one(door, TENANT, "of.tomorrow", DESK)
    await query(settings.database_url, "UPDATE outbox SET kind = 'of.tomorrow'")
    assert await drain(door, TENANT, {"k": []}, telemetry) == 0
    await query(
        settings.database_url, "UPDATE outbox SET recipients = '[{}]', kind = 'k', next_attempt_at = now()"
    )
    assert await drain(door, TENANT, {"k": []}, telemetry) == 0
    (row,) = await rows(settings)
    assert (row["attempts"], row["done_at"], row["last_error"]) == (2, None, "unreadable: ValidationError")


async def test_a_relay_that_dies_leaves_a_lease_that_runs_out(
    door: Door, settings: Settings, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await emit_one(door, TENANT, "k", DESK)
    recorder = Recorder()

    async def die(*_: Any, **__: Any) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr("service.kit.relay._hand", die)
    with pytest.raises(asyncio.CancelledError):
        await drain(door, TENANT, {"k": [recorder.subscriber]}, telemetry)
    monkeypatch.undo()
    assert await drain(door, TENANT, {"k": [recorder.subscriber]}, telemetry) == 0, "leased"
    await query(settings.database_url, "UPDATE outbox SET next_attempt_at = now()")
    assert await drain(door, TENANT, {"k": [recorder.subscriber]}, telemetry) == 1
    assert recorder.got == [event]


async def test_two_relays_share_the_work(door: Door, telemetry: Telemetry) -> None:
    ids = [await emit_one(door, TENANT, "k", DESK) for _ in range(250)]
    recorders = [Recorder() for _ in range(4)]
    done = await asyncio.gather(
        *(drain(door, TENANT, {"k": [each.subscriber]}, telemetry) for each in recorders)
    )
    assert sum(done) == 250
    assert sorted(each for recorder in recorders for each in recorder.got) == sorted(ids)


async def test_the_relay_drains_one_tenant_and_the_sweep_finds_them_all(
    door: Door, telemetry: Telemetry
) -> None:
    await emit_one(door, TENANT, "k", DESK)
    await emit_one(door, "360400", "k", DESK)
    rung: list[str] = []
    await sweep(door, rung.append, telemetry)
    assert sorted(rung) == [TENANT, "360400"]
    assert await drain(door, TENANT, {"k": []}, telemetry) == 1
    rung.clear()
    await sweep(door, rung.append, telemetry)
    assert rung == ["360400"]
    assert b"tongjian_outbox_lag_seconds" in telemetry.render()


async def test_the_relay_login_reads_no_inbox(door: Door) -> None:
    """Only messages of a case whose spill two people confirmed are the purge's to see; there is none here."""
    from service.kit.statements import Statement
    from service.notifications.models import inbox

    assert await door.fetch(RELAY, Statement(inbox.select())) == []


async def test_a_bench_runs_a_key_once_at_a_time_and_again_when_rung_meanwhile(telemetry: Telemetry) -> None:
    running = most = runs = 0
    began, go_on = asyncio.Event(), asyncio.Event()

    async def work(_key: str) -> None:
        nonlocal running, most, runs
        running += 1
        runs += 1
        most = max(most, running)
        began.set()
        await go_on.wait()
        running -= 1

    bench: Bench[str] = Bench("test", work, telemetry)
    bench.ring("a")
    await began.wait()
    for _ in range(5):
        bench.ring("a")
    go_on.set()
    await until(lambda: _true(runs == 2 and not running), 120, 0.005)
    await bench.close()
    assert (most, runs) == (1, 2)
    bench.ring("a")
    assert runs == 2


async def test_a_bench_survives_failures_and_stops_what_is_late(telemetry: Telemetry) -> None:
    async def work(key: str) -> None:
        if key == "bad":
            raise OSError
        await asyncio.Event().wait()

    bench: Bench[str] = Bench("test", work, telemetry)
    bench.ring("bad")
    await asyncio.sleep(0.01)
    bench.ring("bad")
    bench.ring("slow")
    async with asyncio.timeout(600):  # the slow one never ends
        await bench.close(patience=0.1)


@pytest.fixture
def valkey(servers: Servers) -> Iterator[Servers]:
    """Valkey, running again afterwards whatever the test did to it."""
    yield servers
    if not servers.valkey_pid:
        servers.start_valkey()


async def test_rings_reach_a_worker_and_do_so_again_after_valkey_died(
    valkey: Servers, telemetry: Telemetry
) -> None:
    heard: list[str] = []
    async with (
        working(valkey.valkey_url, heard.append, [], telemetry) as worker,
        ringing(valkey.valkey_url) as bell,
    ):
        bell.ring(TENANT)
        await until(lambda: _true(TENANT in heard), 120, 0.005)  # others' rings may still lie in the queue
        await asyncio.to_thread(valkey.kill_valkey)
        heard.clear()
        bell.ring(TENANT)
        await asyncio.sleep(0.5)
        assert not worker.done(), "the worker outlives Valkey"
        await asyncio.to_thread(valkey.start_valkey)
        await until(lambda: _true(TENANT in heard), 120, 0.005)  # one ring: what failed is rung again


async def _true(value: Any) -> bool:
    return bool(value)


async def test_ringing_without_valkey_costs_nothing() -> None:
    bell = Doorbell("redis://127.0.0.1:1/0")
    await bell.start()
    for number in range(100_000):
        bell.ring(str(number % 2000))  # no await: nothing can be waited for
    assert len(bell._waiting) == 1000
    await asyncio.sleep(0)
    await asyncio.wait_for(bell.stop(), 600)


async def test_cron_goes_on_after_failures_and_without_valkey(telemetry: Telemetry) -> None:
    runs = 0

    async def work() -> None:
        nonlocal runs
        runs += 1
        if runs == 4:
            stop.set()
        raise OSError

    stop = asyncio.Event()
    crons = [Every("x", 0.05, work)]
    async with working("redis://127.0.0.1:1/0", lambda _t: None, crons, telemetry, stop) as worker:
        await asyncio.wait_for(worker, 600)
    assert runs >= 4


async def test_what_a_library_cancels_of_its_own_does_not_end_the_listening() -> None:
    """arq's closing gathers its jobs and passes on that they were cancelled; a worker ended of it, now and then."""

    async def cancelled() -> None:
        raise asyncio.CancelledError

    async def hangs() -> None:
        await asyncio.Event().wait()

    assert isinstance(await jobs._apart(cancelled()), asyncio.CancelledError)
    assert isinstance(await jobs._apart(hangs(), 0.01), asyncio.CancelledError)
    listening = asyncio.create_task(jobs._apart(hangs()))
    await asyncio.sleep(0)
    listening.cancel()  # before anything can fail
    with pytest.raises(asyncio.CancelledError):
        await listening
