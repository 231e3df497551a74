"""Gatekeeping passed or refused, handed over to the province, returned by it, taken back (arts 9, 14, 18, 23)."""

from __future__ import annotations

from service.kit.errors import FieldError, invalid
from service.kit.outbox import Recipient
from service.measures.lifecycle import Action, Holder
from service.measures.offices import Tier
from service.measures.routing import Decision, required_reasons
from service.projects.case import Case
from service.projects.deciding import book_of, same_route
from service.projects.deeds import Desk, deed
from service.projects.errors import CHANGED, REASONS, UNACCEPTED, UNANSWERED
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
from service.projects.state import Step
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
    return desk.step(
        "project.gatekept",
        [Recipient(case.tenant_id, following), Recipient(case.tenant_id, "unit", case.office_id)],
        details={
            "opinions": [{"code": o.code, "accepted": o.accepted, "note": o.note} for o in opinions],
            **moved,
        },
        extra=told(moved, decision),
    )


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
    return desk.step(
        "project.returned",
        [Recipient(case.tenant_id, "unit", case.office_id), Recipient(case.tenant_id, "portal")],
        reason=body.reason,
    )


def by_law_in_force(desk: Desk) -> None:
    """A case that amended law takes another way goes there before the table is asked (R21, R23)."""
    desk.moved = follow(desk.call, desk.case)


@deed(
    "hand-over",
    Action.HAND_OVER,
    body=HandOverIn,
    summary="报省级论证评估",
    may="project.provincial_review/hand_over",
    tag="projects",
    where="own",
    first=by_law_in_force,
    errors=(CHANGED, REASONS),
)
async def hand_over(desk: Desk) -> Step:
    """把关通过的省级路径项目移交省级，案卷随之移交。"""
    # Reports a gatekept declaration to the province; the pen goes with it (arts 9, 23).
    body: HandOverIn = desk.body
    call, case = desk.call, desk.case
    decision = decide_again(call.service(RuleBooks), case, desk.today)
    same_route(case, decision, "city", book_of(call.service(RuleBooks), case))
    reasons_stand(case, decision)
    case.decision = decision.as_dict()
    case.handed_over_at = call.now
    await refresh_findings(desk.tx, case, decision, call.now)
    return desk.step(
        "project.handed_over",
        [Recipient(PROVINCE, "office"), Recipient(case.tenant_id, "unit", case.office_id)],
        reason=body.note or None,
        details=desk.moved,
        extra=told(desk.moved, decision),
    )


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
    return desk.step("project.returned_by_province", desks, reason=body.reason)


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
    return desk.step("project.withdrawn", desks, reason=body.reason)
