"""Recipes of obligations; see recipes.py."""

from __future__ import annotations

from tests.contract.recipes import on, recipe
from tests.lives import Ready, World


@recipe("obligations_of_project")
async def _(w: World) -> Ready:
    return on(await w.approved(), w.owner)


@recipe("obligations_revoke_feed")
async def _(w: World) -> Ready:
    made = await w.by("city.gatekeeper")("POST", "/obligations/feeds", {})
    return Ready("city.gatekeeper", {"ref": made.json()["feed"]["id"]})


@recipe("obligations_make_feed")
async def _(_: World) -> Ready:
    return Ready("city.gatekeeper", body={"role": "gatekeeper"})


@recipe("calendar_import_year")
async def _(w: World) -> Ready:
    """Next year's, over whatever an earlier call has entered."""
    seen = (await w.by("province.office")("GET", "/calendar")).json()["years"]
    version = next((each["version"] for each in seen if each["year"] == 2027), 0)
    body = {
        "year": 2027,
        "source": "国务院办公厅年度通知",
        "replaces": version,
        "days": [{"date": "2027-01-01", "working": False, "note": "元旦"}],
    }
    return Ready("province.office", body=body)
