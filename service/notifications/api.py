"""/inbox: messages of the caller's desks."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.db import Tx, own
from service.kit.errors import not_found
from service.kit.ids import Ref, parse_ref
from service.notifications import actions
from service.notifications.asked import Asked
from service.notifications.listing import PAGES, full_view, mine_of, page
from service.notifications.queries import MESSAGE
from service.notifications.schemas import InboxQuery, MessageList, MessageView, ReadAll, ReadAllIn

TAG = "inbox"


def _ref(call: Call) -> Ref:
    ref = parse_ref(call.path("ref"))
    if ref.tenant != call.principal.tenant:
        raise not_found()
    return ref


async def _open(call: Call) -> frozenset[str]:
    """Before BEGIN: whether the message's deed waits; its case may lie in another scope than the message."""
    row = await call.door.row(own(call.principal), MESSAGE, of_id=_ref(call).id, **mine_of(call))
    return frozenset() if row is None else await call.service(Asked).open(call, [row])


@operation(
    "GET",
    "/inbox",
    resource="inbox",
    action="read",
    summary="消息列表",
    tag=TAG,
    query=InboxQuery,
    answer=MessageList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """本人角色（及所在单位）的消息，新的在前；下一页见 Link 头或 next_cursor。

    已读按人分别记录；所要求的事项一经办结，对全岗位都是已办（done）。"""
    query: InboxQuery = call.query
    items, cursor = await page(call, query)
    return Answer(MessageList(items, cursor), headers=PAGES.headers(query, cursor))


@operation(
    "GET",
    "/inbox/{ref:str}",
    resource="inbox",
    action="read",
    summary="读取消息",
    tag=TAG,
    answer=MessageView,
)
async def read(call: Call) -> Answer:
    """附事件发生时的项目快照。"""
    row = await call.door.row(own(call.principal), MESSAGE, of_id=_ref(call).id, **mine_of(call))
    if row is None:
        raise not_found()
    return Answer(full_view(row, await call.service(Asked).open(call, [row])))


@operation(
    "POST",
    "/inbox/{ref:str}/read",
    resource="inbox",
    action="mark",
    summary="标记消息已读",
    tag=TAG,
    answer=MessageView,
    before=_open,
)
async def mark(call: Call, tx: Tx) -> Answer:
    """只标记本人已读，同岗位的其他人不受影响；可以重复，保留本人最先读的时间。"""
    row = await actions.mark(tx, _ref(call), mine_of(call), call.principal.actor, call.now)
    return Answer(full_view(row, call.found))


@operation(
    "POST",
    "/inbox/read-all",
    resource="inbox",
    action="mark",
    summary="全部标记已读",
    tag=TAG,
    body=ReadAllIn,
    answer=ReadAll,
)
async def mark_all(call: Call, tx: Tx) -> Answer:
    """本人各岗位的未读消息一次标记，只标记本人的；until 之后才到的不受影响。"""
    body: ReadAllIn = call.body
    until = min(body.until or call.now, call.now)
    return Answer(ReadAll(await actions.mark_all(tx, mine_of(call), call.principal.actor, until, call.now)))


ROUTES: list[HTTPRouteHandler] = [list_page, read, mark, mark_all]
