"""Reads of endpoints, deliveries and the feed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
)

from service.identity.models import tenant_local
from service.kit.counters import counters
from service.kit.listing import Order, among, listing_of
from service.kit.statements import AT_MOST, OF_ID, OF_TENANT, ROW_IDS, Statement, scope_ready
from service.kit.wire import coded, json_line, plain, wire_time
from service.webhooks.models import event_feed, webhook_deliveries, webhook_endpoints, webhook_health

W = webhook_endpoints.c
H = webhook_health.c
D = webhook_deliveries.c
F = event_feed.c
N = counters.c
ENDPOINT_ID = bindparam("of_endpoint", type_=Uuid(as_uuid=False))
NOW = func.now()  # what is due is told by the database's clock alone: those of machines differ

_with_health = webhook_endpoints.outerjoin(
    webhook_health, and_(H.tenant_id == W.tenant_id, H.endpoint_id == W.id)
)
_paused = func.coalesce(H.paused_until > NOW, literal_column("false"))
_endpoints = (
    select(*W, H.pace, H.failures, H.failing_since, H.paused_until, H.told_at, _paused.label("paused"))
    .select_from(_with_health)
    .where(W.tenant_id == OF_TENANT, scope_ready())
)
ENDPOINT = Statement(_endpoints.where(W.id == ENDPOINT_ID))
ENDPOINTS = Statement(_endpoints.order_by(W.created_at.desc(), W.id.desc()))
LISTENING = Statement(
    select(W.id, W.kinds).where(W.tenant_id == OF_TENANT, W.disabled_at.is_(None), scope_ready())
)

_fields = [column for column in D if column.name not in ("tenant_id", "endpoint_id", "payload")]
DELIVERIES = listing_of(
    webhook_deliveries,
    name="deliveries",
    path="/webhooks",
    columns=_fields,
    filters={"of_endpoint": D.endpoint_id == ENDPOINT_ID, "state": among(D.state, "state")},
    orders={"newest": Order((("created_at", D.created_at), ("id", D.id)), descending=True)},
)
DELIVERY = Statement(
    select(*_fields).where(
        D.tenant_id == OF_TENANT,
        D.endpoint_id == ENDPOINT_ID,
        D.id == OF_ID,
        scope_ready(),
    )
)

# What is due, for endpoints that are enabled and not paused; a disabled one keeps its deliveries until it is enabled.
_is_due = (D.state == "pending", D.next_attempt_at <= NOW)
DUE_ENDPOINTS = Statement(
    select(W.id)
    .select_from(_with_health)
    .where(
        W.tenant_id == OF_TENANT,
        W.disabled_at.is_(None),
        ~_paused,
        exists().where(D.tenant_id == W.tenant_id, D.endpoint_id == W.id, *_is_due),
        scope_ready(),
    )
)
DUE_TENANTS = Statement(
    select(tenant_local.c.tenant_id).where(exists().where(D.tenant_id == tenant_local.c.tenant_id, *_is_due))
)

_ENTRY = json_line(
    {
        "seq": plain(F.seq),
        "id": coded(F.event_id),
        "kind": coded(F.kind),
        "source": coded(F.source_tenant),
        "at": coded(wire_time(F.at)),
        "data": plain(F.snapshot),
    }
)
FEED = Statement(
    select(_ENTRY.label("item"), F.seq)
    .where(F.tenant_id == OF_TENANT, F.seq > bindparam("after", type_=BigInteger), scope_ready())
    .order_by(F.seq)
    .limit(AT_MOST)
)
# The feed's ends: the oldest number still kept, and the newest ever given. Numbers have no gaps.
_oldest = select(func.min(F.seq)).where(F.tenant_id == N.tenant_id).scalar_subquery()
BOUNDS = Statement(
    select(func.coalesce(_oldest, N.value + 1).label("first"), N.value.label("head")).where(
        N.tenant_id == OF_TENANT, N.name == literal_column("'feed'"), scope_ready()
    )
)
KNOWN = Statement(
    select(F.event_id).where(
        F.tenant_id == OF_TENANT,
        F.event_id == func.any(ROW_IDS),
        scope_ready(),
    )
)
