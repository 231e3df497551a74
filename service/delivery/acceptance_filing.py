"""The acceptance filing of a city project decided by the province's leading group (art. 32): a receipt, no veto."""

from __future__ import annotations

from datetime import date

import msgspec

from service.delivery.acceptance_common import Act, opened
from service.delivery.acceptance_models import acceptance_filings
from service.delivery.acceptance_schemas import AcceptanceFiled, AcceptanceReceipt, FileAcceptanceIn
from service.kit.api import Answer, Call
from service.kit.counters import next_number
from service.kit.db import Tx
from service.kit.digest import sealed
from service.kit.ids import Ref, new_id
from service.kit.outbox import Recipient
from service.kit.tables import insert_row
from service.measures.lifecycle import Action
from service.projects.phases import Deed, owner_desks, perform
from service.projects.submission import PROVINCE
from service.projects.views import view

FILED_WITH = "江西省推进政府职能转变和数字政府建设领导小组办公室"
_FILE = insert_row(acceptance_filings)


async def file_acceptance(call: Call, tx: Tx) -> Answer:
    """Number per tenant and year, receipt at once; the leading group's office is told and cannot reject."""
    body: FileAcceptanceIn = call.body
    act = await opened(call, tx, Action.FILE_ACCEPTANCE)
    sequence = await next_number(tx, act.case.tenant_id, f"acceptance_filing:{act.today.year}")
    number = f"{act.case.tenant_id}-{act.today.year}-Y{sequence:04d}"
    receipt = _receipt(act, number, body.note, call)
    filing_id = _add(tx, act, receipt, call)
    deed = Deed(
        Action.FILE_ACCEPTANCE, act.today, "acceptance.filed",
        [Recipient(PROVINCE, "office"), Recipient(act.case.tenant_id, "gatekeeper"), *owner_desks(act.case)],
        content={"number": number, "digest": receipt.digest},
        facts={"acceptance_filed": {"number": number}}, message=f"验收备案号 {number}。",
    )  # fmt: skip
    perform(tx, act.case, deed, act.actor, act.row)
    public = str(Ref(act.case.tenant_id, filing_id))
    headers = {"location": f"/api/v1/acceptance-filings/{public}"}
    return Answer(
        AcceptanceFiled(public, receipt, view(act.case, call)), version=act.case.version, headers=headers
    )


def _receipt(act: Act, number: str, note: str, call: Call) -> AcceptanceReceipt:
    case, accepted = act.case, act.fact("accepted")
    receipt = AcceptanceReceipt(
        number=number,
        project_id=str(case.ref),
        project_name=case.name,
        owner_name=case.owner_name,
        tenant=case.tenant_id,
        accepted_on=date.fromisoformat(accepted["on"]),
        document_number=accepted.get("number", ""),
        filed_with=FILED_WITH,
        filed_at=call.now,
        articles=[32],
        note=note,
        digest="",
    )
    receipt.digest = sealed({k: v for k, v in msgspec.to_builtins(receipt).items() if k != "digest"})
    return receipt


def _add(tx: Tx, act: Act, receipt: AcceptanceReceipt, call: Call) -> str:
    filing_id = new_id()
    tx.batch.add(
        _FILE,
        tenant_id=act.case.tenant_id,
        office_id=act.case.office_id,
        id=filing_id,
        project_id=act.case.id,
        number=receipt.number,
        year=act.today.year,
        project_name=act.case.name,
        owner_name=act.case.owner_name,
        accepted_on=receipt.accepted_on,
        receipt=receipt,
        filed_by=call.principal.actor,
        filed_at=call.now,
    )
    return filing_id
