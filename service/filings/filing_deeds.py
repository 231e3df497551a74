"""City approval, and filing with the leading group's office (arts 20, 23)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from service.filings.actions import FILED_WITH, city_desks
from service.filings.models import filings
from service.filings.queries import APPROVAL
from service.filings.schemas import ApproveIn, ChangeDocument, Filed, FileIn, Receipt
from service.kit.api import Call
from service.kit.counters import next_number
from service.kit.db import Row, Tx
from service.kit.digest import sealed
from service.kit.errors import ServiceError
from service.kit.ids import Ref, new_id
from service.kit.money import yuan
from service.kit.outbox import Recipient
from service.kit.rows import of_row
from service.kit.tables import insert_row
from service.measures.gates_filing import amendments
from service.measures.lifecycle import Action
from service.projects import refusing
from service.projects.approving import approved
from service.projects.case import Case
from service.projects.dated_facts import record_fact
from service.projects.deeds import Desk, deed, made
from service.projects.errors import CHANGED, REASONS
from service.projects.findings import record_findings
from service.projects.gatekeeping_deeds import by_law_in_force
from service.projects.state import Step
from service.projects.submission import PROVINCE
from service.projects.views import view

_FILE = insert_row(filings)


@deed(
    "approve",
    Action.APPROVE,
    body=ApproveIn,
    summary="市级批复",
    may="project.city_filing/approve",
    tag="filings",
    where="own",
    first=by_law_in_force,
    errors=(CHANGED, REASONS),
    refused=refusing.tell,
)
async def approve(desk: Desk) -> Step:
    """按批复金额重新判定路径；达到省级限额的不能由市级批复。"""
    return await approved(desk, "project.approved", city_desks(desk.case))


@deed(
    "file",
    Action.FILE,
    body=FileIn,
    summary="备案",
    may="project.city_filing/file",
    tag="filings",
    where="own",
    status=201,
    answer=Filed,
    reply=made("filings", lambda desk, ref: Filed(str(ref), desk.left[1], view(desk.case, desk.call))),
)
async def file(desk: Desk) -> Step:
    """批复后向省领导小组办公室备案，当场取得编号和回执；备案不是许可，没有驳回。"""
    # Number per tenant and year, receipt at once; nobody can reject it (art. 23).
    body: FileIn = desk.body
    call, tx, case, today = desk.call, desk.tx, desk.case, desk.today
    approval = await tx.row(APPROVAL, tenant_id=case.tenant_id, id=case.id)
    if approval is None:
        raise ServiceError(409, "action_not_allowed", "尚无批复，不能备案（第二十三条）", article=23)
    sequence = await next_number(tx, case.tenant_id, f"filing:{today.year}")
    case.filing_number = f"{case.tenant_id}-{today.year}-{sequence:04d}"
    case.filed_at = call.now
    changes = [_changed(each) for each in amendments(case.dated)]
    case.dated = record_fact(case.dated, "filed", today, number=case.filing_number, supplements=0)
    if changes:  # what was changed before the first filing is filed with it
        case.dated = record_fact(case.dated, "amended", today, documents=[])
    record_findings(tx, case, ("started_before_filing",), (), call.now)
    receipt = _receipt(case, approval, body.note, call, changes)
    desk.left = (_add_filing(tx, case, today.year, receipt, call), receipt)
    filed = {"id": str(Ref(case.tenant_id, desk.left[0])), "number": case.filing_number, "receipt": receipt}
    return desk.step(
        "filing.filed",
        [Recipient(PROVINCE, "office"), *city_desks(case)],
        details={"filing_number": case.filing_number, "digest": receipt.digest},
        extra={"filing": filed},
    )


def _add_filing(tx: Tx, case: Case, year: int, receipt: Receipt, call: Call) -> str:
    filing_id = new_id()
    tx.batch.add(
        _FILE,
        tenant_id=case.tenant_id,
        office_id=case.office_id,
        id=filing_id,
        project_id=case.id,
        number=receipt.filing_number,
        year=year,
        project_name=case.name,
        owner_name=case.owner_name,
        approved_fen=case.approved_fen,
        receipt=receipt,
        filed_by=call.principal.actor,
        filed_at=call.now,
    )
    return filing_id


def _changed(told: Mapping[str, Any]) -> ChangeDocument:
    return ChangeDocument(told["number"], date.fromisoformat(told["date"]), told["digest"])


def _receipt(case: Case, approval: Row, note: str, call: Call, changes: list[ChangeDocument]) -> Receipt:
    receipt = of_row(
        Receipt,
        approval,
        filing_number=case.filing_number or "",
        project_id=str(case.ref),
        project_name=case.name,
        owner_name=case.owner_name,
        tenant=case.tenant_id,
        approved_amount_yuan=yuan(
            approval["approved_fen"] if case.approved_fen is None else case.approved_fen
        ),
        filed_with=FILED_WITH,
        filed_at=call.now,
        articles=[23],
        note=note,
        digest="",
        changes=changes,
    )
    plain = {k: v for k, v in msgspec.to_builtins(receipt).items() if k != "digest"}
    receipt.digest = sealed(plain)
    return receipt
