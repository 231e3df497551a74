"""`make bench`: the product against a bare ASGI + asyncpg handler, on the same rows, in interleaved rounds.

`--quick`: 10,000 projects and short rounds. Only the ratios mean anything; the other figures are this machine's.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median
from urllib.parse import urlsplit

import asyncpg
import uvloop

from tests.bench import delivering, extras, more, servers, whatif
from tests.bench.bare_sql import FUNCTION
from tests.bench.client import load
from tests.bench.processes import BARE, PRODUCT, USUAL, serving
from tests.bench.rounds import OPERATIONS, SERVERS, Bench
from tests.bench.wire import Wire
from tests.bench.world import World, samples, world


async def _trips(place: World, application: str, bench: Bench) -> list[float]:
    """Round trips of each operation, counted on the wire by a server of its own behind a proxy."""
    url = place.environment["TONGJIAN_DATABASE_URL"]
    port = urlsplit(url).port or 5432
    wire = Wire(port)
    await wire.open()
    behind = {"TONGJIAN_DATABASE_URL": url.replace(f":{port}/", f":{wire.port}/"), "TONGJIAN_POOL_MAX": "1"}
    behind["TONGJIAN_POOL_MIN"] = "1"
    counts = []
    server = serving(application, {**place.environment, **behind})
    process = await asyncio.to_thread(server.__enter__)
    try:
        for operation in OPERATIONS:
            requests = bench.requests(operation, 20, ours=application == PRODUCT)
            await load(process.port, requests[:10], 1)  # statements are prepared once per connection
            counts.append(await _counted(wire, process.port, requests[10:]))
    finally:
        await asyncio.to_thread(server.__exit__, None, None, None)
        await wire.close()
    return counts


async def _counted(wire: Wire, port: int, requests: Sequence[bytes]) -> float:
    """Per request, less what the server asks on its own account in the same time (revocations, each second)."""
    best = []
    for request in requests:
        before = wire.round_trips
        await load(port, [request], 1)
        best.append(wire.round_trips - before)
    return median(best)


async def _run(place: World, rounds: int, share: float) -> float:
    """Everything over the declared projects; how many pages of 50 a second the bare handler makes."""
    admin = await asyncpg.connect(place.admin_url)
    await admin.execute(FUNCTION)
    await admin.close()
    cases = await samples(place.admin_url, 5000, drafts=False)
    drafts = await samples(place.admin_url, 20_000, drafts=True)
    with ExitStack() as stack:
        three = {name: stack.enter_context(serving(name, place.environment)) for name in SERVERS}
        bench = Bench(place, three, cases, drafts)
        await bench.agree()
        pages = await _operations(place, bench, rounds, share)
        ours = three[PRODUCT]
        print(await whatif.report(ours.port, place.settings), flush=True)
    await _extras(place)
    return pages


async def _operations(place: World, bench: Bench, rounds: int, share: float) -> float:
    """The table: requests a second, of the bare handler's and times the usual way's, round trips, processor.

    Returns the bare handler's pages of 50 a second.
    """
    pages = 0.0
    trips = [await _trips(place, name, bench) for name in SERVERS]
    print("* misses its target; bare: ASGI and asyncpg; usual: FastAPI, SQLAlchemy's ORM and pydantic")
    print(
        f"{'operation':<12}{'a second (bare, usual)':>26}{'of bare':>24}{'target':>8}{'× usual':>26}{'target':>8}"
        f"{'round trips':>16}{'µs of a processor':>26}"
    )
    for operation, (bare, usual, mine) in zip(OPERATIONS, zip(*trips, strict=True), strict=True):
        line = await bench.measure(operation, rounds, int(operation.requests * share))
        ours, theirs, orm = (line.figures[name] for name in (PRODUCT, BARE, USUAL))
        pages = theirs.speed if operation.name[0] == "B" else pages
        marks = [
            " " if found.middle >= target else "*"
            for found, target in ((line.of_bare, operation.target), (line.of_usual, operation.times))
        ]
        print(
            f"{operation.name:<12}{f'{ours.speed:.0f} ({theirs.speed:.0f}, {orm.speed:.0f})':>26}"
            f"{line.of_bare!s:>24}{marks[0]}{operation.target:7.2f}{line.of_usual!s:>26}{marks[1]}{operation.times:7.0f}"
            f"{f'{mine:.0f} ({bare:.0f}, {usual:.0f})':>16}{f'{ours.cpu:.0f} ({theirs.cpu:.0f}, {orm.cpu:.0f})':>26}",
            flush=True,
        )
    return pages


async def _only_servers(place: World, rounds: int, share: float) -> None:
    for line in await servers.report(place, rounds, share):
        print(line, flush=True)


async def _extras(place: World) -> None:
    authentication, authorization = extras.gate_micros(place.settings)
    print(
        f"authentication + authorization, known token: {authentication:.2f} + {authorization:.2f} µs (target 2)"
    )
    reading, deciding, sealing = extras.law_micros()
    print(f"the law, in both: read facts {reading:.0f} µs, decide {deciding:.0f} µs, seal {sealing:.0f} µs")
    summed, naive = await extras.dashboard(place.settings, place.admin_url)
    print(
        f"dashboard: summary {summed:.3f} ms, GROUP BY over projects {naive:.1f} ms: "
        f"{naive / summed:.0f} × (target 100)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 projects, short rounds")
    parser.add_argument("--projects", type=int, help="how many (default 100,000)")
    parser.add_argument("--rounds", type=int, help="how many per operation (default 9)")
    parser.add_argument("--painted", action="store_true", help="only from click to paint")
    parser.add_argument("--servers", action="store_true", help="only the product under other servers of HTTP")
    given = parser.parse_args()
    projects = given.projects or (10_000 if given.quick else 100_000)
    rounds = given.rounds or (3 if given.quick else 9)
    print(f"loading {projects:,} projects ...", flush=True)
    if given.painted:
        return print(more.pages_alone(projects, rounds))
    with world(projects) as place:
        if given.servers:
            return uvloop.run(_only_servers(place, rounds, 0.4 if given.quick else 1.0))
        pages = uvloop.run(_run(place, rounds, 0.4 if given.quick else 1.0))
    print(delivering.report(), flush=True)
    for line in more.report(projects, rounds, 100 if given.quick else 400, pages):
        print(line, flush=True)


if __name__ == "__main__":
    main()
