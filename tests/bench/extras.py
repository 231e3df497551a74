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
from service.kit.digest import sealed
from service.kit.keys import KeySource
from service.measures.routing import route
from service.projects.deciding import read_facts
from service.rulebook.book import RuleBooks
from service.rulebook.loader import base_divisions, base_rulebook
from service.settings import Settings
from tests.bench.world import portal_token
from tests.factories import draft

_SUMMED = """
SELECT route, state, sum(count), sum(amount_fen) FROM (
    SELECT route, state, count, amount_fen FROM summary UNION ALL
    SELECT route, state, count, amount_fen FROM summary_deltas) cells GROUP BY 1, 2"""
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


async def dashboard(admin_url: str) -> tuple[float, float]:
    """Milliseconds of (totals from the summary and its deltas, the same by GROUP BY over all projects)."""
    connection = await asyncpg.connect(admin_url, server_settings={"jit": "off"})
    try:
        taken: dict[str, list[float]] = {_SUMMED: [], _NAIVE: []}
        for _ in range(9):
            for statement, times in taken.items():
                started = perf_counter()
                await connection.fetch(statement)
                times.append((perf_counter() - started) * 1e3)
        return median(taken[_SUMMED]), median(taken[_NAIVE])
    finally:
        await connection.close()
