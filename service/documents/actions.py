"""Handing in, reading, removing: one file, one row, nothing kept of what carries a secrecy mark (arts 14, 15)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, NamedTuple, cast

from service.audit.actions import audited
from service.documents.bench import FileBench, Lost
from service.documents.forms import kinds
from service.documents.forms.opening import media_of
from service.documents.judging import judge_name
from service.documents.models import documents
from service.documents.notes import PROBLEMS, fault, marked
from service.documents.queries import OF_CASE, ONE
from service.documents.schemas import UploadQuery
from service.documents.storage import Storage, StorageAway, aside
from service.documents.verdict import Verdict
from service.documents.viruses import ScannerAway, Viruses
from service.kit.api import Call, Error
from service.kit.command import command, ref_of
from service.kit.db import Row, Tx
from service.kit.digest import sm3
from service.kit.errors import ServiceError, invalid, not_found
from service.kit.ids import Ref, new_id, parse_ref
from service.kit.tables import update_row
from service.kit.telemetry import Telemetry
from service.measures.lifecycle import TERMINAL
from service.projects.case import WORKING, Case, case_of, load, row_seen, row_taken, statement_for
from service.projects.deciding import classified
from service.rulebook.book import RuleBooks

TAG = "documents"

SEALED = Error(409, "document_sealed", "已提交的附件不能删除")

MAX_DOCUMENTS = 300  # per case
DECLARING = ("unit", "department", "portal")
_REMOVE = update_row(documents, documents.c.removed_at.is_(None), removed_at="at", removed_by="by")


class Found(NamedTuple):
    """What is known of a file before BEGIN: its row's id, its digest, what it is, what of it was not read."""

    id: str
    digest: str
    verdict: Verdict


async def prepare(call: Call) -> Found:
    """Ahead of BEGIN: whether this caller may add a file to this case at all, and only then the reading of it.

    Reading takes from milliseconds to seconds; nothing of the database is held meanwhile.
    """
    ref, query = parse_ref(call.path("ref")), cast(UploadQuery, call.query)
    raw: bytes = call.request.scope.get("tj.body", b"")  # type: ignore[assignment]
    row = await row_seen(call, statement_for(call.scope), ref)
    still_taken(case_of(row), call)
    attached = await call.door.fetch(call.scope, OF_CASE, tenant_id=ref.tenant, project_id=ref.id)
    not_full(attached)
    verdict = await judged(call, query.name, raw)
    found = Found(new_id(), await asyncio.to_thread(sm3, raw), verdict)
    # Here and not within the transaction: a store that is slow must not hold the database's connections.
    await aside(_storage(call).put, ref.tenant, found.id, raw)
    return found


async def forget(call: Call, error: ServiceError) -> None:
    """A refusal of the transaction leaves no bytes behind. Where it may have committed after all, the row decides.

    What is left then, or by a process that ends in between, goes with the orphans.
    """
    if call.found is not None and error.status < 500:
        ref, found = parse_ref(call.path("ref")), cast(Found, call.found)
        with suppress(StorageAway):
            await aside(_storage(call).delete, ref.tenant, found.id)


def _storage(call: Call) -> Storage:
    storage: Storage = call.services.shelf[Storage]
    return storage


def not_full(attached: list[Row]) -> None:
    """409 where a case has as many attachments as it may have."""
    if len(attached) >= MAX_DOCUMENTS:
        raise ServiceError(409, "too_many_documents", f"一个项目最多保存 {MAX_DOCUMENTS} 个附件")


def still_taken(case: Case, call: Call) -> None:
    """A case that has ended takes no more files; a text at work is its owner's alone (the pen, law.md, trap 12)."""
    if case.stage in TERMINAL:
        raise ServiceError(409, "case_closed", "项目已结束，不再接收附件")
    if case.state in WORKING and call.scope.login == "province":
        raise ServiceError(409, "not_holder", "案卷目前由项目单位修改，暂不能增加附件")


async def judged(call: Call, name: str, raw: bytes) -> Verdict:
    """The verdict on a file that may be kept; 422 for any other, 503 where the site's scanner does not answer."""
    verdict = await _read(call, name, raw)
    telemetry = call.service(Telemetry)
    try:
        signature = await call.service(Viruses).found(raw)
    except ScannerAway as away:
        telemetry.log.warning("scanner_away", why=away.why)
        raise
    if signature is not None:
        telemetry.security("virus_found", signature=signature, tenant=call.principal.tenant)
        raise _refusal(call, Verdict(refused="malware"))
    return verdict


async def _read(call: Call, name: str, raw: bytes) -> Verdict:
    """As its own reader in a process apart understands it."""
    if code := judge_name(name) or ("" if raw else "empty_file"):
        raise _refusal(call, Verdict(refused=code))
    try:
        verdict = await call.service(FileBench).judge(call.principal.tenant, name, raw)
    except Lost:
        # It cost its reader the life: not checked where that can be told, refused where it was built to unpack.
        media = media_of(raw)
        if media == kinds.ZIP:
            raise _refusal(call, Verdict(refused="unreadable_file")) from None
        return Verdict(media, ("not_finished",))
    if verdict.refused:
        raise _refusal(call, verdict)
    return verdict


def _refusal(call: Call, verdict: Verdict) -> ServiceError:
    """Why the file is not taken, with its place; a mark's words go to who sent them and nowhere else."""
    if verdict.refused == "classified":
        problem = classified(call.service(RuleBooks))
        problem.extensions["errors"] = [marked(verdict.where, verdict.words)]
        return problem
    error = fault(verdict.refused, verdict.where)
    if verdict.refused in PROBLEMS:
        return ServiceError(422, PROBLEMS[verdict.refused], error.detail, errors=[error])
    return invalid([error])


def row_of(call: Call, case: Case, query: UploadQuery, found: Found, raw: bytes) -> dict[str, Any]:
    """The row of a file that was read, found good and stored."""
    return {
        "tenant_id": case.tenant_id,
        "office_id": case.office_id,
        "id": found.id,
        "project_id": case.id,
        "slot": query.slot,
        "name": query.name,
        "media_type": found.verdict.media_type,
        "size": len(raw),
        "digest": found.digest,
        # A check that could not see everything says so (law.md, trap 11).
        "checked": "not_checked" if found.verdict.notes else "clean",
        "notes": ",".join(found.verdict.notes),
        "signatures": found.verdict.signatures,
        "signers": "\n".join(found.verdict.signers),
        "undeclared": case.state in WORKING and any(role in DECLARING for role in call.principal.roles),
        "uploaded_by": call.principal.actor,
        "by_tenant": call.principal.tenant,
        "at": call.now,
        "removed_at": None,
        "removed_by": None,
    }


def document_audited(
    call: Call, tx: Tx, action: str, tenant: str, document: str, summary: dict[str, object]
) -> None:
    """The trail's entry of what was done with an attachment: ids and digests, no names."""
    audited(call, tx, action, document, summary, kind="document", tenant=tenant)


async def find(call: Call, ref: Ref) -> Row:
    """One attachment, or 404."""
    return await row_seen(call, ONE, ref)


async def bytes_of(call: Call, row: Row) -> bytes:
    """The bytes as handed in; a file that does not match its digest is never given out (art. 39)."""
    raw = await aside(_storage(call).get, row["tenant_id"], row["id"])
    if raw is None or sm3(raw) != row["digest"]:
        raise ServiceError(503, "file_unavailable", "文件暂时无法读取，或与登记的摘要不符，请联系管理员")
    return raw


@command(
    "DELETE",
    "/documents/{ref:str}",
    resource="document",
    action="remove",
    summary="删除附件",
    tag=TAG,
    status=204,
    errors=(SEALED,),
    at=ref_of,
)
async def remove(call: Call, tx: Tx, ref: Ref) -> None:
    """起草或退回修改时可删除尚未提交的附件。"""
    # While the owner works on the text its own files may go; what was declared stays (art. 39).
    row = await row_taken(tx, call.principal, ONE, ref)
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
    document_audited(call, tx, "document.remove", ref.tenant, ref.id, {"digest": row["digest"]})
