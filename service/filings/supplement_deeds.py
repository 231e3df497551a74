"""Supplementary filings: what was changed since the last filing is filed with a number of its own (art. 23)."""

from __future__ import annotations

from datetime import date

import msgspec

from service.filings.actions import FILED_WITH, city_desks
from service.filings.queries import TENANT_NAME
from service.filings.schemas import (
    ChangeDocument,
    FileIn,
    Supplemented,
    SupplementReceipt,
)
from service.kit.api import Answer, Call
from service.kit.counters import next_number
from service.kit.digest import sealed
from service.kit.money import yuan
from service.kit.outbox import Recipient
from service.measures.gates_filing import amendments
from service.measures.lifecycle import Action
from service.projects.case import Case
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed
from service.projects.submission import PROVINCE
from service.projects.views import view


@deed(
    "file-supplement",
    Action.FILE_SUPPLEMENT,
    body=FileIn,
    summary="变更后补充备案",
    may="project.city_filing/file",
    tag="filings",
    where="own",
    status=201,
    answer=Supplemented,
    reply=lambda desk: Answer(Supplemented(desk.left, view(desk.case, desk.call)), version=desk.case.version),
)
async def file_supplement(desk: Desk) -> Deed:
    """已备案的金额、类别或内容经批准变更后，另行取得编号和回执；首次备案的回执不变（第二十三条）。"""
    # What was changed since the last filing, with a number and a receipt of its own (R27).
    case, tx = desk.case, desk.tx
    year = desk.today.year
    sequence = await next_number(tx, case.tenant_id, f"filing-supplement:{year}")
    name = await tx.row(TENANT_NAME, tenant_id=case.tenant_id)
    number = f"{case.tenant_id}-{year}-B{sequence:04d}"
    desk.left = receipt = _receipt(case, number, name["name"] if name else "", desk.call, desk.body)
    filed = case.dated["filed"]
    return desk.told(
        "filing.supplemented",
        [Recipient(PROVINCE, "office"), *city_desks(case)],
        content=msgspec.to_builtins(receipt),
        dated={
            "filed": {**filed, "supplements": int(filed.get("supplements") or 0) + 1},
            "amended": {"documents": []},
        },
        message=f"已补充备案（{receipt.number}），现行批复金额 {receipt.approved_amount_yuan} 元。",
        extra={"filing": {"number": receipt.number, "receipt": receipt}},
    )


def _receipt(case: Case, number: str, tenant_name: str, call: Call, body: FileIn) -> SupplementReceipt:
    receipt = SupplementReceipt(
        number=number,
        filing_number=case.filing_number,
        project_id=str(case.ref),
        project_name=case.name,
        owner_name=case.owner_name,
        tenant=case.tenant_id,
        tenant_name=tenant_name,
        approved_amount_yuan=yuan(case.approved_fen or 0),
        changes=[
            ChangeDocument(told["number"], date.fromisoformat(told["date"]), told["digest"])
            for told in amendments(case.dated)
        ],
        filed_with=FILED_WITH,
        filed_at=call.now,
        articles=[23],
        note=body.note,
        digest="",
    )
    receipt.digest = sealed({k: v for k, v in msgspec.to_builtins(receipt).items() if k != "digest"})
    return receipt
