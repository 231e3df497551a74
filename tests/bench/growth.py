"""`make growth`: how many pages and rows each operation and each page of the console reads with few projects, with ten
times as many, and at as many sizes more as are given.

Counts, not times: PostgreSQL says of every statement the service ran what it read (tests/bench/plans.py), so the same
rows give the same figures on any machine. Exit 1 where an operation reads more than twice as much at the largest size
as at the smallest.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import asyncpg

from tests.bench import growth_operations as operations
from tests.bench.fill import fill
from tests.bench.growth_known import may_grow, why_open
from tests.bench.growth_pages import pages
from tests.bench.kept import Figures, Notes
from tests.bench.lean import TOLD
from tests.bench.lives import counted, live, served
from tests.bench.plans import Log, Read, tell
from tests.bench.world import World, world

TWICE = 2.0
# Below this a difference is the height of an index or a page more of it.
FLOOR = 40


_ROOM = """
SELECT relname AS name, pg_total_relation_size(oid) AS bytes, pg_indexes_size(oid) AS indexes FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC
"""


class Measured(NamedTuple):
    """What an operation read at one size, in all its statements, and how many rows its answer shows."""

    pages: int
    rows: int
    statements: int
    worst: Read | None
    shown: int = 0


# What the service gave no answer to has read more than anything may.
UNREAD = Measured(999_999_999, 0, 0, None)
Counted = Measured | Figures


def measured(reads: list[Read], shown: int = 0) -> Measured:
    worst = max(reads, key=lambda each: each.pages, default=None)
    pages, rows = sum(each.pages for each in reads), sum(each.rows for each in reads)
    return Measured(pages, rows, len(reads), worst, shown)


def grew(less: Counted, more: Counted) -> bool:
    """Whether it reads more than twice as much, and not just a few pages or rows, for each row that it shows.

    A page that few cases do not fill costs less than a full one: that is no growth.
    """
    fuller = max(1.0, (more.shown + 1) / (less.shown + 1))
    then, now = (less.pages, less.rows), (more.pages, more.rows)
    return any(some > TWICE * fuller * few + FLOOR for few, some in zip(then, now, strict=True))


async def _at(place: World, log: Log, only: str) -> dict[str, Measured]:
    """Every operation at the size there is now; the application is started anew, so that its plans are too."""
    found: dict[str, Measured] = {}
    async with served(place.settings) as (as_, door):

        async def told(shown: int = 0) -> Measured:
            await asyncio.sleep(0)
            return UNREAD if shown == operations.UNANSWERED else measured(log.reads(), shown)

        async for name, shown in operations.reads(as_, log.skip, only):
            found[name] = await told(shown)
        async for name, shown in pages(as_, log.skip, only):
            found[name] = await told(shown)
        if not any(each.pages for each in found.values()):
            raise RuntimeError(f"nothing was measured: no path has {only!r}, or the log tells no plans")
        if only:
            return found
        async for name in operations.writes(as_, door, log.skip):
            found[name] = await told()
        async for name, share in operations.work(door, place.admin_url, log.skip):
            got = await told()
            found[name] = got._replace(pages=got.pages // share, rows=got.rows // share)
    return found


def show(found: Mapping[int, Mapping[str, Counted]], plans: str, *, known: bool = False) -> list[str]:
    """Prints what was read, by size; the names of what grew from the smallest to the largest and may not, or was not
    there any more. `known`: not what is open.

    Marks: `*` grew; `!` grew and is known to, unmended; `~` grew, below what it is bound by (growth_known.py).
    """
    sizes = sorted(found)
    less, more = found[sizes[0]], found[sizes[-1]]
    heads = "".join(f"{kind + format(size, ','):>16}" for kind in ("pages ", "rows ") for size in sizes)
    print(f"{'operation':<58}{heads}")
    bad = [f"{name} (not measured at {sizes[-1]:,})" for name in less.keys() - more.keys()]
    for name, now in more.items():
        at = [found[size].get(name) for size in sizes]
        figures = [f"{each.pages if each else '-':>16}" for each in at]
        figures += [f"{each.rows if each else '-':>16}" for each in at]
        then, mark = less.get(name), " "
        if then is not None and UNREAD.pages in (then.pages, now.pages):
            mark = "*"
        elif then is not None and grew(then, now):
            mark = "!" if why_open(name) else "~" if may_grow(name, now.pages) else "*"
        if mark == "*" or (mark == "!" and not known):
            bad.append(name)
        print(f"{name:<58}{''.join(figures)} {mark}", flush=True)
        worst = now.worst if isinstance(now, Measured) else None
        if worst is not None and plans and (plans in name or (plans == "grown" and mark in "*!")):
            _explain(worst)
    return bad


def _explain(read: Read) -> None:
    print(f"    {read.pages} pages, {read.rows} rows: {read.sql[:3000]}")
    _node(read.plan, 3)


def _node(node: dict[str, Any], depth: int) -> None:
    of = node.get("Index Name") or node.get("Relation Name") or ""
    cond = node.get("Index Cond", "") or node.get("Filter", "")
    pages = node.get("Shared Hit Blocks", 0) + node.get("Shared Read Blocks", 0)
    gone = node.get("Rows Removed by Filter", 0)
    print(
        f"{' ' * depth}{node['Node Type']} {of} pages={pages} rows={node['Actual Rows']}×{node['Actual Loops']} "
        f"gone={gone} {str(cond)[:200]}"
    )
    for each in node.get("Plans", ()):
        _node(each, depth + 1)


class Form(NamedTuple):
    """What is filled and measured: sizes in order; `only`: paths; `lean`, `kept`: of the world (lean.py, world.py)."""

    sizes: Sequence[int]
    short: bool = False
    lean: bool = False
    kept: Path | None = None
    only: str = ""


async def run(place: World, servers_log: Log, form: Form, notes: Notes) -> dict[int, Mapping[str, Counted]]:
    """Fills to each size in turn and measures; what was measured, of a size that a kept world is beyond: then."""
    begun = perf_counter()
    if not notes.told.filled:
        async with served(place.settings) as (as_, door):
            count = await live(as_, door, short=form.short)
        print(f"{count} lives lived ({perf_counter() - begun:.0f} s)", flush=True)
    found: dict[int, Mapping[str, Counted]] = {}
    for size in form.sizes:
        if size < notes.told.filled or (size in notes.told.read and size < max(form.sizes)):
            found[size] = notes.told.read[size]
            continue
        await tell(place.admin_url, of="-1")
        if size > notes.told.filled:
            rows = await fill(place.admin_url, notes.told.filled + 1, size, lean=form.lean)
            told = ", ".join(f"{name} {count:,}" for name, count in list(rows.items())[:8])
            print(
                f"{size:,} projects, {sum(rows.values()):,} rows ({perf_counter() - begun:.0f} s): {told}",
                flush=True,
            )
            notes.filled(size)
        cases = await counted(place.settings, place.admin_url)
        print(f"duties of {cases:,} cases counted ({perf_counter() - begun:.0f} s)", flush=True)
        await _room(place.admin_url, size)
        await tell(place.admin_url)
        servers_log.skip()
        found[size] = now = await _at(place, servers_log, form.only)
        if not form.only:
            notes.read(size, now)
        print(f"measured ({perf_counter() - begun:.0f} s)", flush=True)
    return found


async def _room(url: str, size: int) -> None:
    """Tells what a case takes on disk, by table; an index by itself is in its table's."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(_ROOM)
    finally:
        await connection.close()
    whole = sum(row["bytes"] for row in rows)
    told = ", ".join(
        f"{row['name']} {row['bytes'] / size:,.0f} ({row['indexes'] / size:,.0f})" for row in rows[:24]
    )
    print(f"{whole / 1e9:.1f} GB; bytes a case (of them indexes): {whole / size:,.0f}: {told}", flush=True)


def measure(form: Form, *, plans: str = "", known: bool = False) -> list[str]:
    """The whole thing on servers of its own; the names of what grew and may not."""
    notes = Notes(form.kept, lean=form.lean)
    if form.lean:
        print(TOLD)
    with world(0, form.kept, log_level="WARNING") as place:
        found = asyncio.run(run(place, Log(place.servers.postgres_log), form, notes))
        return show(found, plans, known=known)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make growth", description=__doc__)
    parser.add_argument(
        "--short", action="store_true", help="1,000 and 10,000 projects in place of 10,000 and 100,000"
    )
    parser.add_argument(
        "--sizes", nargs="+", type=int, metavar="SIZE", help="how many instead, two sizes or more"
    )
    parser.add_argument("--lean", action="store_true", help=TOLD)
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="the world stays there, and is gone on with: migrated, filled further, measured again at its largest",
    )
    parser.add_argument(
        "--plans",
        default="",
        metavar="TEXT",
        help="the worst statement's plan of operations whose name has TEXT, or of what has 'grown'",
    )
    parser.add_argument(
        "--only",
        default="",
        metavar="TEXT",
        help="only reads whose path has TEXT, or one of several with commas between",
    )
    parser.add_argument("--known", action="store_true", help="what is known to grow is no failure")
    return parser


def main(argv: list[str] | None = None) -> int:
    given = _parser().parse_args(argv)
    sizes = sorted(given.sizes or ((1_000, 10_000) if given.short else (10_000, 100_000)))
    form = Form(sizes, given.short, given.lean, given.keep, given.only)
    bad = measure(form, plans=given.plans, known=given.known)
    for name in bad:
        print(f"grows: {name}", file=sys.stderr)
    print(f"growth: {len(bad)} operations read more than twice as much")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
