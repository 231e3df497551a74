"""消息: what was told to this desk, the newest first; what it asks for stays until it is done, whoever did it."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.admin_parts import press
from service.console.amounts import NOTHING
from service.console.cells import Column
from service.console.deeds import deed
from service.console.listing import Filter
from service.console.pages import page
from service.console.records import Register, listing, looked, shown_as
from service.console.sentences import told
from service.console.visiting import Visit
from service.kit.handler import Rendered
from service.vocabulary import names

AT = "/console/messages"
_WHICH = {"unread": {"unread": "true"}, "open": {"open": "true"}}
MESSAGES = Register(
    AT, "消息", "告知本岗位的事，新的在前；要您办的写明办什么。", "inbox_list_page",
    (
        Column("消息", "title", under="told_what"), Column("请您办", "told_do", tag=True),
        Column("收到", "at", "ago", number=True),
    ),
    "没有消息。",
    filters=(Filter("which", "哪些", (("unread", "未读的"), ("open", "还没办的")), "local"),),
    facts=(Column("消息", "title"),), name="title", order="新的在前", opens=False,
)  # fmt: skip


@page("GET", AT)
async def messages(visit: Visit) -> Rendered:
    """The list, with a look at one."""
    return await messages_shown(visit)


async def messages_shown(visit: Visit) -> Rendered:
    """The page, also after a mark that was refused."""
    which = visit.query.get("which", "")
    listed = await listing(visit, MESSAGES, _WHICH.get(which, {}))
    for row in listed.found["items"]:
        row.update(_told(visit, row))
    return shown_as(visit, await looked(visit, listed), template="messages.html", only=which)


def _told(visit: Visit, row: Any) -> dict[str, Any]:
    """A message in words: what happened, what it asks for, and where that is done."""
    said, waits = told(row["body"]), bool(row["asked"]) and not row["done"]
    new = not row["read_at"] and not row["done"]
    return {
        "said": said,
        "told_what": said.what,
        "told_do": names("task_queue").get(row["asked"] or "", NOTHING) if waits else NOTHING,
        "waits": waits,
        "new": new,
        "press": press(visit, "inbox_mark", "标为已读", ref=row["id"]) if new else [],
    }


@page("POST", AT)
async def read_messages(visit: Visit) -> Rendered:
    """One is marked as read, or all of them up to the newest that was shown."""
    return await deed(visit, messages_shown, then=lambda _: visit.link())


ROUTES: list[HTTPRouteHandler] = [messages, read_messages]
