"""Marking messages as read, each person for himself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import DateTime, Text, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from service.kit.api import Call
from service.kit.command import command
from service.kit.db import Row, Tx, own
from service.kit.errors import not_found, or_404
from service.kit.ids import Ref, parse_ref
from service.kit.statements import OF_TENANT, ROW_IDS, Statement
from service.notifications.asked import Asked
from service.notifications.listing import full_view, mine_of
from service.notifications.models import inbox, inbox_reads
from service.notifications.queries import MESSAGE, MINE, READER, UNREAD
from service.notifications.schemas import MessageView, ReadAll, ReadAllIn

TAG = "inbox"
_now = bindparam("now", type_=DateTime(timezone=True))
_by = bindparam("by", type_=Text)
_COLUMNS = ["tenant_id", "message_id", "reader", "by", "at"]


def _read(*which: Any) -> Statement:
    """The caller has read these; whoever read one first stays, also of the caller's own times."""
    source = select(inbox.c.tenant_id, inbox.c.id, READER, _by, _now).where(*MINE, UNREAD, *which)
    made = insert(inbox_reads).from_select(_COLUMNS, source).on_conflict_do_nothing()
    return Statement(made.returning(inbox_reads.c.message_id))


_MARK = _read(inbox.c.id == bindparam("of_id", type_=inbox.c.id.type))
_MARK_ALL = _read(inbox.c.at <= bindparam("until", type_=DateTime(timezone=True)))
# By the first reading of the desk a message may be forgotten one day (service/portfolio/retention.py).
_FIRST = Statement(
    update(inbox)
    .where(
        inbox.c.tenant_id == OF_TENANT,
        inbox.c.id == ROW_IDS.any_(),
        inbox.c.read_at.is_(None),
    )
    .values(read_at=_now, read_by=_by)
)


def message_of(call: Call) -> Ref:
    """The message that the path names; 404 for another tenant's."""
    ref = parse_ref(call.path("ref"))
    if ref.tenant != call.principal.tenant:
        raise not_found()
    return ref


async def _open(call: Call) -> frozenset[str]:
    """Before BEGIN: whether the message's deed waits; its case may lie in another scope than the message."""
    row = await call.door.row(own(call.principal), MESSAGE, of_id=message_of(call).id, **mine_of(call))
    return frozenset() if row is None else await call.service(Asked).open(call, [row])


@command(
    "POST",
    "/inbox/{ref:str}/read",
    resource="inbox",
    action="mark",
    summary="标记消息已读",
    tag=TAG,
    answer=MessageView,
    before=_open,
    at=message_of,
    view=lambda call, row: full_view(row, call.found),
)
async def mark(call: Call, tx: Tx, ref: Ref) -> Row:
    """只标记本人已读，同岗位的其他人不受影响；可以重复，保留本人最先读的时间。"""
    mine = {**mine_of(call), "of_id": ref.id}
    await _mark(call, tx, _MARK, mine)
    row = or_404(await tx.row(MESSAGE, **mine))
    return row


@command(
    "POST",
    "/inbox/read-all",
    resource="inbox",
    action="mark",
    summary="全部标记已读",
    tag=TAG,
    body=ReadAllIn,
    answer=ReadAll,
)
async def mark_all(call: Call, tx: Tx) -> ReadAll:
    """本人各岗位的未读消息一次标记，只标记本人的；until 之后才到的不受影响。"""
    body: ReadAllIn = call.body
    until = min(body.until or call.now, call.now)
    return ReadAll(await _mark(call, tx, _MARK_ALL, {**mine_of(call), "until": until}))


async def _mark(call: Call, tx: Tx, which: Statement, mine: Mapping[str, Any]) -> int:
    """How many of these the caller had not read; the first reading of a desk is kept with the message."""
    by: dict[str, Any] = {"now": call.now, "by": call.principal.actor}
    ids = [row["message_id"] for row in await tx.fetch(which, **mine, **by)]
    if ids:
        await tx.fetch(_FIRST, of_tenant=mine["of_tenant"], ids=ids, **by)
    return len(ids)
