"""Recipes of building and its money; see recipes.py."""

from __future__ import annotations

from typing import Any

from service.kit import clock
from service.kit.clock import legal_day
from tests.contract.operations import BY_ID
from tests.contract.recipes import on, recipe
from tests.lives import Life, Ready, World

FINANCE = "city.finance"


def example(name: str) -> Any:
    return BY_ID[name].example


async def filed_case(w: World) -> Life:
    return await w.life().at("filed")


async def started_case(w: World) -> Life:
    return await w.life().at("started")


async def funded_case(w: World) -> Life:
    """Started, its whole budget issued."""
    case = await started_case(w)
    await case.issue_budget("3900000.00")
    return case


async def paid_case(w: World, amount: str = "1000000.00") -> Life:
    case = await funded_case(w)
    await case.does("owner", "payments", {**example("funding_record_payment"), "amount_yuan": amount})
    return case


def _records(*names: str) -> None:
    for name in names:

        @recipe(name)
        async def _(w: World, name: str = name) -> Ready:
            return on(await filed_case(w), w.owner, example(name))


_records(
    "delivery_name_responsible",
    "delivery_record_regime",
    "delivery_record_supervision",
    "delivery_record_procurement",
    "delivery_record_contract",
    "delivery_record_certificate",
    "delivery_record_force_majeure",
    "funding_set_funding",
)


@recipe("delivery_building")
async def _(w: World) -> Ready:
    return on(await filed_case(w), w.owner)


@recipe("delivery_start")
async def _(w: World) -> Ready:
    return on(await w.life().at("named"), w.owner, example("delivery_start"))


@recipe("delivery_end_force_majeure")
async def _(w: World) -> Ready:
    case = await filed_case(w)
    await case.does("owner", "force-majeure", example("delivery_record_force_majeure"))
    return on(case, w.owner, example("delivery_end_force_majeure"))


@recipe("delivery_decide_force_majeure")
async def _(w: World) -> Ready:
    case = await filed_case(w)
    await case.does("owner", "force-majeure", example("delivery_record_force_majeure"))
    return on(case, "city.finance", {"accepted": True, "reason": "经核实属于不可抗力"})


@recipe("delivery_end_term")
async def _(w: World) -> Ready:
    case = await w.approved(kind="maintain", materials={"maintenance_plan": "七乘二十四小时值守"})
    await case.does("owner", "start", example("delivery_start"))
    return on(case, w.owner, example("delivery_end_term") | {"ended_on": "2026-06-30"})


@recipe("delivery_report_incident")
async def _(w: World) -> Ready:
    return on(await started_case(w), w.owner, example("delivery_report_incident"))


@recipe("delivery_report_performance")
async def _(w: World) -> Ready:
    return on(await started_case(w), w.owner, example("delivery_report_performance"))


@recipe("delivery_request_change")
async def _(w: World) -> Ready:
    return on(await started_case(w), w.owner, example("delivery_request_change"))


@recipe("delivery_decide_change")
async def _(w: World) -> Ready:
    case = await started_case(w)
    await case.does("owner", "changes", example("delivery_request_change"))
    return on(case, "city.approver", example("delivery_decide_change"))


@recipe("funding_recall_funds")
async def _(w: World) -> Ready:
    return on(await filed_case(w), FINANCE, example("funding_recall_funds"))


@recipe("funding_record_payment")
async def _(w: World) -> Ready:
    return on(await funded_case(w), w.owner, example("funding_record_payment"))


@recipe("funding_reverse_payment")
async def _(w: World) -> Ready:
    case = await paid_case(w)
    found = (await w.by(w.owner)("GET", f"/projects/{case.id}/records?kind=record_payment")).json()["items"]
    return on(case, w.owner, {**example("funding_reverse_payment"), "payment": found[0]["id"]})


@recipe("funding_return_surplus")
async def _(w: World) -> Ready:
    case = await paid_case(w, "3000000.00")
    await case.at("inspected")
    return on(case, w.owner, example("funding_return_surplus"))


def ending() -> dict[str, Any]:
    return {
        "reason": "机构改革后不再需要",
        "remains": "已购设备移交市信息中心",
        "document": {"name": "局党组会议纪要", "digest": "a" * 64},
    }


def by_document() -> dict[str, Any]:
    return {"number": "洪发改〔2026〕40号", "date": legal_day(clock.now()).isoformat(), "digest": "b" * 64}


@recipe("delivery_apply_end")
async def _(w: World) -> Ready:
    return on(await started_case(w), w.owner, ending())


@recipe("delivery_agree_end")
async def _(w: World) -> Ready:
    case = await started_case(w)
    await case.does("owner", "end", ending())
    return on(case, "city.approver", {"document": by_document(), "opinion": "同意终止"})


@recipe("delivery_refuse_end")
async def _(w: World) -> Ready:
    case = await started_case(w)
    await case.does("owner", "end", ending())
    return on(case, "city.approver", {"reason": "应继续建成"})


@recipe("filings_correct")
async def _(w: World) -> Ready:
    body = {"document_number": "洪发改〔2026〕21号", "document": by_document(), "reason": "文号录入有误"}
    return on(await filed_case(w), "city.approver", body)
