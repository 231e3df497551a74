"""Recipes of portfolio; see recipes.py."""

from __future__ import annotations

import json

from service.kit.ids import new_id
from tests import factories
from tests.contract.recipes import changed, on, recipe
from tests.lives import Ready, Thing, World, good
from tests.portfolio.lines import line


async def _system(w: World) -> Thing:
    body = {"name": f"系统{new_id()}"}
    if w.owner == "city.portal":
        body["office_id"] = factories.city_office(w.tenant)
    return await w.made(w.owner, "/systems", body)


@recipe("systems_create")
async def _(w: World) -> Ready:
    who = "city.unit" if w.owner == "city.portal" else w.owner  # a portal names the office, a unit is of one
    return Ready(who, body={"name": f"系统{new_id()}"})


@recipe("systems_read")
async def _(w: World) -> Ready:
    return on(await _system(w), w.owner)


@recipe("systems_edit")
async def _(w: World) -> Ready:
    return on(await _system(w), w.owner, {"status": "merged"})


@recipe("imports_run")
async def _(w: World) -> Ready:
    return Ready("city.gatekeeper", content=json.dumps(line(w.tenant)).encode())


@recipe("evidence_read", "papers_evidence_pdf")
async def _(w: World) -> Ready:
    return Ready(w.owner, {"ref": (await w.submitted()).id})


@recipe("papers_supplement")
async def _(w: World) -> Ready:
    case = await changed(w)
    done = good(
        await w.by("city.portal")("POST", f"/projects/{case.id}/file-supplement", {}, etag=case.etag)
    ).json()
    (filing,) = good(await w.by(w.owner)("GET", f"/filings?project_id={case.id}")).json()["items"]
    return Ready(w.owner, {"ref": filing["id"], "number": done["receipt"]["number"]})


async def _spill(w: World) -> Thing:
    case = await w.submitted()
    return await w.made("city.security_admin", "/spills", {"reason": "text", "project_id": case.id})


@recipe("spills_request")
async def _(w: World) -> Ready:
    return Ready("city.security_admin", body={"reason": "text", "project_id": (await w.submitted()).id})


@recipe("spills_confirm")
async def _(w: World) -> Ready:
    return Ready("city.secrecy", {"ref": (await _spill(w)).id})


@recipe("spills_read")
async def _(w: World) -> Ready:
    return Ready("city.secrecy", {"ref": (await _spill(w)).id})
