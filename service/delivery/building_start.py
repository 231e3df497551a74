"""Start, what hinders it, and the recall of money where nobody started (arts 13, 24, 28, 29)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from service.delivery.building_deeds import Desk, amount, fault, past, plain, portal, watchers
from service.delivery.building_schemas import (
    ForceMajeureEndIn,
    ForceMajeureIn,
    IncidentIn,
    RecallIn,
    StartIn,
)
from service.delivery.funding_money import money_of, payments
from service.kit.errors import ServiceError
from service.kit.money import yuan
from service.measures.building import START_CODES, start_findings
from service.measures.citations import article_label
from service.measures.lifecycle import Action, State
from service.measures.organs import THREE
from service.projects.findings import record_findings
from service.projects.phases import Deed, fact_day, not_before, organ_desks, owner_desks


async def start(desk: Desk) -> Deed:
    """开工（第十三条、第二十四条）：已批复即可；早于批复、尚未备案或未确定责任人的如实登记，并列为提示事项。"""
    body: StartIn = desk.body
    past(desk, body.started_on, "/started_on", "开工日期", 13)
    case = desk.case
    holding = start_findings(
        fact_day(case, "approved"), body.started_on,
        responsible="responsible" in case.dated, unfiled=case.state == State.CITY_APPROVED,
    )  # fmt: skip
    found = record_findings(desk.tx, case, START_CODES, holding, desk.actor.now)
    told = "".join(f"提示：{finding.message}（{article_label(finding.article)}）。" for finding in found)
    return Deed(
        Action.START, body.started_on, "delivery.started",
        [*organ_desks(desk.case, *THREE), *portal(desk.case)],
        content=plain(body, "started_on"), facts={"started": {}},
        message=f"{body.started_on.isoformat()} 开工。{told}",
    )  # fmt: skip


async def record_force_majeure(desk: Desk) -> Deed:
    """登记不可抗力（第二十九条）：自何日起、证明材料；结束后另行登记。"""
    body: ForceMajeureIn = desk.body
    past(desk, body.since, "/since", "不可抗力开始日期", 29)
    not_before(body.since, fact_day(desk.case, "approved"), "/since", "不可抗力影响开工的起始日", article=29)
    if body.until is not None:
        _ended(desk, body.since, body.until)
    fact = _hindrance(desk)
    if fact and not fact["until"]:
        raise ServiceError(409, "force_majeure_open", "上一次不可抗力尚未登记结束", article=29)
    if fact:
        not_before(
            body.since, _day(fact["until"]) + timedelta(days=1), "/since", "不可抗力开始日期", article=29
        )
    return Deed(
        Action.RECORD_FORCE_MAJEURE, body.since, "delivery.force_majeure", watchers(desk.case),
        content=plain(body, "since"),
        facts={"force_majeure": {"until": body.until.isoformat() if body.until else None,
                                 "earlier_days": _days(fact)}},
        message=f"自 {body.since.isoformat()} 起因不可抗力不能开工。",
    )  # fmt: skip


async def end_force_majeure(desk: Desk) -> Deed:
    """登记不可抗力的结束日；开工期限相应顺延（第二十九条）。"""
    body: ForceMajeureEndIn = desk.body
    fact = _hindrance(desk)
    if not fact or fact["until"]:
        raise ServiceError(409, "no_force_majeure", "没有正在持续的不可抗力", article=29)
    since = _day(fact["on"])
    _ended(desk, since, body.until)
    value = {"on": since, "until": body.until.isoformat(), "earlier_days": fact.get("earlier_days", 0)}
    return Deed(
        Action.RECORD_FORCE_MAJEURE, body.until, "delivery.force_majeure", watchers(desk.case),
        kind="end_force_majeure", content=plain(body, "until"), facts={"force_majeure": value},
        message=f"不可抗力已于 {body.until.isoformat()} 结束。",
    )  # fmt: skip


def _ended(desk: Desk, since: date, until: date) -> None:
    past(desk, until, "/until", "不可抗力结束日期", 29)
    not_before(until, since, "/until", "不可抗力结束日期", article=29)


def _hindrance(desk: Desk) -> dict[str, Any]:
    fact: dict[str, Any] = desk.case.dated.get("force_majeure") or {}
    return fact and {"until": None, **fact}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _days(fact: dict[str, Any]) -> int:
    """Days of all spells that are over."""
    if not fact:
        return 0
    return int(fact.get("earlier_days") or 0) + (_day(fact["until"]) - _day(fact["on"])).days


async def recall_funds(desk: Desk) -> Deed:
    """收回资金（第二十九条）：批复后半年未开工、没有不可抗力；“原则上”，由财政部门说明理由后决定。"""
    body: RecallIn = desk.body
    before = money_of(desk.case)
    after = before.recall()
    taken = yuan(after.returned - before.returned)
    return Deed(
        Action.RECALL_FUNDS, desk.today, "delivery.funds_recalled",
        [*owner_desks(desk.case), *organ_desks(desk.case, *THREE)],
        content={**plain(body), "amount_yuan": taken},
        facts={"recalled": {"amount_fen": after.returned - before.returned}, "payments": payments(after)},
        message=f"逾期未开工，收回资金 {taken} 元。", reason=body.reason,
    )  # fmt: skip


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
    return Deed(
        Action.REPORT_INCIDENT, body.occurred_on, "delivery.incident_reported",
        organ_desks(desk.case, *THREE), content=content, message=_INCIDENTS[body.kind],
        steps=dict.fromkeys(("office", "gatekeeper"), "请会同有关机构跟进（第二十八条）。"),
    )  # fmt: skip


_INCIDENTS = {
    "schedule_overrun": "工程严重逾期。",
    "loss": "投资出现重大损失。",
    "other": "建设中出现重大问题。",
}
