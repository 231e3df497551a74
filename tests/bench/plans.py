"""What statements really read: PostgreSQL's auto_explain tells each statement's plan with pages and rows in its log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import msgspec

# Applied to every session of the database from its next connection on.
_SETTINGS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_buffers": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_format": "json",
}
_PLAN = re.compile(r"LOG:  duration: [\d.]+ ms  plan:\n((?:\t.*\n)+)")
# What the service asks on its own account all the while.
_OWN = re.compile(r"FROM revocations|^\s*(SET|BEGIN|COMMIT)")
_OF_NO_TABLE = ("CTE Scan", "Function Scan", "Subquery Scan", "Bitmap Index Scan")


class Read(NamedTuple):
    """What one statement read: pages of tables and indexes (in memory or not), rows looked at, and its text."""

    pages: int
    rows: int
    sql: str
    plan: dict[str, Any]


async def tell(url: str, *, of: str = "0") -> None:
    """Lets the database tell of every statement, as the superuser; "-1" of none."""
    connection = await asyncpg.connect(url)
    try:
        name = await connection.fetchval("SELECT current_database()")
        for setting, value in {**_SETTINGS, "auto_explain.log_min_duration": of}.items():
            await connection.execute(f"ALTER DATABASE {name} SET {setting} = '{value}'")
    finally:
        await connection.close()


class Log:
    """The server's log, read from where we were."""

    def __init__(self, path: Path) -> None:
        self._path, self._at = path, path.stat().st_size

    def skip(self) -> None:
        """Forgets what was written meanwhile."""
        self._at = self._path.stat().st_size

    def reads(self) -> list[Read]:
        """The statements since the last call."""
        with self._path.open("rb") as file:
            file.seek(self._at)
            text = file.read()
        self._at += len(text)
        found = [_read(each) for each in _PLAN.findall(text.decode(errors="replace"))]
        return [each for each in found if not _OWN.search(each.sql)]


def _read(text: str) -> Read:
    told = msgspec.json.decode(text.replace("\n\t", "\n").strip())
    plan = told["Plan"]
    pages = plan.get("Shared Hit Blocks", 0) + plan.get("Shared Read Blocks", 0)
    return Read(pages, int(sum(_rows(each) for each in _nodes(plan))), told["Query Text"], plan)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _nodes(each)


def _rows(node: dict[str, Any]) -> float:
    """Rows of a table or index that a node looked at, those it threw away included; not of a table of one page."""
    kind, pages = node["Node Type"], sum(node.get(f"Shared {name} Blocks", 0) for name in ("Hit", "Read"))
    if "Scan" not in kind or kind in _OF_NO_TABLE:
        return 0.0
    # A table of one page is read whole sooner than by an index; its rows are bounded by the page, and that is counted.
    if kind == "Seq Scan" and pages <= node["Actual Loops"]:
        return 0.0
    gone = sum(node.get(name, 0) for name in ("Rows Removed by Filter", "Rows Removed by Index Recheck"))
    return float((node["Actual Rows"] + gone) * node["Actual Loops"])
