"""Next year's maintenance lines: proposed by general office or DRC, decided by the organ of the money (arts 36, 37)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import BigInteger, DateTime, Text, Uuid, bindparam, update
from sqlalchemy.dialects.postgresql import JSONB

from service.audit.actions import audited
from service.delivery.acceptance_common import accepting_tier, desk_of, fault, plain
from service.delivery.maintenance_models import maintenance_proposals
from service.delivery.maintenance_queries import PROPOSAL, PROPOSED
from service.delivery.maintenance_schemas import ArrangeIn, ProposalView, ProposeIn
from service.kit.api import Call
from service.kit.db import Row, Tx
from service.kit.errors import Error, FieldError, ServiceError, invalid, not_found
from service.kit.ids import Ref, new_id, parse_ref
from service.kit.money import fen, yuan, yuan_or_none
from service.kit.outbox import Recipient, emitted
from service.kit.statements import Statement
from service.kit.tables import insert_row
from service.measures.evaluation import points_text
from service.measures.figures import noting, told_of
from service.measures.findings import Finding, Severity
from service.measures.lifecycle import Action
from service.measures.maintenance import Watch, is_late, no_money, proposal_due, unconfirmed, weak_score
from service.measures.organs import Slot, slot_of
from service.measures.rectification import organ_name
from service.projects.api import REASONS
from service.projects.deeds import Desk, deed
from service.projects.hands import same_person
from service.projects.phases import Deed
from service.projects.submission import PROVINCE

_TAKEN = Error(409, "already_proposed", "该年度的建议已经提出")

_PROPOSE = insert_row(maintenance_proposals)
M = maintenance_proposals.c
_ARRANGE = Statement(
    update(maintenance_proposals)
    .where(
        M.tenant_id == bindparam("of_tenant", type_=Text),
        M.id == bindparam("of_id", type_=Uuid(as_uuid=False)),
        M.decided_at.is_(None),
    )
    .values(
        arranged_fen=bindparam("arranged", type_=BigInteger),
        opinions=bindparam("said", type_=JSONB),
        note=bindparam("why", type_=Text),
        decided_by=bindparam("by", type_=Text),
        decided_at=bindparam("at", type_=DateTime(timezone=True)),
    )
)


@deed(
    "propose-maintenance",
    Action.PROPOSE_MAINTENANCE,
    body=ProposeIn,
    summary="提出运维预算建议",
    may="maintenance.proposal/propose",
    tag="evaluation",
    errors=(
        REASONS,
        _TAKEN,
    ),
)
async def propose(desk: Desk) -> Deed:
    """依据工作量、上次评价和监管情况；验收前确认没有通过的不能提出（第三十条、第三十六条、第三十七条）。"""
    # Arts 36, 37: a line from workload, last score and monitoring; art. 37's cases need a reason each.
    body: ProposeIn = desk.body
    amount = _sensible(desk, body)
    if (
        await desk.tx.row(PROPOSED, tenant_id=desk.case.tenant_id, id=desk.case.id, year=body.year)
        is not None
    ):
        raise _taken(body.year)
    found = findings_of(desk, body)
    _reasoned(found, body)
    figures = noting(desk.standing.figures)
    deadline = str(figures["maintenance.proposal_deadline"])
    late = is_late(desk.today, body.year, deadline)
    _store(desk, body, amount, found, late=late)
    years = {**desk.fact("maintenance").get("years", {}), str(body.year - 1): desk.today.isoformat()}
    due = proposal_due(body.year, deadline).isoformat()
    told = f"（晚于 {due}）{told_of(figures)}" if late else ""
    return desk.told(
        "maintenance.proposed",
        desk_of(desk.case, accepting_tier(desk.case), Slot.FINANCE),
        content={**plain(body), "late": late, "findings": [f.code for f in found]},
        facts={"maintenance": {"years": years}},
        message=f"{body.year} 年度运维预算建议 {yuan(amount)} 元{told}。",
        figures={"due": due},
        steps={"finance": "请结合财力状况安排，并对列明的情形逐一表明意见。"},
    )


def _taken(year: int) -> ServiceError:
    return ServiceError(
        409, "already_proposed", f"本项目 {year} 年度的运维预算建议已经提出（第三十六条）", article=36
    )


def _sensible(desk: Desk, body: ProposeIn) -> int:
    amount = fen(body.amount_yuan)
    faults = []
    if amount <= 0:
        faults.append(FieldError("/amount_yuan", "amount_range", "运维预算建议金额应大于零（第三十六条）"))
    if not desk.today.year <= body.year <= desk.today.year + 1:
        faults.append(
            FieldError(
                "/year", "date_order", "只能提出下一年度的运维预算建议，本年度的可以补报（第三十六条）"
            )
        )
    if faults:
        raise invalid(faults)
    return amount


def findings_of(desk: Desk, body: ProposeIn) -> tuple[Finding, ...]:
    """What speaks against the line: art. 37's cases, and a weak last evaluation (art. 40)."""
    seen = plain(body.watch)
    watch = Watch(**{name: seen[name] for name in Watch.__dataclass_fields__})
    negative = ((desk.case.declared or {}).get("facts") or {}).get("negative") or {}
    figures = noting(desk.standing.figures)
    weak = weak_score(desk.fact("scored").get("total"), int(figures["evaluation.pass_score"]))
    weak = tuple(replace(each, message=each.message + told_of(figures)) for each in weak)
    missing = () if desk.standing.maintenance else unconfirmed(desk.case.dated)
    return (*no_money(watch, desk.case.dated, negative, desk.today), *missing, *weak)


def _reasoned(found: tuple[Finding, ...], body: ProposeIn) -> None:
    """409 unless each in-principle case has its reason; 422 for reasons that answer nothing."""
    needed = [finding for finding in found if finding.severity is Severity.IN_PRINCIPLE]
    given = [reason.code for reason in body.reasons]
    if len(set(given)) != len(given) or set(given) - {finding.code for finding in needed}:
        raise fault("/reasons", "unknown_reason", "有理由对应的不安排运维经费情形不存在或重复（第三十七条）")
    lacking = [finding.as_dict() for finding in needed if finding.code not in given]
    if lacking:
        raise ServiceError(
            409,
            "reason_required",
            "原则上不安排运维经费的情形，须逐条说明理由（第三十七条）",
            findings=lacking,
            article=37,
        )


def _store(desk: Desk, body: ProposeIn, amount: int, found: tuple[Finding, ...], *, late: bool) -> None:
    reasons = {reason.code: reason.reason for reason in body.reasons}
    tier = accepting_tier(desk.case)
    mine = slot_of(tier, desk.actor.principal.roles)
    slot = Slot.GENERAL_OFFICE if Slot.GENERAL_OFFICE in mine else Slot.DRC
    desk.tx.batch.add(
        _PROPOSE,
        tenant_id=desk.case.tenant_id,
        office_id=desk.case.office_id,
        id=new_id(),
        project_id=desk.case.id,
        project_name=desk.case.name,
        owner_name=desk.case.owner_name,
        year=body.year,
        amount_fen=amount,
        workload=body.workload,
        score=desk.fact("scored").get("total"),
        watch=plain(body.watch),
        findings=[{**finding.as_dict(), "reason": reasons.get(finding.code)} for finding in found],
        late=late,
        on=desk.today,
        organ=organ_name(tier, slot),
        proposed_by=desk.actor.principal.actor,
        by_tenant=desk.actor.principal.tenant,
        at=desk.actor.now,
        arranged_fen=None,
        opinions=None,
        note=None,
        decided_by=None,
        decided_at=None,
    )


async def arrange(call: Call, tx: Tx) -> ProposalView:
    """Arts 36, 37: money only where every reason is accepted by name.

    The proposal is what finance combines with its means: neither floor nor ceiling (art. 36, R34).
    """
    body: ArrangeIn = call.body
    ref = parse_ref(call.path("ref"))
    if ref.tenant != call.principal.tenant:
        raise not_found()
    row = await tx.row(PROPOSAL, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    decided = ServiceError(409, "already_decided", "该项运维预算建议已经安排（第三十六条）", article=36)
    if row["decided_at"] is not None:
        raise decided
    if call.principal.same_hand(row["proposed_by"]):
        raise same_person("提出建议的人不能自己安排经费，须由另一人办理（本系统规定）", None)
    amount = _judged(row, body)
    said = plain(body.opinions)
    tx.batch.add(
        _ARRANGE,
        miss=decided,
        of_tenant=ref.tenant,
        of_id=ref.id,
        arranged=amount,
        said=said,
        why=body.note,
        by=call.principal.actor,
        at=call.now,
    )
    _tell(call, tx, row, amount)
    changed = {
        "arranged_fen": amount,
        "opinions": said,
        "note": body.note,
        "decided_by": call.principal.actor,
    }
    return proposal_view({**dict(row), **changed, "decided_at": call.now})


def _judged(row: Row, body: ArrangeIn) -> int:
    """The amount, once every case of art. 37 on the line has an opinion and none of them stands against it."""
    amount = fen(body.arranged_yuan)
    needed = {each["code"] for each in row["findings"] if each["severity"] == Severity.IN_PRINCIPLE.value}
    given = {opinion.code: opinion.accepted for opinion in body.opinions}
    if len(given) != len(body.opinions) or set(given) - needed:
        raise fault(
            "/opinions", "unknown_opinion", "有意见对应的不安排运维经费情形不存在或重复（第三十七条）"
        )
    lacking = sorted(needed - set(given))
    if lacking:
        raise ServiceError(
            409,
            "opinion_required",
            "须对安排运维经费的每一条理由逐一表明是否认可（第三十七条）",
            article=37,
            errors=[
                FieldError("/opinions", "opinion_required", f"缺少对 {code} 理由的意见") for code in lacking
            ],
        )
    refused = sorted(code for code, accepted in given.items() if not accepted)
    if refused and amount > 0:
        raise ServiceError(
            409,
            "reason_refused",
            "有理由未获认可，不能安排运维经费（第三十七条）",
            refused=refused,
            article=37,
        )
    return amount


def _tell(call: Call, tx: Tx, row: Row, amount: int) -> None:
    tenant = row["tenant_id"]
    audited(
        call,
        tx,
        "maintenance.decided",
        row["id"],
        {"year": row["year"]},
        kind="maintenance_proposal",
        tenant=tenant,
    )
    roles = ("office", "drc") if tenant == PROVINCE else ("gatekeeper", "approver")
    unit = "department" if tenant == PROVINCE else "unit"
    emitted(
        call,
        tx,
        "maintenance.decided",
        [*(Recipient(tenant, role) for role in roles), Recipient(tenant, unit, row["office_id"])],
        {
            "project": {
                "id": str(Ref(tenant, row["project_id"])),
                "tenant": tenant,
                "external_ref": row["external_ref"],
                "name": row["project_name"],
                "owner_name": row["owner_name"],
            },
            "message": f"{row['year']} 年度安排运维经费 {yuan(amount)} 元。",
            "figures": {"year": row["year"], "arranged_yuan": yuan(amount)},
            "actor": call.principal.actor,
        },
        tenant=tenant,
    )


def proposal_view(row: Row | dict[str, Any]) -> ProposalView:
    """A line as an answer."""
    own = ("id", "project_id", "amount_yuan", "score", "arranged_yuan")
    return ProposalView(
        id=str(Ref(row["tenant_id"], row["id"])),
        project_id=str(Ref(row["tenant_id"], row["project_id"])),
        amount_yuan=yuan(row["amount_fen"]),
        score=None if row["score"] is None else points_text(row["score"]),
        arranged_yuan=yuan_or_none(row["arranged_fen"]),
        **{name: row[name] for name in ProposalView.__struct_fields__ if name not in own},
    )
