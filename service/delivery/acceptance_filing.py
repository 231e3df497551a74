"""The acceptance filing of a city project decided by the province's leading group (art. 32): a receipt, no veto."""

from __future__ import annotations

from datetime import date

import msgspec

from service.delivery.acceptance_models import acceptance_filings
from service.delivery.acceptance_schemas import AcceptanceFiled, AcceptanceReceipt, FileAcceptanceIn
from service.kit.api import Answer
from service.kit.counters import next_number
from service.kit.digest import sealed
from service.kit.ids import Ref, new_id
from service.kit.outbox import Recipient
from service.kit.tables import insert_row
from service.measures.lifecycle import Action
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, owner_desks
from service.projects.submission import PROVINCE
from service.projects.views import view
from service.province import HERE

FILED_WITH = HERE.filed_with
_FILE = insert_row(acceptance_filings)


def _receipted(desk: Desk) -> Answer:
    """The receipt beside the case, and where the filing is read."""
    filing_id, receipt = desk.left
    public = str(Ref(desk.case.tenant_id, filing_id))
    headers = {"location": f"/api/v1/acceptance-filings/{public}"}
    shown = AcceptanceFiled(public, receipt, view(desk.case, desk.call))
    return Answer(shown, version=desk.case.version, headers=headers)


@deed(
    "file-acceptance",
    Action.FILE_ACCEPTANCE,
    body=FileAcceptanceIn,
    summary="竣工验收备案",
    may="acceptance/file",
    tag="acceptance",
    where="own",
    status=201,
    answer=AcceptanceFiled,
    reply=_receipted,
)
async def file_acceptance(desk: Desk) -> Deed:
    """经省领导小组审定的设区市项目，验收后报备案；当场取得编号和回执，没有驳回（第三十二条）。"""
    # Number per tenant and year, receipt at once; the leading group's office is told and cannot reject.
    body: FileAcceptanceIn = desk.body
    sequence = await next_number(desk.tx, desk.case.tenant_id, f"acceptance_filing:{desk.today.year}")
    number = f"{desk.case.tenant_id}-{desk.today.year}-Y{sequence:04d}"
    receipt = _receipt(desk, number, body.note)
    desk.left = (_add(desk, receipt), receipt)
    return desk.told(
        "acceptance.filed",
        [
            Recipient(PROVINCE, "office"),
            Recipient(desk.case.tenant_id, "gatekeeper"),
            *owner_desks(desk.case),
        ],
        content={"number": number, "digest": receipt.digest},
        dated={"acceptance_filed": {"number": number}},
        message=f"验收备案号 {number}。",
    )


def _receipt(desk: Desk, number: str, note: str) -> AcceptanceReceipt:
    case, accepted = desk.case, desk.fact("accepted")
    receipt = AcceptanceReceipt(
        number=number,
        project_id=str(case.ref),
        project_name=case.name,
        owner_name=case.owner_name,
        tenant=case.tenant_id,
        accepted_on=date.fromisoformat(accepted["on"]),
        document_number=accepted.get("number", ""),
        filed_with=FILED_WITH,
        filed_at=desk.actor.now,
        articles=[32],
        note=note,
        digest="",
    )
    receipt.digest = sealed({k: v for k, v in msgspec.to_builtins(receipt).items() if k != "digest"})
    return receipt


def _add(desk: Desk, receipt: AcceptanceReceipt) -> str:
    filing_id = new_id()
    desk.tx.batch.add(
        _FILE,
        tenant_id=desk.case.tenant_id,
        office_id=desk.case.office_id,
        id=filing_id,
        project_id=desk.case.id,
        number=receipt.number,
        year=desk.today.year,
        project_name=desk.case.name,
        owner_name=desk.case.owner_name,
        accepted_on=receipt.accepted_on,
        receipt=receipt,
        filed_by=desk.actor.principal.actor,
        filed_at=desk.actor.now,
    )
    return filing_id
