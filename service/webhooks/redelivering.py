"""Deliveries asked for again: one, or those of a time."""

from __future__ import annotations

from sqlalchemy import DateTime, Text, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from service.event_kinds import expanded
from service.kit.api import Call, Error
from service.kit.command import command, ref_of
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, or_404
from service.kit.ids import Ref
from service.kit.statements import AT_MOST, OF_ID, OF_TENANT, Statement
from service.webhooks.actions import TAG, audit, load
from service.webhooks.health import RESUME
from service.webhooks.models import webhook_deliveries
from service.webhooks.queries import DELIVERY, ENDPOINT_ID, D
from service.webhooks.schemas import (
    RangeIn,
    Redelivered,
)

MOST_AT_ONCE = 5000
DISABLED = Error(409, "endpoint_disabled", "回调地址已停用")
OFF = ServiceError(409, "endpoint_disabled", "该回调地址已停用，请先启用")
_kinds = bindparam("kinds", type_=ARRAY(Text))
_settled = (
    select(D.tenant_id, D.id)
    .where(
        D.tenant_id == OF_TENANT,
        D.endpoint_id == ENDPOINT_ID,
        D.state != "pending",
        D.created_at >= bindparam("start", type_=DateTime(timezone=True)),
        D.created_at < bindparam("end", type_=DateTime(timezone=True)),
        or_(func.cardinality(_kinds) == 0, D.kind == func.any(_kinds)),
    )
    .limit(AT_MOST)
    .cte("c")
)
_RANGE = Statement(
    update(webhook_deliveries)
    .where(D.tenant_id == OF_TENANT, D.tenant_id == _settled.c.tenant_id, D.id == _settled.c.id)
    .values(state="pending", attempts=0, next_attempt_at=func.now())
    .returning(D.id)
)
_ONE = Statement(
    update(webhook_deliveries)
    .where(
        D.tenant_id == OF_TENANT,
        D.endpoint_id == ENDPOINT_ID,
        D.id == OF_ID,
    )
    .values(state="pending", attempts=0, next_attempt_at=func.now())
)


async def redeliver(call: Call, tx: Tx, ref: Ref, delivery_id: str) -> Row:
    """Sends one delivery again under its old id, with a fresh series of attempts."""
    endpoint = await load(call, tx, ref)
    if endpoint["disabled_at"] is not None:
        raise OFF
    which = {"of_tenant": ref.tenant, "of_endpoint": ref.id, "of_id": delivery_id}
    await tx.fetch(_ONE, **which)
    tx.batch.add(RESUME, expect=None, of_tenant=ref.tenant, of_endpoint=ref.id)
    row = or_404(await tx.row(DELIVERY, **which))
    tx.rings.add(ref.tenant)
    audit(call, tx, "redeliver", ref.id, delivery=delivery_id)
    return row


@command(
    "POST",
    "/webhooks/{ref:str}/redeliver",
    resource="webhook",
    action="redeliver",
    summary="按时段重新投递",
    tag=TAG,
    body=RangeIn,
    answer=Redelivered,
    errors=(DISABLED,),
    at=ref_of,
)
async def redeliver_range(call: Call, tx: Tx, ref: Ref) -> Redelivered:
    """已送达和已放弃的投递，按产生时间和事件类型；more 为真时请再次调用。"""
    # Sends again what was settled, by the time it was made and by kind.
    body: RangeIn = call.body
    if body.start >= body.end:
        raise invalid([FieldError("/to", "range", "to 应晚于 from")])
    endpoint = await load(call, tx, ref)
    if endpoint["disabled_at"] is not None:
        raise OFF
    rows = await tx.fetch(
        _RANGE,
        of_tenant=ref.tenant,
        of_endpoint=ref.id,
        start=body.start,
        end=body.end,
        kinds=expanded(body.kinds),
        limit=MOST_AT_ONCE,
    )
    tx.batch.add(RESUME, expect=None, of_tenant=ref.tenant, of_endpoint=ref.id)
    tx.rings.add(ref.tenant)
    audit(call, tx, "redeliver_range", ref.id, count=len(rows))
    return Redelivered(len(rows), len(rows) == MOST_AT_ONCE)
