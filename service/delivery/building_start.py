"""Start, what hinders it, and the recall of money where nobody started (arts 13, 24, 28, 29)."""

from __future__ import annotations

from service.delivery.building_deeds import amount, fault, past, plain, portal
from service.delivery.building_hindrance import answered_by_recall
from service.delivery.building_schemas import (
    EndTermIn,
    IncidentIn,
    RecallIn,
    StartIn,
)
from service.delivery.funding_money import money_of, payments
from service.kit.money import yuan
from service.measures.building import START_CODES, start_findings
from service.measures.citations import article_label
from service.measures.lifecycle import Action, State
from service.measures.organs import THREE
from service.projects.deeds import Desk, deed
from service.projects.findings import record_findings
from service.projects.phases import Deed, fact_day, not_before, organ_desks, owner_desks
from service.vocabulary import label


@deed("start", Action.START, body=StartIn, summary="开工", may="project.building/start", tag="delivery")
async def start(desk: Desk) -> Deed:
    """开工（第十三条、第二十四条）：已批复即可；早于批复、尚未备案或未确定责任人的如实登记，并列为提示事项。"""
    body: StartIn = desk.body
    past(desk, body.started_on, "/started_on", "开工日期", 13)
    case = desk.case
    holding = start_findings(
        fact_day(case, "approved"),
        body.started_on,
        responsible="responsible" in case.dated,
        unfiled=case.state == State.CITY_APPROVED,
    )
    found = record_findings(desk.tx, case, START_CODES, holding, desk.actor.now)
    told = "".join(f"提示：{finding.message}（{article_label(finding.article)}）。" for finding in found)
    return desk.told(
        "delivery.started",
        [*organ_desks(desk.case, *THREE), *portal(desk.case)],
        on=body.started_on,
        content=plain(body, "started_on"),
        facts={"started": {}},
        message=f"{body.started_on.isoformat()} 开工。{told}",
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
        facts={"term_ended": {}},
        message=f"运维服务于 {body.ended_on.isoformat()} 期满。",
    )


@deed(
    "recall-funds",
    Action.RECALL_FUNDS,
    body=RecallIn,
    summary="收回资金",
    may="project.funding/recall",
    tag="funding",
)
async def recall_funds(desk: Desk) -> Deed:
    """收回资金（第二十九条）：批复后半年未开工；“原则上”，由财政部门说明理由后决定，并一并答复未认定的不可抗力主张。"""
    body: RecallIn = desk.body
    answered = answered_by_recall(desk.case)
    before = money_of(desk.case)
    after = before.recall()
    taken = yuan(after.returned - before.returned)
    return desk.told(
        "delivery.funds_recalled",
        [*owner_desks(desk.case), *organ_desks(desk.case, *THREE)],
        content={**plain(body), "amount_yuan": taken},
        facts={
            "recalled": {"amount_fen": after.returned - before.returned},
            "payments": payments(after),
            **answered,
        },
        message=f"逾期未开工，收回资金 {taken} 元。{_ANSWERED if answered else ''}",
        reason=body.reason,
    )


_ANSWERED = "不可抗力的主张没有被认定，理由一并告知。"


@deed(
    "incidents",
    Action.REPORT_INCIDENT,
    body=IncidentIn,
    summary="报告重大问题",
    may="project.building/report",
    tag="delivery",
)
async def report_incident(desk: Desk) -> Deed:
    """严重逾期或者重大损失，及时报三个机构（第二十八条）；办法没有规定天数。"""
    body: IncidentIn = desk.body
    past(desk, body.occurred_on, "/occurred_on", "发生日期", 28)
    content = plain(body, "occurred_on", "loss_yuan")
    if body.kind == "schedule_overrun":
        for name in ("planned_finish", "expected_finish"):
            if getattr(body, name) is None:
                raise fault(f"/{name}", "required", "逾期须填写原定和预计的完工日期（第二十八条）")
    if body.planned_finish is not None and body.expected_finish is not None:
        not_before(body.expected_finish, body.planned_finish, "/expected_finish", "预计完工日期", article=28)
    if body.loss_yuan is not None:
        content["loss_yuan"] = yuan(amount(body.loss_yuan, "/loss_yuan"))
    elif body.kind == "loss":
        raise fault("/loss_yuan", "required", "损失须填写金额（第二十八条）")
    return desk.told(
        "delivery.incident_reported",
        organ_desks(desk.case, *THREE),
        on=body.occurred_on,
        content=content,
        message=f"{label('incident_kind', body.kind)}。",
        steps=dict.fromkeys(("office", "gatekeeper"), "请会同有关机构跟进（第二十八条）。"),
    )
