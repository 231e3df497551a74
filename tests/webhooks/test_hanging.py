"""Receivers that hang, refuse or ask to be left alone: others' deliveries go on, and administrators are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from service.kit import clock
from service.kit.bench import Bench
from service.kit.db import Door
from service.kit.http import Outbound, Response
from service.kit.telemetry import Telemetry
from service.settings import Settings
from service.webhooks import jobs
from service.webhooks.actions_delivery import verdict
from service.webhooks.health import OPENS_AFTER
from service.webhooks.signing import LONGEST
from tests.notifications.events import emit_one, query, until
from tests.notifications.test_crash import make_endpoint
from tests.webhooks.hanging import Gateway, due, pause_over, sending, states, the_endpoint

CITY, OTHER = "360400", "360500"
HANGING = 70


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    made = Gateway()
    app = web.Application()
    app.router.add_post("/{tail:.*}", made.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    made.go.set()
    await runner.cleanup()


@pytest.fixture(autouse=True)
async def _no_others(settings: Settings) -> None:
    await query(
        settings.database_url,
        "TRUNCATE webhook_endpoints, webhook_deliveries, webhook_health, outbox, outbox_work, inbox, inbox_reads",
    )


# What hangs is waited for so long: enough for the request to arrive on a machine that is busy with other work.
REACHES = 0.5


@pytest.mark.long
async def test_hanging_receivers_hold_nobody_not_even_behind_one_gateway(
    door: Door, settings: Settings, relay: Any, gateway: Gateway
) -> None:
    """As the worker does it, with its bench; nobody's time-out comes to anybody's help."""
    for number in range(HANGING):
        await make_endpoint(door, settings, CITY if number % 2 else OTHER, f"{gateway.url}/hang/{number}")
    await make_endpoint(door, settings, CITY, f"{gateway.url}/well")
    await make_endpoint(door, settings, "360600", f"{gateway.url}/elsewhere")
    for city in (CITY, OTHER, "360600"):
        for _ in range(20):
            await emit_one(door, city, "filing.filed", [])
    await relay()
    async with sending(door, settings) as sender:
        bench: Bench[tuple[str, str]] = Bench(
            "webhooks", sender.round, Telemetry(), limit=512, share=40, owner=lambda key: key[0]
        )

        async def served() -> bool:
            await jobs.sweep(door, bench.ring)  # the retries' sweep rings for those that hang, too
            well = [path for path in gateway.got if not path.startswith("/hang")]
            return len(well) == 40 and len(set(gateway.held)) == HANGING

        await until(served, 60, 0.05)
        assert len(gateway.held) == HANGING, "one at a time to whoever has never answered"
        gateway.go.set()
        await bench.close()


@pytest.mark.long
async def test_the_breaker_opens_tries_with_one_and_closes(
    door: Door, settings: Settings, relay: Any, gateway: Gateway, as_user: Any
) -> None:
    await make_endpoint(door, settings, CITY, f"{gateway.url}/hang")
    key = await the_endpoint(settings)
    for _ in range(6):
        await emit_one(door, CITY, "filing.filed", [])
    await relay()
    path = f"/webhooks/{key[0]}-{key[1]}"
    admin = as_user(CITY, "administrator")
    assert (await admin("GET", path)).json()["state"] == "active"
    async with sending(door, settings, timeout=REACHES) as sender:
        for failure in range(1, OPENS_AFTER + 1):
            assert await sender.round(key) is False, "leaves off, so that the slot is free"
            seen = (await admin("GET", path)).json()
            assert seen["failures"] == failure
            assert seen["state"] == ("failing" if failure < OPENS_AFTER else "paused")
            await due(settings)
        assert len(gateway.held) == OPENS_AFTER, "one at a time"
        assert seen["paused_until"] > seen["failing_since"]
        await sender.send(key)
        rung: list[tuple[str, str]] = []
        await jobs.sweep(door, rung.append)
        assert (len(gateway.held), rung) == (OPENS_AFTER, []), "nothing is sent while it is open"

        await pause_over(settings)
        await asyncio.gather(*(sender.round(key) for _ in range(4)))
        assert len(gateway.held) == OPENS_AFTER + 1, "half open: one tries, whoever asks"
        again = (await admin("GET", path)).json()
        assert again["failures"] == OPENS_AFTER + 1
        assert again["paused_until"] > seen["paused_until"], "for longer"

        await pause_over(settings)
        gateway.go.set()
        await due(settings)
    async with sending(door, settings) as sender:
        await sender.send(key)
    assert set(await states(settings)) == {"delivered"}, "what waited follows at once"
    assert (await admin("GET", path)).json()["state"] == "active"


@pytest.mark.long
async def test_changing_the_endpoint_or_sending_again_closes_the_breaker(
    door: Door, settings: Settings, relay: Any, gateway: Gateway, as_user: Any
) -> None:
    await make_endpoint(door, settings, CITY, f"{gateway.url}/hang")
    key = await the_endpoint(settings)
    await emit_one(door, CITY, "filing.filed", [])
    await relay()
    async with sending(door, settings, timeout=REACHES) as sender:
        for _ in range(OPENS_AFTER):
            await sender.round(key)
            await due(settings)
    admin, path = as_user(CITY, "administrator"), f"/webhooks/{key[0]}-{key[1]}"
    seen = await admin("GET", path)
    assert seen.json()["state"] == "paused"
    edited = await admin("PATCH", path, {"url": f"{gateway.url}/well"}, etag=seen.headers["etag"])
    assert (edited.json()["state"], edited.json()["failures"]) == ("active", 0)
    async with sending(door, settings) as sender:
        await sender.send(key)
    assert await states(settings) == ["delivered"]


@pytest.mark.long
async def test_what_waited_longer_than_ten_attempts_take_is_given_up_and_told_once(
    door: Door, settings: Settings, relay: Any, gateway: Gateway, as_user: Any
) -> None:
    await make_endpoint(door, settings, CITY, f"{gateway.url}/hang?token=of-the-portal")
    key = await the_endpoint(settings)
    for _ in range(5):
        await emit_one(door, CITY, "filing.filed", [])
    await relay()
    async with sending(door, settings, timeout=REACHES) as sender:
        await query(
            settings.database_url,
            "UPDATE webhook_deliveries SET next_attempt_at = now() - $1::interval",
            LONGEST + timedelta(minutes=1),
        )
        await sender.round(key)
        assert sorted(await states(settings)) == ["dead"] * 4 + ["pending"], "the one that tried waits on"
        for _ in range(2):
            await query(
                settings.database_url,
                "UPDATE webhook_deliveries SET state = 'pending', attempts = 9, next_attempt_at = now()",
            )
            await pause_over(settings)
            await sender.round(key)
    await relay()
    admin = as_user(CITY, "administrator")
    (told,) = (await admin("GET", "/inbox?kind=webhook.dead_letter&unread=true")).json()["items"]
    assert told["title"] == "回调投递未成：127.0.0.1"
    assert "4 条" in told["body"]
    assert "of-the-portal" not in str(told), "addresses may carry the receiver's secret"
    await admin("POST", f"/inbox/{told['id']}/read")


async def test_gone_is_told_to_the_administrators_and_goes_out_by_no_webhook(
    door: Door, settings: Settings, relay: Any, gateway: Gateway, as_user: Any
) -> None:
    await make_endpoint(door, settings, CITY, f"{gateway.url}/gone")
    key = await the_endpoint(settings)
    await make_endpoint(door, settings, CITY, f"{gateway.url}/well")
    gateway.status = 410
    await emit_one(door, CITY, "filing.filed", [])
    await relay()
    async with sending(door, settings) as sender:
        await sender.send(key)
    await relay()
    admin = as_user(CITY, "administrator")
    (told,) = (await admin("GET", "/inbox?kind=webhook.disabled&unread=true")).json()["items"]
    assert "410" in told["body"]
    await admin("POST", f"/inbox/{told['id']}/read")
    assert (await admin("GET", f"/webhooks/{key[0]}-{key[1]}")).json()["state"] == "disabled"
    kinds = await query(settings.database_url, "SELECT DISTINCT kind FROM webhook_deliveries")
    assert [row["kind"] for row in kinds] == ["filing.filed"]


async def test_retry_after_is_obeyed_by_the_whole_endpoint_within_bounds(
    door: Door, settings: Settings, relay: Any, gateway: Gateway
) -> None:
    await make_endpoint(door, settings, CITY, f"{gateway.url}/well")
    key = await the_endpoint(settings)
    gateway.status, gateway.headers = 503, {"retry-after": "3600"}
    for _ in range(3):
        await emit_one(door, CITY, "filing.filed", [])
    await relay()
    async with sending(door, settings) as sender:
        await sender.send(key)
        assert len(gateway.got) == 1
        (row,) = await query(
            settings.database_url,
            "SELECT paused_until > now() + interval '59 minutes' AND paused_until < now() + interval '61 minutes' "
            "AS waits FROM webhook_health",
        )
        assert row["waits"]
        await query(settings.database_url, "UPDATE webhook_health SET paused_until = now()")
        gateway.status, gateway.headers = 204, {}
        await due(settings)
        await sender.send(key)
    assert set(await states(settings)) == {"delivered"}


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120), ("99999999999999999999", 6 * 3600), ("-5", None), ("soon", None), ("", None), ("٣", None)],
)
async def test_what_retry_after_says(
    gateway: Gateway, settings: Settings, said: str, seconds: int | None
) -> None:
    gateway.status, gateway.headers = 429, {"retry-after": said}
    outbound = Outbound(settings.webhook_networks)
    await outbound.open()
    answer = await outbound.post(f"{gateway.url}/well", b"", {})
    gateway.headers = {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}
    past = await outbound.post(f"{gateway.url}/well", b"", {})
    await outbound.close()
    assert isinstance(answer, Response)
    assert answer.wait == seconds
    assert isinstance(past, Response)
    assert past.wait == 0


def test_retry_after_moves_an_attempt_later_and_never_earlier() -> None:
    now = clock.now()
    plain = verdict("d", 2, Response(503, b""), now)["again_at"]
    assert verdict("d", 2, Response(503, b"", 7200), now)["again_at"] == now + timedelta(hours=2)
    assert verdict("d", 2, Response(503, b"", 1), now)["again_at"] == plain
    assert verdict("d", 2, Response(500, b"", 7200), now)["again_at"] == plain


@pytest.mark.parametrize("skew", [timedelta(seconds=40), timedelta(days=-400)])
async def test_deliveries_are_due_by_the_database_whatever_the_clock_of_the_service(
    door: Door, settings: Settings, relay: Any, gateway: Gateway, skew: timedelta
) -> None:
    await make_endpoint(door, settings, CITY, f"{gateway.url}/well")
    clock.travel(clock.now() + skew)
    await emit_one(door, CITY, "filing.filed", [])
    clock.travel(None)
    await relay()
    rung: list[tuple[str, str]] = []
    await jobs.sweep(door, rung.append)
    assert rung == [await the_endpoint(settings)]
    async with sending(door, settings) as sender:
        await sender.send(rung[0])
    assert await states(settings) == ["delivered"]
