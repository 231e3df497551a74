"""A workbook's row: as it comes in, as it is looked at anew, as it is shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from service.audit.actions import audited
from service.kit.api import Call
from service.kit.db import Row, Tx
from service.kit.ids import Ref, new_id
from service.kit.rows import of_row
from service.sheets import queries
from service.sheets.declared import SHEETS
from service.sheets.desk import Read
from service.sheets.schemas import FaultView, WorkbookView

SILENT = timedelta(seconds=60)  # without a beat the work is taken for interrupted


def needs_no_look(call: Call, row: Row) -> bool:
    """Whether a file that was sent before needs no new look."""
    if row["state"] in ("checking", "committing"):
        return bool(call.now - row["beat_at"] < SILENT)
    return bool(row["state"] in ("checked", "committed"))


def _work(read: Read, faults: list[list[Any]]) -> dict[str, Any]:
    return {
        "state": "faulty" if read.faults else "checking",
        "done": 0,
        "wrong": len({fault[0] for fault in faults}),
        "present": 0,
        "faults": faults,
        "notes": read.table.notes,
        "rows": sum(len(thing.rows) for thing in read.things),
        "things": len(read.things),
    }


def new_row(call: Call, read: Read, digest: str, content: bytes, faults: list[list[Any]]) -> dict[str, Any]:
    return {
        "tenant_id": call.principal.tenant,
        "id": new_id(),
        "sheet": call.query.sheet,
        "name": call.query.name,
        "form": read.table.form,
        "digest": digest,
        "made": 0,
        "content": content,
        "sent_by": call.principal.actor,
        "sender": sender_of(call),
        "sent_at": call.now,
        "beat_at": call.now,
        "committed_by": None,
        "committed_at": None,
        "version": 1,
        **_work(read, faults),
    }


def renewed(
    call: Call, tx: Tx, old: Row, read: Read, content: bytes, faults: list[list[Any]]
) -> dict[str, Any]:
    """The same file again after its faults, or after an interruption: looked at anew."""
    new: dict[str, Any] = {
        "name": call.query.name,
        "content": content,
        "beat_at": call.now,
        **_work(read, faults),
    }
    values: dict[str, Any] = {f"new_{name}": value for name, value in new.items()}
    tx.batch.add(
        queries.AGAIN, of_tenant=old["tenant_id"], of_id=old["id"], read_version=old["version"], **values
    )
    return {**dict(old), **new, "version": old["version"] + 1}


def sender_of(call: Call) -> str:
    """Whose workbooks these are: a person's own, through whatever client, or a client's."""
    return call.principal.user or f"client:{call.principal.client}"


def workbook_audited(call: Call, tx: Tx, row: dict[str, Any] | Row, act: str) -> None:
    audited(
        call,
        tx,
        f"workbook.{act}",
        row["id"],
        {"sheet": row["sheet"], "digest": row["digest"], "rows": row["rows"]},
        tenant=row["tenant_id"],
    )


def view(row: dict[str, Any] | Row, now: datetime) -> WorkbookView:
    sheet, state = SHEETS[row["sheet"]], row["state"]
    if state in ("checking", "committing") and now - row["beat_at"] >= SILENT:
        state = "interrupted"
    faults = [FaultView(*fault) for fault in dict(row).get("faults", ())]
    return of_row(
        WorkbookView,
        row,
        id=str(Ref(row["tenant_id"], row["id"])),
        title=sheet.title,
        two_hands=sheet.two_hands,
        state=state,
        faults=faults,
    )
