"""/projects/{id}/documents, /documents: attachments, and the checklist they fill."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar.handlers import HTTPRouteHandler

from service.documents import actions
from service.documents.actions import TAG
from service.documents.models import documents
from service.documents.naming import named_papers
from service.documents.notes import NOTES
from service.documents.outlook import outlook_of, slots_as_they_stand
from service.documents.queries import OF_CASE
from service.documents.schemas import (
    Checklist,
    DocumentList,
    DocumentView,
    MissingView,
    NoteView,
    SignaturesView,
    UploadQuery,
)
from service.kit.api import Answer, Call, Error, operation
from service.kit.command import routes_of
from service.kit.db import Row
from service.kit.ids import Ref, parse_ref
from service.kit.rows import of_row
from service.kit.tables import insert_row
from service.measures.checklist import SLOTS
from service.measures.side_acts import UPLOAD
from service.projects.api import CLASSIFIED, read_case
from service.projects.deeds import Desk, deed

_INSERT = insert_row(documents)
BAD_FILE = Error(422, "invalid_body", "文件为空、损坏、类型不接收，errors 逐项指明")
ACTIVE = Error(422, "active_content", "文件含宏、脚本等会自动运行的内容，或本身是程序")
MALWARE = Error(422, "malware", "文件含病毒特征")
UNSAFE_NAME = Error(422, "unsafe_name", "文件名会掩饰其真实类型")
CLOSED = Error(409, "case_closed", "项目已结束")
FULL = Error(409, "too_many_documents", "附件数量超过上限")
NOT_HOLDER = Error(409, "not_holder", "案卷由项目单位修改中")
UNAVAILABLE = Error(503, "file_unavailable", "文件存储暂时无法访问，或文件与登记的摘要不符")


def _notes(row: Row | dict[str, Any]) -> list[NoteView]:
    told = row["notes"].split(",") if row["notes"] else []
    return [NoteView(code, text) for code, text in NOTES.items() if code in told]


def _signatures(row: Row | dict[str, Any]) -> SignaturesView | None:
    """「已签名，未验证」: what the file carries, and that nobody looked whether it is genuine."""
    count, signers = row["signatures"], row["signers"].split("\n") if row["signers"] else []
    if count is None:
        return None
    if not count:
        return SignaturesView(0, [], "未见电子签名")
    named = f"，自称由{'、'.join(signers)}签署" if signers else ""
    return SignaturesView(
        count, signers, f"已签名，未验证：有 {count} 处电子签名{named}；本系统不验证签名的真伪和效力"
    )


def document_view(row: Row | dict[str, Any]) -> DocumentView:
    """A row of `documents` as an answer."""
    tenant = row["tenant_id"]
    return of_row(
        DocumentView,
        row,
        id=str(Ref(tenant, row["id"])),
        project_id=str(Ref(tenant, row["project_id"])),
        slot_name=SLOTS[row["slot"]].name,
        notes=_notes(row),
        signatures=_signatures(row),
    )


def _where_it_is(desk: Desk) -> Answer:
    shown = document_view(desk.left)
    return Answer(shown, headers={"location": f"/api/v1/documents/{shown.id}"})


@deed(
    "documents",
    UPLOAD,
    summary="上传附件",
    may="document/upload",
    tag=TAG,
    query=UploadQuery,
    answer=DocumentView,
    reply=_where_it_is,
    status=201,
    gated=None,
    upload="application/octet-stream",
    before=actions.prepare,
    refused=actions.forget,
    errors=(BAD_FILE, ACTIVE, MALWARE, UNSAFE_NAME, CLASSIFIED, CLOSED, FULL, NOT_HOLDER, UNAVAILABLE),
)
async def upload(desk: Desk) -> None:
    """请求内容即文件本身；类型按内容判断。文件名或内容带密级标识、含宏或脚本、扩展名互相掩饰的不受理、不保存。

    checked 为 clean 表示读者可见的全部内容均已读过；有任何一处没有读到的为 not_checked，notes 逐项说明。
    """
    # The bytes are in the store before the row commits.
    call, tx, case = desk.call, desk.tx, desk.case
    raw: bytes = call.request.scope.get("tj.body", b"")  # type: ignore[assignment]
    actions.still_taken(case, call)
    actions.not_full(await tx.fetch(OF_CASE, tenant_id=case.tenant_id, project_id=case.id))
    desk.left = row = actions.row_of(call, case, call.query, call.found, raw)
    tx.batch.add(_INSERT, **row)
    kept = {"digest": row["digest"], "size": len(raw)}
    actions.document_audited(call, tx, "document.upload", case.tenant_id, row["id"], kept)


async def _of_case(call: Call) -> list[Row]:
    ref = parse_ref(call.path("ref"))
    return await call.door.fetch(call.scope, OF_CASE, tenant_id=ref.tenant, project_id=ref.id)


@operation(
    "GET",
    "/projects/{ref:str}/documents",
    resource="document",
    action="read",
    summary="项目附件",
    tag=TAG,
    where="cases",
    answer=DocumentList,
)
async def list_all(call: Call) -> Answer:
    """按上传先后；已删除的不在其中。"""
    await read_case(call, call.path("ref"))
    return Answer(DocumentList([document_view(row) for row in await _of_case(call)]))


@operation(
    "GET",
    "/projects/{ref:str}/documents/checklist",
    resource="document",
    action="read",
    summary="材料清单",
    tag=TAG,
    where="cases",
    answer=Checklist,
)
async def checklist(call: Call) -> Answer:
    """按项目类型逐项列出材料、依据条款和已有附件；各环节引用的文件按 SM3 摘要对应到附件，未上传的 document 为空。

    起草和退回期间，open 与提交（需求为报送）时将指出的缺项完全一致（同一套代码，含当日有效的申报通知的要求）；终验以后
    为不另填材料即申请竣工验收时将指出的缺项，与验收材料清单一致。missing 为缺项所在的附件位置。
    """
    case = await read_case(call, call.path("ref"))
    attached = await _of_case(call)
    outlook = await outlook_of(call, case)
    items = slots_as_they_stand(outlook, attached)
    return Answer(
        Checklist(
            items,
            [item.slot for item in items if item.slot in outlook.open_slots],
            await named_papers(call, case.ref, attached),
            outlook.checked,
            [MissingView(**point.as_dict()) for point in outlook.open],  # type: ignore[arg-type]
            outlook.document_number or None,
        )
    )


@operation(
    "GET",
    "/documents/{ref:str}",
    resource="document",
    action="read",
    summary="附件信息",
    tag=TAG,
    where="cases",
    answer=DocumentView,
)
async def read(call: Call) -> Answer:
    """名称、类型、大小、SM3 摘要和检查结果。"""
    return Answer(document_view(await actions.find(call, parse_ref(call.path("ref")))))


@operation(
    "GET",
    "/documents/{ref:str}/content",
    resource="document",
    action="read",
    summary="下载附件",
    tag=TAG,
    where="cases",
    answer=bytes,
    media_type="application/octet-stream",
    errors=(UNAVAILABLE,),
)
async def download(call: Call) -> Answer:
    """一律作为附件下载，不在浏览器中打开。"""
    row = await actions.find(call, parse_ref(call.path("ref")))
    raw = await actions.bytes_of(call, row)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(row['name'])}"}
    return Answer(raw, headers=headers)


ROUTES: list[HTTPRouteHandler] = [
    upload,
    list_all,
    checklist,
    read,
    download,
    *routes_of(actions),
]
