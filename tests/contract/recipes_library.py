"""Recipes of library; see recipes.py. Needs cite a deployment, so that they come in on whatever day the tests run."""

from __future__ import annotations

from service.kit import clock
from service.kit.clock import legal_day
from service.kit.ids import new_id
from tests import factories
from tests.contract.recipes import on, recipe
from tests.lives import REASON, Ready, World, needs
from tests.lives.needs import DEPLOYED, KEEPER, OFFICE, REPORT


@recipe("needs_create")
async def _(w: World) -> Ready:
    return Ready(w.owner, body=needs.need(w, **DEPLOYED))


@recipe("needs_submit")
async def _(w: World) -> Ready:
    return on(await needs.drafted(w, **DEPLOYED), w.owner, {})


@recipe("needs_gatekeep")
async def _(w: World) -> Ready:
    return on(await needs.submitted(w, **DEPLOYED), KEEPER, {})


@recipe("needs_give_back")
async def _(w: World) -> Ready:
    return on(await needs.submitted(w, **DEPLOYED), KEEPER, REASON)


@recipe("needs_report")
async def _(w: World) -> Ready:
    return on(await needs.gatekept(w, **DEPLOYED), KEEPER, REPORT)


@recipe("needs_reject")
async def _(w: World) -> Ready:
    return on(await needs.reported(w, **DEPLOYED), OFFICE, REASON)


@recipe("needs_tag_priority")
async def _(w: World) -> Ready:
    return on(await needs.drafted(w, **DEPLOYED), w.owner, {"item": 3, "evidence": "整合八套分散系统"})


ROUND = {
    "year": 2026,
    "document_number": "赣府厅字〔2026〕8号",
    "document_date": "2026-01-05",
    "issued_by": ["general_office", "drc", "finance"],
    "opens": "2026-02-01",
    "closes": "2026-02-28",
    "kinds": ["new"],
    "requirements": "围绕三年规划提出需求。",
}


@recipe("rounds_reopen")
async def _(w: World) -> Ready:
    today = legal_day(clock.now())
    body = {
        **ROUND,
        "year": today.year,
        "opens": f"{today.year}-01-01",
        "closes": f"{today.year}-01-01",
        "document_date": f"{today.year}-01-01",
    }
    found = await w.made(OFFICE, "/intake-rounds", body)
    return Ready(OFFICE, {"ref": found.id}, {"until": f"{today.year}-12-31", **REASON}, found.etag)


@recipe("library_enter")
async def _(w: World) -> Ready:
    return on(await needs.appraised(await needs.reported(w, **DEPLOYED)), OFFICE, {})


@recipe("library_remove")
async def _(w: World) -> Ready:
    return on(await needs.entered(w, **DEPLOYED), OFFICE, REASON)


def _imported(w: World) -> dict[str, object]:
    """An entry of before the system, of the world's own office."""
    home = w.tenant if w.tenant != "360000" else "360100"
    return {
        "owner": f"{home}-{factories.city_office(home)}",
        "project_name": f"早先入库的项目{new_id()}",
        "entered_on": "2026-01-05",
        "document": {"issuer": "省领导小组办公室", "number": "赣数办〔2026〕1号", "date": "2026-01-05"},
    }


@recipe("library_import_entry")
async def _(w: World) -> Ready:
    return Ready(OFFICE, body=_imported(w))


@recipe("library_confirm_import")
async def _(w: World) -> Ready:
    made = await w.made("province.drc", "/library-imports", _imported(w))
    return on(made, OFFICE, {"accepted": True})


@recipe("library_read")
async def _(w: World) -> Ready:
    entry = await needs.enter(await needs.appraised(await needs.reported(w, **DEPLOYED)))
    return Ready(w.owner, {"ref": entry["id"]})
