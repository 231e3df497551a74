"""The relay never stands still: what hangs, fails or ends the worker is set apart, told, and holds nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from service.kit import clock
from service.kit.db import Door, Tx
from service.kit.lanes import ATTEMPTS, Lane
from service.kit.outbox import Event, Recipient
from service.kit.relay import DEAD_LETTER, Subscriber, drain, revive, step, sweep
from service.kit.telemetry import Telemetry
from service.settings import Settings
from service.worker import SUBSCRIBERS
from tests.notifications.events import emit_one, query

TENANT = "360300"
DESK = [Recipient(TENANT, "unit")]
LATER = Lane("later", 2, 0.05)


@pytest.fixture(autouse=True)
async def _empty(settings: Settings) -> None:
    await query(settings.database_url, "TRUNCATE outbox, outbox_work")


async def hang(_event: Event) -> None:
    await asyncio.Event().wait()


def subscriber(
    name: str, got: list[str], bad: Callable[[Event], Any] = lambda _e: None, lane: Lane | None = None
) -> Subscriber:
    """Notes what it gets; `bad(event)` may raise, or return something to wait for."""

    async def run(_tx: Tx, _tenant: str, events: Sequence[Event]) -> None:
        for event in events:
            waits = bad(event)
            if waits is not None:
                await waits
        got.extend(event.id for event in events)

    made = Subscriber(name, lambda _event: {TENANT}, run)
    return made if lane is None else made._replace(lane=lane)


async def due(settings: Settings) -> None:
    for table in ("outbox", "outbox_work"):
        await query(settings.database_url, f"UPDATE {table} SET next_attempt_at = now()")


async def rows(settings: Settings, table: str = "outbox") -> dict[str, Any]:
    key = "id" if table == "outbox" else "event_id"
    found = await query(settings.database_url, f"SELECT *, {key}::text AS key FROM {table}")
    return {row["key"]: row for row in found}


async def test_a_batch_that_takes_too_long_is_halved_down_to_the_one_that_does_it(
    door: Door, settings: Settings
) -> None:
    ids = [await emit_one(door, TENANT, "k", DESK) for _ in range(9)]
    got: list[str] = []
    slow = subscriber("slow", got, lambda event: hang(event) if event.id == ids[4] else None, LATER)
    told: list[str] = []
    subscribers = {"k": [subscriber("told", told), slow]}
    await drain(door, TENANT, subscribers, Telemetry())
    assert told == ids, "the news went on before"
    assert sorted(got) == sorted(each for each in ids if each != ids[4])
    (left,) = (await rows(settings, "outbox_work")).values()
    assert (left["key"], left["attempts"], left["last_error"]) == (ids[4], 1, "slow: timeout")
    assert left["dead_at"] is None


async def test_what_one_subscriber_has_had_it_does_not_get_again_when_another_is_cut_off(
    door: Door, settings: Settings
) -> None:
    """The database goes away between two subscribers: what was done is noted, event by event, as it happens."""
    ids = [await emit_one(door, TENANT, "k", DESK) for _ in range(3)]
    first: list[str] = []
    second: list[str] = []
    away = True

    def cut(_event: Event) -> None:
        if away:
            raise OSError

    subscribers = {"k": [subscriber("first", first), subscriber("second", second, cut)]}
    with pytest.raises(OSError):
        await drain(door, TENANT, subscribers, Telemetry())
    assert {tuple(row["handed"]) for row in (await rows(settings)).values()} == {(f"first/{TENANT}",)}
    away = False
    await due(settings)
    assert await drain(door, TENANT, subscribers, Telemetry()) == 3
    assert (first, second) == (ids, ids)
    assert {tuple(row["handed"]) for row in (await rows(settings)).values()} == {()}


async def test_poison_ends_as_a_dead_letter_that_is_told_and_is_tried_once_more_by_a_new_worker(
    door: Door, settings: Settings, as_user: Any
) -> None:
    bad = await emit_one(door, TENANT, "project.submitted", DESK)
    await query(settings.database_url, """UPDATE outbox SET recipients = '[{"tenant": 7}]'""")
    telemetry = Telemetry()
    for attempt in range(1, ATTEMPTS + 1):
        good = await emit_one(door, TENANT, "project.withdrawn", DESK)
        await drain(door, TENANT, SUBSCRIBERS, telemetry)
        now = await rows(settings)
        assert now[good]["done_at"], "never held"
        assert now[bad]["attempts"] == attempt
        assert (now[bad]["dead_at"] is not None) == (attempt == ATTEMPTS)
        await query(settings.database_url, "UPDATE outbox SET next_attempt_at = now() WHERE id = $1", bad)
    await drain(door, TENANT, SUBSCRIBERS, telemetry)
    assert (await rows(settings))[bad]["attempts"] == ATTEMPTS, "given up"
    await sweep(door, lambda _tenant: None, telemetry)
    assert b"tongjian_dead_letters 1.0" in telemetry.render()
    inbox = (await as_user(TENANT, "administrator")("GET", f"/inbox?kind={DEAD_LETTER}")).json()["items"]
    assert [item["title"] for item in inbox] == ["事项通知受阻：平台内部投递"]

    assert await revive(door) == 0, "only what has lain for an hour: a crash must not come round at once"
    await query(settings.database_url, "UPDATE outbox SET dead_at = now() - interval '2 hours'")
    assert await revive(door) >= 1
    await query(settings.database_url, "UPDATE outbox SET recipients = '[]' WHERE id = $1", bad)
    await drain(door, TENANT, SUBSCRIBERS, telemetry)
    assert (await rows(settings))[bad]["done_at"]


async def test_what_ends_the_worker_counts_as_an_attempt_and_comes_after_the_others(
    door: Door, settings: Settings
) -> None:
    """Killed again and again in mid-batch: every other event of the batch arrives, the killer ends as dead."""
    ids = [await emit_one(door, TENANT, "k", DESK) for _ in range(4)]
    got: list[str] = []

    def kill(event: Event) -> None:
        if event.id == ids[0]:
            raise asyncio.CancelledError  # as the worker's end looks from here

    subscribers = {"k": [subscriber("killed", got, kill)]}
    for _ in range(ATTEMPTS + 2):
        await due(settings)
        try:
            await step(door, TENANT, subscribers, Telemetry())
        except asyncio.CancelledError:
            continue
    assert sorted(got) == sorted(ids[1:])
    killer = (await rows(settings))[ids[0]]
    assert (killer["done_at"], killer["attempts"]) == (None, ATTEMPTS)
    assert killer["dead_at"] is not None


async def test_later_lanes_run_once_for_each_event_also_when_its_news_fail(
    door: Door, settings: Settings
) -> None:
    ids = [await emit_one(door, TENANT, "k", DESK) for _ in range(5)]
    news: list[str] = []
    later: list[str] = []
    broken = True

    def fail(event: Event) -> None:
        if broken and event.id == ids[1]:
            raise LookupError

    subscribers = {"k": [subscriber("news", news, fail), subscriber("later", later, lane=LATER)]}
    await drain(door, TENANT, subscribers, Telemetry())
    assert sorted(news) == sorted(each for each in ids if each != ids[1])
    assert later == ids
    broken = False
    await due(settings)
    await drain(door, TENANT, subscribers, Telemetry())
    assert sorted(news) == sorted(ids)
    assert later == ids, "not again"
    assert await rows(settings, "outbox_work") == {}


async def test_rows_of_an_erased_event_are_dropped(door: Door, settings: Settings) -> None:
    await emit_one(door, TENANT, "k", DESK)
    got: list[str] = []
    subscribers = {"k": [subscriber("later", got, lane=LATER)]}
    await step(door, TENANT, subscribers, Telemetry())
    await query(settings.database_url, "DELETE FROM outbox")
    await step(door, TENANT, subscribers, Telemetry(), LATER)
    assert (got, await rows(settings, "outbox_work")) == ([], {})


@pytest.mark.parametrize("skew", [timedelta(seconds=40), timedelta(seconds=-40), timedelta(days=400)])
async def test_the_clock_of_whoever_emits_delays_and_reorders_nothing(
    door: Door, settings: Settings, skew: timedelta
) -> None:
    """One instance's clock is off, or a demo's has travelled: the database's orders the work."""
    got: list[str] = []
    subscribers = {"k": [subscriber("got", got)]}
    first = await emit_one(door, TENANT, "k", DESK)
    clock.travel(clock.now() + skew)
    skewed = await emit_one(door, TENANT, "k", DESK)
    clock.travel(None)
    last = await emit_one(door, TENANT, "k", DESK)
    telemetry, rung = Telemetry(), []
    await sweep(door, rung.append, telemetry)
    assert rung == [TENANT]
    lag = next(
        line for line in telemetry.render().decode().splitlines() if line.startswith("tongjian_outbox_lag")
    )
    assert 0 <= float(lag.split()[1]) < 30
    assert await drain(door, TENANT, subscribers, telemetry) == 3
    assert got == [first, skewed, last]


def test_no_kind_has_two_subscribers_of_one_name() -> None:
    for kind, each in SUBSCRIBERS.items():
        assert len({one.name for one in each}) == len(each), kind


def test_only_who_is_told_has_the_first_lane_and_the_examination_stands_alone() -> None:
    lanes: dict[str, set[str]] = {}
    for each in SUBSCRIBERS.values():
        for one in each:
            lanes.setdefault(one.lane.name, set()).add(one.name)
    assert lanes["news"] == {"notify", "feed", "fan_out"}
    assert lanes["examining"] == {"suspicions"}
