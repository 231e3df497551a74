"""What is watched of declarations is added up as counting case by case has it, whatever becomes of a suspicion."""

from __future__ import annotations

from typing import Any

import pytest

from service.kit.db import Door
from service.kit.statements import Statement
from service.monitoring.queries_watched import watched_statement
from service.obligations.current import LOOKS
from service.obligations.watching import FOLDING, verify_watched, watch_all
from service.suspicions.monitors import declared_statement
from tests.suspicions.support import ARCHIVES, PARKING, declared, worked

PATHS = ("", "?month_from=2025-01&month_to=2026-12", "?tenant=360200")


async def _both(callers: list[Any], door: Door, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The answers by running totals, which must be those of counting case by case."""
    asked: list[Statement] = []
    fetch = Door.fetch

    async def watched(self: Door, scope: Any, statement: Statement, **params: Any) -> Any:
        asked.append(statement)
        rows = await fetch(self, scope, statement, **params)
        if hidden and statement in sums:
            return [{"unwatched": True}]
        return rows

    sums = {watched_statement(one=one) for one in (True, False)}
    counts = {declared_statement(one=one) for one in (True, False)}
    monkeypatch.setattr(Door, "fetch", watched)
    told: list[list[Any]] = []
    for hidden in (False, True):
        asked.clear()
        told.append(
            [
                (await caller("GET", f"/suspicions/monitors{path}")).json()["items"]
                for caller in callers
                for path in PATHS
            ]
        )
        assert bool(counts & set(asked)) == hidden
        assert sums & set(asked)
    monkeypatch.undo()
    assert told[0] == told[1]
    assert told[0][0] is not None
    return told[0]


async def _declared(as_user: Any) -> list[Any]:
    """Two alike that are near the line, one under it by its upkeep, and a label."""
    return [
        await declared(as_user, ARCHIVES, "4600000.00", tenant="360200"),
        await declared(as_user, ARCHIVES, "4700000.00", tenant="360200"),
        await declared(
            as_user, PARKING, "5500000.00", tenant="360200", of_which_maintenance_yuan="1100000.00"
        ),
        await declared(as_user, PARKING, "4000000.00", tenant="360200", project_class="integration"),
    ]


async def _confirmed(keeper: Any, project: str) -> None:
    asked = (await keeper("GET", f"/suspicions?project_id={project}")).json()["items"]
    assert asked
    for each in asked:
        etag = (await keeper("GET", f"/suspicions/{each['id']}")).headers["etag"]
        told = await keeper("POST", f"/suspicions/{each['id']}/confirm", {"reason": "内容相同"}, etag=etag)
        assert told.status_code == 200, told.text


async def test_figures_are_those_of_counting_case_by_case(
    as_user: Any, door: Door, superuser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    callers, portal = [as_user("360200", "gatekeeper"), as_user("360000", "office")], as_user("360200")
    made = await _declared(as_user)
    before = await _both(callers, door, monkeypatch)
    await worked(door, "360200", "360000")
    found = await _both(callers, door, monkeypatch)
    assert found != before, "suspicions were raised since"
    await _confirmed(callers[0], made[1].id)
    confirmed = await _both(callers, door, monkeypatch)
    assert confirmed != found
    await FOLDING.fold(door)
    assert await _both(callers, door, monkeypatch) == confirmed
    etag = (await portal("GET", f"/projects/{made[3].id}")).headers["etag"]
    gone = await portal("POST", f"/projects/{made[3].id}/withdraw", {"reason": "不再申报"}, etag=etag)
    assert gone.status_code == 200, gone.text
    assert await _both(callers, door, monkeypatch) != confirmed
    await worked(door, "360200", "360000")
    less = await _both(callers, door, monkeypatch)
    await _as_upgraded(superuser)
    assert await watch_all(door, "360200") >= 4
    assert await watch_all(door, "360200") == 0
    assert await _both(callers, door, monkeypatch) == less
    await FOLDING.fold(door)
    await superuser.execute(
        "UPDATE watched_totals SET count = count + 1, near_line = 7 WHERE tenant_id = '360200'"
    )
    assert await verify_watched(door, "360200") >= 1
    assert await verify_watched(door, "360200") == 0
    assert await _both(callers, door, monkeypatch) == less


async def _as_upgraded(superuser: Any) -> None:
    """Nothing is counted yet."""
    await superuser.execute("UPDATE obligation_cases SET watched = NULL WHERE tenant_id = '360200'")
    for table in ("watched_totals", "watched_deltas"):
        await superuser.execute(f"DELETE FROM {table} WHERE tenant_id = '360200'")
    LOOKS.clear()
