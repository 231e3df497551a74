"""`make growth`: how many pages and rows each operation and each page of the console reads with few projects and with
ten times as many.

Counts, not times: PostgreSQL says of every statement the service ran what it read (tests/bench/plans.py), so the same
rows give the same figures on any machine. Exit 1 where an operation reads more than twice as much.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from time import perf_counter
from typing import Any, NamedTuple

from service.embedded.servers import Servers
from tests.bench import growth_operations as operations
from tests.bench.fill import fill
from tests.bench.growth_known import may_grow, why_open
from tests.bench.growth_pages import pages
from tests.bench.lives import counted, live, served
from tests.bench.plans import Log, Read, tell
from tests.bench.world import World, world

TWICE = 2.0
# Below this a difference is the height of an index or a page more of it.
FLOOR = 40


class Measured(NamedTuple):
    """What an operation read at one size, in all its statements, and how many rows its answer shows."""

    pages: int
    rows: int
    statements: int
    worst: Read | None
    shown: int = 0


def measured(reads: list[Read], shown: int = 0) -> Measured:
    worst = max(reads, key=lambda each: each.pages, default=None)
    pages, rows = sum(each.pages for each in reads), sum(each.rows for each in reads)
    return Measured(pages, rows, len(reads), worst, shown)


def grew(less: Measured, more: Measured) -> bool:
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
            return measured(log.reads(), shown)

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


def show(
    less: dict[str, Measured],
    more: dict[str, Measured],
    sizes: tuple[int, int],
    plans: str,
    *,
    known: bool = False,
) -> list[str]:
    """Prints the table; the names of what grew and may not, or was not there any more. `known`: not what is open.

    Marks: `*` grew; `!` grew and is known to, unmended; `~` grew, below what it is bound by (growth_known.py).
    """
    few, many = sizes
    print(
        f"{'operation':<58}{'pages ' + format(few, ','):>14}{format(many, ','):>10}{'rows':>10}{format(many, ','):>10}"
    )
    bad = [f"{name} (not measured at {many:,})" for name in less.keys() - more.keys()]
    for name, now in more.items():
        then = less.get(name)
        if then is None:
            print(f"{name:<58}{'-':>14}{now.pages:>10}{'-':>10}{now.rows:>10}")
            continue
        mark = " "
        if grew(then, now):
            mark = "!" if why_open(name) else "~" if may_grow(name, now.pages) else "*"
        if mark == "*" or (mark == "!" and not known):
            bad.append(name)
        print(f"{name:<58}{then.pages:>14}{now.pages:>10}{then.rows:>10}{now.rows:>10} {mark}", flush=True)
        if now.worst is not None and plans and (plans in name or (plans == "grown" and mark == "*")):
            _explain(now.worst)
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


async def run(
    place: World,
    servers_log: Log,
    sizes: tuple[int, int],
    *,
    short: bool,
    plans: str,
    only: str,
    known: bool,
) -> list[str]:
    """Fills to each size in turn and measures; the names of what grew."""
    begun = perf_counter()
    async with served(place.settings) as (as_, door):
        count = await live(as_, door, short=short)
    print(f"{count} lives lived ({perf_counter() - begun:.0f} s)", flush=True)
    await tell(place.admin_url)
    found, filled = [], 0
    for size in sizes:
        rows = await fill(place.admin_url, filled + 1, size)
        filled = size
        told = ", ".join(f"{name} {count:,}" for name, count in list(rows.items())[:8])
        print(
            f"{size:,} projects, {sum(rows.values()):,} rows ({perf_counter() - begun:.0f} s): {told}",
            flush=True,
        )
        cases = await counted(place.settings, place.admin_url)
        print(f"duties of {cases:,} cases counted ({perf_counter() - begun:.0f} s)", flush=True)
        servers_log.skip()
        found.append(await _at(place, servers_log, only))
        print(f"measured ({perf_counter() - begun:.0f} s)", flush=True)
    return show(found[0], found[1], sizes, plans, known=known)


def measure(
    sizes: tuple[int, int], *, short: bool, plans: str = "", only: str = "", known: bool = False
) -> list[str]:
    """The whole thing on servers of its own; the names of what grew and may not."""

    def log_of(servers: Servers) -> Log:
        return Log(servers.postgres_log)

    with world(0, log_level="WARNING") as place:
        log = log_of(place.servers)
        return asyncio.run(run(place, log, sizes, short=short, plans=plans, only=only, known=known))


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make growth", description=__doc__)
    parser.add_argument(
        "--short", action="store_true", help="1,000 and 10,000 projects in place of 10,000 and 100,000"
    )
    parser.add_argument("--sizes", nargs=2, type=int, metavar=("FEW", "MANY"), help="how many instead")
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
    given = parser.parse_args(argv)
    sizes = tuple(given.sizes or ((1_000, 10_000) if given.short else (10_000, 100_000)))
    bad = measure(
        (sizes[0], sizes[1]), short=given.short, plans=given.plans, only=given.only, known=given.known
    )
    for name in bad:
        print(f"grows: {name}", file=sys.stderr)
    print(f"growth: {len(bad)} operations read more than twice as much")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
