"""Recipes of plans, frameworks and links; see recipes.py."""

from __future__ import annotations

from dataclasses import replace

import asyncpg

from service.setup.seed import divisions, office_id
from tests.contract.recipes import on, recipe
from tests.lives import PROVINCE, Ready, Thing, World, needs
from tests.lives.needs import DEPLOYED, KEEPER
from tests.lives.world import DEPARTMENT

SECRETARY, CENTRE = "city.leading_group_secretary", "city.info_centre"
PLAN = {
    "title": "本市三年规划",
    "first_year": 2026,
    "items": [
        {
            "key": "A-1",
            "title": "城市平台",
            "owner": "市数据局",
            "project_class": "infrastructure",
            "estimated_yuan": "20000000.00",
            "years": [2026],
            "alignment": "与省规划衔接",
        }
    ],
}
ASSESSED = {"on": "2026-02-01", "note": "论证可行", "passed": True}
ADOPT = {"decision": "adopt", "number": "纪要〔2026〕1号", "on": "2026-02-10"}
TEXT = {"goals": "一网协同", "content": "共建数据底座"}


async def _plan(w: World) -> Thing:
    return await w.made(KEEPER, "/plans", PLAN)


async def _assessed(w: World) -> Thing:
    plan = await _plan(w)
    return await w.made(KEEPER, f"/plans/{plan.id}/assess", ASSESSED, etag=plan.etag)


async def _adopted(w: World) -> Thing:
    plan = await _assessed(w)
    return await w.made(SECRETARY, f"/plans/{plan.id}/decide", ADOPT, etag=plan.etag)


@recipe("plans_read", "plans_edit")
async def _(w: World) -> Ready:
    return on(await _plan(w), KEEPER, {"title": "改过的规划"})


@recipe("plans_assess")
async def _(w: World) -> Ready:
    return on(await _plan(w), KEEPER, ASSESSED)


@recipe("plans_decide")
async def _(w: World) -> Ready:
    return on(await _assessed(w), SECRETARY, ADOPT)


@recipe("plans_revise")
async def _(w: World) -> Ready:
    return on(await _adopted(w), KEEPER, {"ground": "environment", "reason": "外部环境变化"})


@recipe("plans_link")
async def _(w: World) -> Ready:
    return on(await w.draft(), w.owner, {"plan": (await _adopted(w)).id, "item": "A-1"})


def _police(tenant: str) -> tuple[str, str]:
    """The city's police: name and office."""
    name = next(row["name"] for row in divisions() if row["code"] == tenant) + "公安局"
    return name, office_id(tenant, tenant, name)


async def _departments(w: World) -> Thing:
    """A department's need that has reached the province."""
    return await needs.reported(replace(w, tenant=PROVINCE, owner=DEPARTMENT), **DEPLOYED)


async def _joint(w: World) -> Thing:
    """A city's jointly built project at its own desk; a department's is tried in tests/library."""
    return await w.gatekept(participating_offices=[_police(w.tenant)[0]])


def _framework(w: World) -> dict[str, object]:
    return {**TEXT, "participants": [_police(w.tenant)[1]]}


async def _opened(w: World) -> Thing:
    case = await _joint(w)
    made = await w.made(CENTRE, f"/projects/{case.id}/framework", _framework(w))
    return Thing(case.id, case.etag, {"framework": made.etag})


@recipe("frameworks_create")
async def _(w: World) -> Ready:
    return Ready(CENTRE, {"ref": (await _joint(w)).id}, _framework(w))


@recipe("frameworks_read")
async def _(w: World) -> Ready:
    return Ready(CENTRE, {"ref": (await _opened(w)).id})


@recipe("frameworks_edit")
async def _(w: World) -> Ready:
    case = await _opened(w)
    return Ready(CENTRE, {"ref": case.id}, {"goals": "改过的目标"}, case.data["framework"])


@recipe("frameworks_sign")
async def _(w: World) -> Ready:
    return Ready(CENTRE, {"ref": (await _opened(w)).id}, {"edition": 1})


@recipe("frameworks_conclude")
async def _(w: World) -> Ready:
    case = await _opened(w)
    for who in (CENTRE, "city.unit"):
        await w.by(who)("POST", f"/projects/{case.id}/framework/sign", {"edition": 1})
    connection = await asyncpg.connect(w.owner_url)  # the seeded world has no declarer of the police
    await connection.execute(
        "INSERT INTO framework_signatures SELECT tenant_id, id, 1, $2, 'user:police', tenant_id, opened_at "
        "FROM frameworks WHERE project_id::text = $1",
        case.id[7:],
        _police(w.tenant)[1],
    )
    await connection.close()
    return Ready(CENTRE, {"ref": case.id}, {"edition": 1}, case.etag)


@recipe("links_invite")
async def _(w: World) -> Ready:
    return Ready(w.owner, {"ref": (await w.submitted()).id}, {"child_tenant": "360300", "task": "参与共建"})


@recipe("links_set_standard")
async def _(w: World) -> Ready:
    body = {"text": "统一接口规范", "on": "2026-02-01"}
    return Ready(w.owner, {"ref": (await w.submitted()).id}, body)


@recipe("links_read_links")
async def _(w: World) -> Ready:
    return Ready(w.owner, {"ref": (await w.submitted()).id})


@recipe("links_answer")
async def _(w: World) -> Ready:
    lead = await _departments(w)
    asked = await w.made(
        DEPARTMENT, f"/projects/{lead.id}/links", {"child_tenant": w.tenant, "task": "参与共建"}
    )
    await w.delivered()
    ref = f"{w.tenant}-{asked.id.partition('-')[2]}"
    return Ready(KEEPER, {"ref": ref}, {"join": False, "reason": "另有平台"})
