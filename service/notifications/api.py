"""/inbox: messages of the caller's desks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.db import Row, Tx
from service.kit.errors import not_found
from service.kit.ids import Ref, parse_ref
from service.kit.paging import next_link, seal, unseal
from service.notifications import actions
from service.notifications.queries import MESSAGE, list_statement
from service.notifications.schemas import InboxQuery, MessageList, MessageView, ReadAll, ReadAllIn

TAG = "inbox"


def _mine(call: Call) -> dict[str, Any]:
    principal = call.principal
    return {
        "of_tenant": principal.tenant,
        "roles": list(principal.roles),
        "office": principal.office or principal.seat,
        "user": principal.user,
    }


def _context(call: Call) -> str:
    return f"inbox:{call.principal.scope}:{','.join(call.principal.roles)}"


def _ref(call: Call) -> Ref:
    ref = parse_ref(call.path("ref"))
    if ref.tenant != call.principal.tenant:
        raise not_found()
    return ref


def _view(row: Row) -> MessageView:
    fields = ("kind", "role", "title", "body", "project_id", "at", "read_at", "read_by")
    return MessageView(
        id=str(Ref(row["tenant_id"], row["id"])),
        data=row["snapshot"],
        **{name: row[name] for name in fields},
    )


@operation(
    "GET", "/inbox", resource="inbox", action="read", summary="消息列表", tag=TAG,
    query=InboxQuery, answer=MessageList, paged=True,
)  # fmt: skip
async def list_page(call: Call) -> Answer:
    """本人角色（及所在单位）的消息，新的在前；下一页见 Link 头或 next_cursor。"""
    query: InboxQuery = call.query
    given = _mine(call)
    filters = set()
    if query.unread is not None:
        filters.add("unread" if query.unread else "read")
    if query.kind is not None:
        given["kind"] = query.kind
        filters.add("kind")
    if query.cursor is not None:
        after_at, given["after_id"] = unseal(call.services.cursor_secret, _context(call), query.cursor)
        given["after_at"] = datetime.fromisoformat(after_at)
        filters.add("after")
    rows = await call.door.fetch(
        call.scope, list_statement(frozenset(filters)), limit=query.limit + 1, **given
    )
    cursor = None
    if len(rows) > query.limit:
        last = rows[query.limit - 1]
        cursor = seal(call.services.cursor_secret, _context(call), [last["at"].isoformat(), last["id"]])
    items = ",".join([row["item"] for row in rows[: query.limit]])
    body = f'{{"items":[{items}],"next_cursor":{msgspec.json.encode(cursor).decode()}}}'
    return Answer(body.encode(), headers=next_link("/api/v1/inbox", msgspec.to_builtins(query), cursor))


@operation(
    "GET", "/inbox/{ref:str}", resource="inbox", action="read", summary="读取消息", tag=TAG, answer=MessageView,
)  # fmt: skip
async def read(call: Call) -> Answer:
    """附事件发生时的项目快照。"""
    row = await call.door.row(call.scope, MESSAGE, of_id=_ref(call).id, **_mine(call))
    if row is None:
        raise not_found()
    return Answer(_view(row))


@operation(
    "POST", "/inbox/{ref:str}/read", resource="inbox", action="mark", summary="标记消息已读", tag=TAG,
    answer=MessageView,
)  # fmt: skip
async def mark(call: Call, tx: Tx) -> Answer:
    """可以重复；保留最先标记的人和时间。"""
    row = await actions.mark(tx, _ref(call), _mine(call), call.principal.actor, call.now)
    return Answer(_view(row))


@operation(
    "POST", "/inbox/read-all", resource="inbox", action="mark", summary="全部标记已读", tag=TAG, body=ReadAllIn,
    answer=ReadAll,
)  # fmt: skip
async def mark_all(call: Call, tx: Tx) -> Answer:
    """本人各岗位的未读消息一次标记；until 之后才到的不受影响。发给本人的只标记本人的。"""
    body: ReadAllIn = call.body
    until = min(body.until or call.now, call.now)
    return Answer(ReadAll(await actions.mark_all(tx, _mine(call), call.principal.actor, until, call.now)))


ROUTES: list[HTTPRouteHandler] = [list_page, read, mark, mark_all]
