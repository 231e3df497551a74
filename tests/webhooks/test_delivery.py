"""Deliveries: signed, retried, dead, redelivered, under one id; the worker's hands, a real receiver."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from service.kit import clock
from service.kit.db import Door
from service.kit.http import Outbound, Response
from service.kit.outbox import Recipient
from service.kit.telemetry import Telemetry
from service.settings import Settings
from service.webhooks import jobs
from service.webhooks.actions_delivery import Sender, verdict
from service.webhooks.signing import ATTEMPTS
from service.webhooks.vault import Vault
from tests.notifications.events import PROVINCE, emit_one, query
from tests.webhooks.by_hand import CITY, endpoint, flush, make_due, stored
from tests.webhooks.receiver import Got, Receiver, receiving

NOBODY: list[Recipient] = []


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


@pytest.fixture
async def sender(door: Door, settings: Settings) -> AsyncIterator[Sender]:
    outbound = Outbound(settings.webhook_networks, timeout=60)
    await outbound.open()
    yield Sender(door, outbound, Vault(settings.secret_key), Telemetry())
    await outbound.close()


@pytest.fixture(autouse=True)
async def _no_others(settings: Settings) -> None:
    await query(settings.database_url, "TRUNCATE webhook_endpoints, webhook_deliveries, outbox")


async def test_the_official_verifier_accepts_what_a_portal_gets(
    as_user: Any, door: Door, relay: Any, sender: Sender, receiver: Receiver
) -> None:
    secret = (await endpoint(as_user, receiver)).json()["secret"]
    event = await emit_one(door, CITY, "filing.filed", [Recipient(PROVINCE, "office")], trace="trace-4711")
    await flush(door, sender, relay)
    (got,) = receiver.got
    body = Webhook(secret).verify(got.body, got.headers)
    assert body["type"] == "filing.filed"
    assert body["data"]["project"]["name"] == "智慧水务平台"
    assert set(body) == {"type", "timestamp", "data"}
    assert got.id.startswith("msg_")
    assert got.headers["x-request-id"] == "trace-4711"
    assert got.headers["x-event-id"] == event
    assert got.headers["content-type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(got.body.replace("智慧".encode(), "智能".encode()), got.headers)


async def test_only_the_source_tenants_endpoints_hear_and_only_their_kinds(
    as_user: Any, door: Door, relay: Any, sender: Sender, receiver: Receiver, settings: Settings
) -> None:
    await endpoint(as_user, receiver, kinds=["filing.filed"])
    other = as_user(PROVINCE, "administrator")
    assert (await other("POST", "/webhooks", {"url": receiver.url})).status_code == 201
    await emit_one(door, CITY, "project.submitted", [Recipient(CITY, "gatekeeper")])
    await emit_one(door, CITY, "filing.filed", [Recipient(PROVINCE, "office")])
    await flush(door, sender, relay)
    assert [json.loads(got.body)["type"] for got in receiver.got] == ["filing.filed"]
    assert {row["tenant_id"] for row in await stored(settings)} == {CITY}


async def test_both_secrets_sign_while_rotating(
    as_user: Any, door: Door, relay: Any, sender: Sender, receiver: Receiver, settings: Settings
) -> None:
    first = await endpoint(as_user, receiver)
    path = f"/webhooks/{first.json()['id']}"
    second = await as_user(CITY, "administrator")("POST", f"{path}/rotate", etag=first.headers["etag"])
    await emit_one(door, CITY, "project.submitted", NOBODY)
    await flush(door, sender, relay)
    (got,) = receiver.got
    assert len(got.headers["webhook-signature"].split()) == 2
    for secret in (first.json()["secret"], second.json()["secret"]):
        Webhook(secret).verify(got.body, got.headers)
    await query(
        settings.database_url,
        "UPDATE webhook_endpoints SET secrets = jsonb_set(secrets, '{1,expires_at}', $1::jsonb)",
        json.dumps((clock.now() - timedelta(seconds=1)).isoformat()),
    )
    await emit_one(door, CITY, "project.submitted", NOBODY)
    await flush(door, sender, relay)
    Webhook(second.json()["secret"]).verify(receiver.got[-1].body, receiver.got[-1].headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(first.json()["secret"]).verify(receiver.got[-1].body, receiver.got[-1].headers)


async def test_failures_are_retried_under_one_id_with_fresh_timestamps_then_dead_then_redelivered(
    as_user: Any, door: Door, relay: Any, sender: Sender, receiver: Receiver, settings: Settings
) -> None:
    made = (await endpoint(as_user, receiver)).json()
    receiver.answer = lambda _got: 500
    await emit_one(door, CITY, "project.submitted", NOBODY)
    for attempt in range(1, ATTEMPTS + 1):
        await flush(door, sender, relay)
        await flush(door, sender, relay)  # nothing is due yet
        (row,) = await stored(settings)
        assert (row["attempts"], row["last_status"], row["last_error"]) == (attempt, 500, "http_500")
        assert row["state"] == ("pending" if attempt < ATTEMPTS else "dead")
        assert len(receiver.got) == attempt
        await make_due(settings)
    assert len({got.id for got in receiver.got}) == 1
    admin, path = as_user(CITY, "administrator"), f"/webhooks/{made['id']}/deliveries"
    (dead,) = (await admin("GET", f"{path}?state=dead")).json()["items"]
    assert dead["webhook_id"] == receiver.got[0].id
    receiver.answer = lambda _got: 204
    for known in (
        dead["id"],
        receiver.got[0].id,
    ):  # by the id of the list, and by the one that the receiver was sent
        assert (await admin("GET", f"{path}/{known}")).json()["id"] == dead["id"]
    again = await admin("POST", f"{path}/{dead['webhook_id']}/redeliver")
    assert (again.json()["state"], again.json()["attempts"]) == ("pending", 0)
    await flush(door, sender, relay)
    assert receiver.got[-1].id == receiver.got[0].id
    Webhook(made["secret"]).verify(receiver.got[-1].body, receiver.got[-1].headers)
    (row,) = await stored(settings)
    assert (row["state"], row["last_status"]) == ("delivered", 204)
    assert row["delivered_at"] is not None


async def test_410_disables_the_endpoint_and_enabling_sends_what_was_kept(
    as_user: Any, door: Door, relay: Any, sender: Sender, receiver: Receiver, settings: Settings
) -> None:
    path = f"/webhooks/{(await endpoint(as_user, receiver)).json()['id']}"
    receiver.answer = lambda _got: 503
    await emit_one(door, CITY, "project.submitted", NOBODY)
    await flush(door, sender, relay)
    receiver.answer = lambda _got: 410
    await emit_one(door, CITY, "filing.filed", NOBODY)
    await flush(door, sender, relay)
    admin = as_user(CITY, "administrator")
    gone = await admin("GET", path)
    assert gone.json()["disabled_reason"] == "gone"
    first, second = await stored(settings)
    assert (first["state"], second["state"]) == ("pending", "dead")
    await make_due(settings)
    await emit_one(door, CITY, "project.submitted", NOBODY)
    await flush(door, sender, relay)
    assert len(receiver.got) == 2, "a disabled endpoint gets nothing"
    refused = await admin("POST", f"{path}/deliveries/{second['id']}/redeliver")
    assert (refused.status_code, refused.json()["code"]) == (409, "endpoint_disabled")
    receiver.answer = lambda _got: 200
    await admin("PATCH", path, {"disabled": False}, etag=gone.headers["etag"])
    await flush(door, sender, relay)
    assert [row["state"] for row in await stored(settings)] == ["delivered", "dead"]


async def test_redelivery_by_range_takes_times_and_kinds(
    as_user: Any, door: Door, relay: Any, sender: Sender, receiver: Receiver
) -> None:
    path = f"/webhooks/{(await endpoint(as_user, receiver)).json()['id']}"
    start = clock.now()
    for kind in ("project.submitted", "filing.filed", "filing.filed"):
        await emit_one(door, CITY, kind, NOBODY)
    middle = clock.now()
    await emit_one(door, CITY, "filing.filed", NOBODY)
    await flush(door, sender, relay)
    admin = as_user(CITY, "administrator")
    wish = {"from": start.isoformat(), "to": middle.isoformat(), "kinds": ["filing.filed"]}
    answer = await admin("POST", f"{path}/redeliver", wish)
    assert answer.json() == {"redelivered": 2, "more": False}
    await flush(door, sender, relay)
    assert len(receiver.got) == 6
    assert len({got.id for got in receiver.got}) == 4
    for wrong in (
        {**wish, "to": wish["from"]},
        {**wish, "from": "2026-01-01T00:00:00"},
        {**wish, "from": "gestern"},
    ):
        assert (await admin("POST", f"{path}/redeliver", wrong)).status_code == 422


async def test_no_attempt_is_made_twice_at_once(
    as_user: Any, door: Door, relay: Any, sender: Sender, receiver: Receiver, settings: Settings
) -> None:
    await endpoint(as_user, receiver)
    for _ in range(40):
        await emit_one(door, CITY, "project.submitted", NOBODY)
    await relay()
    due: list[tuple[str, str]] = []
    await jobs.sweep(door, due.append)
    await asyncio.gather(*(sender.send(key) for key in due for _ in range(6)))
    assert len(receiver.got) == len({got.id for got in receiver.got}) == 40
    assert {row["state"] for row in await stored(settings)} == {"delivered"}


async def test_a_redelivery_wins_over_an_attempt_on_its_way(
    as_user: Any, door: Door, relay: Any, sender: Sender, receiver: Receiver, settings: Settings
) -> None:
    await endpoint(as_user, receiver)
    await emit_one(door, CITY, "project.submitted", NOBODY)
    await relay()
    (row,) = await stored(settings)
    send = sender.outbound.post

    async def slow(*arguments: Any) -> Any:
        answer = await send(*arguments)
        await query(settings.database_url, "UPDATE webhook_deliveries SET next_attempt_at = now()")
        return answer

    sender.outbound.post = slow  # type: ignore[method-assign]
    await sender.send((CITY, str(row["endpoint_id"])))
    (row,) = await stored(settings)
    assert (row["state"], row["attempts"]) == ("pending", 0), "the stale attempt settled nothing"


@pytest.mark.parametrize(
    ("url", "code"),
    [("https://10.9.8.7/hook", "address_not_allowed"), ("http://127.0.0.1:1/hook", "connection_refused")],
)
async def test_what_cannot_be_reached_is_told_by_code_and_tried_again(
    as_user: Any,
    door: Door,
    relay: Any,
    sender: Sender,
    receiver: Receiver,
    settings: Settings,
    url: str,
    code: str,
) -> None:
    await endpoint(as_user, receiver)
    await query(settings.database_url, "UPDATE webhook_endpoints SET url = $1", url)
    await emit_one(door, CITY, "project.submitted", NOBODY)
    await flush(door, sender, relay)
    (row,) = await stored(settings)
    assert (row["state"], row["attempts"], row["last_status"], row["last_error"]) == (
        "pending",
        1,
        None,
        code,
    )
    assert receiver.got == []


async def test_a_changed_secret_key_is_told_and_mended_by_rotating(
    as_user: Any, door: Door, relay: Any, sender: Sender, receiver: Receiver, settings: Settings
) -> None:
    await endpoint(as_user, receiver)
    await emit_one(door, CITY, "project.submitted", NOBODY)
    await flush(door, sender._replace(vault=Vault("another key")), relay)
    (row,) = await stored(settings)
    assert (row["state"], row["last_error"]) == ("pending", "secret_unreadable")


async def test_deliveries_are_paged(
    as_user: Any, door: Door, relay: Any, sender: Sender, receiver: Receiver
) -> None:
    public = (await endpoint(as_user, receiver)).json()["id"]
    for _ in range(5):
        await emit_one(door, CITY, "project.submitted", NOBODY)
    await flush(door, sender, relay)
    admin, seen = as_user(CITY, "administrator"), []
    path = f"/webhooks/{public}/deliveries?limit=2&state=delivered"
    while path:
        answer = await admin("GET", path)
        seen += [item["id"] for item in answer.json()["items"]]
        path = answer.headers.get("link", "").partition("<")[2].partition(">")[0]
    assert len(seen) == len(set(seen)) == 5


def test_verdicts() -> None:
    now = clock.now()
    assert verdict("d", 1, Response(299, b""), now)["outcome"] == "delivered"
    for status in (301, 400, 404, 429, 500):
        assert verdict("d", 1, Response(status, b""), now)["outcome"] == "pending"
        assert verdict("d", ATTEMPTS, Response(status, b""), now)["outcome"] == "dead"
    assert verdict("d", 1, Response(410, b""), now)["outcome"] == "dead"
    assert Got({"webhook-id": "a"}, b"").id == "a"
