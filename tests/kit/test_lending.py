"""Connections are lent fairly, and never a second one inside an open transaction. Counted, not timed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, literal_column, select

from service.identity.models import offices
from service.kit import pool
from service.kit.db import RELAY, Door, tenant_scope
from service.kit.pool import Lender, NestedLend
from service.kit.statements import Statement, scope_ready
from service.kit.telemetry import Telemetry

ALL = Statement(select(offices.c.tenant_id).where(scope_ready()))
ONE = Statement(select(literal_column("1").label("one")))
BUSY, OTHER, THIRD = tenant_scope("360100"), tenant_scope("360200"), tenant_scope("360300")


@asynccontextmanager
async def a_door(settings: Any, size: int, **more: Any) -> AsyncIterator[Door]:
    door = Door(
        {"tenant": settings.tenant_url, "relay": settings.relay_url}, pool_min=1, pool_max=size, **more
    )
    await door.open()
    try:
        yield door
    finally:
        await door.close()


async def settled(condition: Any) -> None:
    """Returns once it holds; the turns of the loop it needs are no matter of time."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("never came about")


class Crowd:
    """Commands of one tenant that each keep their connection until they are let go, in the order of lending."""

    def __init__(self, door: Door, scope: Any, order: list[str]) -> None:
        self.door, self.scope, self.order = door, scope, order
        self.gates: list[asyncio.Event] = []
        self.tasks: list[asyncio.Task[None]] = []

    def join(self, count: int) -> None:
        self.tasks += [asyncio.create_task(self._one()) for _ in range(count)]

    async def _one(self) -> None:
        async with self.door.transaction(self.scope):
            self.order.append(self.scope.tenant)
            gate = asyncio.Event()
            self.gates.append(gate)
            await gate.wait()

    def let_go(self) -> None:
        self.gates.pop(0).set()

    async def end(self) -> None:
        while not all(task.done() for task in self.tasks):
            while self.gates:
                self.let_go()
            await asyncio.sleep(0)
        await asyncio.gather(*self.tasks)


async def test_one_tenants_crowd_never_makes_another_tenant_wait(settings: Any) -> None:
    """Forty clients of one city on a pool of three: another city's reads never wait, and nobody is left out."""
    order: list[str] = []
    async with a_door(settings, 3) as door:
        crowd, lender = Crowd(door, BUSY, order), door.lenders["tenant"]
        crowd.join(40)
        await until(lambda: len(order) == 2 and lender.waits["360100"] == 38)
        for _ in range(20):
            assert {row["tenant_id"] for row in await door.fetch(OTHER, ALL)} == {"360200"}
        assert lender.waits["360200"] == 0
        await crowd.end()
        assert len(order) == 40 and not lender.held


async def until(condition: Any) -> None:
    """Waits for something that takes the database's answers, however long they take."""
    async with asyncio.timeout(240):  # far off: what never comes about fails instead of standing still
        while not condition():
            await asyncio.sleep(0.001)


async def test_the_next_free_connection_goes_to_whoever_holds_fewest(settings: Any) -> None:
    """Two crowds hold everything: a third tenant's request is served before all that waited longer."""
    order: list[str] = []
    async with a_door(settings, 3) as door:
        first, second, third = (Crowd(door, scope, order) for scope in (BUSY, OTHER, THIRD))
        lender = door.lenders["tenant"]
        first.join(6)
        await until(lambda: len(order) == 2)
        second.join(6)
        await until(lambda: len(order) == 3)
        third.join(1)
        await settled(lambda: lender.waits == {"360100": 4, "360200": 5, "360300": 1})
        first.let_go()
        await until(lambda: len(order) == 4)
        assert order == ["360100", "360100", "360200", "360300"]
        third.let_go()  # now one each, and among equals in turn
        await until(lambda: len(order) == 5)
        second.let_go()
        await until(lambda: len(order) == 6)
        assert sorted(order[4:]) == ["360100", "360200"]
        await asyncio.gather(first.end(), second.end(), third.end())
        assert not lender.held


async def test_who_gives_up_leaves_its_place_to_others(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled, too late, or granted in the very moment of giving up: no connection is lost."""
    order: list[str] = []
    async with a_door(settings, 2) as door:
        crowd, lender = Crowd(door, BUSY, order), door.lenders["tenant"]
        crowd.join(1)
        await until(lambda: len(order) == 1)
        waiting = asyncio.create_task(door.fetch(BUSY, ALL))
        await settled(lambda: lender.waits["360100"] == 1)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        monkeypatch.setattr(pool, "WAIT_SECONDS", 0.01)
        with pytest.raises(TimeoutError):
            await door.fetch(BUSY, ALL)
        monkeypatch.setattr(pool, "WAIT_SECONDS", 10.0)
        waiting = asyncio.create_task(door.fetch(BUSY, ALL))
        await settled(lambda: lender.waits["360100"] == 3)
        lender._hand_back("360100")  # granted …
        waiting.cancel()  # … and given up before it could be taken
        await asyncio.gather(waiting, return_exceptions=True)
        lender._grant("360100")
        await crowd.end()
        assert not lender.held and lender._free == 2 and not lender._waiting
        assert await door.fetch(BUSY, ALL)


async def test_who_waits_when_the_door_closes_is_told(settings: Any) -> None:
    order: list[str] = []
    async with a_door(settings, 2) as door:
        crowd, lender = Crowd(door, BUSY, order), door.lenders["tenant"]
        crowd.join(1)
        await until(lambda: len(order) == 1)
        waiting = asyncio.create_task(door.fetch(BUSY, ALL))
        await settled(lambda: lender.waits["360100"] == 1)
        closing = asyncio.create_task(lender.close())
        with pytest.raises(OSError, match="closing"):
            await waiting
        await crowd.end()
        await closing


async def test_a_connection_that_cannot_be_made_is_no_loan(settings: Any) -> None:
    class Broken:
        def get_idle_size(self) -> int:
            return 0

        async def acquire(self, timeout: float | None) -> Any:
            raise ConnectionRefusedError

    lender = Lender(Broken(), 2, 1)
    for _ in range(5):
        with pytest.raises(ConnectionRefusedError):
            await lender.take("360100")
    assert not lender.held


async def test_a_second_connection_inside_a_transaction_is_refused(settings: Any) -> None:
    async with a_door(settings, 4) as door:
        async with door.transaction(BUSY) as tx:
            for scope in (BUSY, OTHER, RELAY):  # whichever pool it comes from
                with pytest.raises(NestedLend):
                    await door.fetch(scope, ONE)
            with pytest.raises(NestedLend):
                async with door.transaction(OTHER):
                    pass
            with pytest.raises(NestedLend):
                await asyncio.create_task(door.fetch(BUSY, ONE))  # nor by a task of one's own
            assert await tx.fetch(ONE)
            later = asyncio.create_task(ended(door, event := asyncio.Event()))
        event.set()
        assert await later, "a task that outlives the transaction is under it no more"
        assert await door.fetch(BUSY, ONE)


async def ended(door: Door, event: asyncio.Event) -> Any:
    await event.wait()
    return await door.fetch(BUSY, ONE)


async def test_in_production_it_is_an_alarm_and_goes_on(
    settings: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    telemetry = Telemetry()
    async with (
        a_door(settings, 4, nested=telemetry.nested_lend) as door,
        door.transaction(BUSY) as tx,
    ):
        assert await door.fetch(OTHER, ONE)
        assert await tx.fetch(ONE)
    families = {each.name: each for each in text_string_to_metric_families(telemetry.render().decode())}
    assert families["tongjian_nested_lends"].samples[0].value == 1


async def test_the_driver_s_own_words_for_a_dead_connection_are_unavailability(settings: Any) -> None:
    """uvloop and asyncpg raise RuntimeError or AttributeError when a connection dies at the wrong moment."""
    async with a_door(settings, 2) as door:
        for error in (RuntimeError("the handler is closed"), AttributeError("'NoneType'")):
            with pytest.raises(pool.Lost):
                async with door.transaction(BUSY) as tx:
                    tx._session._connection.terminate()
                    raise error
        with pytest.raises(RuntimeError, match="ours"):
            async with door.transaction(BUSY):
                raise RuntimeError("ours")
        assert await door.fetch(BUSY, ALL)


async def test_a_connection_stays_at_hand_until_it_failed_was_forgotten_or_rested_long(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "KEPT_SECONDS", 0.0)
    async with a_door(settings, 2) as door:
        lender, backend = door.lenders["tenant"], Statement(select(func.pg_backend_pid().label("pid")))

        async def pid() -> int:
            return int((await door.fetch(BUSY, backend))[0]["pid"])

        first = await pid()
        assert await pid() == first and lender._kept
        await settled(lambda: not lender._kept and lender._clearing is None)
        assert lender.pool.get_idle_size(), "what rested is the driver's to close"
        monkeypatch.setattr(pool, "KEPT_SECONDS", 60.0)
        first = await pid()
        with pytest.raises(ValueError, match="in the middle"):
            async with door.transaction(BUSY) as tx:
                await tx.fetch(ONE)
                raise ValueError("in the middle")
        assert not lender._kept, "what ended in an error goes by the driver's hands"
        async with door.transaction(BUSY) as tx:
            await tx.fetch(ONE)
            await lender.forget()
        assert not lender._kept, "lent before everything was forgotten"
        assert await pid() != first
    assert not lender._kept and lender._clearing is None
