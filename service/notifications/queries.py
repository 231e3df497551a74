"""Reads of the inbox. Row level security stops at the tenant, so role and office are filtered here."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Text,
    Uuid,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.statements import Statement, scope_ready
from service.kit.wire import wire_time
from service.notifications.models import inbox

I = inbox.c  # noqa: E741 - the table's initial, as elsewhere
_tenant = bindparam("of_tenant", type_=Text)
_id = bindparam("of_id", type_=Uuid(as_uuid=False))

# A desk's messages: the caller holds the role, and the office is his where one is named.
MINE = (
    I.tenant_id == _tenant,
    I.role == func.any(bindparam("roles", type_=ARRAY(Text))),
    or_(I.office_id.is_(None), I.office_id == bindparam("office", type_=Uuid(as_uuid=False))),
    or_(I.user_id.is_(None), I.user_id == bindparam("user", type_=Uuid(as_uuid=False))),
)
_PROJECT = I.snapshot["project"]["id"].astext
_PARTS: dict[str, Any] = {
    "id": I.tenant_id + "-" + cast(I.id, Text),
    "kind": I.kind,
    "role": I.role,
    "title": I.title,
    "body": I.body,
    "project_id": _PROJECT,
    "at": wire_time(I.at),
    "read_at": wire_time(I.read_at),
    "read_by": I.read_by,
}
_ITEM = func.json_build_object(*chain.from_iterable((literal_column(f"'{k}'"), v) for k, v in _PARTS.items()))

FILTERS: dict[str, ColumnElement[bool]] = {
    "unread": I.read_at.is_(None),
    "read": I.read_at.is_not(None),
    "kind": I.kind == bindparam("kind", type_=Text),
    "after": tuple_(I.at, I.id)
    < tuple_(
        bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid(as_uuid=False))
    ),
}


@cache
def list_statement(filters: frozenset[str]) -> Statement:
    """A page of messages, newest first."""
    page = select(cast(_ITEM, Text).label("item"), I.at, I.id).where(
        *MINE, *(FILTERS[name] for name in sorted(filters)), scope_ready()
    )
    return Statement(page.order_by(I.at.desc(), I.id.desc()).limit(bindparam("limit", type_=Integer)))


MESSAGE = Statement(select(*inbox.c, _PROJECT.label("project_id")).where(*MINE, I.id == _id, scope_ready()))
