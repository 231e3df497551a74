"""Every statement over the audit trail: what to seal, the chain with its entries, the list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.audit.models import audit_chain, audit_entries
from service.kit.counters import counters
from service.kit.listing import Listing, Order, among
from service.kit.statements import AT_MOST, TENANT_ID, Statement, scope_ready
from service.kit.tables import EACH_TENANT, beside_tenant

E = audit_entries.c
C = audit_chain.c


def _moment(name: str) -> Any:
    return bindparam(name, type_=DateTime(timezone=True))


_OF = EACH_TENANT.c.tenant_id
TENANTS = Statement(select(_OF).order_by(_OF))
TENANT = Statement(select(_OF).where(_OF == TENANT_ID, scope_ready()))

_recent = (
    select(C.seq, C.head, C.entry_id)
    .where(C.tenant_id == TENANT_ID)
    .order_by(C.seq.desc())
    .limit(literal_column("50"))
).subquery("recent")
# The end of a tenant's chain, and how far its entries reach in time: the newest of the last fifty sealed ones, so
# that one late entry at the very end does not widen the sealer's window.
END = Statement(
    select(
        func.max(_recent.c.seq).label("seq"),
        func.max(E.at).label("reach"),
        select(C.head)
        .where(C.tenant_id == TENANT_ID)
        .order_by(C.seq.desc())
        .limit(literal_column("1"))
        .scalar_subquery()
        .label("head"),
    )
    .select_from(_recent.outerjoin(audit_entries, and_(E.tenant_id == TENANT_ID, E.id == _recent.c.entry_id)))
    .where(scope_ready())
)

_unchained = ~exists().where(C.tenant_id == E.tenant_id, C.entry_id == E.id)
# What is not in the chain yet, oldest first. An anti-join, never `at > last`: a late committer must not be skipped.
UNSEALED = Statement(
    select(E.id, E.digest, E.at)
    .where(
        E.tenant_id == TENANT_ID,
        E.at >= _moment("since"),
        E.at <= _moment("until"),
        _unchained,
        scope_ready(),
    )
    .order_by(E.at, E.id)
    .limit(AT_MOST)
)

APPEND = Statement(
    insert(audit_chain).from_select(
        ["tenant_id", "seq", "entry_id", "entry_digest", "head", "sealed_at"],
        beside_tenant(
            func.unnest(bindparam("seqs", type_=ARRAY(BigInteger))),
            cast(func.unnest(bindparam("entry_ids", type_=ARRAY(Text))), Uuid),
            func.unnest(bindparam("digests", type_=ARRAY(Text))),
            func.unnest(bindparam("heads", type_=ARRAY(Text))),
            _moment("now"),
        ),
    )
)

CHAIN_COLUMNS = ("seq", "entry_id", "entry_digest", "head", "sealed_at")
ENTRY_COLUMNS = tuple(audit_entries.c.keys())
# The chain in its order, each row beside its entry (all columns NULL when that is gone).
CHAIN = Statement(
    select(
        *(C[name].label(f"chain_{name}") for name in CHAIN_COLUMNS),
        *(E[name] for name in ENTRY_COLUMNS),
    )
    .select_from(audit_chain.outerjoin(audit_entries, and_(E.tenant_id == C.tenant_id, E.id == C.entry_id)))
    .where(C.tenant_id == TENANT_ID, C.seq > bindparam("after", type_=BigInteger), scope_ready())
    .order_by(C.seq)
    .limit(AT_MOST)
)

# How far the numbers have come that others keep: on receipts, and as cursors of a feed.
COUNTED = Statement(
    select(counters.c.name, counters.c.value)
    .where(
        counters.c.tenant_id == TENANT_ID,
        or_(
            counters.c.name == literal_column("'feed'"),
            counters.c.name.like(literal_column("'filing:%'")),
            counters.c.name.like(literal_column("'filing-supplement:%'")),
            counters.c.name.like(literal_column("'acceptance_filing:%'")),
        ),
        scope_ready(),
    )
    .order_by(counters.c.name)
)

FILTERS: dict[str, ColumnElement[bool]] = {
    "action": among(E.action, "action"),
    "object_id": E.object_id == bindparam("object_id", type_=Text),
    "actor": among(E.actor, "actor"),
    "at_from": E.at >= _moment("at_from"),
    "at_to": E.at < _moment("at_to"),
}
# One tenant's entries, each with its place in the chain (NULL = not sealed yet).
LISTING = Listing(
    name="audit",
    path="/audit",
    columns=(*(E[name] for name in ENTRY_COLUMNS), C.seq),
    source=audit_entries.outerjoin(audit_chain, and_(C.tenant_id == E.tenant_id, C.entry_id == E.id)),
    row=(E.tenant_id, E.id),
    tenants=(E.tenant_id,),
    filters=FILTERS,
    orders={"newest": Order((("at", E.at), ("id", E.id)), descending=True)},
)
