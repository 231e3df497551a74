"""The running totals of duties are what counting the rows one by one makes: on any day, folded or not, or made anew."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from service.kit.db import Door, tenant_scope
from service.kit.ids import new_id
from service.monitoring.queries_rates import duties_statement
from service.obligations.counting import DIFFERING, count_all, uncount, verify
from service.obligations.queries import summary_statement
from service.obligations.totals import FOLDING, totals_statement

CITY = "360100"
FIRST = date(2025, 11, 1)
_ROW = (
    "INSERT INTO obligations (tenant_id, office_id, id, project_id, code, key, state, due, since, article, basis, "
    "severity, duty_tier, duty_roles, paused, pauses, done_on) SELECT tenant_id, office_id, $2, id, $3, $4, $5, $6, "
    "$6, 29, 'law', 'gate', 'city', '{}', false, $7, $8 FROM projects WHERE id = $1"
)


@pytest.fixture
async def project(at: Any, approve: Any, relay: Any) -> str:
    at("2026-03-02")
    made = str(await approve("2026-03-02", file=False))
    await relay()
    return made


def _drawn(rng: Random) -> tuple[Any, ...]:
    """A row as no case may have it, too: every kind of state, due day and rest, in any combination."""

    def day() -> date:
        return FIRST + timedelta(days=rng.randrange(400))

    pauses = []
    for _ in range(rng.choice([0, 0, 1, 2])):
        since = day()
        until = rng.choice([None, since, since + timedelta(days=rng.randrange(60))])
        reason = rng.choice(["force_majeure", "suspension", "extension"])
        pauses.append(
            {
                "reason": reason,
                "since": since.isoformat(),
                "until": until and until.isoformat(),
                "article": 29,
            }
        )
    state = rng.choice(["open", "open", "lapsed", "done", "void"])
    done_on = day() if state == "done" and rng.random() < 0.8 else None
    due = date.max if rng.random() < 0.05 else day()
    code = rng.choice(["filing", "start", "trial_run", "certificate"])
    return code, new_id(), state, due, json.dumps(pauses), done_on


@pytest.fixture
async def forged(project: str, sql: Any, door: Door) -> AsyncIterator[None]:
    """A hundred such rows, counted as those of before are."""
    rng, ident = Random(20260302), project.partition("-")[2]
    ids = [new_id() for _ in range(100)]
    for each in ids:
        await sql(_ROW, ident, each, *_drawn(rng))
    await sql("UPDATE obligation_cases SET counted_for = NULL WHERE project_id = $1", ident)
    async with door.transaction(tenant_scope(CITY)) as tx:
        await uncount(tx, CITY)
    yield
    await sql("DELETE FROM obligations WHERE id = ANY($1::uuid[])", ids)
    async with door.transaction(tenant_scope(CITY)) as tx:
        await uncount(tx, CITY)
    await count_all(door, CITY)


async def _wrong(door: Door, day: date) -> list[Any]:
    rows = await door.fetch(tenant_scope(CITY), DIFFERING, tenant_id=CITY, today=day)
    return [dict(row) for row in rows]


async def test_totals_are_exact_on_every_day_folded_or_not(forged: None, door: Door) -> None:
    """Sums of what changes from day to day against the reading of each row, through every day of fifteen months."""
    assert await count_all(door, CITY) > 0
    assert await count_all(door, CITY) == 0
    days = [FIRST + timedelta(days=n) for n in range(0, 480, 3)]
    for day in days[:40]:
        assert not await _wrong(door, day), day
    assert await FOLDING.fold(door) > 100
    assert await FOLDING.fold(door) == 0
    for day in days:
        assert not await _wrong(door, day), day


async def test_what_is_wrong_is_seen_and_counted_anew(project: str, door: Door, sql: Any) -> None:
    ident, day = project.partition("-")[2], date(2026, 3, 12)
    assert await verify(door, CITY, day) == 0
    changed = await sql(
        "UPDATE obligations SET due = due + 40 WHERE project_id = $1 AND code = 'filing' RETURNING id", ident
    )
    assert len(changed) == 1
    assert len(await _wrong(door, date(2026, 3, 20))) == 2  # one month too many, another too few
    assert await verify(door, CITY, date(2026, 3, 20)) == 2
    assert await verify(door, CITY, date(2026, 3, 20)) == 0
    await sql("UPDATE obligations SET due = due - 40 WHERE id = $1", changed[0]["id"])
    assert await verify(door, CITY, date(2026, 3, 20)) == 2


async def test_the_answers_are_those_of_counting_one_by_one(
    project: str, as_user: Any, at: Any, sql: Any, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the operations, for the province and for a city: until all is counted they count, then they add up."""
    paths = (
        "/obligations/summary",
        "/monitoring/duties?by_code=true&previous=true",
        "/monitoring/duties?month_from=2026-03&month_to=2026-04&code=filing&code=start",
        f"/monitoring/duties?tenant={CITY}",
    )
    callers = [as_user("360000", "office"), as_user(CITY, "gatekeeper")]

    async def answers() -> list[Any]:
        found = []
        for caller in callers:
            for path in paths:
                told = (await caller("GET", path)).json()
                assert told["items"], path
                found.append(told["items"])
        return found

    for day in ("2026-03-02", "2026-03-12", "2026-03-13", "2026-04-20"):
        at(day)
        await answers()  # what a day has left behind is derived by the first that reads
        read = await answers()
        counts = await _statements(monkeypatch, answers)
        assert counts == {"added up"}, day
        await sql(
            "UPDATE obligation_cases SET counted_for = NULL WHERE project_id = $1", project.partition("-")[2]
        )
        assert await answers() == read, day
        assert "counted" in await _statements(monkeypatch, answers)
        async with door.transaction(tenant_scope(CITY)) as tx:
            await uncount(tx, CITY)
        await count_all(door, CITY)


async def _statements(monkeypatch: pytest.MonkeyPatch, answers: Any) -> set[str]:
    """By which statements the figures of answers come."""
    used: set[str] = set()
    fetch = Door.fetch

    async def watched(self: Door, scope: Any, statement: Any, **params: Any) -> Any:
        rows = await fetch(self, scope, statement, **params)
        if "duty_totals" in statement.sql and "tj_scope" in statement.sql:
            used.add("added up")
        elif statement in counting:
            used.add("counted")
        return rows

    ways = (False, True)
    counting = {summary_statement(across=across) for across in ways} | {
        duties_statement(across=a, some=b, coded=c, by_code=d)
        for a in ways
        for b in ways
        for c in ways
        for d in ways
    }
    with monkeypatch.context() as patched:
        patched.setattr(Door, "fetch", watched)
        await answers()
    assert totals_statement.cache_info().currsize > 0
    return used


async def test_drafts_and_what_the_province_does_not_see_are_in_nobodys_or_the_citys_totals(
    as_user: Any, sql: Any
) -> None:
    rows = await sql(
        "SELECT p.state, p.submissions, p.origin, c.counted_for FROM obligation_cases c JOIN projects p "
        "ON p.tenant_id = c.tenant_id AND p.id = c.project_id WHERE c.derived_version = p.version"
    )
    assert rows
    hidden = ("draft", "need_draft", "need_submitted", "need_gatekept")
    for row in rows:
        assert (row["counted_for"] == "province") == (
            row["state"] not in hidden or bool(row["submissions"])
        ), dict(row)
