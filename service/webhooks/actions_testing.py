"""The test of an endpoint: a delivery of its own, taken, signed and sent by the worker as any other."""

from __future__ import annotations

from service.audit.actions import audited
from service.event_kinds import PING
from service.kit.api import Call
from service.kit.db import Row, Tx
from service.kit.errors import not_found
from service.kit.ids import Ref, new_id
from service.kit.outbox import Event
from service.webhooks.actions import DISABLED, load
from service.webhooks.actions_delivery import INSERT, delivery_row
from service.webhooks.health import RESUME
from service.webhooks.queries import DELIVERY


async def test(call: Call, tx: Tx, ref: Ref) -> Row:
    """Sends a `webhook.ping`, whatever the endpoint subscribes to; one attempt, and the delivery tells how it went.

    An endpoint that rests because it did not answer is tried at once: that is what is asked.
    """
    endpoint = await load(call, tx, ref)
    if endpoint["disabled_at"] is not None:
        raise DISABLED
    event = Event(new_id(), ref.tenant, PING, [], _told(ref), call.trace_id, call.now)
    made = delivery_row(event, ref.id)
    await tx.fetch(INSERT, rows=[made])
    tx.batch.add(RESUME, expect=None, of_tenant=ref.tenant, of_endpoint=ref.id)
    tx.rings.add(ref.tenant)
    audited(call, tx, "webhook.test", ref.id, {"delivery": made["id"]}, tenant=ref.tenant)
    row = await tx.row(DELIVERY, of_tenant=ref.tenant, of_endpoint=ref.id, of_id=made["id"])
    if row is None:
        raise not_found()
    return row


def _told(ref: Ref) -> dict[str, object]:
    return {
        "subject": {"id": str(ref), "name": "回调测试", "owner_name": ""},
        "message": "这是一次测试，没有任何事项发生；验证签名后答复 2xx 即可。",
    }
