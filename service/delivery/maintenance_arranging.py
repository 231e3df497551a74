"""Money for a maintenance line, by the organ that has it (arts 36, 37)."""

from __future__ import annotations

from service.audit.actions import audited
from service.delivery.acceptance_common import fault, plain
from service.delivery.maintenance_models import maintenance_proposals
from service.delivery.maintenance_plans import TAG
from service.delivery.maintenance_proposals import proposal_view
from service.delivery.maintenance_queries import PROPOSAL
from service.delivery.maintenance_schemas import ArrangeIn, ProposalView
from service.kit.api import Call
from service.kit.command import command
from service.kit.db import Row, Tx
from service.kit.errors import Error, FieldError, ServiceError, not_found, or_404
from service.kit.ids import Ref, parse_ref
from service.kit.money import fen, yuan
from service.kit.outbox import Recipient, emitted
from service.kit.tables import update_row
from service.measures.citations import article_label
from service.measures.facts import Kind
from service.measures.findings import Severity
from service.measures.gates import GatedCase, shut
from service.measures.lifecycle import TERMINAL
from service.projects.api import SAME
from service.projects.errors import REFUSED, SHUT
from service.projects.hands import same_person
from service.projects.submission import PROVINCE
from service.vocabulary import label

M = maintenance_proposals.c
_BARS = ("not_deferred", "data_not_barred", "crypto_not_barred")
_ARRANGE = update_row(
    maintenance_proposals,
    M.decided_at.is_(None),
    arranged_fen="arranged",
    opinions="said",
    note="why",
    decided_by="by",
    decided_at="at",
)


@command(
    "POST",
    "/maintenance/proposals/{ref:str}/arrange",
    resource="maintenance.proposal",
    action="arrange",
    summary="安排运维经费",
    tag=TAG,
    body=ArrangeIn,
    answer=ProposalView,
    errors=(
        SAME,
        REFUSED,
        SHUT,
        Error(409, "already_decided", "已经安排"),
        Error(409, "opinion_required", "须对每条理由表明意见"),
        Error(409, "reason_refused", "有理由未获认可"),
    ),
)
async def arrange(call: Call, tx: Tx) -> ProposalView:
    """由财政部门结合财力安排；原则上不安排的情形须逐一认可理由（第三十六条、第三十七条）。"""
    # Arts 36, 37: money only where every reason is accepted by name.
    #
    # The proposal is what finance combines with its means: neither floor nor ceiling (art. 36, R34).
    body: ArrangeIn = call.body
    ref = parse_ref(call.path("ref"))
    if ref.tenant != call.principal.tenant:
        raise not_found()
    row = or_404(await tx.row(PROPOSAL, tenant_id=ref.tenant, id=ref.id))
    decided = ServiceError(409, "already_decided", "该项运维预算建议已经安排（第三十六条）", article=36)
    if row["decided_at"] is not None:
        raise decided
    if call.principal.same_hand(row["proposed_by"]):
        raise same_person("提出建议的人不能自己安排经费，须由另一人办理（本系统规定）", None)
    amount = _judged(row, body)
    _arrangeable(row, amount)
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
                FieldError("/opinions", "opinion_required", f"缺少对“{label('finding', code)}”理由的意见")
                for code in lacking
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


def _arrangeable(row: Row, amount: int) -> None:
    """Nothing while an organ defers the project's money (art. 41), nor after a failed confirmation (art. 30), nor for
    what has ended; to give nothing is free."""
    if amount <= 0:
        return
    dated = {name: fact for name, fact in row["barring"].items() if fact}
    kind = None if "accepted" in dated else Kind.MAINTAIN.value  # a service is never accepted (R30)
    closed = shut(_BARS, GatedCase(row["on"], dated, kind=kind))
    if closed is not None:
        article, why = closed.gate.article, closed.why
        said = f"{why}，不安排运维经费（{article_label(article)}）"
        raise ServiceError(409, "gate_shut", said, gate=closed.gate.name, article=article)
    if row["project_state"] in TERMINAL:
        said = "项目已经退出或者终止，没有需要安排的运维（第三十六条）"
        raise ServiceError(409, "action_not_allowed", said, state=row["project_state"], article=36)


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
