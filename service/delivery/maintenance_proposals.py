"""Next year's maintenance lines: proposed by general office or DRC, decided by the organ of the money (arts 36, 37)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from service.delivery.acceptance_common import accepting_tier, desk_of, fault, plain
from service.delivery.maintenance_models import maintenance_proposals
from service.delivery.maintenance_queries import PROPOSED
from service.delivery.maintenance_schemas import ProposalView, ProposeIn
from service.kit.db import Row
from service.kit.errors import Error, FieldError, ServiceError, invalid
from service.kit.ids import Ref, new_id
from service.kit.money import fen, yuan, yuan_or_none
from service.kit.rows import columns_of, of_row
from service.kit.tables import insert_row
from service.measures.evaluation import points_text
from service.measures.figures import noting, told_of
from service.measures.findings import Finding, Severity
from service.measures.lifecycle import Action
from service.measures.maintenance import Watch, is_late, proposal_due, unconfirmed, unfunded, weak_score
from service.measures.organs import Slot, slot_of
from service.measures.rectification import organ_name
from service.projects.api import REASONS
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed

_TAKEN = Error(409, "already_proposed", "该年度的建议已经提出")

_PROPOSE = insert_row(maintenance_proposals)


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
    figures = noting(desk.gated.figures)
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
        dated={"maintenance": {"years": years}},
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
    watch = Watch(**columns_of(seen, *Watch.__dataclass_fields__))
    negative = ((desk.case.declared or {}).get("facts") or {}).get("negative") or {}
    figures = noting(desk.gated.figures)
    weak = weak_score(desk.fact("scored").get("total"), int(figures["evaluation.pass_score"]))
    weak = tuple(replace(each, message=each.message + told_of(figures)) for each in weak)
    missing = () if desk.gated.maintenance else unconfirmed(desk.case.dated)
    return (*unfunded(watch, desk.case.dated, negative, desk.today), *missing, *weak)


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


def proposal_view(row: Row | dict[str, Any]) -> ProposalView:
    """A line as an answer."""
    return of_row(
        ProposalView,
        row,
        id=str(Ref(row["tenant_id"], row["id"])),
        project_id=str(Ref(row["tenant_id"], row["project_id"])),
        amount_yuan=yuan(row["amount_fen"]),
        score=None if row["score"] is None else points_text(row["score"]),
        arranged_yuan=yuan_or_none(row["arranged_fen"]),
    )
