"""Deliveries: made once per event and endpoint, taken with a lease, sent, settled."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from sqlalchemy import (
    DateTime,
    Interval,
    Text,
    bindparam,
    literal_column,
    null,
    select,
    update,
)

from service.event_kinds import PING, listens
from service.kit import clock
from service.kit.db import Door, Row, Tx, tenant_scope
from service.kit.http import Failure, Outbound, Response
from service.kit.ids import stable_id
from service.kit.outbox import Event
from service.kit.statements import AT_MOST, OF_TENANT, Statement
from service.kit.tables import insert_rows, update_row
from service.kit.telemetry import Telemetry
from service.kit.tracing import Here, carried
from service.webhooks.actions import context_of
from service.webhooks.health import OPENS_AFTER, TRY, asks_to_wait, note, pace_of
from service.webhooks.models import webhook_deliveries, webhook_endpoints
from service.webhooks.queries import ENDPOINT, ENDPOINT_ID, LISTENING, NOW, D, W
from service.webhooks.signing import ATTEMPTS, LONGEST, in_force, next_attempt, signature
from service.webhooks.telling import due_to_tell, tell
from service.webhooks.vault import Vault

LEASE = timedelta(seconds=30)  # longer than a send may take, so that no attempt is ever made twice at once
SLICE = 1000  # overdue deliveries given up at once
_moment = DateTime(timezone=True)
INSERT = insert_rows(webhook_deliveries, ignore_conflict=True, now=("next_attempt_at",))
_waits = (D.tenant_id == OF_TENANT, D.endpoint_id == ENDPOINT_ID, D.state == "pending")
_due = (
    select(D.tenant_id, D.id)
    .where(*_waits, D.next_attempt_at <= NOW)
    .order_by(D.next_attempt_at, D.id)
    .limit(AT_MOST)
    .with_for_update(skip_locked=True)
    .cte("c")
)
_TAKE = Statement(
    update(webhook_deliveries)
    .where(D.tenant_id == OF_TENANT, D.tenant_id == _due.c.tenant_id, D.id == _due.c.id)
    .values(next_attempt_at=NOW + bindparam("lease", type_=Interval))
    .returning(D.id, D.kind, D.event_id, D.payload, D.attempts, D.next_attempt_at.label("leased"))
)
# `leased` fences: whoever lost the lease to another worker, or to a redelivery, settles nothing.
_SETTLE = update_row(
    webhook_deliveries,
    D.state == "pending",
    D.next_attempt_at == bindparam("leased", type_=_moment),
    state="outcome",
    attempts=D.attempts + 1,
    next_attempt_at="again_at",
    delivered_at="delivered",
    last_status="status",
    last_error="error",
)
# While the breaker is open only one delivery tries; the others end when they have waited as long as ten attempts take.
_late = (
    select(D.tenant_id, D.id)
    .where(*_waits, D.next_attempt_at < NOW - bindparam("longest", type_=Interval))
    .limit(SLICE)
    .with_for_update(skip_locked=True)
    .cte("c")
)
_OVERDUE = Statement(
    update(webhook_deliveries)
    .where(D.tenant_id == OF_TENANT, D.tenant_id == _late.c.tenant_id, D.id == _late.c.id)
    .values(
        state=literal_column("'dead'"),
        next_attempt_at=null(),
        last_error=literal_column("'endpoint_unreachable'"),
    )
    .returning(D.id)
)
_GONE = Statement(
    update(webhook_endpoints)
    .where(W.tenant_id == OF_TENANT, W.id == ENDPOINT_ID, W.disabled_at.is_(None))
    .values(
        disabled_at=bindparam("at", type_=_moment),
        disabled_reason=bindparam("reason", type_=Text),
        version=W.version + 1,
    )
    .returning(W.id)
)


async def fan_out(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """One delivery per event and listening endpoint of the tenant the event comes from."""
    endpoints = await tx.fetch(LISTENING, of_tenant=tenant)
    rows = [
        delivery_row(event, endpoint["id"])
        for event in events
        for endpoint in endpoints
        if listens(endpoint["kinds"], event.kind)
    ]
    if rows:
        await tx.fetch(INSERT, of_tenant=tenant, rows=rows)


def delivery_row(event: Event, endpoint_id: str) -> dict[str, Any]:
    """A delivery that is due; the same event to the same endpoint is the same delivery."""
    return {
        "tenant_id": event.tenant,
        "id": stable_id("webhook", event.id, endpoint_id),
        "endpoint_id": endpoint_id,
        "event_id": event.id,
        "kind": event.kind,
        "payload": _payload(event),
        "state": "pending",
        "attempts": 0,
        "created_at": event.created_at,
        "next_attempt_at": None,
        "delivered_at": None,
        "last_status": None,
        "last_error": None,
    }


def _payload(event: Event) -> dict[str, Any]:
    parent = carried(event.trace_id) or event.traceparent
    told = {"timestamp": event.created_at, "data": event.snapshot, "trace_id": event.trace_id}
    return told if parent is None else {**told, "traceparent": parent}


def _tell(span: Here, row: Row, outcome: Response | Failure) -> None:
    """What a span says of an attempt: ids and how it ended, never where to or what."""
    span.tell(tongjian__event=row["event_id"], tongjian__delivery=webhook_id(row["id"]))
    if isinstance(outcome, Response):
        span.tell(failed=outcome.status >= 400, http__response__status_code=outcome.status)
    else:
        span.tell(failed=True, error__type=outcome.code)


SENT_AS = "msg_"  # what stands before a delivery's id in the webhook-id header


def webhook_id(delivery_id: str) -> str:
    """The webhook-id header: the same at every attempt and redelivery."""
    return f"{SENT_AS}{delivery_id}"


class Sender(NamedTuple):
    """What sending needs; `send` empties one endpoint's queue, `round` does one round of it."""

    door: Door
    outbound: Outbound
    vault: Vault
    telemetry: Telemetry

    async def send(self, key: tuple[str, str]) -> None:
        """Sends what is due at (tenant, endpoint), round after round."""
        while await self.round(key):
            pass

    async def round(self, key: tuple[str, str]) -> bool:
        """Sends a few of what is due; whether there may be more to send at once.

        The database's connection is given back while the receiver is waited for.
        """
        tenant, endpoint_id = key
        which = {"of_tenant": tenant, "of_endpoint": endpoint_id}
        async with self.door.transaction(tenant_scope(tenant)) as tx:
            endpoint = await tx.row(ENDPOINT, **which)
            if endpoint is None or endpoint["disabled_at"] is not None or endpoint["paused"]:
                return False
            half_open = (endpoint["failures"] or 0) >= OPENS_AFTER
            if half_open and not await tx.fetch(TRY, **which, lease=LEASE):
                return False
            pace = pace_of(endpoint)
            rows = await tx.fetch(_TAKE, **which, lease=LEASE, limit=pace)
        if not rows:
            return False
        begun = clock.monotonic()
        try:
            keys = self._keys(endpoint)
        except InvalidTag:
            keys = []
        outcomes = await asyncio.gather(*(self._attempt(endpoint["url"], row, keys) for row in rows))
        now = rows[0]["leased"] - LEASE + timedelta(seconds=clock.monotonic() - begun)
        await self._settle(endpoint, rows, outcomes, now)
        return len(rows) == pace and all(isinstance(each, Response) for each in outcomes)

    def _keys(self, endpoint: Row) -> list[str]:
        context = context_of(endpoint["tenant_id"], endpoint["id"])
        return [
            self.vault.unseal(each["sealed"], context) for each in in_force(endpoint["secrets"], clock.now())
        ]

    async def _attempt(self, url: str, row: Row, keys: list[str]) -> Response | Failure:
        if not keys:  # the service's secret key was changed: the endpoint must be rotated
            return Failure("secret_unreadable")
        payload = row["payload"]
        body = msgspec.json.encode(
            {"type": row["kind"], "timestamp": payload["timestamp"], "data": payload["data"]}
        )
        message, timestamp = webhook_id(row["id"]), int(clock.timestamp())
        headers = {
            "content-type": "application/json",
            "user-agent": "Tongjian-Webhooks/1",
            "webhook-id": message,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(keys, message, timestamp, body),
            "x-event-id": row["event_id"],
            "x-request-id": payload["trace_id"],
        }
        with self.telemetry.tracing.span("webhook", "CLIENT", payload.get("traceparent")) as span:
            if span.traceparent is not None:
                headers["traceparent"] = span.traceparent
            outcome = await self.outbound.post(url, body, headers)
            _tell(span, row, outcome)
        return outcome

    async def _settle(
        self, endpoint: Row, rows: list[Row], outcomes: list[Response | Failure], now: datetime
    ) -> None:
        tenant, dead, gone = endpoint["tenant_id"], 0, False
        which = {"of_tenant": tenant, "of_endpoint": endpoint["id"]}
        async with self.door.transaction(tenant_scope(tenant)) as tx:
            for row, outcome in zip(rows, outcomes, strict=True):
                test = row["kind"] == PING
                values = verdict(row["id"], ATTEMPTS if test else row["attempts"] + 1, outcome, now)
                dead += values["outcome"] == "dead" and not test
                tx.batch.add(
                    _SETTLE, expect=None, of_tenant=tenant, of_id=row["id"], leased=row["leased"], **values
                )
                self._log(tenant, row, values)
            if any(isinstance(each, Response) and each.status == 410 for each in outcomes):
                gone = bool(await tx.fetch(_GONE, **which, at=clock.now(), reason="gone"))
            if all(isinstance(each, Failure) for each in outcomes):
                dead += len(await tx.fetch(_OVERDUE, **which, longest=LONGEST))
            told = gone or (bool(dead) and due_to_tell(endpoint, now))
            if told:
                tell(tx, endpoint, gone=gone, dead=dead)
            note(tx, endpoint, outcomes, now, told=told)

    def _log(self, tenant: str, row: Row, values: dict[str, Any]) -> None:
        self.telemetry.log.info(
            "webhook",
            tenant=tenant,
            delivery=row["id"],
            outcome=values["outcome"],
            status=values["status"],
            error=values["error"],
            request_id=row["payload"]["trace_id"],
        )


def verdict(delivery_id: str, attempts: int, outcome: Response | Failure, now: datetime) -> dict[str, Any]:
    """What an attempt means: 2xx delivered; 410 and the tenth failure dead; anything else another attempt.

    `now`: the database's. A receiver that says when to come again (Retry-After) is not called before that.
    """
    status = outcome.status if isinstance(outcome, Response) else None
    if status is not None and 200 <= status < 300:
        told = clock.now()
        return {"outcome": "delivered", "again_at": None, "delivered": told, "status": status, "error": None}
    again = None if status == 410 else next_attempt(delivery_id, attempts, now)
    if again is not None and isinstance(outcome, Response) and outcome.wait and asks_to_wait(outcome):
        again = max(again, now + timedelta(seconds=outcome.wait))
    error = outcome.code if isinstance(outcome, Failure) else f"http_{status}"
    state = "dead" if again is None else "pending"
    return {"outcome": state, "again_at": again, "delivered": None, "status": status, "error": error}
