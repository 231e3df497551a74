"""What the city's approval (arts 5, 23) and the province's (art. 20) have in common: one code for both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct
from sqlalchemy import select

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import FieldError, invalid
from service.kit.money import fen, yuan
from service.kit.outbox import Recipient
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.kit.tables import insert_row
from service.kit.text import Named, Number
from service.measures.budgets import PROCEDURES, procedures_fault
from service.measures.building import APPROVAL_CODES, approval_findings
from service.measures.importing import appraisal_owed
from service.measures.lifecycle import procedure_of
from service.measures.offices import Tier
from service.measures.organs import ROLES, SLOT_NAMES, THREE, Slot, deciding_tier
from service.measures.periods import IN_FORCE
from service.measures.routing import Decision
from service.projects.case import Case
from service.projects.dated_facts import record_fact
from service.projects.deciding import book_of, same_route
from service.projects.deeds import Desk
from service.projects.findings import record_findings, refresh_findings
from service.projects.gatekeeping import decide_again, reasons_stand
from service.projects.models import approvals
from service.projects.phases import fact_day, funding_desks, not_before, owner_desks
from service.projects.schemas import Amount
from service.projects.state import Step
from service.projects.submission import PROVINCE
from service.rulebook.book import RuleBooks

_APPROVE = insert_row(approvals)
APPROVAL = Statement(
    select(*approvals.c)
    .where(
        approvals.c.tenant_id == TENANT_ID,
        approvals.c.project_id == ROW_ID,
        scope_ready(),
    )
    .order_by(approvals.c.edition.desc())
    .limit(1)
)
Digest = Annotated[
    str,
    Meta(pattern=r"^(sm3:)?[0-9a-f]{64}$(?!\n)", description="批复文件的 SM3 或 SHA-256 摘要，小写十六进制"),
]
Procedures = Literal["energy_saving", "site_selection", "land_preapproval", "environmental_impact"]


class ApprovalIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """An approval: amount, the document it rests on, who approves (R10), and what art. 21 leaves to be done."""

    approved_amount_yuan: Amount
    document_number: Number
    document_date: date
    document_digest: Digest
    approving_organ: Named | None = None
    civil_works: bool = False
    high_energy: bool = False
    procedures: Annotated[list[Procedures], Meta(max_length=4)] = []


async def approved(desk: Desk, event: str, desks: Sequence[Recipient]) -> Step:
    """Approves: the approved amount decides the route again, and another route is refused (law.md, trap 2).

    Copies go to the joint review's members by themselves (art. 20).
    """
    call, case = desk.call, desk.case
    body: ApprovalIn = call.body
    amount = fen(body.approved_amount_yuan)
    decision = judge_approval(case, amount, body, call)
    case.decision, case.approved_fen, case.approved_at = decision.as_dict(), amount, call.now
    case.dated = record_fact(
        case.dated, "approved", body.document_date, number=body.document_number, amount_fen=amount
    )
    await refresh_findings(desk.tx, case, decision, call.now)
    approval_held(desk.tx, case, body.document_date, call.now)
    organ = body.approving_organ or SLOT_NAMES[tier_of(case)][Slot.DRC]
    add_approval(desk.tx, case, amount, organ, body, call)
    return desk.step(
        event,
        list(dict.fromkeys([*desks, *members(case), *funding_desks(case)])),
        details={
            "approved_amount_yuan": yuan(amount),
            "document_number": body.document_number,
            "document_date": body.document_date.isoformat(),
            "digest": body.document_digest,
            "organ": organ,
            "procedures": list(body.procedures),
            **desk.moved,
        },
        extra={"message": _sentence(organ, body), "steps": {"finance": "请按第二十条下达经费预算。"}},
    )


def judge_approval(case: Case, amount: int, body: ApprovalIn, call: Call) -> Decision:
    """The decision on the approved amount; 422 or 409 where it cannot be approved like this."""
    _sensible(case, amount, body, call)
    decision = decide_again(call.service(RuleBooks), case, legal_day(call.now), investment_fen=amount)
    same_route(case, decision, "owner", book_of(call.service(RuleBooks), case))
    _within_appraisal(case, amount)
    reasons_stand(case, decision)
    return decision


def tier_of(case: Case) -> Tier:
    """Whose organs decide on the case (R5)."""
    procedure = procedure_of(case.route, case.declarer)
    return Tier.PROVINCE if procedure is None else deciding_tier(procedure)


def members(case: Case) -> list[Recipient]:
    """The desks that get copies: owner and city, the three organs, and who was invited to the joint review.

    A city without a joint review of its own has no members beside those who hear of its approvals anyway.
    """
    tier = tier_of(case)
    review = case.dated.get("joint_review")
    desks = owner_desks(case)
    if case.declarer is not Tier.PROVINCE:
        desks.append(Recipient(case.tenant_id, "gatekeeper"))
    if tier is Tier.CITY and not review:
        return desks
    slots = [*THREE, *(Slot(name) for name in (review or {}).get("invited", ()))]
    tenant = PROVINCE if tier is Tier.PROVINCE else case.tenant_id
    return list(dict.fromkeys([*desks, *(Recipient(tenant, ROLES[tier][slot]) for slot in slots)]))


def _sentence(organ: str, body: ApprovalIn) -> str:
    done = "、".join(PROCEDURES[name] for name in body.procedures)
    more = f"另须办理：{done}。" if done else ""
    return (
        f"{organ}已批复（{body.document_number}），批复金额{yuan(fen(body.approved_amount_yuan))}元。{more}"
    )


def add_approval(
    tx: Tx, case: Case, amount: int, organ: str, body: ApprovalIn, call: Call, *, edition: int = 1
) -> None:
    """The row of an approval; a correction is the next edition, and the newest stands."""
    tx.batch.add(
        _APPROVE,
        tenant_id=case.tenant_id,
        office_id=case.office_id,
        project_id=case.id,
        edition=edition,
        approved_fen=amount,
        document_number=body.document_number,
        document_date=body.document_date,
        document_digest=body.document_digest,
        approved_by=call.principal.actor,
        approved_at=call.now,
        organ=organ,
        by_tenant=call.principal.tenant,
        civil_works=body.civil_works,
        high_energy=body.high_energy,
        procedures=list(body.procedures),
    )


def _sensible(case: Case, amount: int, body: ApprovalIn, call: Call) -> None:
    faults = []
    if amount <= 0 < case.investment_fen:  # where nothing is invested, nothing is what is approved (art. 35)
        faults.append(FieldError("/approved_amount_yuan", "amount_range", "批复金额应大于零"))
    facts: dict[str, Any] = (case.declared or {})["facts"]
    if facts["kind"] != "maintain" and fen(facts["of_which_maintenance_yuan"]) > amount > 0:
        faults.append(
            FieldError("/approved_amount_yuan", "amount_range", "批复金额小于申报中的运维部分，请退回调整")
        )
    if body.document_date > legal_day(call.now):
        faults.append(FieldError("/document_date", "date_in_future", "批复日期晚于今天，请核对"))
    fault = procedures_fault(body.civil_works, body.high_energy, body.procedures)
    if fault is not None:
        faults.append(FieldError("/procedures", "procedures", fault))
    if faults:
        raise invalid(faults)
    resolved = ((case.declared or {}).get("materials") or {}).get("resolution", {}).get("date")
    passed = date.fromisoformat(resolved) if resolved else None
    not_before(body.document_date, passed, "/document_date", "批复日期（集体审议之后）", article=15)
    meeting = fact_day(case, "leading_group")
    # Approved by the Measures, so not before they came into force (art. 45); what was taken over may be older.
    if case.origin != "imported":
        not_before(body.document_date, IN_FORCE, "/document_date", "批复日期", article=45)
    not_before(body.document_date, meeting, "/document_date", "批复日期（领导小组审定之后）", article=20)


def approval_held(tx: Tx, case: Case, day: date, now: datetime) -> None:
    """Findings on an approval of that day beside what it rests on (arts 12, 18); recorded, since the paper says so."""
    owed = case.origin == "imported" and appraisal_owed(procedure_of(case.route, case.declarer), day)
    holding = approval_findings(day, fact_day(case, "appraised"), fact_day(case, "framework"), owed=owed)
    record_findings(tx, case, APPROVAL_CODES, holding, now)


def _within_appraisal(case: Case, amount: int) -> None:
    """R9: what was appraised is the declared amount; more than that was appraised by nobody."""
    if "appraised" in case.dated and amount > case.investment_fen:
        detail = f"批复金额超过论证评估所依据的申报金额{yuan(case.investment_fen)}元（第十八条）"
        raise invalid([FieldError("/approved_amount_yuan", "amount_range", detail)])
