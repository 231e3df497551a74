"""Messages on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from service.event_kinds import EventKind
from service.kit.coded import EventCode, RoleCode
from service.kit.naming import By
from service.kit.text import Cursor


class InboxQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the inbox, newest first."""

    unread: bool | None = None
    kind: EventKind | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class Message(Struct, kw_only=True):
    """One message of a desk. Who of the desk read it first is told to all of it."""

    id: str
    kind: EventCode
    role: RoleCode
    title: str
    body: str
    project_id: str | None
    at: datetime
    read_at: datetime | None
    read_by: By | None


class MessageView(Message, kw_only=True):
    """A message with the event's snapshot: the case as it was then."""

    data: dict[str, Any]


class ReadAllIn(Struct, forbid_unknown_fields=True):
    """Until when: what came later than the reader's page stays unread; by default all."""

    until: Annotated[datetime, Meta(tz=True)] | None = None


class ReadAll(Struct):
    """How many messages were marked."""

    marked: int


class MessageList(Struct):
    """A page; the Link header leads to the next."""

    items: list[Message]
    next_cursor: str | None
