"""Recipes of acceptance, evaluation and maintenance; see recipes.py. Both tiers: the owner tells which."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from service.kit import clock
from tests.contract.recipes import on, recipe
from tests.contract.recipes_delivery import deed, example, filed_case
from tests.lives import Ready, Thing, World, good
from tests.lives.reviews import approval, budget, to_decided
from tests.lives.said import APPLY, DIGEST, PAPER, PASSED, SCORE, YES


def ago(days: int) -> str:
    """The day so many days before today, wherever the clock stands."""
    return (clock.legal_day(clock.now()) - timedelta(days=days)).isoformat()


def ahead(days: int) -> str:
    return ago(-days)


@contextmanager
def earlier(days: int) -> Iterator[None]:
    """What happens inside happened so many days ago."""
    clock.travel(clock.now() - timedelta(days=days))
    try:
        yield
    finally:
        clock.travel(None)


def organ(w: World, name: str) -> str:
    """Who holds a power where the owner's acceptance is decided (art. 5)."""
    if w.owner == "province.department":
        return {"gatekeeper": "province.office", "approver": "province.drc"}.get(name, f"province.{name}")
    return f"city.{name}"


async def begun(w: World, *, provincial: bool = False) -> Thing:
    """Under construction for a year; provincial: a city's project that the province's leading group decided."""
    if provincial or w.owner == "province.department":
        case = await to_decided(w)
        amount = case.data["investment_yuan"]
        case = await deed(w, case, "province-approve", approval(amount), "province.drc")
        case = await deed(w, case, "budget", budget(("provincial", amount)), "province.finance")
    else:
        case = await filed_case(w)
    case = await deed(w, case, "responsible", example("delivery_name_responsible") | {"named_on": ago(0)})
    return await deed(w, case, "start", {"started_on": ago(300)})


async def trial_run(w: World, **more: Any) -> Thing:
    return await deed(w, await begun(w, **more), "begin-trial-run", {"on": ago(290)})


async def inspected(w: World, **more: Any) -> Thing:
    body = {"on": ago(20), "conclusion": "达到合同要求", "report": PAPER}
    return await deed(w, await trial_run(w, **more), "final-inspect", body)


async def applied(w: World, *, provincial: bool = False) -> Thing:
    """Confirmed by the organs that decide on the project, and applied for."""
    case = await inspected(w, provincial=provincial)
    for verb, name in (("confirm-data", "data_office"), ("confirm-crypto", "crypto_organ")):
        who = f"province.{name}" if provincial else organ(w, name)
        case = await deed(w, case, verb, PASSED, who)
    return await deed(w, case, "apply-acceptance", APPLY)


def accept() -> dict[str, Any]:
    return {
        "on": ago(0),
        "conclusion": "同意通过",
        "document_number": "验〔2026〕5号",
        "document_digest": DIGEST,
    }


async def opined(w: World, **more: Any) -> Thing:
    case = await applied(w, **more)
    for name in ("gatekeeper", "finance"):
        case = await deed(w, case, "give-acceptance-opinion", YES, organ(w, name))
    return case


async def accepted(w: World, **more: Any) -> Thing:
    return await deed(w, await opined(w, **more), "accept", accept(), organ(w, "approver"))


async def operating(w: World) -> Thing:
    """Accepted and operating for two hundred days."""
    with earlier(200):
        case = await accepted(w)
        return await deed(w, case, "record-operation", {"on": ago(0)})


def evaluation() -> dict[str, Any]:
    return {"on": ago(0), "summary": "办理时限缩短一半", "report": PAPER}


async def evaluated(w: World) -> Thing:
    return await deed(w, await operating(w), "evaluate", evaluation())


async def delegated(w: World) -> Thing:
    body = {"to": "项目单位", "terms": "完成后报告"}
    return await deed(w, await applied(w), "delegate-acceptance", body, organ(w, "approver"))


@recipe("acceptance_begin_trial_run")
async def _(w: World) -> Ready:
    return on(await begun(w), w.owner, {"on": ago(1)})


@recipe("acceptance_final_inspect")
async def _(w: World) -> Ready:
    return on(await trial_run(w), w.owner, {"on": ago(0), "conclusion": "达到合同要求", "report": PAPER})


@recipe("acceptance_request_extension")
async def _(w: World) -> Ready:
    return on(await trial_run(w), w.owner, {"reason": "测评未完成", "until": ahead(90)})


@recipe("acceptance_decide_extension")
async def _(w: World) -> Ready:
    asked = {"reason": "测评未完成", "until": ahead(90)}
    case = await deed(w, await trial_run(w), "request-extension", asked)
    return on(case, organ(w, "approver"), {"approve": True, "opinion": "同意"})


@recipe("acceptance_apply_acceptance")
async def _(w: World) -> Ready:
    return on(await inspected(w), w.owner, APPLY)


@recipe("acceptance_report_delegated")
async def _(w: World) -> Ready:
    return on(await delegated(w), w.owner, {"on": ago(0), "conclusion": "同意通过", "report": PAPER})


@recipe("acceptance_record_operation")
async def _(w: World) -> Ready:
    return on(await accepted(w), w.owner, {"on": ago(0)})


@recipe("acceptance_status", "acceptance_checklist")
async def _(w: World) -> Ready:
    return on(await applied(w), w.owner)


@recipe("acceptance_confirm_data")
async def _(w: World) -> Ready:
    return on(await trial_run(w), organ(w, "data_office"), PASSED)


@recipe("acceptance_confirm_crypto")
async def _(w: World) -> Ready:
    return on(await trial_run(w), organ(w, "crypto_organ"), PASSED)


@recipe("acceptance_give_opinion")
async def _(w: World) -> Ready:
    return on(await applied(w), organ(w, "finance"), YES)


@recipe("acceptance_accept")
async def _(w: World) -> Ready:
    return on(await opined(w), organ(w, "approver"), accept())


@recipe("acceptance_return_acceptance")
async def _(w: World) -> Ready:
    return on(await applied(w), organ(w, "approver"), {"reason": "财务报告不符"})


@recipe("acceptance_delegate")
async def _(w: World) -> Ready:
    return on(await applied(w), organ(w, "approver"), {"to": "项目单位", "terms": "完成后报告"})


@recipe("acceptance_file_acceptance")
async def _(w: World) -> Ready:
    return on(await accepted(w, provincial=True), "city.portal", {})


@recipe("acceptance_read_filing", "papers_acceptance_receipt")
async def _(w: World) -> Ready:
    case = await accepted(w, provincial=True)
    answer = good(
        await w.by("city.portal")("POST", f"/projects/{case.id}/file-acceptance", {}, etag=case.etag)
    )
    return Ready(w.owner, {"ref": answer.json()["filing_id"]})


# ---- evaluation, maintenance -----------------------------------------------------------------------------


@recipe("evaluation_evaluate")
async def _(w: World) -> Ready:
    return on(await operating(w), w.owner, evaluation())


@recipe("evaluation_score")
async def _(w: World) -> Ready:
    return on(await evaluated(w), organ(w, "finance"), SCORE)


@recipe("evaluation_retire")
async def _(w: World) -> Ready:
    body = {"on": ago(0), "reason": "改用全省应用", "data_handover": "移交市数据平台"}
    return on(await evaluated(w), w.owner, body)


async def plan_of(w: World) -> dict[str, Any]:
    """A plan on a common project of the tenant (art. 22)."""
    project = await w.submitted(project_class="infrastructure")  # a draft is nobody else's to name
    return example("evaluation_compile_plan") | {"projects": [project.id]}


async def compiled(w: World) -> Thing:
    return await w.made(organ(w, "info_centre"), "/maintenance/plans", await plan_of(w))


@recipe("evaluation_compile_plan")
async def _(w: World) -> Ready:
    return Ready("city.info_centre", body=await plan_of(w))


@recipe("evaluation_review_plan")
async def _(w: World) -> Ready:
    return on(await compiled(w), "city.gatekeeper", {"agreed": True, "opinion": "同意实施"})


@recipe("evaluation_read_plan")
async def _(w: World) -> Ready:
    return on(await compiled(w), "city.finance")


def proposal() -> dict[str, Any]:
    year = date.fromisoformat(ago(0)).year + 1
    return example("evaluation_propose") | {"year": year}


@recipe("evaluation_propose")
async def _(w: World) -> Ready:
    return on(await accepted(w), organ(w, "gatekeeper"), proposal())


@recipe("evaluation_arrange")
async def _(w: World) -> Ready:
    case = await accepted(w)
    await deed(w, case, "propose-maintenance", proposal(), organ(w, "gatekeeper"))
    lines = good(await w.by("city.finance")("GET", "/maintenance/proposals?limit=200")).json()["items"]
    line = next(each for each in lines if each["project_id"] == case.id)
    return Ready("city.finance", {"ref": line["id"]}, {"arranged_yuan": "100000.00"})


@recipe("evaluation_export_proposals")
async def _(w: World) -> Ready:
    return Ready("city.finance", query={"year": "2027"})
