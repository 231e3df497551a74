"""`make bench`: the product against a bare ASGI + asyncpg handler, on the same rows, in interleaved rounds.

`--quick`: 10,000 projects and short rounds. Only the ratios mean anything; the other figures are this machine's.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from statistics import median
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import asyncpg
import msgspec
import uvloop

from service.kit.ids import new_id
from tests.bench import delivering, extras, painted, whatif
from tests.bench.bare_sql import FUNCTION
from tests.bench.client import ask, load
from tests.bench.processes import BARE, PRODUCT, Process, serving
from tests.bench.wire import Wire
from tests.bench.world import Sample, World, portal_token, samples, world


class Operation(NamedTuple):
    """One line of the table."""

    name: str
    target: float
    requests: int  # per round


class Line(NamedTuple):
    """Medians of one operation; `cpu` in microseconds of the server process per request."""

    bare: float
    ours: float
    ratio: float
    bare_cpu: float
    our_cpu: float


OPERATIONS = (
    Operation("A read one", 0.9, 2000),
    Operation("B list 50", 1.0, 600),
    Operation("C submit", 0.8, 500),
)


class Bench:
    """The two servers and the requests for both."""

    def __init__(
        self, place: World, bare: Process, ours: Process, cases: list[Sample], drafts: list[Sample]
    ) -> None:
        self.bare, self.ours, self.cases, self.drafts = bare, ours, cases, drafts
        tenants = {sample.tenant for sample in (*cases, *drafts)}
        self.tokens = {tenant: portal_token(place.settings, tenant) for tenant in tenants}
        self.turn = 0

    def requests(self, operation: Operation, count: int, *, ours: bool) -> list[bytes]:
        """The next requests of an operation; a draft is submitted once."""
        if operation.name[0] == "C":
            taken, self.drafts = self.drafts[:count], self.drafts[count:]
            if len(taken) < count:
                raise SystemExit("the drafts are used up: fewer rounds, or more projects")
            return [self._submission(sample, ours) for sample in taken]
        self.turn += count
        some = [self.cases[(self.turn + place) % len(self.cases)] for place in range(count)]
        if operation.name[0] == "B":
            return [self._get("/api/v1/projects" if ours else f"/{s.tenant}/list", s.tenant) for s in some]
        prefix = (
            (lambda s: f"/api/v1/projects/{s.tenant}-{s.id}") if ours else (lambda s: f"/{s.tenant}/{s.id}")
        )
        return [self._get(prefix(sample), sample.tenant) for sample in some]

    def _headers(self, tenant: str) -> str:
        return (
            f"host: 127.0.0.1\r\nauthorization: Bearer {self.tokens[tenant]}\r\naccept: application/json\r\n"
        )

    def _get(self, path: str, tenant: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\n{self._headers(tenant)}\r\n".encode()

    def _submission(self, sample: Sample, ours: bool) -> bytes:
        path = (
            f"/api/v1/projects/{sample.tenant}-{sample.id}/submit"
            if ours
            else f"/{sample.tenant}/{sample.id}"
        )
        reasons = [{"code": code, "reason": reason} for code, reason in sample.reasons.items()]
        body = msgspec.json.encode({"reasons": reasons})
        head = f"POST {path} HTTP/1.1\r\n{self._headers(sample.tenant)}content-type: application/json\r\n"
        head += f'if-match: "1"\r\nidempotency-key: {new_id()}\r\ncontent-length: {len(body)}\r\n\r\n'
        return head.encode() + body

    async def agree(self) -> None:
        """Both answer the same: the same document, the same page."""
        for operation in OPERATIONS[:2]:
            turn = self.turn
            theirs = await ask(self.bare.port, self.requests(operation, 40, ours=False))
            self.turn = turn
            mine = await ask(self.ours.port, self.requests(operation, 40, ours=True))
            for one, other in zip(theirs, mine, strict=True):
                if (one.status, other.status) != (200, 200):
                    raise SystemExit(f"{operation.name}: {one.status} {other.status} {other.body[:500]!r}")
                if found := _differ(one.body, other.body):
                    raise SystemExit(f"{operation.name}: the two answers differ in {', '.join(found)}")

    async def round(self, operation: Operation, count: int, *, ours: bool) -> tuple[float, float]:
        """(requests per second, server's processor microseconds per request)."""
        server = self.ours if ours else self.bare
        requests = self.requests(operation, count, ours=ours)
        before = server.cpu()
        seconds = await load(server.port, requests)
        return count / seconds, (server.cpu() - before) / count * 1e6

    async def measure(self, operation: Operation, rounds: int, count: int) -> Line:
        """Interleaved rounds, first one first and then the other; the ratio is the median of the rounds'."""
        for ours in (False, True):
            await self.round(operation, max(count // 4, 100), ours=ours)
        bare: list[tuple[float, float]] = []
        mine: list[tuple[float, float]] = []
        for number in range(rounds):
            for ours in (False, True) if number % 2 else (True, False):
                (mine if ours else bare).append(await self.round(operation, count, ours=ours))
        ratio = median(m[0] / b[0] for m, b in zip(mine, bare, strict=True))
        columns = [median(line[at] for line in lines) for at in (0, 1) for lines in (bare, mine)]
        return Line(columns[0], columns[1], ratio, columns[2], columns[3])


def _differ(bare: bytes, ours: bytes) -> list[str]:
    """Members of the bare answer that the product answers differently; what only the product tells is no difference.

    Cursors differ (only the product signs them), and instants may be written in two ways.
    """
    one, other = msgspec.json.decode(bare), msgspec.json.decode(ours)
    if "items" in one:
        ours_too = [
            {name: there.get(name) for name in here}
            for here, there in zip(one["items"], other["items"], strict=True)
        ]
        return ["items"] if one["items"] != ours_too else []
    return [name for name, value in one.items() if _instant(value) != _instant(other.get(name))]


def _instant(value: Any) -> Any:
    try:
        return msgspec.convert(value, datetime) if isinstance(value, str) else value
    except msgspec.ValidationError:
        return value


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


async def _run(place: World, rounds: int, share: float) -> None:
    admin = await asyncpg.connect(place.admin_url)
    await admin.execute(FUNCTION)
    await admin.close()
    cases = await samples(place.admin_url, 5000, drafts=False)
    drafts = await samples(place.admin_url, 20_000, drafts=True)
    with ExitStack() as stack:
        bare = stack.enter_context(serving(BARE, place.environment))
        ours = stack.enter_context(serving(PRODUCT, place.environment))
        bench = Bench(place, bare, ours, cases, drafts)
        await bench.agree()
        trips = list(zip(await _trips(place, BARE, bench), await _trips(place, PRODUCT, bench), strict=True))
        print("operation    bare r/s  ours r/s  ratio  target  round trips  server µs/request")
        for operation, (theirs, mine) in zip(OPERATIONS, trips, strict=True):
            line = await bench.measure(operation, rounds, int(operation.requests * share))
            mark = " " if line.ratio >= operation.target else "*"
            print(
                f"{operation.name:<12}{line.bare:9.0f}{line.ours:10.0f}{line.ratio:7.2f}{mark}{operation.target:7.2f}"
                f"{mine:9.0f} ({theirs:.0f} bare){line.our_cpu:8.0f} ({line.bare_cpu:.0f} bare)",
                flush=True,
            )
        print(await whatif.report(ours.port, place.settings), flush=True)
        print(await painted.report(ours.port, rounds), flush=True)
    carried = await delivering.carry(place.environment, place.admin_url)
    speed = carried.events / max(carried.seconds, 1e-9)
    print(
        f"workers: {carried.events} events, {speed:.0f} a second by two (target 200), "
        f"{carried.micros:.0f} µs of a processor each, {carried.left} left",
        flush=True,
    )
    await _extras(place)


async def _only_painted(place: World, rounds: int) -> None:
    with serving(PRODUCT, place.environment) as ours:
        print(await painted.report(ours.port, rounds), flush=True)


async def _extras(place: World) -> None:
    authentication, authorization = extras.gate_micros(place.settings)
    print(
        f"authentication + authorization, known token: {authentication:.2f} + {authorization:.2f} µs (target 2)"
    )
    reading, deciding, sealing = extras.law_micros()
    print(f"the law, in both: read facts {reading:.0f} µs, decide {deciding:.0f} µs, seal {sealing:.0f} µs")
    summed, naive = await extras.dashboard(place.admin_url)
    print(
        f"dashboard: summary {summed:.2f} ms, GROUP BY over projects {naive:.1f} ms: {naive / summed:.0f} ×"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 projects, short rounds")
    parser.add_argument("--projects", type=int, help="how many (default 100,000)")
    parser.add_argument("--rounds", type=int, help="how many per operation (default 9)")
    parser.add_argument("--painted", action="store_true", help="only from click to paint")
    given = parser.parse_args()
    projects = given.projects or (10_000 if given.quick else 100_000)
    rounds = given.rounds or (3 if given.quick else 9)
    print(f"loading {projects:,} projects ...", flush=True)
    with world(projects) as place:
        if given.painted:
            return uvloop.run(_only_painted(place, rounds))
        uvloop.run(_run(place, rounds, 0.4 if given.quick else 1.0))


if __name__ == "__main__":
    main()
