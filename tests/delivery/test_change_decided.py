"""Who decides a change, once, in which states (arts 18, 20, 23)."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from service.measures.lifecycle import Action, State
from service.measures.lifecycle_table import TRANSITIONS
from tests.delivery.changing import APPROVER, DECISION, DRC, YES, money, today
from tests.lives.reviews import to_approved
from tests.lives.said import PAPER
from tests.worlds import by_hand

__all__ = ["today"]


async def test_art_20_who_may_not_and_bad_papers(life: Any) -> None:
    site = await life().at("started")
    await site.refused(APPROVER, "changes/decide", YES, 409, "gate_shut")
    await site.refused(APPROVER, "changes", money("4200000.00"), 403, "forbidden")
    await site.does("owner", "changes", money("4200000.00"))
    await site.refused("owner", "changes/decide", YES, 403, "forbidden")
    wrong = await site.refused(DRC, "changes/decide", YES, 409, "action_not_allowed")
    assert wrong["reason"] == "wrong_role", "the city decides its own (art. 5)"
    await site.wrong(APPROVER, "changes/decide", {"approve": True}, "/document", article=20)
    for day in ("2099-01-01", "2026-11-22"):
        late = {"approve": True, "document": {**DECISION, "date": day}}
        await site.wrong(APPROVER, "changes/decide", late, "/document/date", "date_order")
    stale = await site.tried(APPROVER, "changes/decide", YES, etag='"2"')
    assert stale.status_code == 412


async def test_racing_decisions_have_one_outcome(life: Any) -> None:
    site = await life().at("started")
    await site.does("owner", "changes", money("4200000.00"))
    etag = site.etag
    bodies = [YES, {"approve": False, "reason": "没有必要"}] * 4
    answers = await asyncio.gather(
        *(site.tried(APPROVER, "changes/decide", body, etag=etag) for body in bodies)
    )
    assert sorted(each.status_code for each in answers)[0] == 200
    assert [each.status_code for each in answers].count(200) == 1
    assert {each.status_code for each in answers} <= {200, 409, 412}
    assert len(await site.records("decide_change")) == 1


async def test_art_18_on_the_provincial_route_the_province_decides_and_the_change_is_appraised(
    life: Any,
) -> None:
    site = await to_approved(life().world)
    await site.does("owner", "changes", money("5600000.00"))
    await site.refused("province.finance", "changes/decide", YES, 403, "forbidden")
    wrong = await site.refused(APPROVER, "changes/decide", YES, 409, "action_not_allowed")
    assert wrong["reason"] == "wrong_role"
    await site.wrong(DRC, "changes/decide", YES, "/appraisal", article=18)
    data = await site.does(DRC, "changes/decide", {**YES, "appraisal": PAPER})
    assert (data["approved_amount_yuan"], data["state"], data["holder"]) == (
        "5600000.00",
        "approved",
        "owner",
    )
    assert data["dated"]["appraised"]["substance"] == data["dated"]["declared"]["substance"]
    assert (await site.sees("versions/2"))["content"]["facts"]["investment_yuan"] == "5600000.00"
    assert [f["code"] for f in data["findings"]] == ["not_in_library"]
    await site.does("owner", "changes", money("4000000.00"))
    problem = await site.refused(DRC, "changes/decide", {**YES, "appraisal": PAPER}, 409, "route_changed")
    assert (problem["route"], problem["next_desk"]) == ("city_filing", "owner")


LATER = sorted(
    {
        row.source.value
        for row in TRANSITIONS.values()
        if row.action is Action.DECIDE_CHANGE and "province.drc" in row.who and row.source is not State.FILED
    }
)


@pytest.mark.parametrize("state", LATER)
async def test_art_20_a_change_is_decided_in_every_state_that_the_table_names(
    life: Any, settings: Any, state: str
) -> None:
    """However far the project has come since it was asked for: row level security must know the same states."""
    site = await to_approved(life().world)
    await site.does("owner", "changes", money("5600000.00"))
    connection = await asyncpg.connect(settings.database_url)
    move = "UPDATE projects SET state = $2 WHERE tenant_id = '360100' AND id::text = $1"
    try:
        await connection.execute(move, by_hand(site.id), state)
        data = await site.does(DRC, "changes/decide", {**YES, "appraisal": PAPER})
        assert (data["state"], data["approved_amount_yuan"]) == (state, "5600000.00")
    finally:  # an accepted project would be a candidate for reuse in the other tests
        await connection.execute(move, site.id[7:], "terminated")
        await connection.close()


async def test_art_23_the_provinces_login_seals_and_finds_only_where_the_province_decides(
    life: Any, settings: Any
) -> None:
    """Row level security, asked directly: on the city's own route the province writes neither findings nor versions."""
    city, own = await life().at("started"), await to_approved(life().world)
    connection = await asyncpg.connect(settings.province_url)
    insert = (
        "INSERT INTO project_findings (tenant_id, office_id, project_id, code, severity, article, submitted_at) "
        "SELECT tenant_id, office_id, id, 'near_line', 'notice', 9, now() FROM projects WHERE id::text = $1"
    )
    try:
        for site, allowed in ((city, False), (own, True)):
            async with connection.transaction():
                await connection.execute("SET LOCAL app.scope = '360000/*'")
                if allowed:
                    assert await connection.execute(insert, site.id[7:]) == "INSERT 0 1"
                    continue
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    async with connection.transaction():
                        await connection.execute(insert, site.id[7:])
    finally:
        await connection.close()
