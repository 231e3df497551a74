"""The tenant's administrators are told when an endpoint was disabled, or when deliveries were given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from service.kit import clock
from service.kit.db import Row, Tx
from service.kit.ids import Ref
from service.kit.outbox import Recipient, emit

ONCE_IN = timedelta(days=1)  # how often dead letters of one endpoint are told


def due_to_tell(endpoint: Row, now: datetime) -> bool:
    """Whether the last word about this endpoint's dead letters is old enough; `now`: the database's."""
    return endpoint["told_at"] is None or endpoint["told_at"] + ONCE_IN <= now


def tell(tx: Tx, endpoint: Row, *, gone: bool, dead: int) -> None:
    """One message. Names the host only: paths and queries of receivers may carry their secrets."""
    host = urlsplit(endpoint["url"]).hostname or "?"
    if gone:
        message = "接收方答复 410，表示不再接收；该回调地址已停用，停用期间的事件可从事件流补读。"
    else:
        message = f"{dead} 条事件多次投递未成，已停止重试；请检查接收方，恢复后可重新投递或从事件流补读。"
    tenant = endpoint["tenant_id"]
    emit(
        tx,
        tenant=tenant,
        kind="webhook.disabled" if gone else "webhook.dead_letter",
        recipients=[Recipient(tenant, "administrator")],
        snapshot={
            "subject": {"id": str(Ref(tenant, endpoint["id"])), "name": host, "owner_name": ""},
            "message": message,
        },
        trace_id="",
        now=clock.now(),
    )
