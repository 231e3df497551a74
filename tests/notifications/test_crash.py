"""kill -9 of the worker and of Valkey while events arrive: afterwards everything is there, and once."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from service.embedded.servers import Servers
from service.kit import clock
from service.kit.db import Door, tenant_scope
from service.kit.ids import new_id
from service.kit.jobs import Doorbell
from service.kit.outbox import Recipient
from service.kit.tables import insert_row
from service.settings import Settings
from service.webhooks.actions import context_of
from service.webhooks.models import webhook_endpoints
from service.webhooks.signing import new_secret, rotated
from service.webhooks.vault import Vault
from tests.lives import World, builder
from tests.notifications.events import PROVINCE, emit_one, query, until
from tests.webhooks.receiver import Got, Receiver, receiving

CITIES = ("360100", "361100")
EVENTS, FILINGS = 250, 12


class Worker:
    """A real `tongjian worker`."""

    def __init__(self, settings: Settings, valkey_url: str, log: Path, first: str = "") -> None:
        """`first`: Python that the process does before it begins."""
        self.log = log
        run = "import sys; from service.cli.commands import main; sys.exit(main(['worker']))"
        self.command = ["-c", f"{first}\n{run}"] if first else ["-m", "service.cli", "worker"]
        self.env = {
            **os.environ,
            "TONGJIAN_ENVIRONMENT": "development",
            "TONGJIAN_DATABASE_URL": settings.database_url,
            "TONGJIAN_VALKEY_URL": valkey_url,
            "TONGJIAN_SECRET_KEY": settings.secret_key,
            "TONGJIAN_SIGNING_KEYS_FILE": str(settings.signing_keys_file),
            "TONGJIAN_AUDIT_ANCHOR_DIR": str(settings.audit_anchor_dir),
            "TONGJIAN_LOG_LEVEL": "WARNING",
        }
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                env=self.env,
                cwd=Path(__file__).parents[2],
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        assert self.process.poll() is None, self.log.read_text()
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(600)


async def make_endpoint(door: Door, settings: Settings, tenant: str, url: str) -> None:
    made, now = new_id(), clock.now()
    sealed = Vault(settings.secret_key).seal(new_secret(), context_of(tenant, made))
    async with door.transaction(tenant_scope(tenant)) as tx:
        tx.batch.add(
            insert_row(webhook_endpoints),
            tenant_id=tenant,
            id=made,
            url=url,
            kinds=[],
            secrets=rotated([], sealed, now),
            created_at=now,
            disabled_at=None,
            disabled_reason=None,
            version=1,
        )


@pytest.fixture
async def clean(settings: Settings) -> None:
    for statement in (
        "TRUNCATE outbox, inbox, inbox_reads, event_feed, webhook_endpoints, webhook_deliveries",
        "DELETE FROM counters WHERE name = 'feed'",
    ):
        await query(settings.database_url, statement)


@pytest.mark.long
async def test_nothing_is_lost_and_nothing_doubled(
    settings: Settings, servers: Servers, door: Door, workdir: Path, clean: None, as_user: Any
) -> None:
    """Both processes die several times, also together; filings arrive over the API; the receiver refuses some."""
    declaring = builder(as_user, door, settings)(tenant=CITIES[0])
    worker = Worker(settings, servers.valkey_url, workdir / "worker.log")
    bell = Doorbell(servers.valkey_url)
    await bell.start()
    try:
        async with receiving() as receiver:
            receiver.answer = _first_refused()
            for city in CITIES:
                await make_endpoint(door, settings, city, receiver.url)
            numbers, *_ = await asyncio.gather(_file(declaring), _emit(door, bell), _chaos(worker, servers))
            await until(lambda: _all_there(settings), 240, 0.3)
            await _check(settings, receiver)
        await _check_over_the_api(as_user, numbers)
        assert await asyncio.to_thread(worker.stop) == 0
    finally:
        await bell.stop()
        if worker.process.poll() is None:
            worker.kill()
        if not servers.valkey_pid:
            servers.start_valkey()


async def _file(city: World) -> list[str]:
    """Real filings of a city, over the API; returns their numbers."""
    numbers = []
    for _ in range(FILINGS):
        filing = await city.filed()
        numbers.append(filing.data["receipt"]["filing_number"])
        await asyncio.sleep(0.3)
    return numbers


async def _check_over_the_api(as_user: Any, numbers: list[str]) -> None:
    """Every filing is in the province's inbox once."""
    titles, path = [], "/inbox?limit=200&kind=filing.filed"
    while path:
        answer = await as_user(PROVINCE, "office")("GET", path)
        titles += [item["title"] for item in answer.json()["items"]]
        path = answer.headers.get("link", "").partition("<")[2].partition(">")[0]
    for number in numbers:
        assert len([title for title in titles if number in title]) == 1


def _first_refused() -> Any:
    """Every seventeenth message is refused once (a second refusal would make the test wait five minutes)."""
    seen: set[str] = set()

    def answer(got: Got) -> int:
        refuse = got.id not in seen and len(seen) % 17 == 0
        seen.add(got.id)
        return 503 if refuse else 204

    return answer


async def _emit(door: Door, bell: Doorbell) -> None:
    """Many small events of two tenants, beside the filings."""
    for number in range(EVENTS):
        city = CITIES[number % 2]
        desks = [
            Recipient(PROVINCE, "office"),
            Recipient(city, "portal"),
            Recipient(city, "unit", "00000000-0000-5000-8000-000000000001"),
        ]
        await emit_one(door, city, "filing.filed", desks, trace=f"trace-{number}")
        bell.ring(city)
        await asyncio.sleep(0.02)


async def _chaos(worker: Worker, servers: Servers) -> None:
    await asyncio.sleep(2)
    worker.kill()
    await asyncio.sleep(0.3)
    worker.start()
    await asyncio.sleep(1.5)
    await asyncio.to_thread(servers.kill_valkey)
    await asyncio.sleep(1)
    worker.kill()
    worker.start()  # with Valkey still away
    await asyncio.sleep(2)
    await asyncio.to_thread(servers.start_valkey)
    await asyncio.sleep(0.3)
    worker.kill()
    worker.start()


async def _all_there(settings: Settings) -> bool:
    (row,) = await query(
        settings.database_url,
        """SELECT (SELECT count(*) FROM outbox WHERE done_at IS NULL)
                + (SELECT count(*) FROM webhook_deliveries WHERE state = 'pending') AS waiting""",
    )
    return bool(row["waiting"] == 0)


async def _check(settings: Settings, receiver: Receiver) -> None:
    """Compares what arrived with the outbox: every event, every desk, once."""
    url = settings.database_url
    events = await query(
        url, "SELECT id::text, tenant_id, kind, recipients::text, attempts FROM outbox ORDER BY created_at"
    )
    # What the worker itself finds besides (projects alike, what is due) is delivered by the same rules.
    told = [event for event in events if event["kind"].startswith(("project.", "filing."))]
    assert len(told) == EVENTS + 4 * FILINGS
    desks = {event["id"]: json.loads(event["recipients"]) for event in events}
    inbox = await query(url, "SELECT event_id::text, count(*) AS n FROM inbox GROUP BY 1")
    assert {row["event_id"]: row["n"] for row in inbox} == {event: len(each) for event, each in desks.items()}
    feed = await query(url, "SELECT tenant_id, seq, event_id::text FROM event_feed ORDER BY tenant_id, seq")
    for tenant in (*CITIES, PROVINCE):
        mine = [row for row in feed if row["tenant_id"] == tenant]
        concerned = [
            e["id"] for e in events if tenant in (e["tenant_id"], *(d["tenant"] for d in desks[e["id"]]))
        ]
        assert [row["seq"] for row in mine] == list(range(1, len(concerned) + 1))
        assert sorted(row["event_id"] for row in mine) == sorted(concerned)
    ids: dict[str, set[str]] = {}
    for got in receiver.got:
        ids.setdefault(got.headers["x-event-id"], set()).add(got.id)
    # The cities have endpoints; what the worker tells the province alone goes to none.
    sent = {e["id"] for e in events if {e["tenant_id"], *(d["tenant"] for d in desks[e["id"]])} & set(CITIES)}
    assert set(ids) == sent
    assert all(len(each) == 1 for each in ids.values()), "one id per event and endpoint"
    assert len(set().union(*ids.values())) == len(sent)
    print(f"{len(events)} events, {len(receiver.got)} requests to the receiver")


# What is done by the clock is done at the start and then for a day no more.
BELL_ONLY = "import service.worker as w; w.CRON = [(name, 86400, job) for name, _, job in w.CRON]"


@pytest.mark.long
@pytest.mark.parametrize("first", [BELL_ONLY, ""], ids=["by the bell alone", "without valkey"])
async def test_delivery_needs_the_bell_or_the_clock_but_not_both(
    settings: Settings, servers: Servers, door: Door, workdir: Path, clean: None, first: str
) -> None:
    worker = Worker(settings, servers.valkey_url, workdir / "worker2.log", first)
    bell = Doorbell(servers.valkey_url)
    await bell.start()

    async def delivered() -> None:
        event = await emit_one(door, CITIES[0], "project.submitted", [Recipient(CITIES[0], "gatekeeper")])
        bell.ring(CITIES[0])
        await until(lambda: _in_inbox(settings, event), 120, 0.005)

    try:
        await delivered()  # the worker has started
        if not first:
            await asyncio.to_thread(servers.kill_valkey)
        for _ in range(3):
            await delivered()
    finally:
        await bell.stop()
        if not servers.valkey_pid:
            await asyncio.to_thread(servers.start_valkey)
        assert await asyncio.to_thread(worker.stop) == 0


async def _in_inbox(settings: Settings, event: str) -> bool:
    return bool(await query(settings.database_url, "SELECT 1 FROM inbox WHERE event_id = $1", event))
