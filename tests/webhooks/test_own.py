"""What a portal does with its own endpoint: tries it, reads how that went; and how an endpoint ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextvars import Context
from typing import Any

import pytest
from standardwebhooks import Webhook

from service.event_kinds import KINDS, OPERATIONS, PING, SUBSCRIPTIONS, expanded, listens
from service.kit import clock
from service.kit.db import Door, tenant_scope
from service.kit.http import Outbound
from service.kit.ids import new_id
from service.kit.outbox import Event
from service.kit.telemetry import Telemetry
from service.settings import Settings
from service.webhooks import jobs
from service.webhooks.actions_delivery import INSERT, Sender, delivery_row
from service.webhooks.vault import Vault
from tests.notifications.events import emit_one, query
from tests.webhooks.receiver import Receiver, receiving

CITY, OTHER = "360600", "360700"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


@pytest.fixture
async def send(door: Door, settings: Settings, relay: Any) -> AsyncIterator[Any]:
    await query(
        settings.database_url,
        "TRUNCATE webhook_endpoints, webhook_deliveries, webhook_health, outbox, outbox_work, inbox, inbox_reads",
    )
    outbound = Outbound(settings.webhook_networks, timeout=60)
    await outbound.open()
    sender = Sender(door, outbound, Vault(settings.secret_key), Telemetry())

    async def flush() -> None:
        await relay()
        due: list[tuple[str, str]] = []
        await jobs.sweep(door, due.append)
        await asyncio.gather(*(sender.send(key) for key in due))

    yield flush
    await outbound.close()


async def made(as_user: Any, receiver: Receiver, **body: Any) -> Any:
    answer = await as_user(CITY, "administrator")("POST", "/webhooks", {"url": receiver.url, **body})
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_portal_tries_its_own_endpoint_and_reads_how_it_went(
    as_user: Any, receiver: Receiver, send: Any
) -> None:
    """Through the worker, signed, whatever is subscribed to; one attempt; nobody else's endpoint, nobody's feed."""
    endpoint = (await made(as_user, receiver, kinds=["filing.filed"])).json()
    await made(as_user, receiver)  # another of the tenant's: hears nothing of it
    portal, path = as_user(CITY), f"/webhooks/{endpoint['id']}"
    first = await portal("POST", f"{path}/test")
    assert (first.status_code, first.json()["state"], first.json()["kind"]) == (202, "pending", PING)
    await send()
    (got,) = receiver.got
    assert json.loads(got.body)["type"] == PING
    Webhook(endpoint["secret"]).verify(got.body, got.headers)
    at = first.headers["location"].removeprefix("/api/v1")
    read = (await portal("GET", at)).json()
    assert (read["state"], read["last_status"], read["webhook_id"]) == ("delivered", 204, got.id)
    assert (await as_user(OTHER)("GET", at)).status_code == 404
    assert (await as_user(OTHER)("POST", f"{path}/test")).status_code == 404
    feed = (await portal("GET", "/events?limit=500")).json()["events"]
    assert PING not in {each["kind"] for each in feed}


async def test_a_test_that_fails_ends_at_once_and_alarms_nobody(
    as_user: Any, receiver: Receiver, send: Any
) -> None:
    endpoint = (await made(as_user, receiver)).json()
    receiver.answer = lambda _got: 500
    made_at = (await as_user(CITY)("POST", f"/webhooks/{endpoint['id']}/test")).headers["location"]
    await send()
    await send()
    read = (await as_user(CITY)("GET", made_at.removeprefix("/api/v1"))).json()
    assert (read["state"], read["last_status"], len(receiver.got)) == ("dead", 500, 1)
    inbox = await as_user(CITY, "administrator")("GET", "/inbox?kind=webhook.dead_letter")
    assert inbox.json()["items"] == []


async def test_a_disabled_endpoint_is_not_tried(as_user: Any, receiver: Receiver, send: Any) -> None:
    endpoint = await made(as_user, receiver)
    path = f"/webhooks/{endpoint.json()['id']}"
    await as_user(CITY, "administrator")("PATCH", path, {"disabled": True}, etag=endpoint.headers["etag"])
    answer = await as_user(CITY)("POST", f"{path}/test")
    assert (answer.status_code, answer.json()["code"]) == (409, "endpoint_disabled")


async def test_a_deleted_endpoint_is_gone_with_its_deliveries_and_frees_its_place(
    as_user: Any, door: Door, receiver: Receiver, send: Any, settings: Settings
) -> None:
    endpoint, kept = await made(as_user, receiver), await made(as_user, receiver, kinds=["*"])
    path = f"/webhooks/{endpoint.json()['id']}"
    receiver.answer = lambda _got: 500
    await emit_one(door, CITY, "filing.filed", [])
    await send()
    admin = as_user(CITY, "administrator")
    assert (await as_user(CITY)("DELETE", path, etag=endpoint.headers["etag"])).status_code == 403
    assert (await admin("DELETE", path)).status_code == 428
    assert (await admin("DELETE", path, etag='"9"')).status_code == 412
    assert (await admin("DELETE", path, etag=endpoint.headers["etag"])).status_code == 204
    assert (await admin("GET", path)).status_code == 404
    assert [each["id"] for each in (await admin("GET", "/webhooks")).json()["items"]] == [kept.json()["id"]]
    for table in ("webhook_deliveries", "webhook_health"):
        rows = await query(settings.database_url, f"SELECT endpoint_id::text AS id FROM {table}")
        assert {f"{CITY}-{row['id']}" for row in rows} <= {kept.json()["id"]}, table
    told = (await admin("GET", "/audit?action=webhook.delete")).json()["items"]
    assert len(told) == 1


async def test_an_endpoint_deleted_while_it_is_waited_for_leaves_nothing(
    as_user: Any, door: Door, receiver: Receiver, send: Any, settings: Settings
) -> None:
    endpoint = await made(as_user, receiver)
    path, admin = f"/webhooks/{endpoint.json()['id']}", as_user(CITY, "administrator")
    await emit_one(door, CITY, "filing.filed", [])
    reached, go = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        reached.set()
        await go.wait()

    receiver.before = hold
    sending = asyncio.create_task(send())
    await reached.wait()
    assert (await admin("DELETE", path, etag=endpoint.headers["etag"])).status_code == 204
    go.set()
    await sending
    assert await query(settings.database_url, "SELECT FROM webhook_health") == []
    assert await query(settings.database_url, "SELECT FROM webhook_deliveries") == []


async def test_an_endpoint_deleted_while_an_event_is_added_waits_for_it(
    as_user: Any, door: Door, receiver: Receiver, send: Any, settings: Settings
) -> None:
    """Of the delivery that is just being added nothing is left either, and nobody gets a 500."""
    endpoint = await made(as_user, receiver)
    ref = endpoint.json()["id"]
    event = Event(new_id(), CITY, "filing.filed", [], {}, "", clock.now())
    waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

    async with door.transaction(tenant_scope(CITY)) as tx:
        await tx.fetch(INSERT, of_tenant=event.tenant, rows=[delivery_row(event, ref.partition("-")[2])])
        delete = as_user(CITY, "administrator")("DELETE", f"/webhooks/{ref}", etag=endpoint.headers["etag"])
        deleting = asyncio.create_task(
            delete, context=Context()
        )  # another request's, with connections of its own
        async with asyncio.timeout(60):
            while not await query(settings.database_url, waiting):
                await asyncio.sleep(0.01)
    answer = await deleting
    assert answer.status_code == 204, answer.text
    assert await query(settings.database_url, "SELECT FROM webhook_deliveries") == []


@pytest.mark.parametrize(
    ("kinds", "heard"),
    [
        (["project.*"], ["project.submitted"]),
        (["project.*", "filing.filed"], ["project.submitted", "filing.filed"]),
        (["*"], ["project.submitted", "filing.filed", "order.issued"]),
        (["order.closed"], []),
    ],
)
async def test_families_are_subscribed_to_and_sent_again(
    as_user: Any, door: Door, receiver: Receiver, send: Any, kinds: list[str], heard: list[str]
) -> None:
    endpoint = (await made(as_user, receiver, kinds=kinds)).json()
    assert endpoint["kinds"] == sorted(kinds)
    for kind in ("project.submitted", "filing.filed", "order.issued"):
        await emit_one(door, CITY, kind, [])
    await send()
    assert sorted(json.loads(got.body)["type"] for got in receiver.got) == sorted(heard)
    span = {"from": "2000-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}
    again = await as_user(CITY)(
        "POST", f"/webhooks/{endpoint['id']}/redeliver", {**span, "kinds": ["filing.*"]}
    )
    assert again.json()["redelivered"] == heard.count("filing.filed")


def test_every_kind_that_goes_out_has_a_family() -> None:
    """One without could not be subscribed to by family; and no family is empty."""
    families = {each for each in SUBSCRIPTIONS if each.endswith(".*")}
    assert families == {f"{kind.partition('.')[0]}.*" for kind in KINDS if kind not in OPERATIONS} - {
        "webhook.*"
    }
    assert set(expanded(["order.*"])) == {kind for kind in KINDS if kind.startswith("order.")}
    assert expanded(["order.*", "*"]) == expanded([]) == []
    assert listens([], "new.kind")
    assert not listens(["order.*"], "ordering.x")


async def test_unknown_families_are_refused(as_user: Any, receiver: Receiver) -> None:
    for kinds in (["nothing.*"], ["project*"], ["**"], ["*.filed"], ["project.*\n"]):
        answer = await as_user(CITY, "administrator")(
            "POST", "/webhooks", {"url": receiver.url, "kinds": kinds}
        )
        assert answer.status_code == 422, kinds
