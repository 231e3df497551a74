"""Messages on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from service.event_kinds import EventKind
from service.kit.coded import EventCode, RoleCode, TaskKindCode, TaskQueueCode
from service.kit.naming import By
from service.kit.text import Cursor


class InboxQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the inbox, newest first."""

    unread: Annotated[
        bool | None,
        Meta(description="只看本人未读（所要求的事项已办结的不算未读）。Unread by the caller, and not done."),
    ] = None
    open: Annotated[
        bool | None,
        Meta(
            description="只看要求办理而尚未办结的（true），或其余的（false）。Asks for a deed not yet done."
        ),
    ] = None
    kind: EventKind | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class AboutView(Struct, kw_only=True):
    """What a message is about: `id` as the operations of that kind take it."""

    kind: Annotated[TaskKindCode, Meta(description="对象的种类。Kind of the object.")]
    id: Annotated[str, Meta(description="对象的编号，用于打开它。Id, to open it by.")]
    title: Annotated[str | None, Meta(description="对象的名称。What it is called.")]


class ReaderView(Struct):
    """Somebody of the desk who has read it, and when first."""

    by: By
    at: datetime


class Message(Struct, kw_only=True):
    """One message of a desk.

    `read_at`, `read_by`: the caller's own reading; what one has read the others of the desk have not (`readers`).
    `asked`: the queue in which the deed waits that it asks for, and `done` whether that was done, by whomever; both
    null where it only tells.
    """

    id: str
    kind: EventCode
    role: RoleCode
    title: str
    body: str
    project_id: str | None
    object: AboutView | None
    at: datetime
    read_at: datetime | None
    read_by: By | None
    readers: Annotated[list[ReaderView], Meta(description="本岗位已读的人，先读的在前。Who has read it.")]
    asked: Annotated[TaskQueueCode | None, Meta(description="所要求办理的事项。The deed it asks for.")]
    done: Annotated[bool | None, Meta(description="所要求的事项是否已经办结。Whether it is done.")]


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
    """A page; the Link header leads to the next. It may hold less than was asked for while there is a next."""

    items: list[Message]
    next_cursor: str | None
