"""The list of messages: what is done is seen on what it is about, so a page may have to be picked from what is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from service.kit.api import Answer, Call
from service.kit.db import Row
from service.kit.ids import Ref
from service.kit.listing import Wish
from service.kit.rows import of_row
from service.notifications.asked import Asked
from service.notifications.models import inbox
from service.notifications.queries import FILTERS, NEWEST, ROW, Desks, I
from service.notifications.schemas import AboutView, InboxQuery, Message, MessageList, MessageView, ReaderView

CHUNK, CHUNKS = 200, 5  # rows read at once where the answer is picked from them, and how often at most


class Inbox(Desks):
    """Each row with `done`: whether what it asks for was done; None where it asks for nothing."""

    async def rows(
        self, call: Call, wish: Wish, given: Mapping[str, Any], *, cursor: str | None, limit: int
    ) -> list[Row]:
        """The rows behind the cursor, at most `limit`."""
        found = await super().rows(call, wish, given, cursor=cursor, limit=limit)
        return told(found, await call.service(Asked).open(call, found))

    async def page(
        self, call: Call, query: Any, wish: Wish, given: Mapping[str, Any]
    ) -> tuple[list[Row], str | None, dict[str, str]]:
        """What is unread or open is picked of a bounded share: such a page may be shorter than asked."""
        if query.unread is None and query.open is None:
            return await super().page(call, query, wish, given)
        found, cursor, last = list[Row](), query.cursor, None
        for _ in range(CHUNKS):
            rows = await self.rows(call, wish, given, cursor=cursor, limit=CHUNK)
            for row in rows:
                if _wanted(row, query):
                    if len(found) == query.limit:
                        cursor = self.cursor(call, wish, given, last)
                        return found, cursor, self.headers(query, cursor)
                    found.append(row)
                last = row
            if len(rows) < CHUNK:
                return found, None, {}
            cursor = self.cursor(call, wish, given, last)
        return found, cursor, self.headers(query, cursor)

    def whose(self, call: Call, wish: Wish, given: Mapping[str, Any]) -> str:
        """Whose desks they are."""
        return f"{call.principal.scope}:{','.join(call.principal.roles)}"


INBOX = Inbox(
    name="inbox",
    path="/inbox",
    columns=ROW,
    source=inbox,
    row=(I.tenant_id, I.id),
    tenants=(I.tenant_id,),
    filters=FILTERS,
    orders={"newest": NEWEST},
    parted=(("roles", I.role),),
)


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


async def page(call: Call) -> Answer:
    """The messages, and the cursor of the next page."""
    query: InboxQuery = call.query
    only = {"unseen": query.unread, "asking": query.open}
    narrowed = {name: True for name, wanted in only.items() if wanted}
    mine = {**mine_of(call), "tenant_id": call.principal.tenant}
    return await INBOX.serve(call, view, MessageList, **narrowed, **mine)


def told(rows: Sequence[Row], open_: frozenset[str]) -> list[Row]:
    """The rows with `done`; `open_`: the ids of those whose deed waits."""
    return [{**row, "done": None if row["asked"] is None else str(row["id"]) not in open_} for row in rows]


def _wanted(row: Row, query: InboxQuery) -> bool:
    """Unread: not read by the caller and not done; open: asks for something that is not done."""
    unread = row["read_at"] is None and row["done"] is not True
    waits = row["done"] is False
    return query.unread in (None, unread) and query.open in (None, waits)


def view(row: Row) -> Message:
    """A message as answered."""
    return of_row(Message, row, **_own(row))


def full_view(row: Row, open_: frozenset[str]) -> MessageView:
    """The same with the event's snapshot."""
    (row,) = told([row], open_)
    return of_row(MessageView, row, data=row["snapshot"], **_own(row))


def _own(row: Row) -> dict[str, Any]:
    kind = row["object_kind"]
    return {
        "id": str(Ref(row["tenant_id"], row["id"])),
        "object": None
        if kind is None
        else AboutView(kind=kind, id=row["object_id"], title=row["object_title"]),
        "readers": [ReaderView(each["by"], datetime.fromisoformat(each["at"])) for each in row["readers"]],
    }
