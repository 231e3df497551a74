"""Handing in, reading, removing: one file, one row, nothing kept of what carries a secrecy mark (arts 14, 15)."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import DateTime, Text, Uuid, bindparam, update

from service.audit.actions import record
from service.documents.apart import Judged, Reading, judge_apart
from service.documents.models import documents
from service.documents.queries import OF_CASE, ONE
from service.documents.reading import Unreadable
from service.documents.schemas import UploadQuery
from service.documents.storage import Storage
from service.kit.api import Call
from service.kit.db import Row, Statement, Tx
from service.kit.digest import sm3
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import Ref, new_id
from service.kit.tables import insert_row
from service.measures.lifecycle import TERMINAL
from service.measures.secrecy import has_mark
from service.projects.case import WORKING, Case, in_reach, load
from service.projects.deciding import classified
from service.rulebook.book import RuleBooks

MAX_DOCUMENTS = 300  # per case
_INSERT = insert_row(documents)
_REMOVE = Statement(
    update(documents)
    .where(
        documents.c.tenant_id == bindparam("of_tenant", type_=Text),
        documents.c.id == bindparam("of_id", type_=Uuid(as_uuid=False)),
        documents.c.removed_at.is_(None),
    )
    .values(removed_at=bindparam("at", type_=DateTime(timezone=True)), removed_by=bindparam("by", type_=Text))
)


async def upload(call: Call, tx: Tx, ref: Ref, raw: bytes) -> dict[str, Any]:
    """Reads what the file is and says, then stores it. The bytes are on disk before the row commits."""
    query: UploadQuery = call.query
    case = await load(tx, call.principal, ref, None)
    _open(case, call)
    content = await _read(call, query.name, raw)
    if len(await tx.fetch(OF_CASE, tenant_id=ref.tenant, project_id=ref.id)) >= MAX_DOCUMENTS:
        raise ServiceError(409, "too_many_documents", f"一个项目最多保存 {MAX_DOCUMENTS} 个附件")
    row = _row(call, case, query, content, raw)
    storage: Storage = call.services.shelf[Storage]
    await asyncio.to_thread(storage.put, case.tenant_id, row["id"], raw)
    tx.batch.add(_INSERT, **row)
    _audit(
        call, tx, "document.upload", case.tenant_id, row["id"], {"digest": row["digest"], "size": len(raw)}
    )
    return row


def _open(case: Case, call: Call) -> None:
    """A case that has ended takes no more files; a text at work is its owner's alone (the pen, trap 12)."""
    if case.stage in TERMINAL:
        raise ServiceError(409, "case_closed", "项目已结束，不再接收附件")
    if case.state in WORKING and call.scope.login == "province":
        raise ServiceError(409, "not_holder", "案卷目前由项目单位修改，暂不能增加附件")


async def _read(call: Call, name: str, raw: bytes) -> Judged:
    if not raw:
        raise invalid([FieldError("", "empty_file", "文件没有内容")])
    try:
        content = await judge_apart(call.service(Reading), raw)
    except Unreadable:
        raise invalid(
            [FieldError("", "unreadable_file", "文件已损坏、含有宏或展开后过大，不能保存")]
        ) from None
    if content is None:
        raise invalid(
            [
                FieldError(
                    "", "unsupported_file", "只接收 PDF、OFD、WPS/Office 文档、图片和纯文本，按文件内容判断"
                )
            ]
        )
    if content.marked or has_mark(name):
        raise classified(call.service(RuleBooks))
    return content


def _row(call: Call, case: Case, query: UploadQuery, content: Judged, raw: bytes) -> dict[str, Any]:
    return {
        "tenant_id": case.tenant_id,
        "office_id": case.office_id,
        "id": new_id(),
        "project_id": case.id,
        "slot": query.slot,
        "name": query.name,
        "media_type": content.media_type,
        "size": len(raw),
        "digest": sm3(raw),
        # A check that could not see everything says so (trap 11).
        "checked": "clean" if content.whole else "not_checked",
        "uploaded_by": call.principal.actor,
        "by_tenant": call.principal.tenant,
        "at": call.now,
        "removed_at": None,
        "removed_by": None,
    }


def _audit(call: Call, tx: Tx, action: str, tenant: str, document: str, summary: dict[str, object]) -> None:
    record(
        tx,
        tenant=tenant,
        principal=call.principal,
        action=action,
        object_kind="document",
        object_id=document,
        summary=summary,
        request_id=call.trace_id,
        now=call.now,
    )


async def find(call: Call, ref: Ref) -> Row:
    """One attachment, or 404."""
    in_reach(call.principal, ref, call.scope)
    row = await call.door.row(call.scope, ONE, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    return row


async def bytes_of(call: Call, row: Row) -> bytes:
    """The bytes as handed in; a file that does not match its digest is never given out (art. 39)."""
    storage: Storage = call.services.shelf[Storage]
    raw = await asyncio.to_thread(storage.get, row["tenant_id"], row["id"])
    if raw is None or sm3(raw) != row["digest"]:
        raise ServiceError(503, "file_unavailable", "文件暂时无法读取，或与登记的摘要不符，请联系管理员")
    return raw


async def remove(call: Call, tx: Tx, ref: Ref) -> None:
    """While the owner works on the text its own files may go; what was declared stays (art. 39)."""
    in_reach(call.principal, ref, tx.scope)
    row = await tx.row(ONE, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    case = await load(tx, call.principal, Ref(ref.tenant, row["project_id"]), None)
    sealed = case.submitted_at is not None and row["at"] <= case.submitted_at
    sealed = (
        sealed or row["by_tenant"] != case.tenant_id
    )  # what an organ of the province handed in is not the owner's
    if case.state not in WORKING or sealed:
        raise ServiceError(
            409, "document_sealed", "已随申报提交或在办理中的附件不能删除，可另行补充（第三十九条）"
        )
    tx.batch.add(
        _REMOVE, miss=not_found(), of_tenant=ref.tenant, of_id=ref.id, at=call.now, by=call.principal.actor
    )
    _audit(call, tx, "document.remove", ref.tenant, ref.id, {"digest": row["digest"]})
