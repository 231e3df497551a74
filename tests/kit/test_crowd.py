"""A lock on one case holds a few connections; whoever else wants the case is told `busy`, and nobody else notices."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from service.kit.crowd import FEW, Crowds
from service.kit.errors import ServiceError
from tests.factories import draft

HELD_UP = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND usename = 'tj_tenant' AND wait_event_type = 'Lock'"
)


@asynccontextmanager
async def locked(settings: Any, ref: str) -> AsyncIterator[Any]:
    """Somebody's transaction elsewhere holds the case's row; yields its connection."""
    owner = await asyncpg.connect(settings.database_url)
    try:
        await owner.execute("SET row_security = off")
        async with owner.transaction():
            tenant, _, key = ref.partition("-")
            statement = "SELECT id FROM projects WHERE tenant_id = $1 AND id = $2::uuid FOR UPDATE"
            assert await owner.fetchval(statement, tenant, key) is not None
            yield owner
    finally:
        await owner.close()


async def test_a_locked_case_holds_a_few_connections_and_nobody_else(
    as_user: Any, app: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.kit.crowd.PATIENCE", 1.0)
    portal, services = as_user("360100"), app.app.state.services
    lender = services.door.lenders["tenant"]
    hot, other = [await portal("POST", "/projects", draft()) for _ in range(2)]
    path, etag = f"/projects/{hot.json()['id']}", hot.headers["etag"]
    elsewhere, version = f"/projects/{other.json()['id']}", other.headers["etag"]
    async with locked(settings, hot.json()["id"]) as owner:
        crowd = [
            asyncio.create_task(portal("PATCH", path, {"name": f"名称{n}"}, etag=etag)) for n in range(20)
        ]
        await until(lambda: few_have_begun(services.crowds))
        waits, most = lender.waits["360200"], 0
        while sum(task.done() for task in crowd) < 20 - FEW:
            most = max(most, await owner.fetchval(HELD_UP))
            # The same city's other case, and another city, go on as ever.
            saved = await portal("PATCH", elsewhere, {"name": "别的项目"}, etag=version)
            assert saved.status_code == 200, saved.text
            version = saved.headers["etag"]
            assert (await as_user("360200")("GET", "/projects")).status_code == 200
        assert most <= FEW, "connections that wait for the lock"
        assert lender.waits["360200"] == waits, "another city waited for a connection"
        told = [task.result() for task in crowd if task.done()]
        assert {(each.status_code, each.json()["code"]) for each in told} == {(409, "busy")}
        assert all(int(each.headers["retry-after"]) >= 1 for each in told)
        if services.crowds._crowds:  # the few still wait for the lock: whoever comes now is told at once
            late = await portal("PATCH", path, {"name": "晚到"}, etag=etag)
            assert (late.status_code, late.json()["code"]) == (409, "busy")
    rest = Counter([each.status_code for each in await asyncio.gather(*crowd)])
    # Once it is let go, the few go on in turn; on a slow machine the lock may have lasted too long for them.
    assert set(rest) <= {200, 409, 412} and rest[409] >= 20 - FEW and rest[200] <= 1, rest
    etag = (await portal("GET", path)).headers["etag"]
    healed = await portal("PATCH", path, {"name": "改好了"}, etag=etag)
    assert healed.status_code == 200, healed.text
    assert not services.crowds._crowds and not lender.held


async def test_a_crowd_that_moves_is_served_in_turn(as_user: Any) -> None:
    """Thirty files to one case at once: all of them are taken."""
    portal = as_user("360100")
    made = await portal("POST", "/projects", draft())
    path = f"/projects/{made.json()['id']}/documents"

    async def send(number: int) -> int:
        query = {"slot": "other", "name": f"附件{number}.txt"}
        answer = await portal("POST", path, params=query, content=f"第{number}份说明".encode())
        return int(answer.status_code)

    assert set(await asyncio.gather(*(send(n) for n in range(30)))) == {201}


async def until(condition: Any) -> None:
    async with asyncio.timeout(240):  # far off: what never comes about fails instead of standing still
        while not condition():
            await asyncio.sleep(0)


def few_have_begun(crowds: Crowds) -> bool:
    return any(each.begun == FEW for each in crowds._crowds.values())


async def test_places_are_passed_on_and_never_lost() -> None:
    """Who is cancelled in line leaves it; a place given in that very moment goes to the next."""
    crowds, gate, order = Crowds(), asyncio.Event(), []

    async def command(name: int) -> None:
        async with crowds.turn("a") as turn:
            turn.begun()
            order.append(name)
            await gate.wait()

    inside = [asyncio.create_task(command(n)) for n in range(FEW)]
    await until(lambda: len(order) == FEW)
    waiting = [asyncio.create_task(command(FEW + n)) for n in range(3)]
    await until(lambda: len(crowds._crowds["a"].waiting) == 3)
    waiting[0].cancel()
    await asyncio.gather(waiting[0], return_exceptions=True)
    place = crowds._crowds["a"].waiting[1]
    crowds._crowds["a"].waiting.remove(place)
    crowds._crowds["a"].inside += 1
    place.set_result(None)
    waiting[1].cancel()
    gate.set()
    done = await asyncio.gather(*inside, *waiting, return_exceptions=True)
    assert sum(isinstance(each, asyncio.CancelledError) for each in done) == 2
    assert order == [*range(FEW), FEW + 2] and not crowds._crowds


async def test_whoever_waits_for_a_connection_only_is_not_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy pool is no lock: patience runs only while all of the few have begun."""
    monkeypatch.setattr("service.kit.crowd.PATIENCE", 0.01)
    crowds, gate, served = Crowds(), asyncio.Event(), []

    async def command(begins: bool) -> None:
        async with crowds.turn("a") as turn:
            if begins:
                turn.begun()
            await gate.wait()
            served.append(begins)

    few = [asyncio.create_task(command(n > 0)) for n in range(FEW)]
    await asyncio.sleep(0)
    patient = asyncio.create_task(command(True))
    await asyncio.sleep(0.05)
    assert not patient.done()
    gate.set()
    await asyncio.gather(*few, patient)
    gate.clear()
    few = [asyncio.create_task(command(True)) for _ in range(FEW)]
    await asyncio.sleep(0)
    with pytest.raises(ServiceError) as caught:
        await command(True)
    assert (caught.value.status, caught.value.code) == (409, "busy")
    gate.set()
    await asyncio.gather(*few)
