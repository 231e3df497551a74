"""Gatekeeping passed or refused, handed over to the province, returned by it, taken back (arts 9, 14, 18, 23)."""

from __future__ import annotations

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import FieldError, invalid
from service.kit.ids import Ref
from service.kit.outbox import Recipient
from service.measures.lifecycle import Action, Holder
from service.measures.offices import Tier
from service.measures.routing import Decision, required_reasons
from service.projects.case import Case, load
from service.projects.deciding import book_of, same_route
from service.projects.deeds import Desk, deed
from service.projects.errors import CHANGED, UNACCEPTED, UNANSWERED
from service.projects.findings import refresh_findings
from service.projects.gatekeeping import (
    all_accepted,
    decide_again,
    follow,
    reasons_stand,
    record_opinions,
)
from service.projects.rerouting import followed, told
from service.projects.schemas import GatekeepIn, HandOverIn, OpinionIn, ReturnIn, WithdrawIn
from service.projects.state import Step, actor_of, advance, permit, totals_of
from service.projects.submission import PROVINCE
from service.rulebook.book import RuleBooks


@deed(
    "gatekeeping/pass",
    Action.GATEKEEP_PASS,
    body=GatekeepIn,
    summary="统筹把关通过",
    may="project/gatekeep",
    tag="projects",
    where="own",
    waits=True,
    errors=(
        CHANGED,
        UNANSWERED,
        UNACCEPTED,
    ),
)
async def gatekeep_pass(desk: Desk) -> Step:
    """重新判定路径；每条理由须逐一认可。"""
    # Passes a declaration whose every reason is accepted by name; decides the route again.
    body: GatekeepIn = desk.body
    case = desk.case
    decision = decide_again(desk.call.service(RuleBooks), case, desk.today)
    moved = followed(desk.call, case, decision, "city")
    opinions = _still_asked(case, decision, body.opinions) if moved else body.opinions
    all_accepted(case, decision, opinions)
    case.decision = decision.as_dict()
    case.gatekept_at = desk.call.now
    record_opinions(desk.tx, case, opinions, desk.call)
    await refresh_findings(desk.tx, case, decision, desk.call.now)
    following = "gatekeeper" if case.route == "provincial_review" else "approver"
    wish = Step(
        Action.GATEKEEP_PASS,
        "project.gatekept",
        [Recipient(case.tenant_id, following), Recipient(case.tenant_id, "unit", case.office_id)],
        details={
            "opinions": [{"code": o.code, "accepted": o.accepted, "note": o.note} for o in opinions],
            **moved,
        },
        extra=told(moved, decision),
    )
    return wish


def _still_asked(case: Case, decision: Decision, opinions: list[OpinionIn]) -> list[OpinionIn]:
    """The opinions without those on reasons that amended law asks no more: the desk could not know."""
    gone = {finding["code"] for finding in case.findings} - set(required_reasons(decision))
    return [opinion for opinion in opinions if opinion.code not in gone]


@deed(
    "gatekeeping/return",
    Action.GATEKEEP_RETURN,
    body=ReturnIn,
    summary="统筹把关退回",
    may="project/return",
    tag="projects",
    where="own",
    gated=False,
)
async def gatekeep_return(desk: Desk) -> Step:
    """退回项目单位修改，说明理由。"""
    # Returns a declaration to its owner with the reason; refused reasons may be named.
    body: ReturnIn = desk.body
    case = desk.case
    case.gatekept_at = None
    record_opinions(desk.tx, case, body.opinions, desk.call)
    wish = Step(
        Action.GATEKEEP_RETURN,
        "project.returned",
        [Recipient(case.tenant_id, "unit", case.office_id), Recipient(case.tenant_id, "portal")],
        reason=body.reason,
    )
    return wish


async def hand_over(call: Call, tx: Tx, ref: Ref) -> Case:
    """Reports a gatekept declaration to the province; the pen goes with it (arts 9, 23)."""
    body: HandOverIn = call.body
    case = await load(tx, call.principal, ref, call.expected)
    actor = actor_of(call)
    before = totals_of(case)
    moved = follow(call, case)
    row = permit(case, Action.HAND_OVER, actor)
    decision = decide_again(call.service(RuleBooks), case, legal_day(call.now))
    same_route(case, decision, "city", book_of(call.service(RuleBooks), case))
    reasons_stand(case, decision)
    case.decision = decision.as_dict()
    case.handed_over_at = call.now
    await refresh_findings(tx, case, decision, call.now)
    wish = Step(
        Action.HAND_OVER,
        "project.handed_over",
        [Recipient(PROVINCE, "office"), Recipient(case.tenant_id, "unit", case.office_id)],
        reason=body.note or None,
        details=moved,
        extra=told(moved, decision),
    )
    advance(tx, case, before, row, wish, actor)
    return case


@deed(
    "province-return",
    Action.PROVINCE_RETURN,
    body=ReturnIn,
    summary="省级退回",
    may="project.provincial_review/return",
    tag="projects",
    gated=False,
)
async def province_return(desk: Desk) -> Step:
    """说明理由退回项目单位，设区市同时收到通知。"""
    # The province returns a declaration with reasons; city and owner are told.
    body: ReturnIn = desk.body
    if body.opinions:
        raise invalid([FieldError("/opinions", "unknown_opinion", "退回时不填写统筹把关意见")])
    case = desk.case
    case.gatekept_at = case.handed_over_at = None
    if case.declarer is Tier.PROVINCE:
        desks = [Recipient(case.tenant_id, "department", case.office_id)]
    else:
        desks = [
            Recipient(case.tenant_id, "gatekeeper"),
            Recipient(case.tenant_id, "portal"),
            Recipient(case.tenant_id, "unit", case.office_id),
        ]
    wish = Step(Action.PROVINCE_RETURN, "project.returned_by_province", desks, reason=body.reason)
    return wish


@deed(
    "withdraw",
    Action.WITHDRAW,
    body=WithdrawIn,
    summary="撤回申报",
    may="project/withdraw",
    tag="projects",
    where="own",
)
async def withdraw(desk: Desk) -> Step:
    """委托论证评估之前，或被退回之后；需求也一样（第十四条、第十八条）。"""
    # The owner takes a need or a declaration back before it is appraised, or after a return; its desks hear of it.
    body: WithdrawIn = desk.body
    case = desk.case
    desks = [] if case.declarer is Tier.PROVINCE else [Recipient(case.tenant_id, "gatekeeper")]
    if case.holder == Holder.PROVINCE.value:
        desks.append(Recipient(PROVINCE, "office"))
    wish = Step(Action.WITHDRAW, "project.withdrawn", desks, reason=body.reason)
    return wish
