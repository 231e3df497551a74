"""One trace from a portal's request through the outbox and the worker to its webhook; nothing of a case in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from service.kit.db import Door
from service.kit.http import Outbound
from service.kit.relay import drain
from service.kit.telemetry import Telemetry
from service.kit.tracing import Tracing, incoming, tracing_to
from service.settings import Settings
from service.webhooks import jobs
from service.webhooks.actions_delivery import Sender
from service.webhooks.vault import Vault
from service.worker import SUBSCRIBERS
from tests.factories import draft
from tests.notifications.events import query
from tests.webhooks.collector import Collector, collecting
from tests.webhooks.receiver import Receiver, receiving
from tests.worlds import Caller, running

CITY = "360400"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
TOLD = {
    "http.request.method",
    "http.response.status_code",
    "tongjian.tenant",
    "tongjian.request_id",
    "tongjian.event",
    "tongjian.lane",
    "tongjian.delivery",
    "error.type",
}


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as made:
        yield made


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


@pytest.fixture(autouse=True)
async def _no_others(settings: Settings) -> None:
    await query(settings.database_url, "TRUNCATE webhook_endpoints, webhook_deliveries, outbox")


async def _submitted(settings: Settings, token: Any, receiver: Receiver, **headers: str) -> str:
    """A portal makes a draft and submits it, by an API of these settings; the request's id."""
    async with (
        running(settings) as app,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", timeout=60) as client,
    ):
        admin = Caller(client, token(CITY, "administrator"))
        made = await admin("POST", "/webhooks", {"url": receiver.url, "kinds": ["project.submitted"]})
        assert made.status_code == 201, made.text
        unit = Caller(client, token(CITY, "unit"))
        case = await unit("POST", "/projects", draft(CITY))
        sent = await unit(
            "POST", f"/projects/{case.json()['id']}/submit", {}, etag=case.headers["etag"], headers=headers
        )
        assert sent.status_code == 200, sent.text
        return str(sent.headers["x-request-id"])


async def _carried_on(door: Door, settings: Settings, tracing: Tracing) -> None:
    """One round of a worker: relay, then everything due is sent."""
    telemetry = Telemetry(tracing)
    outbound = Outbound(settings.webhook_networks, timeout=60)
    await outbound.open()
    try:
        await drain(door, CITY, SUBSCRIBERS, telemetry)
        due: list[tuple[str, str]] = []
        await jobs.sweep(door, due.append)
        sender = Sender(door, outbound, Vault(settings.secret_key), telemetry)
        for key in due:
            await sender.send(key)
    finally:
        await outbound.close()
    await asyncio.to_thread(tracing.stop)


async def test_one_trace_from_the_request_to_the_webhook(
    settings: Settings, token: Any, door: Door, receiver: Receiver, collector: Collector
) -> None:
    traced = replace(settings, otlp_endpoint=collector.url)
    request_id = await _submitted(traced, token, receiver, traceparent=PARENT)
    await _carried_on(door, settings, tracing_to(collector.url, "tongjian-worker", 1.0))
    (got,) = receiver.got
    (request,) = collector.named("tongjian-api", "projects_submit")
    (relayed,) = collector.named("tongjian-worker", "relay project.submitted")[:1]
    (webhook,) = collector.named("tongjian-worker", "webhook")
    for span in (request, relayed, webhook):
        assert span.trace_id.hex() == TRACE
    assert request.parent_span_id.hex() == "00f067aa0ba902b7"
    assert relayed.parent_span_id == request.span_id
    news = {span.span_id for span in collector.named("tongjian-worker", "relay project.submitted")}
    assert webhook.parent_span_id in news
    assert got.headers["traceparent"] == f"00-{TRACE}-{webhook.span_id.hex()}-01"
    assert got.headers["x-request-id"] == request_id
    attributes = {each.key: each.value for each in request.attributes}
    assert attributes["tongjian.request_id"].string_value == request_id
    assert attributes["http.response.status_code"].int_value == 200
    for _, span in collector.spans:
        assert {each.key for each in span.attributes} <= TOLD
        assert "业务系统" not in str(span)
    # Requests of nobody's trace begin their own, each another.
    begun = {span.trace_id for service, span in collector.spans if service == "tongjian-api"}
    assert len(begun) == 3


async def test_switched_off_nothing_is_made_and_what_came_is_handed_on(
    settings: Settings, token: Any, door: Door, receiver: Receiver
) -> None:
    await _submitted(settings, token, receiver)
    await _carried_on(door, settings, Tracing())
    assert "traceparent" not in receiver.got[0].headers
    await query(settings.database_url, "TRUNCATE webhook_endpoints, webhook_deliveries, outbox")
    await _submitted(settings, token, receiver, traceparent=PARENT)
    await _carried_on(door, settings, Tracing())
    assert receiver.got[1].headers["traceparent"] == PARENT


@pytest.mark.long
async def test_a_collector_that_is_away_costs_nobody_anything(
    settings: Settings, token: Any, door: Door, receiver: Receiver
) -> None:
    with collecting() as gone:
        url = gone.url
    await _submitted(replace(settings, otlp_endpoint=url), token, receiver)
    await _carried_on(door, settings, tracing_to(url, "tongjian-worker", 1.0))
    assert receiver.got[0].headers["traceparent"].startswith("00-")


def test_none_of_it_is_sent_where_the_ratio_is_nought(collector: Collector) -> None:
    tracing = tracing_to(collector.url, "tongjian-api", 0.0)
    with tracing.span("request", "SERVER", PARENT) as here:
        assert here.traceparent is not None
        assert here.traceparent.startswith(f"00-{TRACE}-")
        assert here.traceparent.endswith("-00"), "nobody downstream takes it for kept"
    tracing.stop()
    assert collector.spans == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00-" + "0" * 32 + "-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
        "00-涉密",
        PARENT + "\n",
        f"00-{TRACE.upper()}-00f067aa0ba902b7-01",
        PARENT + "-more",
        f"ff-{TRACE}-00f067aa0ba902b7-01",
    ],
)
def test_what_is_no_traceparent_is_not_carried(text: str) -> None:
    assert incoming([(b"traceparent", text.encode("utf-8"))]) is None
    assert incoming([(b"traceparent", PARENT.encode()), (b"traceparent", PARENT.encode())]) is None
