"""Reads of the inbox. Row level security stops at the tenant, so role and office are filtered here."""

from __future__ import annotations

from functools import cache
from typing import Any

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
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by

from service.kit.statements import Statement, scope_ready
from service.kit.wire import wire_time
from service.notifications.models import inbox, inbox_reads

I, R = inbox.c, inbox_reads.c  # noqa: E741 - the table's initial, as elsewhere
_tenant = bindparam("of_tenant", type_=Text)
_id = bindparam("of_id", type_=Uuid(as_uuid=False))
READER = bindparam("reader", type_=Text)

_FOR_ME = or_(I.user_id.is_(None), I.user_id == bindparam("user", type_=Uuid(as_uuid=False)))
# A desk's messages: the caller holds the role, and the office is his where one is named.
MINE = (
    I.tenant_id == _tenant,
    I.role == func.any(bindparam("roles", type_=ARRAY(Text))),
    or_(I.office_id.is_(None), I.office_id == bindparam("office", type_=Uuid(as_uuid=False))),
    _FOR_ME,
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


# One desk of the caller after the other: its role, for all of the tenant or for his office.
_desk = func.unnest(bindparam("roles", type_=ARRAY(Text))).table_valued("role").render_derived(name="desk")
_ANYWHERE, _HERE = I.office_id.is_(None), I.office_id == bindparam("office", type_=Uuid(as_uuid=False))
FEW, MANY = 51, 201  # how much of each desk a page may need


@cache
def list_statement(filters: frozenset[str], most: int) -> Statement:
    """A page of messages, newest first: the newest of each desk, merged, so that other desks' are not read.

    `most`: FEW or MANY, no less than the page. PostgreSQL knows it, so that it takes each desk's by its index.
    """

    def newest(where: ColumnElement[bool]) -> Any:
        some = select(I.id, I.at).where(I.tenant_id == _tenant, I.role == _desk.c.role, where, _FOR_ME)
        some = some.where(*(FILTERS[name] for name in sorted(filters)), scope_ready())
        some = some.order_by(I.at.desc(), I.id.desc()).limit(literal_column(str(most)))
        each = some.correlate(_desk).lateral("newest")
        return select(each.c.id, each.c.at).select_from(_desk.join(each, literal_column("true")))

    merged = union_all(newest(_ANYWHERE), newest(_HERE)).subquery("merged")
    page = select(merged.c.id).order_by(merged.c.at.desc(), merged.c.id.desc())
    few = page.limit(bindparam("limit", type_=Integer)).subquery("few")
    found = select(*_ROW).select_from(few.join(inbox, and_(I.tenant_id == _tenant, I.id == few.c.id)))
    return Statement(found.where(scope_ready()).order_by(I.at.desc(), I.id.desc()))


MESSAGE = Statement(select(*_ROW, I.snapshot).where(*MINE, I.id == _id, scope_ready()))
