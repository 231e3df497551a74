"""Recipes of drafts; see recipes.py."""

from __future__ import annotations

from tests.contract import recipes_acceptance as acceptance
from tests.contract import review_steps as r
from tests.contract.recipes import recipe
from tests.contract.world import Ready, World


@recipe("papers_approval")
async def _(w: World) -> Ready:
    return Ready("city.approver", {"ref": (await w.gatekept()).id})


@recipe("papers_rectification")
async def _(w: World) -> Ready:
    return Ready("city.gatekeeper", {"ref": (await w.gatekept()).id})


@recipe("papers_appraisal")
async def _(w: World) -> Ready:
    case = await r.scored(w, await w.gatekept(), "city")
    return Ready("city.agency", {"ref": case.id})


@recipe("papers_acceptance")
async def _(w: World) -> Ready:
    case = await acceptance.opined(w)
    return Ready(acceptance.organ(w, "approver"), {"ref": case.id})
