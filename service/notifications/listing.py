"""A page of the inbox: what is done is seen on what it is about, so a page is picked from what is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from service.kit.api import Call
from service.kit.db import Row, own
from service.kit.ids import Ref
from service.kit.paging import Pages
from service.notifications.asked import Asked
from service.notifications.queries import FEW, MANY, list_statement
from service.notifications.schemas import AboutView, InboxQuery, Message, MessageView, ReaderView

PAGES = Pages("inbox", "/inbox")
CHUNK, CHUNKS = 200, 5  # rows read at once where the answer is picked from them, and how often at most
_SAME = ("kind", "role", "title", "body", "project_id", "at", "read_at", "read_by", "asked")


def mine_of(call: Call) -> dict[str, Any]:
    """The caller's desks, and who reads."""
    principal = call.principal
    return {
        "of_tenant": principal.tenant,
        "roles": sorted(set(principal.roles)),
        "office": principal.office or principal.seat,
        "user": principal.user,
        "reader": principal.actor.partition(" via ")[0],
    }


async def page(call: Call, query: InboxQuery) -> tuple[list[Message], str | None]:
    """The messages, and the cursor of the next page. Reads a bounded share: a page may be shorter than asked."""
    given, filters = mine_of(call), set[str]()
    if query.unread:
        filters.add("unread")
    if query.open:
        filters.add("asked")
    if query.kind is not None:
        given["kind"] = query.kind
        filters.add("kind")
    if query.cursor is not None:
        after_at, given["after_id"] = PAGES.behind(call, _whose(call), query.cursor)
        given["after_at"] = datetime.fromisoformat(after_at)
        filters.add("after")
    picked = query.unread is not None or query.open is not None
    size = CHUNK if picked else query.limit + 1
    most = FEW if size <= FEW else MANY
    found: list[Message] = []
    last: Row | None = None
    for _ in range(CHUNKS if picked else 1):
        rows = await call.door.fetch(
            own(call.principal), list_statement(frozenset(filters), most), limit=size, **given
        )
        open_ = await call.service(Asked).open(call, rows)
        for row in rows:
            message = view(row, open_)
            if not _wanted(message, query):
                last = row
            elif len(found) < query.limit:
                found.append(message)
                last = row
            else:
                return found, _cursor(call, last)
        if len(rows) < size:
            return found, None
        last = rows[-1]
        given |= {"after_at": last["at"], "after_id": last["id"]}
        filters.add("after")
    return found, _cursor(call, last)


def _wanted(message: Message, query: InboxQuery) -> bool:
    """Unread: not read by the caller and not done; open: asks for something that is not done."""
    unread = message.read_at is None and message.done is not True
    waits = message.done is False
    return query.unread in (None, unread) and query.open in (None, waits)


def view(row: Row, open_: frozenset[str]) -> Message:
    """A message as answered; `open_`: the ids of those whose deed waits."""
    return Message(**_members(row, open_))


def full_view(row: Row, open_: frozenset[str]) -> MessageView:
    """The same with the event's snapshot."""
    return MessageView(**_members(row, open_), data=row["snapshot"])


def _members(row: Row, open_: frozenset[str]) -> dict[str, Any]:
    kind = row["object_kind"]
    return {
        "id": str(Ref(row["tenant_id"], row["id"])),
        "object": None
        if kind is None
        else AboutView(kind=kind, id=row["object_id"], title=row["object_title"]),
        "readers": [ReaderView(each["by"], datetime.fromisoformat(each["at"])) for each in row["readers"]],
        "done": None if row["asked"] is None else str(row["id"]) not in open_,
        **{name: row[name] for name in _SAME},
    }


def _whose(call: Call) -> str:
    return f"{call.principal.scope}:{','.join(call.principal.roles)}"


def _cursor(call: Call, row: Row | None) -> str | None:
    if row is None:
        return None
    return PAGES.cursor(call, _whose(call), [row["at"].isoformat(), str(row["id"])])
