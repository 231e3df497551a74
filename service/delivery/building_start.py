"""Start, what hinders it, and the recall of money where nobody started (arts 13, 24, 28, 29)."""

from __future__ import annotations

from service.delivery.building_deeds import past, plain, portal
from service.delivery.building_schemas import (
    EndTermIn,
    StartIn,
)
from service.measures.building import START_CODES, hints, start_findings
from service.measures.lifecycle import Action, State
from service.measures.organs import THREE
from service.projects.deeds import Desk, deed
from service.projects.findings import record_findings
from service.projects.phases import Deed, fact_day, not_before, organ_desks


@deed("start", Action.START, body=StartIn, summary="开工", may="project.building/start", tag="delivery")
async def start(desk: Desk) -> Deed:
    """开工（第十三条、第二十四条、第二十六条）：已批复即可；早于批复、尚未备案、未确定责任人或未委托监理的如实登记，并列为提示事项。"""
    body: StartIn = desk.body
    past(desk, body.started_on, "/started_on", "开工日期", 13)
    case = desk.case
    holding = start_findings(
        fact_day(case, "approved"),
        body.started_on,
        responsible="responsible" in case.dated,
        unfiled=case.state == State.CITY_APPROVED,
        supervised="supervision" in case.dated or case.kind == "maintain",
    )
    found = record_findings(desk.tx, case, START_CODES, holding, desk.actor.now)
    return desk.told(
        "delivery.started",
        [*organ_desks(desk.case, *THREE), *portal(desk.case)],
        on=body.started_on,
        content=plain(body, "started_on"),
        dated={"started": {}},
        message=f"{body.started_on.isoformat()} 开工。{hints(found)}",
    )


@deed(
    "end-term",
    Action.END_TERM,
    body=EndTermIn,
    summary="运维期满",
    may="project.building/record",
    tag="delivery",
)
async def end_term(desk: Desk) -> Deed:
    """运维期满（第二十七条，解释口径R30）：运维类项目不经试运行和竣工验收，期满登记工作总结和服务质量，随后评价。"""
    body: EndTermIn = desk.body
    past(desk, body.ended_on, "/ended_on", "运维期满日期", 27)
    not_before(body.ended_on, fact_day(desk.case, "started"), "/ended_on", "运维期满日期", article=27)
    return desk.told(
        "delivery.term_ended",
        [*organ_desks(desk.case, *THREE), *portal(desk.case)],
        on=body.ended_on,
        content=plain(body, "ended_on"),
        dated={"term_ended": {}},
        message=f"运维服务于 {body.ended_on.isoformat()} 期满。",
    )
