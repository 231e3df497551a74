"""Recipes of the pool of experts and of an expert's own work; see recipes.py."""

from __future__ import annotations

from tests import factories
from tests.contract.recipes import on, recipe
from tests.contract.recipes_reviews import city_drawn
from tests.lives import Ready, Thing, World, good
from tests.lives import reviews as r


async def _expert(w: World) -> Thing:
    return await w.made("city.agency", "/experts", r.expert(w.tenant))


@recipe("experts_create")
async def _(w: World) -> Ready:
    return Ready("city.agency", body=r.expert(w.tenant))


@recipe("experts_read")
async def _(w: World) -> Ready:
    return on(await _expert(w), "city.agency")


@recipe("experts_edit")
async def _(w: World) -> Ready:
    return on(await _expert(w), "city.agency", {"title": "研究员"})


@recipe("experts_suspend")
async def _(w: World) -> Ready:
    return on(await _expert(w), "city.agency", {"reason": "长期出差"})


@recipe("experts_reinstate")
async def _(w: World) -> Ready:
    made = await _expert(w)
    held = await w.made("city.agency", f"/experts/{made.id}/suspend", {"reason": "长期出差"}, etag=made.etag)
    return on(held, "city.agency")


async def _assignment(w: World) -> str:
    found = await r.assigned(w, await city_drawn(w), "city")
    return found["expert"]


@recipe("assignments_assignment", "assignments_documents")
async def _(w: World) -> Ready:
    return Ready("city.expert", {"ref": await _assignment(w)})


@recipe("assignments_document")
async def _(w: World) -> Ready:
    case = await w.draft()
    sent = await w.by(w.owner)(
        "POST",
        f"/projects/{case.id}/documents",
        content="技术方案".encode(),
        params={"slot": "technical_plan", "name": "技术方案.txt"},
    )
    case.etag = await factories.answered(w.by(w.owner), case.id, case.etag)
    case = await w.made(w.owner, f"/projects/{case.id}/submit", {}, etag=case.etag)
    passed = await w.step(case, "city.gatekeeper", "gatekeeping/pass", {})
    found = await r.assigned(w, await r.drawn(w, passed, "city"), "city")
    return Ready(
        "city.expert", {"ref": found["expert"], "document": good(sent).json()["id"].partition("-")[2]}
    )


@recipe("assignments_score")
async def _(w: World) -> Ready:
    return Ready("city.expert", {"ref": await _assignment(w)}, r.sheet())


@recipe("assignments_recuse")
async def _(w: World) -> Ready:
    return Ready("city.expert", {"ref": await _assignment(w)}, {"reason": "曾参与方案编制"})
