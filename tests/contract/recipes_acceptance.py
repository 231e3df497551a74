"""Recipes of acceptance, evaluation and maintenance; see recipes.py. Both tiers: the owner tells which."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from service.kit import clock
from tests.contract.recipes import on, recipe
from tests.contract.recipes_delivery import example
from tests.lives import Life, Ready, Thing, World, good, said
from tests.lives.reviews import to_budgeted
from tests.lives.said import ACCEPT, APPLY, PAPER, PASSED, SCORE, YES


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


async def begun(w: World, *, provincial: bool = False) -> Life:
    """Under construction for a year; provincial: a city's project that the province's leading group decided."""
    if provincial or w.owner == "province.department":
        case = await to_budgeted(w)
    else:
        case = await w.life().at("filed")
    await case.name_responsible(named_on=ago(0))
    await case.start(ago(300))
    return case


async def trial_run(w: World, **more: Any) -> Life:
    case = await begun(w, **more)
    await case.begin_trial_run(ago(290))
    return case


async def inspected(w: World, **more: Any) -> Life:
    case = await trial_run(w, **more)
    await case.inspect(ago(20))
    return case


async def applied(w: World, *, provincial: bool = False) -> Life:
    """Confirmed by the organs that decide on the project, and applied for."""
    case = await inspected(w, provincial=provincial)
    await case.confirm("province" if provincial else None)
    await case.apply_acceptance()
    return case


def accept() -> dict[str, Any]:
    return ACCEPT | {"on": ago(0)}


async def opined(w: World, **more: Any) -> Life:
    case = await applied(w, **more)
    await case.give_opinions()
    return case


async def accepted(w: World, **more: Any) -> Life:
    case = await opined(w, **more)
    await case.accept(on=ago(0))
    return case


async def operating(w: World) -> Life:
    """Accepted and operating for two hundred days."""
    with earlier(200):
        case = await accepted(w)
        await case.operate(ago(0))
    return case


def evaluation() -> dict[str, Any]:
    return said.evaluation(ago(0))


async def evaluated(w: World) -> Life:
    case = await operating(w)
    await case.does("owner", "evaluate", evaluation())
    return case


async def delegated(w: World) -> Life:
    body = {"to": "项目单位", "terms": "完成后报告"}
    case = await applied(w)
    await case.does(w.organ("approver"), "delegate-acceptance", body)
    return case


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
    case = await trial_run(w)
    await case.does("owner", "request-extension", asked)
    return on(case, w.organ("approver"), {"approve": True, "opinion": "同意"})


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
    return on(await trial_run(w), w.organ("data_office"), PASSED)


@recipe("acceptance_confirm_crypto")
async def _(w: World) -> Ready:
    return on(await trial_run(w), w.organ("crypto_organ"), PASSED)


@recipe("acceptance_give_opinion")
async def _(w: World) -> Ready:
    return on(await applied(w), w.organ("finance"), YES)


@recipe("acceptance_accept")
async def _(w: World) -> Ready:
    return on(await opined(w), w.organ("approver"), accept())


@recipe("acceptance_return_acceptance")
async def _(w: World) -> Ready:
    return on(await applied(w), w.organ("approver"), {"reason": "财务报告不符"})


@recipe("acceptance_delegate")
async def _(w: World) -> Ready:
    return on(await applied(w), w.organ("approver"), {"to": "项目单位", "terms": "完成后报告"})


@recipe("acceptance_file_acceptance")
async def _(w: World) -> Ready:
    return on(await accepted(w, provincial=True), "city.portal", {})


@recipe("acceptance_read_filing", "papers_acceptance_receipt")
async def _(w: World) -> Ready:
    case = await accepted(w, provincial=True)
    filed = await case.does("city.portal", "file-acceptance", {})
    return Ready(w.owner, {"ref": filed["filing_id"]})


# ---- evaluation, maintenance -----------------------------------------------------------------------------


@recipe("evaluation_evaluate")
async def _(w: World) -> Ready:
    return on(await operating(w), w.owner, evaluation())


@recipe("evaluation_score")
async def _(w: World) -> Ready:
    return on(await evaluated(w), w.organ("finance"), SCORE)


@recipe("evaluation_retire")
async def _(w: World) -> Ready:
    body = {"on": ago(0), "reason": "改用全省应用", "data_handover": "移交市数据平台"}
    return on(await evaluated(w), w.owner, body)


async def plan_of(w: World) -> dict[str, Any]:
    """A plan on a common project of the tenant (art. 22)."""
    project = await w.submitted(project_class="infrastructure")  # a draft is nobody else's to name
    return example("evaluation_compile_plan") | {"projects": [project.id]}


async def compiled(w: World) -> Thing:
    return await w.made(w.organ("info_centre"), "/maintenance/plans", await plan_of(w))


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
    return on(await accepted(w), w.organ("gatekeeper"), proposal())


@recipe("evaluation_arrange")
async def _(w: World) -> Ready:
    case = await accepted(w)
    await case.does(w.organ("gatekeeper"), "propose-maintenance", proposal())
    lines = good(await w.by("city.finance")("GET", "/maintenance/proposals?limit=200")).json()["items"]
    line = next(each for each in lines if each["project_id"] == case.id)
    return Ready("city.finance", {"ref": line["id"]}, {"arranged_yuan": "100000.00"})


@recipe("evaluation_export_proposals")
async def _(w: World) -> Ready:
    return Ready("city.finance", query={"year": "2027"})
