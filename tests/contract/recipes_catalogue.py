"""Recipes of catalogue; see recipes.py. Published for the tenant only, so that nothing of it may appear elsewhere."""

from __future__ import annotations

from typing import Any

import asyncpg

from service.kit.ids import new_id
from tests.catalogue.conftest import content
from tests.contract.recipes import on, recipe
from tests.contract.world import Ready, Thing, World

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
    await connection.execute("UPDATE projects SET state = 'accepted' WHERE id::text = $1", case.id[7:])
    await connection.close()
    return case.id


@recipe("apps_from_project")
async def _(w: World) -> Ready:
    body: dict[str, Any] = {"project_id": await accepted_project(w), "source": ["源代码移交清单"]}
    return Ready(PROVIDER, body=body)
