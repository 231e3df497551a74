"""/inbox: messages of the caller's desks."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.db import own
from service.kit.errors import or_404
from service.notifications import marking
from service.notifications.asked import Asked
from service.notifications.listing import full_view, mine_of, page
from service.notifications.marking import TAG, message_of
from service.notifications.queries import MESSAGE
from service.notifications.schemas import InboxQuery, MessageList, MessageView


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
    return await page(call)


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
    row = or_404(
        await call.door.row(own(call.principal), MESSAGE, of_id=message_of(call).id, **mine_of(call))
    )
    return Answer(full_view(row, await call.service(Asked).open(call, [row])))


ROUTES: list[HTTPRouteHandler] = [list_page, read, *routes_of(marking)]
