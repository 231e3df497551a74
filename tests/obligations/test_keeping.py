"""Obligations follow events and days: reminded on working days, once each, whatever is repeated; rebuilt alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.kit.clock import now
from service.kit.db import Door, tenant_scope
from service.kit.ids import new_id
from service.kit.outbox import Event, Recipient
from service.kit.relay import Subscriber
from service.kit.telemetry import Telemetry
from service.measures.deadlines import Status
from service.obligations import jobs
from service.obligations.deriving import Derived, calendar, refresh
from service.obligations.reminding import Moment, remind

ROWS = (
    "SELECT id::text, code, key, state, due, since, article, basis, severity, duty_tier, duty_roles, paused, pauses, "
    "done_on FROM obligations WHERE tenant_id = $1 AND project_id::text = $2 ORDER BY code, key"
)


async def rows(sql: Any, project: str) -> list[dict[str, Any]]:
    tenant, _, uuid = project.partition("-")
    return [dict(row) for row in await sql(ROWS, tenant, uuid)]


async def test_art_23_29_an_approval_brings_its_deadlines_and_the_filing_keeps_one(
    as_user: Any, at: Any, approve: Any, relay: Any, sql: Any
) -> None:
    at("2026-03-02")
    project = await approve("2026-03-02", file=False)
    await relay()
    found = {row["code"]: row for row in await rows(sql, project)}
    assert {code: (row["state"], row["due"].isoformat(), row["basis"]) for code, row in found.items()} == {
        "filing": ("open", "2026-03-12", "practice"),
        "budget": ("open", "2026-04-01", "practice"),
        "start": ("open", "2026-09-02", "law"),
    }
    case = await as_user("360100", "gatekeeper")("GET", f"/projects/{project}")
    filed = await as_user("360100")("POST", f"/projects/{project}/file", {}, etag=case.headers["etag"])
    assert filed.status_code == 201
    await relay()
    kept = {row["code"]: (row["state"], row["done_on"]) for row in await rows(sql, project)}
    assert kept == {
        "filing": ("done", date(2026, 3, 2)),
        "budget": ("open", None),
        "start": ("open", None),
    }


async def test_art_39_a_question_is_owed_an_answer_until_it_is_given_in_whatever_order_events_come(
    as_user: Any, at: Any, approve: Any, relay: Any, sql: Any, door: Door
) -> None:
    at("2026-06-01")
    project = await approve("2026-06-01")
    office, keeper = as_user("360000", "office"), as_user("360100", "gatekeeper")
    filing = (await office("GET", f"/filings?project_id={project}")).json()["items"][0]["id"]
    asked = await office("POST", f"/filings/{filing}/queries", {"question": "如何对接省级平台？"})
    await relay()
    at("2026-06-12")
    events = await sql(
        "SELECT id::text, kind, snapshot::text, created_at FROM outbox WHERE kind = 'filing.queried' "
        "AND snapshot -> 'project' ->> 'id' = $1",
        project,
    )
    await _again(door, jobs.follow, events)
    (owed,) = [row for row in await rows(sql, project) if row["code"] == "filing_query"]
    assert (owed["state"], owed["due"]) == ("lapsed", date(2026, 6, 11))
    path = f"/filings/{filing}/queries/{asked.json()['id']}/answer"
    assert (await keeper("POST", path, {"answer": "已经对接"})).status_code == 200
    await relay()
    await _again(door, jobs.follow, events)
    (kept,) = [row for row in await rows(sql, project) if row["code"] == "filing_query"]
    assert (kept["state"], kept["done_on"]) == ("done", date(2026, 6, 12))


async def _again(door: Door, subscriber: Subscriber, found: Any) -> None:
    """The same events once more, as after a crash between handing on and marking done."""
    import msgspec

    events = [
        Event(
            row["id"],
            "360100",
            row["kind"],
            [Recipient("360100", "gatekeeper")],
            msgspec.json.decode(row["snapshot"]),
            "again",
            row["created_at"],
        )
        for row in found
    ]
    assert events
    async with door.transaction(tenant_scope("360100")) as tx:
        await subscriber.run(tx, "360100", events)


async def test_redelivery_changes_nothing_and_reminds_of_nothing_twice(
    at: Any, approve: Any, relay: Any, look: Any, told: Any, sql: Any, door: Door
) -> None:
    at("2026-03-03")
    project = await approve("2026-03-03")
    await relay()
    at("2026-08-28")
    await look()
    before, given = await rows(sql, project), await told(project, "start")
    assert given == [("reminder", "2026-09-03")]
    events = await sql(
        "SELECT id::text, kind, snapshot::text, created_at FROM outbox WHERE kind NOT LIKE 'obligation.%' "
        "AND snapshot -> 'project' ->> 'id' = $1 ORDER BY created_at DESC",
        project,
    )
    await _again(door, jobs.follow, events)
    await _again(door, jobs.follow, events)
    assert await rows(sql, project) == before
    assert await told(project, "start") == given


async def test_deleting_what_is_owed_and_rebuilding_gives_the_same_rows_and_no_reminders(
    at: Any, approve: Any, relay: Any, look: Any, told: Any, sql: Any, door: Door
) -> None:
    at("2026-03-04")
    projects = [await approve("2026-03-04", file=index % 2 == 0) for index in range(3)]
    await relay()
    at("2026-09-07")
    await look()
    every = "SELECT * FROM obligations ORDER BY tenant_id, id"
    before = [dict(row) for row in await sql(every)]
    states = {row["state"] for row in before if f"{row['tenant_id']}-{row['project_id']}" in projects}
    assert states == {"lapsed", "done", "open"}
    given = [await told(project, "start") for project in projects]
    assert await jobs.rebuild(door, "360100", now()) >= 3
    assert [dict(row) for row in await sql(every)] == before
    await look()
    assert [await told(project, "start") for project in projects] == given


async def test_what_is_withdrawn_or_deleted_is_owed_no_longer(
    as_user: Any, at: Any, relay: Any, look: Any, sql: Any
) -> None:
    at("2026-05-11")
    department = as_user("360000", "department")
    need = {
        "name": "部门需求",
        "facts": {
            "project_class": "other",
            "kind": "new",
            "investment_yuan": "4000000.00",
            "fiscal_funds": True,
            "classified": False,
        },
        "materials": {},
    }
    made = await department("POST", "/needs", need)
    assert made.status_code == 201, made.text
    at("2026-05-12")
    await look()
    (owed,) = await rows(sql, made.json()["id"])
    assert (owed["code"], owed["due"], owed["state"]) == ("need_report", date(2026, 6, 30), "open")
    ref = made.json()["id"]
    assert ref not in (await as_user("360000", "office")("GET", "/obligations?limit=200")).text
    assert ref in (await department("GET", "/obligations?limit=200")).text
    gone = await department("DELETE", f"/projects/{ref}", etag=made.headers["etag"])
    assert gone.status_code == 204, gone.text
    assert ref not in (await department("GET", "/obligations?limit=200")).text
    at("2026-05-13")
    await look()
    assert await rows(sql, ref) == []


async def test_a_years_end_that_lapses_much_at_once_is_told_whole(at: Any, approve: Any, door: Door) -> None:
    """Art. 27: a thousand lapses in one look; one statement would not hold their events."""
    at("2026-03-02")
    project = await approve("2026-03-02")
    at("2026-11-23")
    today, trace = date(2026, 11, 23), "many"
    with pytest.raises(_TakenBack):
        async with door.transaction(tenant_scope("360100")) as tx:
            [one] = await refresh(tx, "360100", [project[7:]], today)
            late = next(each for each in one.owed.values() if each.code == "start")
            assert late.status is Status.LAPSED
            many = Derived(one.case, {new_id(): replace(late, key=str(n)) for n in range(1000)})
            assert await remind(tx, "360100", [many], await calendar(tx), Moment(now(), today, trace)) == 1000
            await tx.flush()
            raise _TakenBack


class _TakenBack(Exception):
    """Rolls a test's rows back."""


async def test_one_tenants_trouble_does_not_keep_the_others_from_being_looked_at(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, seen = jobs._sweep_tenant, []

    async def broken(door: Door, tenant: str, at: Any) -> int:
        seen.append(tenant)
        if tenant == "360100":
            raise RuntimeError("a row nobody can read")
        return await whole(door, tenant, at)

    monkeypatch.setattr(jobs, "_sweep_tenant", broken)
    looked: dict[str, date] = {}
    with pytest.raises(RuntimeError):
        await jobs.sweep(door, Telemetry(), looked)
    assert set(seen) - set(looked) == {"360100"}
    assert len(looked) > 10
