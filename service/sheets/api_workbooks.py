"""/workbooks: a spreadsheet is sent, checked, and put in force as a whole by the operations of the API."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from service.identity.api_pages import own_ref
from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Row, Tx
from service.kit.digest import sm3
from service.kit.errors import ServiceError, or_404
from service.kit.ids import Ref
from service.kit.second_person import SAME_PERSON, own_proposal
from service.kit.xlsxout import MEDIA_TYPE
from service.projects.api import CLASSIFIED
from service.sheets import queries
from service.sheets.answering import answer as answered
from service.sheets.declared import SHEETS
from service.sheets.desk import Read, read_file
from service.sheets.running import Workbooks, told
from service.sheets.schemas import (
    ColumnView,
    SheetList,
    SheetQuery,
    SheetView,
    WorkbookList,
    WorkbookListQuery,
    WorkbookQuery,
    WorkbookView,
)
from service.sheets.staged import Staged, pack, unpack
from service.sheets.targets import ask, may, mine
from service.sheets.template import template
from service.sheets.workbook_rows import needs_no_look, new_row, renewed, sender_of, view, workbook_audited

TAG = "workbooks"
BAD = Error(422, "invalid_body", "文件不能读取，errors 指明原因")
STATE = Error(409, "workbook_state", "表格目前的状态不允许该操作")
GONE = Error(410, "workbook_gone", "表格内容已不再保存")


@operation(
    "GET",
    "/workbooks/sheets",
    resource="workbook",
    action="read",
    summary="可导入的表格",
    tag=TAG,
    answer=SheetList,
)
async def sheets(call: Call) -> Answer:
    """当前身份可以导入的种类，及其各列。"""
    views = [
        SheetView(
            sheet.name,
            sheet.title,
            sheet.most,
            sheet.two_hands,
            [sheet.column(path).label for path in sheet.key],
            [ColumnView(c.label, c.path, c.kind, c.required, c.note, list(c.choices)) for c in sheet.columns],
        )
        for sheet in SHEETS.values()
        if may(call, sheet)
    ]
    return Answer(SheetList(views))


@operation(
    "GET",
    "/workbooks/template",
    resource="workbook",
    action="read",
    summary="下载导入模板",
    tag=TAG,
    query=SheetQuery,
    answer=bytes,
    media_type=MEDIA_TYPE,
)
async def blank(call: Call) -> Answer:
    """含下拉选项、批注和填写说明的空白工作簿。"""
    sheet = SHEETS[call.query.sheet]
    ask(call, sheet)
    made = await asyncio.to_thread(template, sheet)
    return Answer(made, headers=_download(f"{sheet.title}模板.xlsx"))


def _download(name: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename=\"workbook.xlsx\"; filename*=UTF-8''{quote(name)}"}


def _raw(call: Call) -> bytes:
    raw: bytes = call.request.scope.get("tj.body", b"")  # type: ignore[assignment]
    return raw


async def prepare(call: Call) -> tuple[Read, str, bytes]:
    """Ahead of BEGIN: the file is read and packed."""
    sheet = SHEETS[call.query.sheet]
    ask(call, sheet)
    raw = _raw(call)
    read = await read_file(call, sheet, raw)
    staged = Staged(read.table.rows, [(thing.rows, thing.body) for thing in read.things])
    return read, await asyncio.to_thread(sm3, raw), await asyncio.to_thread(pack, staged)


@operation(
    "POST",
    "/workbooks",
    resource="workbook",
    action="run",
    summary="上传表格",
    tag=TAG,
    status=202,
    also=(200,),
    query=WorkbookQuery,
    answer=WorkbookView,
    upload=f"{MEDIA_TYPE}, text/csv",
    errors=(BAD, CLASSIFIED),
    before=prepare,
)
async def send(call: Call, tx: Tx) -> Answer:
    """读取 xlsx 或 CSV，逐行以接口的同一规则检查，不保存业务数据；进度和问题以 GET 查询。同一文件不重复处理。"""
    read, digest, content = call.found
    sheet = SHEETS[call.query.sheet]
    same = await tx.row(
        queries.SAME, tenant_id=call.principal.tenant, sheet=sheet.name, digest=digest, me=sender_of(call)
    )
    if same is not None and needs_no_look(call, same):
        return Answer(view(same, call.now), version=same["version"], status=200)
    faults = told([*read.faults, *(fault for thing in read.things for fault in thing.faults)])
    row = (
        new_row(call, read, digest, content, faults)
        if same is None
        else renewed(call, tx, same, read, content, faults)
    )
    if same is None:
        tx.batch.add(queries.INSERT, **row)
    workbook_audited(call, tx, row, "send")
    if row["state"] == "checking":
        tx.on_commit.append(lambda: call.service(Workbooks).check(call, row))
    return Answer(view(row, call.now), version=row["version"], headers=_at(row))


def _at(row: dict[str, Any]) -> dict[str, str]:
    return {"location": f"/api/v1/workbooks/{Ref(row['tenant_id'], row['id'])}"}


async def _found(call: Call, tx: Tx | None = None) -> Row:
    ref = own_ref(call)
    given = {"tenant_id": ref.tenant, "id": ref.id, "me": sender_of(call), "sheets": mine(call)}
    row = or_404(
        await (tx.row(queries.ONE, **given) if tx else call.door.row(call.scope, queries.ONE, **given))
    )
    return row


@operation(
    "GET",
    "/workbooks",
    resource="workbook",
    action="read",
    summary="上传的表格",
    tag=TAG,
    query=WorkbookListQuery,
    answer=WorkbookList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """本人上传的，以及须由另一人确认而本人有权确认的；新的在前。"""
    listing = replace(queries.LISTING, name=f"workbooks:{sender_of(call)}")
    return await listing.serve(
        call,
        lambda row: view(row, call.now),
        WorkbookList,
        tenant_id=call.principal.tenant,
        me=sender_of(call),
        sheets=mine(call),
    )


@operation(
    "GET",
    "/workbooks/{ref:str}",
    resource="workbook",
    action="read",
    summary="读取上传的表格",
    tag=TAG,
    answer=WorkbookView,
)
async def read(call: Call) -> Answer:
    """状态、进度和逐行的问题。"""
    row = await _found(call)
    return Answer(view(row, call.now), version=row["version"])


@operation(
    "GET",
    "/workbooks/{ref:str}/answer",
    resource="workbook",
    action="read",
    summary="下载标出问题的表格",
    tag=TAG,
    answer=bytes,
    media_type=MEDIA_TYPE,
    errors=(GONE,),
)
async def marked(call: Call) -> Answer:
    """所上传的表格原样返回，另加“导入结果”和“问题”两列；改正后可直接再次上传。"""
    row = await _found(call)
    kept = await call.door.row(call.scope, queries.CONTENT, tenant_id=row["tenant_id"], id=row["id"])
    if kept is None or kept["content"] is None:
        raise ServiceError(410, "workbook_gone", "表格已生效或撤回，其内容不再保存")
    sheet = SHEETS[row["sheet"]]
    made = await asyncio.to_thread(
        lambda: answered(sheet, unpack(kept["content"]), row["state"], list(row["faults"]))
    )
    return Answer(made, headers=_download(f"{sheet.title}-导入结果.xlsx"))


@operation(
    "POST",
    "/workbooks/{ref:str}/commit",
    resource="workbook",
    action="run",
    summary="确认导入表格",
    tag=TAG,
    answer=WorkbookView,
    if_match=True,
    status=202,
    errors=(STATE, SAME_PERSON),
)
async def commit(call: Call, tx: Tx) -> Answer:
    """全部行在一个事务中生效，或者一行也不生效。在建项目和入库记录须由上传人以外的一人确认。"""
    row = dict(await _found(call, tx))
    sheet = SHEETS[row["sheet"]]
    ask(call, sheet)
    if call.expected is not None:
        call.expected.check(row["version"])
    if row["state"] != "checked":
        raise ServiceError(
            409, "workbook_state", "只有检查无误、尚未生效的表格可以确认导入", state=row["state"]
        )
    if sheet.two_hands and (call.principal.user is None or call.principal.same_hand(row["sent_by"])):
        raise own_proposal()
    new = {"state": "committing", "done": 0, "beat_at": call.now}
    values: dict[str, Any] = {f"new_{name}": value for name, value in new.items()}
    tx.batch.add(
        queries.BEGIN, of_tenant=row["tenant_id"], of_id=row["id"], read_version=row["version"], **values
    )
    begun = {**row, **new, "version": row["version"] + 1}
    workbook_audited(call, tx, begun, "begin")
    tx.on_commit.append(lambda: call.service(Workbooks).commit(call, begun))
    return Answer(view(begun, call.now), version=begun["version"], headers=_at(begun))


@operation(
    "POST",
    "/workbooks/{ref:str}/withdraw",
    resource="workbook",
    action="run",
    summary="撤回上传的表格",
    tag=TAG,
    answer=WorkbookView,
    if_match=True,
    errors=(STATE,),
)
async def withdraw(call: Call, tx: Tx) -> Answer:
    """尚未生效的表格不再保留其内容；须由另一人确认的，确认人也可以此退回。"""
    row = dict(await _found(call, tx))
    if call.expected is not None:
        call.expected.check(row["version"])
    if row["state"] not in ("faulty", "checked"):
        raise ServiceError(409, "workbook_state", "该表格已生效、已撤回或正在处理", state=row["state"])
    tx.batch.add(
        queries.WITHDRAWN,
        of_tenant=row["tenant_id"],
        of_id=row["id"],
        read_version=row["version"],
        new_state="withdrawn",
        new_content=None,
    )
    gone = {**row, "state": "withdrawn", "version": row["version"] + 1}
    workbook_audited(call, tx, gone, "withdraw")
    return Answer(view(gone, call.now), version=gone["version"])


ROUTES = [sheets, blank, send, list_page, read, marked, commit, withdraw]
