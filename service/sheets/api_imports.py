"""/imports: running projects taken over from paper, as lines or as a workbook."""

from __future__ import annotations

import asyncio

import msgspec

from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.digest import sm3
from service.kit.errors import FieldError, ServiceError
from service.portfolio import importing
from service.portfolio.import_cases import lines_of
from service.portfolio.schemas import ImportQuery, ImportResult
from service.projects.api import CLASSIFIED, OUT, TAKEN
from service.sheets.declared_projects import RUNNING
from service.sheets.desk import Read, read_file
from service.sheets.rows import located

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA = f"application/x-ndjson, text/csv, {XLSX}"
TWICE = Error(409, "already_registered", "文件中的项目已经登记过（单位、批复文号和名称相同），未保存任何内容")
TWO = Error(
    409,
    "second_person_required",
    "表格中的项目须由另一人确认后生效：请上传到 /workbooks?sheet=projects；此处只可试检（dry_run=true）",
)
LINES = Error(422, "invalid_body", "有的行不能导入，errors 以“/行号/字段”指明")


def is_workbook(call: Call, raw: bytes) -> bool:
    """Whether a body is a spreadsheet's: xlsx by its first bytes, CSV by what its sender says."""
    media = call.request.headers.get("content-type", "").lower()
    return raw.startswith(b"PK\x03\x04") or any(part in media for part in ("csv", "spreadsheet", "excel"))


def _raw(call: Call) -> bytes:
    raw: bytes = call.request.scope.get("tj.body", b"")  # type: ignore[assignment]
    return raw


async def prepare(call: Call) -> Read | None:
    """Ahead of BEGIN: a workbook is read and its names are looked up."""
    raw = _raw(call)
    if is_workbook(call, raw) and not call.query.dry_run:
        raise ServiceError(*TWO)
    return await read_file(call, RUNNING, raw) if is_workbook(call, raw) else None


@operation(
    "POST",
    "/imports",
    resource="project.import",
    action="run",
    summary="导入项目",
    tag="imports",
    status=201,
    also=(200,),
    query=ImportQuery,
    answer=ImportResult,
    upload=MEDIA,
    conflict=TAKEN,
    errors=(LINES, CLASSIFIED, OUT, TWICE, TWO),
    before=prepare,
)
async def run(call: Call, tx: Tx) -> Answer:
    """每行一个项目（NDJSON），全部通过才保存；不补造经过，不编备案号，期限按带来的日期推算。dry_run=true 只检查。

    CSV 和 xlsx（模板见 /workbooks/template?sheet=projects）在此只检查，errors 同样指明行和列。
    """
    raw, read = _raw(call), call.found
    digest = await asyncio.to_thread(sm3, raw)
    if read is None:
        made = await importing.run(call, tx, lines_of(raw), digest, [])
    else:
        made = await _workbook(call, tx, read, digest)
    return Answer(made, status=200 if made.dry_run else None)  # nothing was created


async def _workbook(call: Call, tx: Tx, read: Read, digest: str) -> ImportResult:
    """The same lines, and every fault by its row and column as well."""
    faults = [*read.faults, *(fault for thing in read.things for fault in thing.faults)]
    known = [
        FieldError(
            f"/{fault.row}" if fault.row else "",
            fault.code,
            _told(read, fault.row, fault.label, fault.detail),
        )
        for fault in faults
    ]
    lines = [(thing.rows[0], msgspec.json.encode(thing.body)) for thing in read.things if not thing.faults]
    try:
        return await importing.run(call, tx, lines, digest, known)
    except ServiceError as error:
        if "errors" in error.extensions:
            error.extensions["errors"] = [_placed(read, each) for each in error.extensions["errors"]]
        raise


def _told(read: Read, row: int, label: str, detail: str) -> str:
    where = f"{read.table.form} 第 {row} 行" if row else ""
    return f"{where}{f'“{label}”' if label else ''}：{detail}" if where else detail


def _placed(read: Read, error: FieldError) -> FieldError:
    """A fault of the operation with the column it came from."""
    _, _, rest = error.pointer.partition("/")
    row, _, field = rest.partition("/")
    thing = next((each for each in read.things if str(each.rows[0]) == row), None)
    if thing is None or error.detail.startswith(read.table.form):
        return error
    fault = located(RUNNING, thing, f"/{field}", error.code, error.detail)
    return FieldError(error.pointer, error.code, _told(read, fault.row, fault.label, fault.detail))


ROUTES = [run]
