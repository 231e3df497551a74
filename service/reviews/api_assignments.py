"""/assignments: an expert's own work."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar.handlers import HTTPRouteHandler

from service.documents.actions import bytes_of
from service.documents.api import UNAVAILABLE, document_view
from service.documents.queries import OF_CASE
from service.documents.schemas import DocumentList
from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.db import Row
from service.kit.errors import not_found, or_404
from service.kit.ids import Ref, parse_ref
from service.kit.rows import of_row
from service.measures.checklist import SLOTS
from service.measures.experts import CRITERIA
from service.projects.case import WORKING, in_reach
from service.reviews import scoring
from service.reviews.queries import ASSIGNMENT, ASSIGNMENTS, SCORES
from service.reviews.schemas import AssignmentQuery
from service.reviews.schemas_out import (
    AssignmentItem,
    AssignmentList,
    AssignmentView,
)
from service.reviews.scoring import TAG
from service.reviews.views import sheet_view


def _item(row: Row) -> AssignmentItem:
    return of_row(AssignmentItem, row, id=str(Ref(row["tenant_id"], row["id"])))


@operation(
    "GET",
    "/assignments",
    resource="assignment",
    action="read",
    summary="我的评审任务",
    tag=TAG,
    where="cases",
    query=AssignmentQuery,
    answer=AssignmentList,
    paged=True,
)
async def assignments(call: Call) -> Answer:
    """只有本人承担的任务，新的在前。"""
    query: AssignmentQuery = call.query
    more: dict[str, Any] = {} if query.open is None else {"to_do" if query.open else "done": True}
    return await ASSIGNMENTS.serve(call, _item, AssignmentList, user_id=call.principal.user, **more)


async def _assigned(call: Call) -> Row:
    """One's own assignment with its case; after a recusal it is not there any more."""
    ref = parse_ref(call.path("ref"))
    in_reach(call.principal, ref, call.scope)
    row = await call.door.row(
        call.scope, ASSIGNMENT, tenant_id=ref.tenant, id=ref.id, user_id=call.principal.user
    )
    if row is None or row["recused_at"] is not None:
        raise not_found()
    return row


async def _shown(call: Call) -> AssignmentView:
    ref, row = parse_ref(call.path("ref")), await _assigned(call)
    sheets = []
    if row["opened_at"] is not None:
        sheets = await call.door.fetch(call.scope, SCORES, tenant_id=ref.tenant, id=row["project_id"])
    own = next((each for each in sheets if each["assignment_id"] == ref.id), None)
    # What was declared last while the appraisal runs; a later declaration is nobody's assignment.
    current = row["submission"] == row["submissions"]
    declared = (row["declared"] or {}) if current else {}
    return of_row(
        AssignmentView,
        row,
        id=str(Ref(row["tenant_id"], row["id"])),
        criteria=dict(CRITERIA),
        facts=declared.get("facts") or {},
        materials=declared.get("materials") or {},
        sheet=None if own is None else sheet_view(own, row["name"]),
    )


@operation(
    "GET",
    "/assignments/{ref:str}",
    resource="assignment",
    action="read",
    summary="读取评审任务",
    tag=TAG,
    where="cases",
    answer=AssignmentView,
)
async def assignment(call: Call) -> Answer:
    """本人承担的项目的申报内容和评分标准；评分齐全之前连本人的评分也不再显示。"""
    return Answer(await _shown(call))


async def _files(call: Call) -> list[Row]:
    """The files of what is declared, for whoever serves on it; what the owner adds to a working copy is not there."""
    shown = await _assigned(call)
    case = {"tenant_id": shown["tenant_id"], "project_id": shown["project_id"]}
    declared = {slot.key for slot in SLOTS.values() if slot.phase == "declaration"}
    until = shown["submitted_at"]
    rows = await call.door.fetch(call.scope, OF_CASE, **case)
    if until is None or shown["submission"] != shown["submissions"]:
        return []
    away = shown["state"] not in WORKING
    return [row for row in rows if row["slot"] in declared and (away or row["at"] <= until)]


@operation(
    "GET",
    "/assignments/{ref:str}/documents",
    resource="assignment",
    action="read",
    summary="评审项目的附件",
    tag=TAG,
    where="cases",
    answer=DocumentList,
)
async def documents(call: Call) -> Answer:
    """随申报或需求提交的附件；申报已有新版本的，原评审任务不再列出。"""
    return Answer(DocumentList([document_view(row) for row in await _files(call)]))


@operation(
    "GET",
    "/assignments/{ref:str}/documents/{document:str}/content",
    resource="assignment",
    action="read",
    summary="下载评审项目的附件",
    tag=TAG,
    where="cases",
    answer=bytes,
    media_type="application/octet-stream",
    errors=(UNAVAILABLE,),
)
async def document(call: Call) -> Answer:
    """只限本人承担的项目，一律作为附件下载；document 是附件的 id，地区代码可以省略。"""
    wanted, files = call.path("document"), await _files(call)
    row = or_404(
        next((each for each in files if wanted in (each["id"], f"{each['tenant_id']}-{each['id']}")), None)
    )
    raw = await bytes_of(call, row)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(row['name'])}"}
    return Answer(raw, headers=headers)


ROUTES: list[HTTPRouteHandler] = [
    assignments,
    assignment,
    documents,
    document,
    *routes_of(scoring),
]
