"""What is seen of a plan before anything is run: tables read whole, tenants collected, rows found one by one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import msgspec

# Rows that may be sorted, hashed or counted where no LIMIT stands before: what one case has, or a day brings.
COLLECTED = 500
# What may be read of a large table where no LIMIT ends it, in the planner's costs: some 400 rows found by their ids.
READ = 3_000
_PARAMETER = re.compile(r"\$(\d+)")
# These take in all that they are given before they hand on a row; a sorted aggregate reads what its index has ready.
_COLLECTS = ("Sort", "Hash", "Materialize", "SetOp", "WindowAgg", "Memoize")


async def planned(connection: Any, sql: str) -> dict[str, Any]:
    """The plan that a session of the service has for a statement, whatever its parameters turn out to be."""
    count = max((int(each) for each in _PARAMETER.findall(sql)), default=0)
    await connection.execute(f"PREPARE asked AS {sql}")
    try:
        given = f"({', '.join(['NULL'] * count)})" if count else ""
        told = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE asked{given}")
    finally:
        await connection.execute("DEALLOCATE asked")
    found: dict[str, Any] = msgspec.json.decode(told)[0]["Plan"]
    return found


def faults(plan: dict[str, Any], large: Collection[str]) -> set[str]:
    """What the plan does that no list may, whatever the number of cases, each with the table that it is done to."""
    found = {f"reads {of} whole" for of in _whole(plan, large)} | {
        f"collects {of}" for of in _collected(plan, large)
    }
    costs: dict[str, float] = {}
    for each in _reads(plan, large):
        costs[each.of] = costs.get(each.of, 0.0) + each.cost
    return found | {f"reads on in {of}" for of, cost in costs.items() if cost > READ}


def in_order(node: dict[str, Any], index: str, *, unsorted: bool = True) -> bool:
    """Whether a page's first rows come off that index as they stand: read by it, and nothing sorts before the LIMIT.

    A sort of all that a condition finds is no fault to `faults` where PostgreSQL supposes that it finds little.
    """
    unsorted = node["Node Type"] == "Limit" or (unsorted and node["Node Type"] != "Sort")
    if node.get("Index Name") == index:
        return unsorted and node["Node Type"] != "Bitmap Index Scan"
    return any(in_order(each, index, unsorted=unsorted) for each in node.get("Plans", ()))


class _Reading(NamedTuple):
    """A large table, the rows that are found in it and the cost of finding them, as often as it is done."""

    of: str
    rows: float
    cost: float


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for each in node.get("Plans", ()):
        yield from _nodes(each)


def _whole(plan: dict[str, Any], large: Collection[str]) -> Iterator[str]:
    """Tables read from their first page to the last."""
    for node in _nodes(plan):
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in large:
            yield node["Relation Name"]


def _collected(plan: dict[str, Any], large: Collection[str]) -> Iterator[str]:
    for node in _nodes(plan):
        hashed = node["Node Type"] == "Aggregate" and node["Strategy"] != "Sorted"
        if hashed or node["Node Type"] in _COLLECTS:
            yield from (each.of for each in _reads(node, large) if each.rows > COLLECTED or each.cost > READ)


def _reads(node: dict[str, Any], large: Collection[str], times: float = 1.0) -> Iterator[_Reading]:
    """What is read of large tables without a LIMIT above it."""
    if node["Node Type"] == "Limit":
        return
    if node.get("Relation Name") in large:
        yield _Reading(node["Relation Name"], node["Plan Rows"] * times, node["Total Cost"] * times)
    inner = node.get("Plans", ())
    for at, each in enumerate(inner):
        again = times
        if node["Node Type"] == "Nested Loop" and at and not _ended(inner[0], large):
            again *= max(1.0, inner[0]["Plan Rows"])
        yield from _reads(each, large, again)


def _ended(node: dict[str, Any], large: Collection[str]) -> bool:
    """Whether a LIMIT has let its rows through: for each of a page's something may be looked up."""
    if node["Node Type"] == "Limit":
        return True
    inner = node.get("Plans", ())
    if node["Node Type"] == "Nested Loop":
        few = not [*_reads(inner[0], large)]  # the tenants, with the first rows of each
        return _ended(inner[0], large) or (few and _ended(inner[1], large))
    sources = inner if node["Node Type"] == "Append" else inner[:1]
    return bool(sources) and all(_ended(each, large) for each in sources)
