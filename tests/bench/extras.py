"""What is not a request: the gate's cost on a cache hit, the law's and the seal's, the summary against GROUP BY."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from statistics import median
from time import perf_counter
from typing import Any

import asyncpg

from service.kit import clock
from service.kit.authn import Revocations, Verifier
from service.kit.authz import Policy
from service.kit.db import Door, session
from service.kit.digest import sealed
from service.kit.keys import KeySource
from service.measures.routing import route
from service.monitoring.jobs import fold
from service.monitoring.queries_totals import totals_statement
from service.projects.deciding import read_facts
from service.rulebook.book import RuleBooks
from service.rulebook.loader import base_divisions, base_rulebook
from service.settings import Settings
from tests.bench.world import portal_token
from tests.factories import draft

_NAIVE = (
    "SELECT route, state, count(*), sum(coalesce(approved_fen, investment_fen)) FROM projects "
    "WHERE route IS NOT NULL GROUP BY 1, 2"
)


def _micros(work: Callable[[], Any], count: int) -> float:
    """Median microseconds of one call, over seven batches."""
    batches = []
    for _ in range(7):
        started = perf_counter()
        for _ in range(count):
            work()
        batches.append((perf_counter() - started) / count * 1e6)
    return median(batches)


def gate_micros(settings: Settings) -> tuple[float, float]:
    """(authentication, authorization) of a known token."""
    assert settings.signing_keys_file is not None
    revocations = Revocations()
    revocations.replace({"user:360100:somebody": 0.0}, float("inf"))
    revocations.stale = lambda now, limit=5.0: False  # type: ignore[method-assign]
    keys = KeySource(settings.signing_keys_file, clock.monotonic)
    verifier = Verifier(keys, settings.issuer, settings.audience, revocations, clock.timestamp)
    header = f"Bearer {portal_token(settings, '360100')}".encode()
    principal = verifier.authenticate(header)
    policy = Policy()
    policy.register("project", "read")
    policy.compile()
    return (
        _micros(lambda: verifier.authenticate(header), 5000),
        _micros(lambda: policy.allowed(principal, "project", "read"), 5000),
    )


def law_micros() -> tuple[float, float, float]:
    """(reading the facts, deciding, sealing the declaration with its decision)."""
    books, on = RuleBooks(base_rulebook(), base_divisions()), date(2026, 6, 1)
    office = {"tenant_id": "360100", "name": "甲", "tier": "city", "division": "360100"}
    office["office_kind"] = "administrative"
    given = draft()
    facts = read_facts(books, given["facts"], office, on)
    decision = route(facts, books.book, on)
    content = {"content": given, "decision": decision.as_dict()}
    return (
        _micros(lambda: read_facts(books, given["facts"], office, on), 200),
        _micros(lambda: route(facts, books.book, on), 200),
        _micros(lambda: sealed(content), 200),
    )


async def dashboard(settings: Settings, admin_url: str) -> tuple[float, float]:
    """Milliseconds of (the product's totals by route and state, as the province asks for them; the same by GROUP BY
    over all projects, as the superuser: row level security would make it slower still).
    """
    summed, naive = totals_statement(frozenset(), ("route", "state")).plain, _NAIVE
    province = await asyncpg.connect(settings.province_url, server_settings=session())
    admin = await asyncpg.connect(admin_url, server_settings=session())
    door = Door({"relay": settings.relay_url})
    try:
        # As the worker leaves them each second and autovacuum each minute; the bench's own have just been ended.
        await door.open()
        await fold(door)
        await admin.execute("VACUUM ANALYZE summary, summary_deltas, summary_totals, projects")
        taken: dict[str, list[float]] = {summed: [], naive: []}
        figures = {}
        for _ in range(9):
            # Several readings between two scans: the first alone finds the processor's caches full of the scan.
            for connection, statement, times in ((province, summed, 10), (admin, naive, 1)):
                for _ in range(times):
                    started = perf_counter()
                    rows = await connection.fetch(statement)
                    taken[statement].append((perf_counter() - started) * 1e3)
                figures[statement] = sorted(tuple(row.values())[-4:] for row in rows)
        if figures[summed] != figures[naive]:
            raise SystemExit("the summary and the cases differ")
        return median(taken[summed]), median(taken[naive])
    finally:
        await door.close()
        await province.close()
        await admin.close()
