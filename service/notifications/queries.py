"""Reads of the inbox. Row level security stops at the tenant, so role and office are filtered here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Select,
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
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from service.kit.listing import Listing, Order, Wish, among
from service.kit.statements import AT_MOST, OF_ID, OF_TENANT, Statement, bounded, scope_ready
from service.kit.wire import wire_time
from service.notifications.models import inbox, inbox_reads

I, R = inbox.c, inbox_reads.c  # noqa: E741 - the table's initial, as elsewhere
READER = bindparam("reader", type_=Text)

_FOR_ME = or_(I.user_id.is_(None), I.user_id == bindparam("user", type_=Uuid(as_uuid=False)))
_OF_ROLES, _ANYWHERE = among(I.role, "roles"), I.office_id.is_(None)
_HERE = I.office_id == bindparam("office", type_=Uuid(as_uuid=False))
# A desk's messages: the caller holds the role, and the office is his where one is named.
MINE = (
    I.tenant_id == OF_TENANT,
    _OF_ROLES,
    or_(_ANYWHERE, _HERE),
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
ROW = (
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

FILTERS = {
    "roles": _OF_ROLES,
    "anywhere": _ANYWHERE,
    "here": _HERE,
    "unseen": UNREAD,
    "asking": I.asked.is_not(None),
    "kind": I.kind == bindparam("kind", type_=Text),
}
NEWEST = Order((("at", I.at), ("id", I.id)), descending=True, where=(_FOR_ME,), parted=True)


class Desks(Listing):
    """Parted by the caller's roles, and each into what is for all of the tenant and what is for his office."""

    def _merged(self, wish: Wish, order: Order, part: tuple[str, Any] | None) -> Select[Any]:
        """The newest of each desk, by its own index, so that other desks' are not read."""
        halves = [
            super(Desks, self)._merged(wish._replace(filters=wish.filters | {half}), order, part)
            for half in ("anywhere", "here")
        ]
        both = union_all(*halves).subquery("both")
        page = select(*both.c).order_by(*order.sorted(both.c))
        return bounded(page.limit(AT_MOST))


MESSAGE = Statement(select(*ROW, I.snapshot).where(*MINE, I.id == OF_ID, scope_ready()))
