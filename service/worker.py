"""The worker: every consequence of an event, and everything that happens by the clock, on this page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from datetime import date
from typing import Any, NamedTuple

import asyncpg

import service.setup.schema  # noqa: F401 - every process knows every table
from service.audit import jobs as audit
from service.audit.seal import Head
from service.backup import age as backup_age
from service.caselist.snipping import snip
from service.catalogue import jobs as catalogue
from service.catalogue.spreading import spread
from service.documents.jobs import clear_orphans
from service.documents.storage import Storage, storage_of
from service.event_kinds import KINDS, OPERATIONS
from service.identity.journal import settle
from service.kit import clock
from service.kit.db import Door
from service.kit.http import Outbound
from service.kit.jobs import Bench, Every, run_worker
from service.kit.lanes import DUTIES, NEWS
from service.kit.pool import refuse_nesting
from service.kit.relay import Lane, Subscriber, Subscribers, lanes, revive, step, sweep
from service.kit.telemetry import Telemetry, configure_logging
from service.kit.tracing import tracing_to
from service.kit.watched import Pools
from service.library import jobs as library
from service.library.summaries import SUBSCRIBERS as LINKING
from service.monitoring.jobs import fold
from service.notifications.jobs import notify
from service.obligations import jobs as obligations
from service.obligations.totals import FOLDING as DUTY_FIGURES
from service.obligations.watching import FOLDING as WATCHED_FIGURES
from service.portfolio.erasing import purge_spills
from service.portfolio.retention import Retention
from service.reminders.jobs import Reminders, reminders_of
from service.reminders.reaching import TOLD, remind
from service.reminders.setting_up import channels_of
from service.settings import Settings
from service.setup.demo_mark import refuse_demo
from service.suspicions import jobs as suspicions
from service.webhooks import jobs as webhooks
from service.webhooks.actions import MOST_ENDPOINTS
from service.webhooks.actions_delivery import Sender
from service.webhooks.jobs import fan_out, feed
from service.webhooks.own import own_servers
from service.webhooks.vault import Vault

# Everybody an event names is told in every way; what else follows from a kind stands below, on lanes of their own.
# Dead letters are no news for those whose letters died: they would breed more.
SUBSCRIBERS: dict[str, list[Subscriber]] = {
    kind: [notify, feed] if kind in OPERATIONS else [notify, feed, fan_out] for kind in KINDS
}
_FEATURES = (*catalogue.SUBSCRIBERS, *suspicions.SUBSCRIBERS, *obligations.SUBSCRIBERS, *LINKING)
for _subscriber, _kinds in _FEATURES:
    for _kind in _kinds:
        SUBSCRIBERS[_kind].append(
            _subscriber if _subscriber.lane != NEWS else _subscriber._replace(lane=DUTIES)
        )


# The same where a deployment reminds people outside the service (docs/reminders.md): who is reached is noted.
REMINDING: dict[str, list[Subscriber]] = {
    kind: [*those, remind] if kind in TOLD else those for kind, those in SUBSCRIBERS.items()
}
GIVES_WAY = 15.0  # seconds a batch of what is no news waits for the news, at most
# And for the webhooks: less, since a receiver that hangs keeps them busy until its breaker opens.
TO_WEBHOOKS = 1.0


class Context(NamedTuple):
    """What the worker's jobs need."""

    door: Door
    settings: Settings
    telemetry: Telemetry
    tenants: Bench[str]
    endpoints: Bench[tuple[str, str]]
    looked: dict[str, date]  # by tenant, the day of the last look at what is due
    retention: Retention
    storage: Storage
    reminders: Reminders | None
    behind: dict[str, Head]  # by tenant, the head of the audit chain that could not be anchored


# name, seconds between two runs, job
CRON: list[tuple[str, float, Callable[[Context], Awaitable[Any]]]] = [
    ("relay", 1, lambda c: sweep(c.door, c.tenants.ring, c.telemetry)),
    ("retries", 2, lambda c: webhooks.sweep(c.door, c.endpoints.ring)),
    ("fold", 1, lambda c: _fold(c.door)),
    ("seal", 2, lambda c: audit.seal(c.door, c.settings, c.telemetry, c.behind)),
    ("logins", 30, lambda c: settle(c.door)),
    ("anchor", 3600, lambda c: audit.sweep(c.door, c.settings, c.telemetry)),
    ("purge", 600, lambda c: _keep_house(c)),
    ("snippets", 5, lambda c: snip(c.door, c.telemetry)),
    ("apps", 3600, lambda c: spread(c.door)),
    ("orphans", 86400, lambda c: clear_orphans(c.door, c.storage, clock.now())),
    ("spills", 2, lambda c: purge_spills(c.door, c.storage)),
    ("library", 600, lambda c: library.lapse_expired(c.door)),
    ("obligations", 60, lambda c: obligations.sweep(c.door, c.telemetry, c.looked)),
]


async def _fold(door: Door) -> int:
    """What commands changed of cases and of duties goes into their figures."""
    return await fold(door) + await DUTY_FIGURES.fold(door) + await WATCHED_FIGURES.fold(door)


async def _keep_house(c: Context) -> int:
    """What is old goes; how old the backup is gets told."""
    await backup_age.tell(c.settings.backup_dir, c.telemetry)
    if c.reminders is not None:
        await c.reminders.forget()
    return await c.retention.purge(c.door, c.telemetry)


def _every(c: Context) -> list[Every]:
    """All jobs; those of reminders where there are any."""
    every = [Every(name, seconds, lambda job=job: job(c)) for name, seconds, job in CRON]  # type: ignore[misc]
    if c.reminders is not None:
        every += [Every("reminders", 2, c.reminders.make), Every("reminding", 2, c.reminders.sweep)]
    return every


def _benches(c: Context, later: list[Bench[str]]) -> list[Bench[Any]]:
    """All of them, to be closed in the end."""
    return [c.tenants, *later, c.endpoints, *([] if c.reminders is None else [c.reminders.bench])]


async def run(settings: Settings, stop: asyncio.Event | None = None) -> None:
    """Works until SIGTERM or SIGINT; a caller that gives `stop` keeps its own signal handlers."""
    await refuse_demo(settings)
    configure_logging(settings.log_level)
    clock.follow(settings.clock_file)
    telemetry = _telemetry(settings)
    door, own = _door(settings, telemetry), own_servers(settings)
    subscribers = REMINDING if channels_of(settings) else SUBSCRIBERS
    telemetry.registry.register(Pools(door))
    outbound = Outbound(settings.webhook_networks, own=own)
    sender = Sender(door, outbound, Vault.of(settings), telemetry)
    # A slot is a socket that waits, so there are more of them than endpoints that could hang at once.
    endpoints: Bench[tuple[str, str]] = Bench(
        "webhooks", sender.round, telemetry, limit=512, share=2 * MOST_ENDPOINTS, owner=lambda key: key[0]
    )

    later: list[Bench[str]] = []

    async def relay(tenant: str) -> bool:
        _, more = await step(door, tenant, subscribers, telemetry)
        await webhooks.ring_due(door, tenant, endpoints.ring)
        for bench in later:
            bench.ring(tenant)
        return more

    tenants: Bench[str] = Bench("relay", relay, telemetry)
    more_lanes = [lane for lane in lanes(subscribers) if lane != NEWS]
    later += [_bench(door, lane, (tenants, endpoints), telemetry, subscribers) for lane in more_lanes]
    async with AsyncExitStack() as stack:
        await _open(door, telemetry, stack)
        await outbound.open()
        stack.push_async_callback(outbound.close)
        reminders = await reminders_of(settings, door, own, telemetry, stack)
        more = (Retention(), storage_of(settings), reminders, dict[str, Head]())
        context = Context(door, settings, telemetry, tenants, endpoints, {}, *more)
        await run_worker(
            settings.valkey_url, tenants.ring, _every(context), _benches(context, later), telemetry, stop
        )


def _telemetry(settings: Settings) -> Telemetry:
    made = Telemetry(tracing_to(settings.otlp_endpoint, "tongjian-worker", settings.trace_ratio))
    if settings.worker_metrics_port:
        made.serve(settings.host, settings.worker_metrics_port, tls=settings.tls)
    return made


async def _open(door: Door, telemetry: Telemetry, stack: AsyncExitStack) -> None:
    stack.push_async_callback(
        asyncio.to_thread, telemetry.tracing.stop
    )  # the last: it may wait for a collector
    await door.open()
    stack.push_async_callback(_close, door)
    if revived := await revive(door):
        telemetry.log.warning("dead_letters_revived", count=revived)


async def _close(door: Door) -> None:
    """What this worker held goes to the next one at once; where that cannot be said, after a quarter of a minute."""
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        await audit.hand_on(door)
    await door.close()


def _door(settings: Settings, telemetry: Telemetry) -> Door:
    return Door(
        {"tenant": settings.tenant_url, "relay": settings.relay_url},
        pool_min=settings.pool_min,
        pool_max=settings.pool_max,
        nested=refuse_nesting if settings.nested_lends == "refuse" else telemetry.nested_lend,
    )


def _bench(
    door: Door,
    lane: Lane,
    first: tuple[Bench[str], Bench[Any]],
    telemetry: Telemetry,
    subscribers: Subscribers,
) -> Bench[str]:
    """A later lane's bench: small, and between two batches it lets news and webhooks (`first`) pass, for a while."""
    news, webhooks = first

    async def work(tenant: str) -> bool:
        await news.quiet(GIVES_WAY)
        await webhooks.quiet(TO_WEBHOOKS)
        _, more = await step(door, tenant, subscribers, telemetry, lane)
        return more

    return Bench(lane.name, work, telemetry, limit=2)
