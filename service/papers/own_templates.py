"""An office's own templates of drafts: tried before they are taken, kept by versions, given back at any time.

Whoever writes a kind of paper answers for its form: the right to a draft is the right to its template, within one's own
office. One person is enough: a template decides nothing and opens nothing, what it makes is marked 送审稿 and read by
whoever sends it on (docs/decisions/0226).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

from service.audit.actions import audited
from service.documents.actions import judged
from service.documents.api import ACTIVE, BAD_FILE, MALWARE, UNSAFE_NAME
from service.kit.api import Answer, Call, Error
from service.kit.authz import check
from service.kit.command import command
from service.kit.db import Tx, own
from service.kit.digest import sm3
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import new_id
from service.kit.rows import of_row
from service.papers.docx import MEDIA
from service.papers.drafting import example
from service.papers.press import MOST_TEMPLATE, Form, Press
from service.papers.template_queries import CHANGES, FORGET, INSERT, LATEST
from service.papers.template_schemas import DraftTemplateChange, DraftTemplateQuery, DraftTemplateView
from service.projects.api import CLASSIFIED
from service.vocabulary import label, names

NONE = Error(409, "no_own_template", "本单位没有使用自己的模板")

NO_OFFICE = Error(409, "no_office", "模板属于单位，须由单位的人员办理")

UNFIT = (BAD_FILE, ACTIVE, MALWARE, UNSAFE_NAME, CLASSIFIED, NO_OFFICE)

TAG = "papers"

_VERBS = {"put": "put", "withdrawn": "withdraw"}
KEPT = 20  # changes after which a file is not kept any more
_FAULTS = {
    "fields": ("template_fields", "模板用了没有的字段：{names}；可用的字段见送审稿模板的字段表"),
    "template": ("template_tags", "模板中的标签不能执行：缺少结束标签、写法有误，或用了不允许的写法"),
    "docx": ("template_kind", "应为 docx 文件"),
    "size": ("template_size", "模板展开后过大，或填写过慢"),
    "marking": ("template_marking", "模板应保留“送审稿”字样，写作 {{ marking }}"),
    "pictures": ("template_pictures", "模板不得带有图片或嵌入对象：文头和印章由公文系统加盖"),
}
_NO_SEAT = ServiceError(409, "no_office", "模板属于单位，须由单位的人员办理")
_NONE = ServiceError(409, "no_own_template", "本单位没有使用自己的模板，无需撤回")


class Tried(NamedTuple):
    """A file that does: its digest, and the draft it makes of an example."""

    raw: bytes
    digest: str
    made: bytes


def kind_of(call: Call) -> str:
    """The kind of the path; 404 for none of ours, 403 for one that the caller does not write."""
    kind = call.path("kind")
    if kind not in names("draft"):
        raise not_found()
    check(call.services.policy, call.principal, "draft", kind, f"{label('draft', kind)}模板")
    return kind


def kinds_of(call: Call) -> list[str]:
    """The kinds that the caller may draft."""
    return [kind for kind in names("draft") if call.services.policy.allowed(call.principal, "draft", kind)]


def seat_of(call: Call) -> str:
    """The caller's office; 409 for a client, which sits nowhere."""
    if call.principal.seat is None:
        raise _NO_SEAT
    return call.principal.seat


async def tried(call: Call) -> Tried:
    """The body as a template: judged as attachments are, then filled with an example in the process apart; 422."""
    kind = kind_of(call)
    seat_of(call)
    raw: bytes = call.request.scope.get("tj.body", b"")  # type: ignore[assignment]
    if len(raw) > MOST_TEMPLATE:
        raise unfit("size", ())
    await judged(call, call.query.name, raw)
    made, fault, unknown = await call.service(Press).tried(call.principal.tenant, kind, raw, example())
    if made is None:
        raise unfit(fault, unknown)
    return Tried(raw, await asyncio.to_thread(sm3, raw), made)


def unfit(fault: str, unknown: Sequence[str]) -> ServiceError:
    """422: why the file is no template."""
    code, detail = _FAULTS[fault]
    said = detail.replace("{names}", "、".join(each[:60] for each in unknown[:10]))
    return invalid([FieldError("", code, said)], said)


async def in_use(call: Call, kind: str) -> Form | None:
    """The file that the caller's office uses for a kind, None where it uses none of its own."""
    if call.principal.seat is None:
        return None
    row = await call.door.row(own(call.principal), LATEST, **_given(call, kind))
    if row is None or row["content"] is None:
        return None
    return Form(bytes(row["content"]), row["number"], row["digest"])


def _put(call: Call, done: Any) -> Answer:
    view, changed = done
    headers = {"location": f"/api/v1/draft-templates/{view.kind}"} if changed else {}
    return Answer(view, version=view.version, headers=headers, status=201 if changed else 200)


@command(
    "POST",
    "/draft-templates/{kind:str}",
    resource="draft_template",
    action="manage",
    summary="更换送审稿模板",
    tag=TAG,
    status=201,
    also=(200,),
    query=DraftTemplateQuery,
    upload=MEDIA,
    answer=DraftTemplateView,
    if_match=True,
    errors=UNFIT,
    before=tried,
    view=_put,
)
async def put_template(call: Call, tx: Tx) -> tuple[DraftTemplateView, bool]:
    """本单位此后起草该种文书按所附的 docx（至多 2 MiB）填写；与现用的相同则不变，答 200。

    模板须能以示例内容填成，只用列出的字段，保留“送审稿”字样，不含宏、外部内容、图片和嵌入对象。
    """
    # Takes the file that was tried; whether anything changed: the same file again changes nothing.
    kind, found = kind_of(call), call.found
    rows = await _changes(call, [kind], tx)
    number = rows[0]["number"] if rows else 0
    call.expected.check(number)
    if rows and rows[0]["digest"] == found.digest:
        return await _view(call, kind, rows), False
    if number >= KEPT:
        where: dict[str, Any] = {
            "of_tenant": call.principal.tenant,
            "of_office": seat_of(call),
            "of_kind": kind,
        }
        tx.batch.add(FORGET, expect=None, up_to=number + 1 - KEPT, **where)
    more = {"name": call.query.name, "digest": found.digest, "size": len(found.raw), "content": found.raw}
    new = _changed(call, tx, kind, number + 1, "put", more)
    return await _view(call, kind, [new, *rows]), True


@command(
    "POST",
    "/draft-templates/{kind:str}/withdraw",
    resource="draft_template",
    action="manage",
    summary="撤回送审稿模板",
    tag=TAG,
    answer=DraftTemplateView,
    if_match=True,
    errors=(NONE, NO_OFFICE),
)
async def withdraw_template(call: Call, tx: Tx) -> DraftTemplateView:
    """不再使用本单位的模板，恢复部署单位的或系统自带的；各次改动仍可查看。"""
    # Gives the place back to the deployment's template or ours.
    kind = kind_of(call)
    rows = await _changes(call, [kind], tx)
    call.expected.check(rows[0]["number"] if rows else 0)
    if not rows or rows[0]["act"] == "withdrawn":
        raise _NONE
    more = {"name": None, "digest": None, "size": 0, "content": None}
    new = _changed(call, tx, kind, rows[0]["number"] + 1, "withdrawn", more)
    return await _view(call, kind, [new, *rows])


async def views(call: Call, kinds: list[str]) -> list[DraftTemplateView]:
    """By what each kind is filled in the caller's office, with its changes, the latest first."""
    rows = await _changes(call, kinds)
    return [await _view(call, kind, [row for row in rows if row["kind"] == kind]) for kind in kinds]


def _given(call: Call, kind: str) -> dict[str, Any]:
    return {"tenant_id": call.principal.tenant, "office_id": seat_of(call), "kind": kind}


def _changed(call: Call, tx: Tx, kind: str, number: int, act: str, more: dict[str, Any]) -> dict[str, Any]:
    """The row of a change, with its audit entry."""
    row = {
        **_given(call, kind),
        "id": new_id(),
        "number": number,
        "act": act,
        "by": call.principal.actor,
        "at": call.now,
        **more,
    }
    tx.batch.add(INSERT, **row)
    audited(
        call,
        tx,
        f"draft_template.{_VERBS[act]}",
        row["id"],
        {"kind": kind, "office": row["office_id"], "number": number, "digest": row["digest"]},
        tenant=row["tenant_id"],
    )
    return {**row, "kept": row["content"] is not None}


async def _changes(call: Call, kinds: list[str], tx: Tx | None = None) -> list[Any]:
    given: dict[str, Any] = {
        "tenant_id": call.principal.tenant,
        "office_id": seat_of(call),
        "kinds": kinds,
    }
    if tx is not None:
        return list(await tx.fetch(CHANGES, **given))
    return list(await call.door.fetch(own(call.principal), CHANGES, **given))


async def _view(call: Call, kind: str, changes: Sequence[Any]) -> DraftTemplateView:
    deployed = await asyncio.to_thread(call.service(Press).deployed, call.principal.tenant, kind)
    put = bool(changes) and changes[0]["act"] == "put"
    told = [of_row(DraftTemplateChange, row) for row in changes[:KEPT]]
    return DraftTemplateView(
        kind=kind,
        kind_name=label("draft", kind),
        source="office" if put else "own" if deployed else "ours",
        version=changes[0]["number"] if changes else 0,
        changes=told,
    )
