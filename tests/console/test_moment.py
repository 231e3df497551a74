"""A page reads one moment on one connection of each login, in eight round trips; ten at once do on a pool of two."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import func, literal_column, select

from service.console import desk
from service.identity.models import offices
from service.kit.db import Door, Scope, tenant_scope
from service.kit.moment import MOMENT, Moment
from service.kit.statements import Statement, scope_ready
from service.projects.models import projects
from service.setup.seed import office_id
from tests.console.test_case import submitted
from tests.console.trips import TRIPS
from tests.worlds import Caller

_COUNT = Statement(select(func.count().label("count")).select_from(projects).where(scope_ready()))
PAGES = {
    ("360100", "gatekeeper"): ("/console", "/console/projects", "/console/duties", "/console/projects/{ref}"),
    ("360100", "unit"): ("/console", "/console/apps", "/console/adoptions", "/console/projects/{ref}"),
    ("360000", "office"): ("/console", "/console/monitor", "/console/duties", "/console/projects"),
    ("360000", "drc"): ("/console/reviews", "/console/figures", "/console/amendments", "/console/rules/9"),
}


@pytest.fixture
async def small(app: Any) -> AsyncIterator[Door]:
    """The application's door on pools of two."""
    door: Door = app.app.state.services.door
    made, before = Door(door._urls, pool_min=0, pool_max=2), door.lenders
    await made.open()
    door.lenders = made.lenders
    yield door
    door.lenders = before
    await made.close()


async def test_the_parts_of_a_page_agree(app: Any, as_user: Callable[..., Caller]) -> None:
    """Also where the province's login reads one part and its own office's the other."""
    door: Door = app.app.state.services.door
    moment = Moment(door, first="province")
    province, city = Scope("province", "360000"), tenant_scope("360100")

    async def count(scope: Scope) -> int:
        token = MOMENT.set(moment)
        try:
            return int((await door.fetch(scope, _COUNT))[0]["count"])
        finally:
            MOMENT.reset(token)

    seen = await count(province)
    await submitted(as_user, "4600000.00", "审批系统")
    there = await count(city)
    assert await count(province) == seen and moment.borrowed == 2
    await moment.end()
    assert (await count(city), await count(province)) == (there + 1, seen + 1)
    await moment.end()
    assert not door.lenders["tenant"].held and not door.lenders["province"].held


async def test_a_failed_read_ends_the_moment_and_the_next_begins_another(app: Any) -> None:
    door: Door = app.app.state.services.door
    moment, scope = Moment(door), tenant_scope("360100")
    never = (literal_column("1") / literal_column("0")).label("never")
    broken = Statement(
        select(never).where(scope_ready())
    )  # gone with this test: others look at every statement
    token = MOMENT.set(moment)
    try:
        with pytest.raises(Exception, match="division by zero"):
            await door.fetch(scope, broken)
        assert not door.lenders["tenant"].held
        assert (await door.row(scope, _COUNT)) is not None
        async with door.transaction(scope) as tx:  # a deed is of a moment of its own, and on one connection
            assert door.lenders["tenant"].held["360100"] == 1
            await tx.fetch(_COUNT)
    finally:
        MOMENT.reset(token)
        await moment.end()
    assert not door.lenders["tenant"].held


async def test_each_scope_of_a_moment_is_shown_its_own(app: Any) -> None:
    """What was kept for one tenant, office or login is no other's, however the reads follow one another."""
    door: Door = app.app.state.services.door
    office = office_id("360100", "360121", "南昌县政府办公室")
    mine = Statement(
        select(offices.c.tenant_id, offices.c.id).where(scope_ready(), offices.c.division == "360121")
    )
    whole = Statement(select(func.count(func.distinct(offices.c.tenant_id)).label("n")).where(scope_ready()))
    moment = Moment(door, first="province")
    token = MOMENT.set(moment)
    try:
        for _ in range(2):  # asked of the database, then as it was kept
            assert [row["n"] for row in await door.fetch(tenant_scope("360100"), whole)] == [1]
            assert [row["n"] for row in await door.fetch(Scope("province", "360000"), whole)] > [10]
            assert {row["tenant_id"] for row in await door.fetch(tenant_scope("360100"), mine)} == {"360100"}
            assert await door.fetch(tenant_scope("360200"), mine) == []
            assert await door.fetch(Scope("tenant", ""), mine) == []
            assert await door.fetch(tenant_scope("360100", office), mine)
        assert moment.reads == 6
    finally:
        MOMENT.reset(token)
        await moment.end()


async def test_a_statement_made_for_one_read_is_not_taken_for_the_next(app: Any) -> None:
    """Python gives a freed statement's `id` to the next one; rows are kept by the statement."""
    door: Door = app.app.state.services.door
    moment, scope = Moment(door), tenant_scope("360100")
    token = MOMENT.set(moment)
    try:
        one, other = (select(literal_column(each).label("n")).where(scope_ready()) for each in "12")
        made, more = Statement(one), list[Statement]()
        assert (await door.fetch(scope, made))[0]["n"] == 1
        freed = id(made)
        del made
        while len(more) < 1000 and (not more or id(more[-1]) != freed):
            more.append(Statement(other))
        assert (await door.fetch(scope, more[-1]))[0]["n"] == 2
    finally:
        MOMENT.reset(token)
        await moment.end()


async def test_a_page_that_breaks_gives_back_and_its_tasks_read_outside_its_moment(
    app: Any, visit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    door: Door = app.app.state.services.door
    browser, begun, go_on = await visit("360100", "gatekeeper"), list[asyncio.Task[Any]](), asyncio.Event()
    fetch = Moment.fetch

    async def later() -> Any:
        await go_on.wait()
        return await door.fetch(tenant_scope("360100"), _COUNT)

    async def watched(self: Moment, *asked: Any) -> Any:
        if not begun:
            begun.append(asyncio.create_task(later()))  # with the page's context
        return await fetch(self, *asked)

    def broken(*_: Any, **__: Any) -> Any:
        assert door.lenders["tenant"].held == {"360100": 1}
        raise RuntimeError("a fault of the page")

    monkeypatch.setattr(Moment, "fetch", watched)
    monkeypatch.setattr(desk, "render", broken)
    assert (await browser.go("/console")).status == 500
    assert not door.lenders["tenant"].held
    go_on.set()
    (task,) = begun
    assert await task
    assert not door.lenders["tenant"].held


@pytest.mark.parametrize("who", PAGES, ids=str)
async def test_ten_pages_at_once_do_on_a_pool_of_two(
    who: tuple[str, str],
    small: Door,
    as_user: Callable[..., Caller],
    visit: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ref = await submitted(as_user, "4600000.00", "公共卫生监测系统") if who[0] != "360000" else ""
    browser = await visit(*who)
    spent: dict[int, Moment] = {}
    fetch = Moment.fetch

    async def counted(self: Moment, scope: Scope, *more: Any) -> Any:
        spent[id(self)] = self
        return await fetch(self, scope, *more)

    monkeypatch.setattr(Moment, "fetch", counted)
    for page in PAGES[who]:
        await browser.go(page.format(ref=ref))  # derives what was changed last, which is no reading
        spent.clear()
        assert (await browser.go(page.format(ref=ref))).status == 200
        assert len(spent) <= 1  # none where all of it is held in memory: the rule book's figures
        for one in spent.values():
            assert one.borrowed <= (1 if who[0] != "360000" else 2), f"{page}: {one.borrowed} connections"
            assert one.reads <= TRIPS, f"{page}: {one.reads} reads"
    shown = await asyncio.gather(*(browser.go(page.format(ref=ref)) for page in PAGES[who] * 3))
    assert [each.status for each in shown] == [200] * len(shown)
    assert not small.lenders["tenant"].held and not small.lenders["province"].held
