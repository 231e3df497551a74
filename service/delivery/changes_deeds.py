"""Changes of amount, class or content: asked for by the owner, decided by the deciding tier (arts 13, 18, 20, 24).

An approved change decides the route again (law.md, trap 2). Where the route is another one nothing changes: the project
must be declared anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from service.delivery.building_deeds import fault, in_force, past, plain
from service.delivery.changes_schemas import ChangeIn, DecideChangeIn
from service.delivery.changes_text import changed, demand_whole, differences, named
from service.delivery.changes_total import changes_something, new_total
from service.delivery.engaging import leveled_below
from service.delivery.funding_deeds import funding_fact, funding_lines
from service.delivery.funding_of_case import funds_of
from service.delivery.funding_schemas import SourceLine
from service.kit.db import Row
from service.kit.errors import Error, ServiceError
from service.kit.ids import new_id
from service.kit.money import fen, yuan
from service.kit.outbox import Recipient
from service.measures.checks import other_offices
from service.measures.form_checks import codes_of
from service.measures.funding import FundingRefused
from service.measures.lifecycle import Action
from service.measures.organs import THREE, Slot
from service.measures.routing import Decision, required_reasons
from service.projects.api import CHANGED, REASONS, UNACCEPTED, UNANSWERED
from service.projects.case import Case
from service.projects.dated_facts import amended, substance
from service.projects.deciding import book_of, demand_reasons, same_route
from service.projects.deeds import Desk, deed
from service.projects.engaged import engaged
from service.projects.findings import refresh_findings
from service.projects.gatekeeping import (
    decide_again,
    reasons_stand,
    record_opinions,
    unaccepted,
)
from service.projects.opinions import each_accepted
from service.projects.phases import Deed, fact_day, not_before, organ_desks, owner_desks
from service.projects.submission import PROVINCE, seal_version
from service.rulebook.book import RuleBooks

_ISSUED = Error(409, "below_issued", "变更后的总额低于已下达预算")


def _facts(body: ChangeIn) -> dict[str, Any]:
    """The changed facts, amounts in their one form."""
    found: dict[str, Any] = msgspec.to_builtins(body.facts)
    for name in ("investment_yuan", "of_which_maintenance_yuan"):
        if name in found:
            found[name] = yuan(fen(found[name]))
    return found


def _again(desk: Desk, declared: Mapping[str, Any], facts: Mapping[str, Any], pointer: str) -> Decision:
    """The decision on the changed facts by the law of today; on the approved amount where that stays."""
    kept = None if "investment_yuan" in facts else desk.case.approved_fen
    books = desk.call.service(RuleBooks)
    return decide_again(
        books, desk.case, desk.today, investment_fen=kept, changed=declared["facts"], pointer=pointer
    )


@deed(
    "changes",
    Action.REQUEST_CHANGE,
    body=ChangeIn,
    summary="申请变更",
    may="project.change/request",
    tag="delivery",
    waits=True,
    errors=(REASONS,),
)
async def request_change(desk: Desk) -> Deed:
    """申请变更已批复的金额、类别、内容、技术方案各部分或申报表各项（管理惯例，参照第十三条）。

    金额变更须附全部资金来源；变更后的内容与申报时用同一套规则核对；申请记录列出各项的变更前后；由批复部门决定。
    """
    body: ChangeIn = desk.body
    facts, content = _facts(body), msgspec.to_builtins(body.content)
    declared, funding = desk.case.declared or {}, funding_lines(body.funding or ())
    new, total = changed(declared, facts, content, funding), new_total(desk, facts)
    differing = differences(declared, new)
    changes_something(desk, body, differing, total)
    decision = _again(desk, new, facts, "/facts")
    if decision.route.value == desk.case.route:  # else it must be declared anew, with its reasons
        await demand_whole(desk, new, content)
        _reasoned(desk.case, decision, body)
    told = {
        "facts": facts,
        "content": content,
        "funding": funding,
        "changes": differing,
        "route_now": desk.case.route,
        "route_then": decision.route.value,
        **plain(body, "facts", "content", "funding"),
    }
    record = new_id()
    what = f"申请变更：{named(differing)}" if differing else "申请变更"
    return desk.told(
        "delivery.change_requested",
        organ_desks(desk.case, Slot.DRC),
        content=told,
        dated={"change": {"open": record}},
        record_id=record,
        reason=body.reason,
        figures={} if total is None else {"total_yuan": yuan(total)},
        message=what + (f"，总额改为 {yuan(total)} 元。" if total is not None else "。"),
        steps=dict.fromkeys(("drc", "approver"), "请对照变更前后，决定是否同意变更。"),
    )


def _reasoned(case: Case, decision: Decision, body: ChangeIn) -> None:
    """In-principle findings that nobody accepted a reason for yet want one (arts 3, 17, 19, 23)."""
    given = {each.code: each.reason for each in body.reasons}
    if len(given) != len(body.reasons):
        raise fault("/reasons", "duplicate_reason", "同一事项的理由只能填写一次")
    new = set(unaccepted(case, decision))
    stand = {f["code"]: f["reason"] for f in case.findings if f["reason"] and f["code"] not in new}
    if strange := sorted(given.keys() & stand.keys()):
        raise fault("/reasons", "unknown_reason", f"{strange[0]} 的理由已获认可，不必再填")
    needed = required_reasons(decision)
    demand_reasons(decision, {**{code: reason for code, reason in stand.items() if code in needed}, **given})


def _open(case: Case) -> str | None:
    found: str | None = (case.dated.get("change") or {}).get("open")
    return found


@deed(
    "changes/decide",
    Action.DECIDE_CHANGE,
    body=DecideChangeIn,
    summary="决定变更",
    may="project.change/decide",
    tag="delivery",
    errors=(CHANGED, REASONS, UNANSWERED, UNACCEPTED, _ISSUED),
)
async def decide_change(desk: Desk) -> Deed:
    """决定变更申请（管理惯例，参照第二十条的批复程序）：同意的按变更后的事实重新判定路径，路径变化的须重新申报，不作任何改动。"""
    body: DecideChangeIn = desk.body
    asked = await _asked(desk)
    if not body.approve:
        if body.reason is None:
            raise fault("/reason", "required", "不同意变更须说明理由（本系统规定）")
        for name in ("document", "appraisal", "opinions"):
            if getattr(body, name):
                raise fault(f"/{name}", "unexpected", "不同意变更的不填写此项")
        return _decided(desk, asked, {}, "不同意变更。")
    if body.document is None:
        raise fault("/document", "required", "同意变更须有批复文件（管理惯例，参照第二十条）")
    past(desk, body.document.date, "/document/date", "批复日期", 20)
    not_before(body.document.date, asked["on"], "/document/date", "批复日期", article=20)
    return await _approve(desk, asked)


async def _asked(desk: Desk) -> Row:
    """The request that waits; the table's gate has let through nobody without one."""
    record = _open(desk.case)
    rows = await in_force(desk, Action.REQUEST_CHANGE)
    return next(row for row in rows if row["id"] == record)


def _decided(desk: Desk, asked: Row, left: dict[str, dict[str, Any]], message: str) -> Deed:
    body: DecideChangeIn = desk.body
    outcome = "approve" if body.approve else "refuse"
    return desk.told(
        "delivery.change_decided",
        [*owner_desks(desk.case), *organ_desks(desk.case, *THREE), *_office(desk.case, left)],
        content={**plain(body), "request": asked["id"]},
        reason=body.reason,
        message=message,
        steps={"gatekeeper": "请补充备案。"} if "amended" in left else {},
        dated={"change": {"open": None, "decided": outcome, "request": asked["id"]}, **left},
    )


def _office(case: Case, left: Mapping[str, Any]) -> list[Recipient]:
    """The leading group's office hears when what was filed with it no longer holds (art. 23, R27)."""
    return [Recipient(PROVINCE, "office")] if "amended" in left and "filed" in case.dated else []


def _agreed(case: Case, left: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    what = f"（{named(content['changes'])}）" if content.get("changes") else ""
    if not _office(case, left):
        return f"同意变更{what}。"
    total = left.get("approved", {}).get("amount_fen", case.approved_fen or 0)
    return f"同意变更{what}，现行批复金额 {yuan(total)} 元；已备案的事项有变化，应补充备案（第二十三条）。"


async def _approve(desk: Desk, asked: Row) -> Deed:
    """The declared text is sealed anew; amount, facts and totals follow."""
    case, content, document = desk.case, asked["content"], desk.body.document
    new = changed(case.declared or {}, content["facts"], content["content"], content["funding"])
    decision = _again(desk, new, content["facts"], "")
    same_route(case, decision, "owner", book_of(desk.call.service(RuleBooks), case))
    reasons = await _accepted(desk, decision, content)
    left = _following(desk, content, new)
    await _held_again(desk, left, new)
    if case.route == "city_filing" and document is not None:
        left["amended"] = amended(
            case.dated, desk.today, number=document.number, day=document.date, digest=document.digest
        )
    new["facts"] = {**new["facts"], "on": desk.today.isoformat()}
    if reasons:
        new["reasons"] = {**(new.get("reasons") or {}), **reasons}

    def revise(held: Case) -> None:
        held.declared, held.decision, held.submissions = new, decision.as_dict(), held.submissions + 1
        held.project_class = new["facts"]["project_class"]
        held.project_codes = codes_of(new["materials"].get("form") or {})
        held.investment_fen = fen(new["facts"]["investment_yuan"])
        held.approved_fen = left.get("approved", {}).get("amount_fen", held.approved_fen)
        seal_version(desk.tx, held, desk.call)

    return replace(_decided(desk, asked, left, _agreed(case, left, content)), revise=revise)


async def _held_again(desk: Desk, left: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """What is recorded is held against the changed approval and text (arts 24, 25)."""
    approved = left.get("approved")
    if approved is not None:
        day = approved["on"]
        await engaged(desk.tx, desk.case, desk.actor.now, approved=(day, approved["amount_fen"]))
    form = new["materials"].get("form") or {}
    leveled_below(desk, await in_force(desk, Action.RECORD_CERTIFICATE), form=form)


async def _accepted(desk: Desk, decision: Decision, content: Mapping[str, Any]) -> dict[str, str]:
    """Findings as they are decided now; the request's reasons that they want, each accepted by name."""
    body: DecideChangeIn = desk.body
    given = {each["code"]: each["reason"] for each in content.get("reasons") or ()}
    open_ = unaccepted(desk.case, decision)
    new = [code for code in open_ if code in given]
    if len(new) == len(open_):
        each_accepted(new, new, body.opinions)
    reasons = {code: given[code] for code in new}
    await refresh_findings(desk.tx, desk.case, decision, desk.actor.now, reasons)
    if body.opinions:
        await desk.tx.flush()  # the rows that the opinions are written on
        record_opinions(desk.tx, desk.case, body.opinions, desk.call)
    reasons_stand(desk.case, decision)
    return reasons


def _following(desk: Desk, content: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The facts that an approved change leaves: what is declared, approved, funded and appraised now."""
    case, body = desk.case, desk.body
    others = other_offices(new["facts"].get("participating_offices") or (), case.owner_name)
    now, before = substance(new), (case.dated.get("declared") or {}).get("substance")
    found: dict[str, dict[str, Any]] = {"declared": {"substance": now, "joint": bool(others)}}
    if content["funding"]:
        lines = [SourceLine(line["source"], line["amount_yuan"]) for line in content["funding"]]
        total = fen(content["facts"]["investment_yuan"])
        _resizable(desk, total)
        found["funding"] = funding_fact(lines, total)
        approved = case.dated.get("approved") or {}
        found["approved"] = {**approved, "on": fact_day(case, "approved"), "amount_fen": total}
    appraised = case.dated.get("appraised")
    if appraised and now != before and appraised.get("substance") == before:
        # R9: an appraisal serves while amount, class and content are unchanged; what changes is appraised with them.
        if body.appraisal is None:
            raise fault(
                "/appraisal", "required", "金额、类别或内容有变化，须附变更的论证评估意见（第十八条）"
            )
        found["appraised"] = {**appraised, "on": desk.today, "substance": now}
    return found


def _resizable(desk: Desk, total: int) -> None:
    """409 where more was issued since the request than the new total (art. 38)."""
    try:
        funds_of(desk.case).resize(total)
    except FundingRefused as refusal:
        raise ServiceError(409, refusal.code, f"{refusal.detail}（第三十八条）", article=38) from None
