"""The test of an endpoint: a delivery of its own, taken, signed and sent by the worker as any other."""

from __future__ import annotations

from typing import Any

from service.audit.actions import audited
from service.event_kinds import PING
from service.kit.api import Answer, Call
from service.kit.command import command, ref_of
from service.kit.db import Row, Tx
from service.kit.errors import or_404
from service.kit.ids import Ref, new_id
from service.kit.outbox import Event
from service.kit.rows import of_row
from service.webhooks.actions import TAG, load
from service.webhooks.actions_delivery import INSERT, delivery_row, webhook_id
from service.webhooks.health import RESUME
from service.webhooks.queries import DELIVERY
from service.webhooks.redelivering import DISABLED, OFF
from service.webhooks.schemas import DeliveryView


def delivery_view(row: Any) -> DeliveryView:
    return of_row(DeliveryView, row, webhook_id=webhook_id(row["id"]))


def _tested(call: Call, row: Any) -> Answer:
    at = f"/api/v1/webhooks/{call.path('ref')}/deliveries/{row['id']}"
    return Answer(delivery_view(row), headers={"location": at})


@command(
    "POST",
    "/webhooks/{ref:str}/test",
    resource="webhook",
    action="test",
    summary="测试回调地址",
    tag=TAG,
    status=202,
    answer=DeliveryView,
    errors=(DISABLED,),
    at=ref_of,
    view=_tested,
)
async def test(call: Call, tx: Tx, ref: Ref) -> Row:
    """发送一条 `webhook.ping`，与其他事件同样签名和投递，不论订阅哪些事件；只试一次，结果见投递记录（Location）。"""
    # Sends a `webhook.ping`, whatever the endpoint subscribes to; one attempt, and the delivery tells how it went.
    #
    # An endpoint that rests because it did not answer is tried at once: that is what is asked.
    endpoint = await load(call, tx, ref)
    if endpoint["disabled_at"] is not None:
        raise OFF
    event = Event(new_id(), ref.tenant, PING, [], _told(ref), call.trace_id, call.now)
    made = delivery_row(event, ref.id)
    await tx.fetch(INSERT, of_tenant=ref.tenant, rows=[made])
    tx.batch.add(RESUME, expect=None, of_tenant=ref.tenant, of_endpoint=ref.id)
    tx.rings.add(ref.tenant)
    audited(call, tx, "webhook.test", ref.id, {"delivery": made["id"]}, tenant=ref.tenant)
    row = or_404(await tx.row(DELIVERY, of_tenant=ref.tenant, of_endpoint=ref.id, of_id=made["id"]))
    return row


def _told(ref: Ref) -> dict[str, object]:
    return {
        "subject": {"id": str(ref), "name": "回调测试", "owner_name": ""},
        "message": "这是一次测试，没有任何事项发生；验证签名后答复 2xx 即可。",
    }
