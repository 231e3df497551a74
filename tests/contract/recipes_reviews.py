"""Recipes of reviews; see recipes.py.

The city's operations are shown under the city's own organs (R5), so that a foreign city meets nothing.
"""

from __future__ import annotations

from tests.contract.recipes import on, recipe
from tests.lives import Ready, Thing, World, good, needs
from tests.lives import reviews as r


async def city_drawn(w: World) -> Thing:
    """A city's own project with its own appraisal, experts drawn."""
    return await r.drawn(w, await w.gatekept(), "city")


async def city_in_review(w: World) -> Thing:
    return await r.in_review(w, await r.appraised(w, await w.gatekept(), "city"), "city")


@recipe("reviews_appraisals", "reviews_joint_review")
async def _(w: World) -> Ready:
    if w.owner == "province.department":
        return on(await r.to_appraised(w), w.owner)
    return on(await r.appraised(w, await w.gatekept(), "city"), w.owner)


@recipe("reviews_latest_joint_reviews")
async def _(w: World) -> Ready:
    return Ready("city.gatekeeper", query={"project": (await city_in_review(w)).id})


@recipe("reviews_commission")
async def _(w: World) -> Ready:
    await r.pooled(w, "city")
    return on(await w.gatekept(), "city.gatekeeper", r.commission(w, "city"))


@recipe("reviews_draw")
async def _(w: World) -> Ready:
    case = await r.commissioned(w, await w.gatekept(), "city")
    return Ready("city.agency", {"ref": case.id, "number": case.data["number"]}, {})


@recipe("reviews_recuse")
async def _(w: World) -> Ready:
    case = await city_drawn(w)
    rows = good(await w.by("city.agency")("GET", f"/projects/{case.id}/appraisals")).json()["items"]
    path = {"ref": case.id, "number": case.data["number"], "seat": rows[-1]["experts"][0]["id"]}
    return Ready("city.agency", path, {"reason": "与项目承建方有合作"})


@recipe("reviews_conclude")
async def _(w: World) -> Ready:
    case = await r.scored(w, await w.gatekept(), "city")
    return on(case, "city.agency", r.report(), number=case.data["number"])


@recipe("reviews_accept")
async def _(w: World) -> Ready:
    need = await needs.appraised(await needs.reported(w, **needs.DEPLOYED))
    return on(await needs.again(need), "province.office")


@recipe("reviews_open_review")
async def _(w: World) -> Ready:
    return on(await r.appraised(w, await w.gatekept(), "city"), "city.gatekeeper", {"invited": ["crypto"]})


@recipe("reviews_opine")
async def _(w: World) -> Ready:
    case = await city_in_review(w)
    body = {"slot": "crypto", "opinion": "agree", "text": "同意"}
    return Ready("city.crypto_organ", {"ref": case.id}, body)


@recipe("reviews_close_review")
async def _(w: World) -> Ready:
    return on(await r.opined(w, await city_in_review(w), "city"), "city.gatekeeper", r.outcome())


@recipe("reviews_leading_group")
async def _(w: World) -> Ready:
    return on(
        await r.reviewed(w, await city_in_review(w), "city"), "city.leading_group_secretary", r.meeting()
    )


@recipe("reviews_province_approve")
async def _(w: World) -> Ready:
    return on(await r.to_decided(w), "province.drc", r.approval())


async def _filed(w: World) -> Thing:
    filing = await w.filed()
    return await w.read(w.owner, f"/projects/{filing.data['project']['id']}")


@recipe("reviews_approval")
async def _(w: World) -> Ready:
    if w.owner == "province.department":
        return on(await r.to_approved(w), w.owner)
    return on(await _filed(w), w.owner)


@recipe("reviews_affordability")
async def _(w: World) -> Ready:
    return on(await _filed(w), "city.finance", {"major": False})


@recipe("reviews_budget")
async def _(w: World) -> Ready:
    return on(await _filed(w), "city.finance", r.budget(("city", "1000000.00")))
