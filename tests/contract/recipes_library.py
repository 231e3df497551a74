"""Recipes of library; see recipes.py. Needs cite a deployment, so that they come in on whatever day the tests run."""

from __future__ import annotations

from service.kit import clock
from service.kit.clock import legal_day
from tests import factories
from tests.contract.recipes import on, recipe
from tests.lives import REASON, Ready, Thing, World
from tests.lives.reviews import appraised

KEEPER, OFFICE = "city.gatekeeper", "province.office"
REPORT = {"deployment_citation": "国办函〔2026〕18号"}
FACTS = {"investment_yuan": "8000000.00", "national_or_provincial_deployment": True}


def _need(w: World) -> dict[str, object]:
    body = factories.draft(w.tenant if w.tenant != "360000" else "360100", facts=FACTS)
    if w.owner != "city.portal":
        del body["owner_office_id"]
    return body


async def _draft(w: World) -> Thing:
    need = await w.made(w.owner, "/needs", _need(w))
    await factories.attach(w.by(w.owner), need.id, "deployment_basis")  # late ones rest on it
    return need


async def _submitted(w: World) -> Thing:
    return await w.step(await _draft(w), w.owner, "need/submit", {})


async def _gatekept(w: World) -> Thing:
    return await w.step(await _submitted(w), KEEPER, "need/gatekeep", {})


async def _reported(w: World) -> Thing:
    return await w.step(await _gatekept(w), KEEPER, "need/report", REPORT)


async def _appraised(w: World) -> Thing:
    case = await _reported(w)
    await appraised(w, case)
    return await w.read(OFFICE, f"/projects/{case.id}")


async def _entered(w: World) -> Thing:
    case = await _appraised(w)
    answer = await w.by(OFFICE)("POST", f"/projects/{case.id}/library/enter", {}, etag=case.etag)
    data = answer.json()
    return w.case(case.id, answer.headers["etag"], data)


@recipe("needs_create")
async def _(w: World) -> Ready:
    return Ready(w.owner, body=_need(w))


@recipe("needs_submit")
async def _(w: World) -> Ready:
    return on(await _draft(w), w.owner, {})


@recipe("needs_gatekeep")
async def _(w: World) -> Ready:
    return on(await _submitted(w), KEEPER, {})


@recipe("needs_give_back")
async def _(w: World) -> Ready:
    return on(await _submitted(w), KEEPER, REASON)


@recipe("needs_report")
async def _(w: World) -> Ready:
    return on(await _gatekept(w), KEEPER, REPORT)


@recipe("needs_reject")
async def _(w: World) -> Ready:
    return on(await _reported(w), OFFICE, REASON)


@recipe("needs_tag_priority")
async def _(w: World) -> Ready:
    return on(await _draft(w), w.owner, {"item": 3, "evidence": "整合八套分散系统"})


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
    return on(await _appraised(w), OFFICE, {})


@recipe("library_remove")
async def _(w: World) -> Ready:
    return on(await _entered(w), OFFICE, REASON)


def _imported(w: World) -> dict[str, object]:
    """An entry of before the system, of the world's own office."""
    home = w.tenant if w.tenant != "360000" else "360100"
    return {
        "owner": f"{home}-{factories.city_office(home)}",
        "project_name": "早先入库的项目",
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
    return Ready(w.owner, {"ref": (await _entered(w)).data["entry"]["id"]})
