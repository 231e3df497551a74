"""From the bytes of a file to things with bodies: judged like any file, read in another process, names looked up."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import msgspec

from service.documents.actions import judged
from service.kit.api import Call
from service.kit.beside import Beside, WorkFailed
from service.kit.errors import FieldError, ServiceError, invalid
from service.measures.secrecy import Verdict
from service.projects.deciding import classified
from service.rulebook.book import RuleBooks
from service.secrecy.scanning import cannot_be_checked
from service.sheets.columns import Fault, Sheet
from service.sheets.names import resolve
from service.sheets.reading import Refused, Table
from service.sheets.rows import Thing, things_of

TARGET = "service.sheets.reading:answer"
MOST_TOLD = 1000  # faults of one answer


class SheetReader(Beside):
    """On the shelf: the process that reads workbooks."""

    def __init__(self) -> None:
        super().__init__(TARGET)


class Read(NamedTuple):
    """A file as it was understood. `faults`: of the file; those of a thing stand with it."""

    table: Table
    things: list[Thing]
    faults: list[Fault]


async def read_file(call: Call, sheet: Sheet, raw: bytes) -> Read:
    """What the file says. 422 for a file that cannot be taken at all, and for what carries a secrecy mark."""
    workbook = raw.startswith(b"PK")
    await judged(call, f"{sheet.name}.xlsx" if workbook else f"{sheet.name}.csv", raw)
    caller = call.principal.tenant
    try:
        told = await call.service(SheetReader).ask(sheet.title.encode() + b"\n" + raw, caller)
    except WorkFailed:
        raise refused(Refused("unreadable_workbook", "文件过于复杂或已损坏，无法读取")) from None
    if "refused" in told:
        raise refused(Refused(told["refused"], told["detail"]))
    table = Table(**told)
    await _scanned(call, table)
    # Ten thousand rows are seconds: in a thread, so that the loop goes on serving others.
    things, faults = await asyncio.to_thread(things_of, sheet, table.form, table.rows, table.merged)
    await resolve(call, sheet, things)
    return Read(table, things, faults)


def refused(why: Refused) -> ServiceError:
    """422: the file as a whole."""
    return invalid([FieldError("", why.code, why.detail)], why.detail)


async def _scanned(call: Call, table: Table) -> None:
    """Art. 14: the cells pass the very scan that a JSON body passes, before anything of them is kept."""
    body = msgspec.json.encode([cells for _, cells in table.rows])
    try:
        verdict, places = await call.service(Beside).ask(body, call.principal.tenant)
    except WorkFailed:
        raise cannot_be_checked() from None
    if Verdict(verdict) is Verdict.CLEAN:
        return
    if Verdict(verdict) is Verdict.CANNOT_BE_CHECKED:
        raise cannot_be_checked()
    problem = classified(call.service(RuleBooks))
    problem.extensions["errors"] = [
        FieldError(_row(table, pointer), "classified_material", f"{table.form} 单元格含有涉密标志“{words}”")
        for pointer, words in places[:20]
    ]
    raise problem


def _row(table: Table, pointer: str) -> str:
    first = pointer.split("/")[1:2]
    if first and first[0].isdigit() and int(first[0]) < len(table.rows):
        return f"/{table.rows[int(first[0])][0]}"
    return ""
