"""Reads of the inbox. Row level security stops at the tenant, so role and office are filtered here."""

from __future__ import annotations

from functools import cache

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by

from service.kit.statements import Statement, scope_ready
from service.kit.wire import wire_time
from service.notifications.models import inbox, inbox_reads

I, R = inbox.c, inbox_reads.c  # noqa: E741 - the table's initial, as elsewhere
_tenant = bindparam("of_tenant", type_=Text)
_id = bindparam("of_id", type_=Uuid(as_uuid=False))
READER = bindparam("reader", type_=Text)

# A desk's messages: the caller holds the role, and the office is his where one is named.
MINE = (
    I.tenant_id == _tenant,
    I.role == func.any(bindparam("roles", type_=ARRAY(Text))),
    or_(I.office_id.is_(None), I.office_id == bindparam("office", type_=Uuid(as_uuid=False))),
    or_(I.user_id.is_(None), I.user_id == bindparam("user", type_=Uuid(as_uuid=False))),
)
_READS = and_(R.tenant_id == I.tenant_id, R.message_id == I.id)
UNREAD = ~exists().where(_READS, R.reader == READER)
_own = select(R.at).where(_READS, R.reader == READER).correlate(inbox).scalar_subquery()
_own_by = select(R.by).where(_READS, R.reader == READER).correlate(inbox).scalar_subquery()
_text = literal_column
_one_reader = func.jsonb_build_object(_text("'by'"), R.by, _text("'at'"), wire_time(R.at))
_readers = (
    select(func.jsonb_agg(aggregate_order_by(_one_reader, R.at, R.reader)))
    .where(_READS)
    .correlate(inbox)
    .scalar_subquery()
)
_PROJECT = I.snapshot["project"]["id"].astext
_ROW = (
    I.tenant_id,
    I.id,
    I.kind,
    I.role,
    I.title,
    I.body,
    I.at,
    I.object_kind,
    I.object_id,
    I.asked,
    _PROJECT.label("project_id"),
    case(
        (I.object_kind == _text("'obligation'"), I.snapshot["obligation"]["title"].astext),
        else_=func.coalesce(I.snapshot["project"]["name"].astext, I.snapshot["subject"]["name"].astext),
    ).label("object_title"),
    _own.label("read_at"),
    _own_by.label("read_by"),
    func.coalesce(_readers, _text("'[]'::jsonb", JSONB)).label("readers"),
)

FILTERS: dict[str, ColumnElement[bool]] = {
    "unread": UNREAD,
    "asked": I.asked.is_not(None),
    "kind": I.kind == bindparam("kind", type_=Text),
    "after": tuple_(I.at, I.id)
    < tuple_(
        bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid(as_uuid=False))
    ),
}


@cache
def list_statement(filters: frozenset[str]) -> Statement:
    """A page of messages, newest first."""
    page = select(*_ROW).where(*MINE, *(FILTERS[name] for name in sorted(filters)), scope_ready())
    return Statement(page.order_by(I.at.desc(), I.id.desc()).limit(bindparam("limit", type_=Integer)))


MESSAGE = Statement(select(*_ROW, I.snapshot).where(*MINE, I.id == _id, scope_ready()))
