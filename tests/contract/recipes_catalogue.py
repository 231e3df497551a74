"""Recipes of catalogue; see recipes.py. Published for the tenant only, so that nothing of it may appear elsewhere."""

from __future__ import annotations

from typing import Any

import asyncpg

from service.kit import clock
from service.kit.clock import legal_day
from service.kit.ids import new_id
from tests.catalogue.conftest import content
from tests.contract.recipes import on, recipe
from tests.lives import Ready, Thing, World
from tests.worlds import by_hand

PROVIDER, COUNTY = "city.app_provider", "county.user"
WORKING = "/apps/working"


async def _draft(w: World) -> Thing:
    return await w.made(PROVIDER, "/apps", {"name": f"应用{new_id()}", **content()})


async def _app(w: World) -> Thing:
    draft = await _draft(w)
    return await w.made(PROVIDER, f"{WORKING}/{draft.id}/publish", {}, etag=draft.etag)


@recipe("apps_create")
async def _(w: World) -> Ready:
    return Ready(PROVIDER, body={"name": f"应用{new_id()}", **content()})


@recipe("apps_read", "apps_export")
async def _(w: World) -> Ready:
    return Ready(COUNTY, {"ref": (await _app(w)).id})


@recipe("apps_suggest")
async def _(w: World) -> Ready:
    return Ready(COUNTY, query={"text": "地图"})


@recipe("apps_compare")
async def _(w: World) -> Ready:
    return Ready(COUNTY, query={"left": (await _app(w)).id, "right": (await _app(w)).id})


@recipe("apps_read_working", "apps_delete")
async def _(w: World) -> Ready:
    return on(await _draft(w), PROVIDER)


@recipe("apps_edit")
async def _(w: World) -> Ready:
    return on(await _draft(w), PROVIDER, {"summary": "改过的说明"})


@recipe("apps_publish")
async def _(w: World) -> Ready:
    return on(await _draft(w), PROVIDER, {"status": "pilot"})


@recipe("apps_status")
async def _(w: World) -> Ready:
    return on(await _app(w), PROVIDER, {"status": "pilot", "reason": "扩容期间先作试点"})


async def accepted_project(w: World) -> str:
    """A project of the tenant whose completion was accepted."""
    case = await w.draft()
    connection = await asyncpg.connect(w.owner_url)
    await connection.execute("UPDATE projects SET state = 'accepted' WHERE id::text = $1", by_hand(case.id))
    await connection.close()
    return case.id


@recipe("apps_from_project")
async def _(w: World) -> Ready:
    body: dict[str, Any] = {"project_id": await accepted_project(w), "source": ["源代码移交清单"]}
    return Ready(PROVIDER, body=body)


# ---- adoptions: of the city's own app, so that its city confirms and both sides stand in one tenant -------------


async def _requested(w: World) -> Thing:
    app = await _app(w)
    body = {"app_id": app.id, "users": 40, "scope": "窗口人员办件时核验身份"}
    return await w.made(COUNTY, "/adoptions", body)


async def _confirmed(w: World) -> tuple[Thing, Thing]:
    """Both sides: the adoption and its provision."""
    asked = await _requested(w)
    done = await w.made("city.gatekeeper", f"/adoptions/{asked.id}/confirm", {}, etag=asked.etag)
    await w.delivered()
    return done, await w.read(PROVIDER, f"/provisions/{asked.id}")


async def _active(w: World) -> tuple[Thing, Thing]:
    adoption, provision = await _confirmed(w)
    opened = await w.made(PROVIDER, f"/provisions/{provision.id}/provision", {}, etag=provision.etag)
    await w.delivered()
    return await w.read(COUNTY, f"/adoptions/{adoption.id}"), opened


@recipe("adoptions_request")
async def _(w: World) -> Ready:
    body = {"app_id": (await _app(w)).id, "users": 40, "scope": "窗口人员办件时核验身份"}
    return Ready(COUNTY, body=body)


@recipe("adoptions_read", "adoptions_history")
async def _(w: World) -> Ready:
    return Ready(COUNTY, {"ref": (await _requested(w)).id})


@recipe("adoptions_confirm")
async def _(w: World) -> Ready:
    return on(await _requested(w), "city.gatekeeper", {})


@recipe("adoptions_refuse")
async def _(w: World) -> Ready:
    return on(await _requested(w), "city.gatekeeper", {"reason": "本市已有同类应用"})


@recipe("adoptions_withdraw")
async def _(w: World) -> Ready:
    return on(await _requested(w), COUNTY, {"reason": "需求有变"})


@recipe("adoptions_end")
async def _(w: World) -> Ready:
    return on((await _active(w))[0], COUNTY, {"reason": "业务已撤并"})


@recipe("adoptions_rate")
async def _(w: World) -> Ready:
    return on((await _active(w))[0], COUNTY, {"score": 4, "text": "响应及时"})


@recipe("adoptions_read_provision", "adoptions_usage")
async def _(w: World) -> Ready:
    return Ready(PROVIDER, {"ref": (await _confirmed(w))[1].id})


@recipe("adoptions_provision")
async def _(w: World) -> Ready:
    return on((await _confirmed(w))[1], PROVIDER, {})


@recipe("adoptions_decline")
async def _(w: World) -> Ready:
    return on((await _confirmed(w))[1], PROVIDER, {"reason": "本年度容量已满"})


@recipe("adoptions_suspend")
async def _(w: World) -> Ready:
    return on((await _active(w))[1], PROVIDER, {"reason": "安全整改"})


@recipe("adoptions_end_provision")
async def _(w: World) -> Ready:
    return on((await _active(w))[1], PROVIDER, {"reason": "应用即将停用"})


@recipe("adoptions_resume")
async def _(w: World) -> Ready:
    _, opened = await _active(w)
    path = f"/provisions/{opened.id}/suspend"
    return on(await w.made(PROVIDER, path, {"reason": "安全整改"}, etag=opened.etag), PROVIDER, {})


@recipe("adoptions_report")
async def _(w: World) -> Ready:
    month = legal_day(clock.now()).isoformat()[:7]
    body = {"month": month, "active_users": 35, "calls": 12800}
    return on((await _active(w))[1], PROVIDER, body)


@recipe("projects_reuse_check")
async def _(w: World) -> Ready:
    return on(await w.draft(), w.owner, {"answers": []})
