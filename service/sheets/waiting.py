"""A workbook that another person has to put in force: whoever may is told that it waits."""

from __future__ import annotations

from typing import Any

from service.kit import clock
from service.kit.api import Call
from service.kit.db import Row, Tx
from service.kit.ids import Ref
from service.kit.outbox import Recipient, emit
from service.sheets.declared import SHEETS
from service.sheets.targets import desks


def tell(call: Call, tx: Tx, row: Row | dict[str, Any], new: int) -> None:
    """To the desks that may confirm it. `new`: things that would come in."""
    sheet = SHEETS[row["sheet"]]
    roles = desks(call, sheet)
    emit(
        tx,
        tenant=row["tenant_id"],
        kind="workbook.waiting",
        recipients=[Recipient(row["tenant_id"], role) for role in roles],
        snapshot={
            "subject": {
                "id": str(Ref(row["tenant_id"], row["id"])),
                "name": row["name"],
                "owner_name": sheet.title,
            },
            "message": f"由{row['sent_by']}上传，检查无误，将导入{new}项；须由上传人以外的一人核对后确认。",
            "steps": dict.fromkeys(roles, "请核对后确认导入，或者撤回。"),
            "actor": row["sent_by"],
        },
        trace_id=call.trace_id,
        now=clock.now(),
    )
