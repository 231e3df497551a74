"""Every list, page and deed is planned so that it reads and sorts no whole tenant, in a database of 100,000 projects.

The database is small: PostgreSQL is told the rows, pages and statistics of a large one (imagined.py) and asked for its
plans. With them 373 of 377 statements had the plan that the filled database has; the other four differ in one join.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from fnmatch import fnmatchcase
from random import Random
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from service.caselist.monthly import BY_MONTH
from service.caselist.queries import DUE, PROJECTS
from service.kit import clock
from service.kit.db import Door, session
from service.kit.listing import SEAT, Listing
from service.kit.looking import Looks
from service.kit.statements import Statement
from service.measures.lifecycle import Procedure
from service.monitoring.queries_reports import LATE
from service.notifications.listing import INBOX
from service.obligations import current
from service.obligations.listing import LISTING as DUTIES
from service.obligations.queries import UNSEEN
from service.portfolio.retention import KINDS
from service.tasks import sources
from service.tasks.conditions import EVERY, Conditions
from service.tasks.lines import Source
from service.tasks.queues import CASES
from service.tasks.reading import NamedSource, page_statement
from tests.bench.lives import carried
from tests.plans.asking import CITY, READERS, Asked, Notes, listened, lists, pages, works
from tests.plans.imagined import imagine
from tests.plans.recorded import LEAST, recorded
from tests.plans.walked import faults, in_order, planned
from tests.stories.teller import Tools
from tests.stories.test_random_lives import _ahead
from tests.stories.wanderer import Wanderer
from tests.stories.wandering import Figures
from tests.worlds import Caller

LIVES = ((Procedure.CITY_FILING, 19), (Procedure.PROVINCIAL_REVIEW, 14))
# A cell for each route, state and month of a tenant, or kind, month and day: as many with any number of projects.
CELLS = {"summary", "duty_totals", "watched_totals"}
# Indexes that lists stand on; the reading by which each is missed, and what is said of it.
GONE = {
    "ix_projects_list": ("gatekeeper: /projects?limit=50", "collects projects"),
    "ix_projects_figure": ("gatekeeper: /projects?amount_from=300000000", "collects projects"),
    "ix_joint_reviews_open": ("office: /tasks", "reads joint_reviews whole"),
}


def _first_of(listing: Listing, *filters: str) -> Statement:
    wish = listing.wish(dict.fromkeys(filters))
    return listing.statement(wish._replace(filters=wish.filters | {SEAT}.intersection(filters)))


def _look(listing: Looks, *filters: str, order: str | None = None) -> Statement:
    wish = listing.wish(dict.fromkeys(filters), order)
    return listing.looking(wish._replace(filters=wish.filters | {SEAT}.intersection(filters)))


def _queue(source: Source, asked: Conditions, route: str | None = None, **more: bool) -> Statement:
    one = NamedSource("asked for its plan", source, frozenset(), route, **more)
    return page_statement.__wrapped__((one,), asked, across=False, after=False)


_GATEKEEPING = sources.cases(CASES[0], "submitted", "city_filing", office=False)
_IN_DIVISION = Conditions("provincial_review", None, False, division=True)
# Pages that PostgreSQL supposes to be of little, so that it may as well sort it: how much it is grows with the cases.
# By the index, and the reading.
ORDERED: Mapping[tuple[str, str], Statement] = {
    ("ix_obligations_reports", "late reports"): _first_of(LATE[False]),
    ("ix_obligations_desk", "duties of a desk"): _first_of(DUTIES, "desks", "owed", "state"),
    ("ix_obligations_seat", "an office's duties"): _first_of(DUTIES, SEAT, "owed", "state"),
    ("ix_obligations_office", "an office's, whatever became of them"): _first_of(DUTIES, SEAT, "due_before"),
    ("ix_obligations_owed_code", "what is owed of a kind"): _first_of(DUTIES, "owed", "code"),
    ("ix_obligations_owed_article", "what is owed of an article"): _first_of(DUTIES, "owed", "article"),
    ("ix_obligations_queue", "a queue of duties"): _queue(sources.desk(0, one=True), EVERY),
    ("ix_obligations_seat", "a desk's in a division"): _queue(
        sources.desk(0, one=False), _IN_DIVISION._replace(route=None), by_office=True
    ),
    ("ix_obligations_seat", "late ones in a division"): _queue(
        sources.overdue("city"), _IN_DIVISION._replace(route=None), by_office=True
    ),
    ("ix_obligations_way", "a desk's of one way in a division"): _queue(
        sources.desk(0, one=False), _IN_DIVISION, by_office=True
    ),
    ("ix_obligations_way", "late ones of one way in a division"): _queue(
        sources.overdue("city"), _IN_DIVISION, by_office=True
    ),
    ("ix_projects_seat", "an office's cases of some states"): _first_of(PROJECTS, SEAT, "state"),
    ("ix_obligations_owner_code", "a queue of an office's duties"): _queue(sources.owner(one=True), EVERY),
    ("ix_projects_waiting_in", "cases that wait in a division"): _queue(
        _GATEKEEPING, _IN_DIVISION._replace(route=None), "city_filing"
    ),
    ("ix_inbox_kind_desk", "messages of a kind"): _first_of(INBOX, "roles", "kind"),
    ("ix_projects_month", "cases by month"): _first_of(BY_MONTH, "month_from"),
    ("ix_projects_near_line", "cases near the line"): _queue(
        _GATEKEEPING, Conditions(near_line=True), "city_filing"
    ),
}
# Each row of a look is asked whether it passes, nobody knows how few do: it must stand in the list's own order.
ORDERED = {
    **ORDERED,
    ("ix_projects_list", "a look at cases"): _look(PROJECTS, "text", "kind"),
    ("ix_projects_state", "a look at cases of some states"): _look(PROJECTS, "text", "state"),
    ("ix_projects_office", "a look at an office's cases"): _look(PROJECTS, "text", SEAT),
    ("ix_projects_figure", "a look by amounts"): _look(PROJECTS, "text", "amount_from", order="amount_down"),
    ("ix_projects_month", "a look at months"): _look(BY_MONTH, "text", "month_from"),
    ("ix_obligations_owed", "a look at what is due first"): _look(DUE, "text"),
}
_SWITCH = "UPDATE pg_index SET indisvalid = $1 WHERE indexrelid = $2::text::regclass"
_CAUGHT_UP = "what acts or a new day left behind is sought among what changed since the last look, once for all readers"
_NEEDS = "needs by their index; PostgreSQL supposes that one case in a hundred began as one"
# What is planned otherwise: bounded by something else, asked for, or open (tests/bench/growth_known.py).
KNOWN: Mapping[str, str] = {
    "office: /projects[?]order=due: *": _CAUGHT_UP,
    "office: /obligations: *": _CAUGHT_UP,
    "office: /console/duties[?]all&tenant: *": _CAUGHT_UP,
    "*: /console/admin/audit*: *": "verifies each entry of the trail, as was asked",
    "office: /monitoring/needs[?]year=2026: *": _NEEDS,
    "commands: collects similarity_keys": "projects that share a word are compared, five hundred to a word",
    "commands: reads on in projects": "an owner's results: few, by statistics of an expression, which are not recorded",
    "daily look: *": "once a day all that may be owed",
    "purge: *": "what is old, in slices that get smaller where a statement takes too long",
}


async def _lived(as_user: Callable[..., Caller], door: Door) -> None:
    """Two cases with all that a case may have."""

    async def look(tenant: str) -> None:
        """No life here is as long as that the worker's daily look changes what is asked."""

    tools = Tools(as_user, lambda: carried(door), look)
    for seed, (procedure, steps) in enumerate(LIVES, 20260302):
        life = Wanderer(tools, Random(seed), procedure, CITY, Figures())
        await life.begin()
        await _ahead(life, steps, Random(seed))
    await carried(door)
    clock.travel(None)


@pytest.fixture(scope="session")
async def asked(app: Any, as_user: Callable[..., Caller], door: Door) -> dict[Asked, str]:
    """Every statement of every reading and deed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            current, "SHARE", 60.0
        )  # all tenants are looked at by the first reading, on any machine
        return await _asked(app, as_user, door)


async def _asked(app: Any, as_user: Callable[..., Caller], door: Door) -> dict[Asked, str]:
    await _lived(as_user, door)
    notes = Notes()
    async with listened(app, notes):
        for tenant, login in READERS:
            await lists(as_user(tenant, login), login, notes)
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as browser:
                assert await pages(browser, tenant, login, notes) > 20
        await works(as_user, app.app.state.services.door, notes)
    return notes.of


@pytest.fixture(scope="session")
async def sessions(settings: Any, asked: dict[Asked, str]) -> AsyncIterator[dict[str, Any]]:
    """A session of each login, and the superuser's as "", in the database that is taken for a large one."""
    owner = await asyncpg.connect(settings.database_url)
    await owner.execute("ANALYZE")
    await imagine(owner, recorded())
    urls = (settings.tenant_url, settings.province_url, settings.relay_url)
    made = {
        str(urlsplit(url).username): await asyncpg.connect(url, server_settings=session()) for url in urls
    }
    yield {**made, "": owner}
    for each in (owner, *made.values()):
        await each.close()


def _large() -> set[str]:
    return {name for name, of in recorded().items() if of.rows >= LEAST and not of.index} - CELLS


async def _faulty(asked: dict[Asked, str], sessions: dict[str, Any]) -> set[str]:
    large, found = _large(), set()
    for (login, sql), reading in asked.items():
        if any(name in sql for name in large):
            found |= {f"{reading}: {fault}" for fault in faults(await planned(sessions[login], sql), large)}
    return found


async def test_nothing_reads_or_sorts_a_tenant(asked: dict[Asked, str], sessions: dict[str, Any]) -> None:
    assert len(asked) > 400
    found = await _faulty(asked, sessions)
    told = {fault for fault in found if not any(fnmatchcase(fault, each) for each in KNOWN)}
    assert sorted(told) == [], "planned to grow with the tenant: an index, or KNOWN with its reason"
    idle = [each for each in KNOWN if not any(fnmatchcase(fault, each) for fault in found)]
    assert idle == [], "known no more"


async def test_a_list_that_lost_its_index_is_told(asked: dict[Asked, str], sessions: dict[str, Any]) -> None:
    """Nothing else tells that the test above can fail."""
    owner = sessions[""]
    for index, (reading, said) in GONE.items():
        of_it = {each: of for each, of in asked.items() if of == reading}
        assert f"{reading}: {said}" not in await _faulty(of_it, sessions)
        await owner.execute(_SWITCH, False, index)
        try:
            assert f"{reading}: {said}" in await _faulty(of_it, sessions), index
        finally:
            await owner.execute(_SWITCH, True, index)


@pytest.mark.parametrize(("index", "reading"), ORDERED)
async def test_a_page_of_little_by_estimate_is_read_in_order(
    index: str, reading: str, sessions: dict[str, Any]
) -> None:
    sql = ORDERED[index, reading].folded
    assert in_order(await planned(sessions["tj_tenant"], sql), index)
    await sessions[""].execute(_SWITCH, False, index)
    try:
        assert not in_order(await planned(sessions["tj_tenant"], sql), index)
    finally:
        await sessions[""].execute(_SWITCH, True, index)


async def test_what_is_done_share_by_share_goes_on_where_it_stopped(sessions: dict[str, Any]) -> None:
    """The daily look behind its last case, by the key; what is old of the feed from the oldest, by its time."""
    look = await planned(sessions["tj_tenant"], UNSEEN.folded)
    assert any("id >" in told for told in _found_by(look, "pk_projects"))
    (feed,) = (kind.statement for kind in KINDS if kind.name == "event_feed")
    purge = await planned(sessions["tj_relay"], feed.sql)
    by_time = _found_by(purge, "ix_event_feed_at")
    assert len(by_time) == 2 and all("at <" in told for told in by_time)


def _found_by(node: dict[str, Any], index: str) -> list[str]:
    """How a plan looks up rows by that index, each place."""
    own = [str(node.get("Index Cond"))] if node.get("Index Name") == index else []
    return own + [each for inner in node.get("Plans", ()) for each in _found_by(inner, index)]
