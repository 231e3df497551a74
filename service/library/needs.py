"""Needs (arts 8, 9): from the unit over the city's desk, or straight from a department, to the province."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from service.kit.api import Call
from service.kit.db import Tx
from service.kit.errors import Error, FieldError, ServiceError, invalid
from service.kit.outbox import Recipient
from service.library.claims import as_told, claims_answered
from service.library.schemas import NeedGatekeepIn, NeedReportIn, NoteIn, WhyIn
from service.library.taking_in import taken_in
from service.measures.facts import Facts
from service.measures.intake import Basis
from service.measures.known import Known
from service.measures.law import Law
from service.measures.lifecycle import Action
from service.measures.offices import Tier
from service.measures.routing import Decision, Route
from service.projects.asking import lacking
from service.projects.case import Case
from service.projects.deciding import book_of, in_scope, read_facts, same_route
from service.projects.deeds import Desk, deed
from service.projects.drafts import may_declare
from service.projects.errors import CLASSIFIED, KINDS, OUT
from service.projects.findings import replace_findings
from service.projects.gatekeeping import decide_again
from service.projects.grounds import KEY as KNOWN
from service.projects.grounds import ground_in, weigh
from service.projects.law import NEED, fix_law, law_on
from service.projects.phases import Deed, owner_desks
from service.projects.submission import PROVINCE, note_declared, seal_version
from service.rulebook.book import RuleBooks

NOT_REQUIRED = Error(409, "need_not_required", "低于省级限额，不报送需求，附第九条")
CLOSED = Error(409, "intake_closed", "不在征集期内，且没有引用重大部署，也未重新开放")
NOT_ASKED = Error(409, "intake_kind", "本年度申报通知不征集该类项目")
# Asked at the declaration, not of a need that is on its way into the library.
_LIBRARY_FINDINGS = ("not_in_library", "library_exception_deployment", "library_claim_unfounded")


def as_need(decision: Decision) -> Decision:
    """The decision without the question whether the project is in the library yet (art. 19)."""
    findings = tuple(f for f in decision.findings if f.code not in _LIBRARY_FINDINGS)
    if len(findings) == len(decision.findings):
        return decision
    cited = {finding.article for finding in findings}
    articles = tuple(each for each in decision.articles if each != 19 or 19 in cited)
    return replace(decision, findings=findings, articles=articles)


def required(decision: Decision) -> Decision:
    """409 `need_not_required`: below the limit nothing is reported (art. 9); the city settles it in its own round."""
    if decision.route is not Route.PROVINCIAL_REVIEW:
        raise ServiceError(
            409,
            "need_not_required",
            "低于省级限额的需求不报省，由设区市在本市征集中确定（第九条）",
            article=9,
            route=decision.route.value,
            articles=list(decision.articles),
        )
    return decision


async def _decided(call: Call, tx: Tx, case: Case, today: date) -> tuple[Facts, Decision, Law | None, Known]:
    books = call.service(RuleBooks)
    facts = read_facts(books, case.facts, case.office, today)
    may_declare(call, facts)
    known = (await ground_in(tx, case, facts, case.text)).known
    book = book_of(books, case)
    law = law_on(case, book, today)
    weighed = weigh(books, facts, known, case.dated, today, case.owner_name, book.under(law))
    return facts, as_need(in_scope(weighed.decision)), law, known


def _told(case: Case) -> None:
    """422 unless the need says what is to be built and why (arts 8, 9)."""
    if points := lacking(case.state, case.text):
        faults = [FieldError(point.pointer, point.code, point.detail) for point in points]
        raise invalid(faults, "需求内容不完整，请按 errors 逐项补充")


def _take_over(case: Case, facts: Facts, decision: Decision, known: Known) -> None:
    """The columns follow what is handed on."""
    content = case.text
    case.declared = {
        **content,
        "facts": facts.as_dict(),
        "reasons": {},
        "external_ref": case.external_ref,
        KNOWN: known.as_dict(),
    }
    case.decision, case.route = decision.as_dict(), decision.route.value
    case.name, case.project_class, case.kind = content["name"], facts.project_class.value, facts.kind.value
    case.investment_fen = facts.investment_fen


@deed(
    "need/submit",
    Action.NEED_SUBMIT,
    body=NoteIn,
    summary="提交需求",
    may="need/submit",
    tag="needs",
    where="own",
    hands_in=True,
    waits=True,
    first=lambda _: Route.PROVINCIAL_REVIEW.value,
    then=KINDS,
    errors=(NOT_REQUIRED, OUT, CLASSIFIED),
)
async def submit(desk: Desk) -> Deed:
    """市县单位交本市统筹把关；低于省级限额的不报送需求（第九条）。"""
    # A unit's need goes to the city's desk (art. 9); nothing leaves the city yet.
    body: NoteIn = desk.body
    call, case = desk.call, desk.case
    facts, decision, law, known = await _decided(call, desk.tx, case, desk.today)
    desk.ask(decision.route.value)
    _told(case)
    _take_over(case, facts, decision, known)
    fix_law(case, law, NEED, call.now)
    reported = _reported(decision)
    return desk.told(
        "need.submitted",
        [Recipient(case.tenant_id, "gatekeeper")],
        content={"note": body.note},
        message=f"单位提出的建设需求，{'达到' if reported else '低于'}省级限额。",
        steps={"gatekeeper": "请按第九条统筹把关后报送。" if reported else "请在本市征集中确定或者退回。"},
    )


@deed(
    "need/gatekeep",
    Action.NEED_GATEKEEP,
    body=NeedGatekeepIn,
    summary="需求统筹把关通过",
    may="need/gatekeep",
    tag="needs",
    where="own",
    waits=True,
    gated=False,
    errors=(
        NOT_REQUIRED,
        OUT,
    ),
)
async def gatekeep(desk: Desk) -> Deed:
    """重新判定路径，通过后可报送；对附有依据的重点支持申报逐项表明是否认可（第十六条）。"""
    # The city's desk passes a need, the route is decided again (law.md, trap 2). Below the limit: settled (R39).
    body: NeedGatekeepIn = desk.body
    case = desk.case
    today = desk.today
    decision = _again(desk.call, case, today)
    case.decision, reported = decision.as_dict(), _reported(decision)
    claims_answered(case, body.opinions, desk=True)
    declare = dict.fromkeys(("unit", "portal"), "需求已在本市确定，请提交申报。")
    return desk.told(
        "need.gatekept",
        [Recipient(case.tenant_id, "gatekeeper"), *owner_desks(case)],
        content={"note": body.note, "opinions": as_told(body.opinions)},
        dated={} if reported else {"need_settled": {"year": today.year}},
        message="" if reported else "低于省级限额，在本市征集中确定，不再报省。",
        steps={"gatekeeper": "请在征集截止日前报省领导小组办公室。"} if reported else declare,
    )


def _again(call: Call, case: Case, today: date) -> Decision:
    """As decided today; a need that has come below the limit, or above it, goes another way (law.md, trap 2)."""
    decision = as_need(decide_again(call.service(RuleBooks), case, today))
    if case.route == Route.PROVINCIAL_REVIEW.value:
        return required(decision)
    same_route(case, decision, "owner", book_of(call.service(RuleBooks), case))
    return decision


def _reported(decision: Decision) -> bool:
    """Whether the need is one for the province (art. 9)."""
    return decision.route is Route.PROVINCIAL_REVIEW


@deed(
    "need/return",
    Action.NEED_RETURN,
    body=WhyIn,
    summary="需求退回",
    may="need/return",
    tag="needs",
    where="own",
    gated=False,
)
async def give_back(desk: Desk) -> Deed:
    """说明理由退回单位。"""
    # The city's desk gives a need back with the reason.
    return _back(desk, "need.returned")


@deed(
    "need/reject",
    Action.NEED_REJECT,
    body=WhyIn,
    summary="省级退回需求",
    may="need/reject",
    tag="needs",
    gated=False,
)
async def reject(desk: Desk) -> Deed:
    """说明理由退回报送单位。"""
    # The leading group's office gives a reported need back with the reason; the city hears of it too.
    return _back(desk, "need.rejected")


def _back(desk: Desk, event: str) -> Deed:
    body: WhyIn = desk.body
    case = desk.case
    desks = owner_desks(case)
    if desk.action is Action.NEED_REJECT and case.declarer is not Tier.PROVINCE:
        desks = [Recipient(case.tenant_id, "gatekeeper"), *desks]
    return desk.told(
        event,
        desks,
        content={"reason": body.reason},
        reason=body.reason,
        steps={"unit": "请修改后重新提交，或撤回。", "department": "请修改后重新报送，或撤回。"},
    )


def _way_of_report(desk: Desk) -> str | None:
    """A department's need has no route yet; a city's has the one its desk passed it by."""
    return Route.PROVINCIAL_REVIEW.value if desk.case.declarer is Tier.PROVINCE else None


@deed(
    "need/report",
    Action.NEED_REPORT,
    body=NeedReportIn,
    summary="报送需求",
    may="need/report",
    tag="needs",
    where="own",
    first=_way_of_report,
    then=KINDS,
    errors=(NOT_REQUIRED, CLOSED, NOT_ASKED, OUT, CLASSIFIED),
)
async def report(desk: Desk) -> Deed:
    """设区市把关后、省直部门直接报送，内容封存；截止日（含当日）之后按管理惯例处理。"""
    # To the province within the round; what was reported is sealed (arts 8, 9, 14, 39).
    body: NeedReportIn = desk.body
    call, tx, case, today = desk.call, desk.tx, desk.case, desk.today
    if case.declarer is Tier.PROVINCE:
        facts, decision, law, known = await _decided(call, tx, case, today)
        _told(case)
        _take_over(case, facts, decision, known)
        fix_law(case, law, NEED, call.now)
    else:
        decision = _again(call, case, today)
        facts = read_facts(call.service(RuleBooks), _facts_of(case), case.office, today)
        case.decision = decision.as_dict()
    basis = await taken_in(call, tx, case, facts, today, body.deployment_citation)
    case.submissions += 1
    case.submitted_at = call.now  # what was handed in with it stays (art. 39)
    note_declared(case, facts, today)
    digest = seal_version(tx, case, call)
    replace_findings(tx, case, decision, {}, call.now)
    # As the record keeps it, as gates read it, and as the province's desks are told of it.
    return desk.told(
        "need.reported",
        [Recipient(PROVINCE, "office"), Recipient(PROVINCE, "drc"), *owner_desks(case)],
        content={
            "note": body.note,
            "basis": basis.value,
            "practice": basis is not Basis.IN_WINDOW,
            "deployment_citation": body.deployment_citation,
            "version": case.submissions,
            "digest": digest,
        },
        dated={
            "need_reported": {"year": today.year, "basis": basis.value, "citation": body.deployment_citation}
        },
        message=_LATE.get(basis, "在年度征集期内报送。"),
        steps={"office": "请组织论证评估。"},
    )


_LATE = {
    Basis.REOPENED: "截止后按重新开放的征集收下（管理惯例，非条文规定）。",
    Basis.DEPLOYMENT: "截止后按所引用的国家或省重大部署收下（管理惯例，非条文规定）。",
}


def _facts_of(case: Case) -> dict[str, Any]:
    """What the city's desk passed: the facts as handed to it, without owner and day."""
    facts: dict[str, Any] = (case.declared or {})["facts"]
    return {k: v for k, v in facts.items() if k not in ("on", "declarant")}
