"""The same application under other servers of HTTP, one worker each, in rounds that take turns (`--servers`).

Ours is uvicorn with our listener (service/kit/listening.py). What is not installed is told and passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from statistics import median

from tests.bench.client import load
from tests.bench.processes import PRODUCT, Process, running, serving
from tests.bench.rounds import OPERATIONS, Bench, Figure, Operation, Spread
from tests.bench.world import World, samples

OURS = "ours"
_UVLOOP = ("--loop", "uvloop")
# By name: the module, and how it is told the application, its port following `port`.
OTHERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "uvicorn": (
        "uvicorn",
        (PRODUCT, "--factory", *_UVLOOP, "--http", "httptools", "--ws", "none", "--no-access-log", "--port"),
    ),
    "granian": (
        "granian",
        (PRODUCT, "--factory", *_UVLOOP, "--interface", "asgi", "--http", "1", "--no-ws", "--port"),
    ),
    "hypercorn": ("hypercorn", (f"{PRODUCT}()", "--worker-class", "uvloop", "--bind")),
}


async def report(place: World, rounds: int, share: float) -> Iterator[str]:
    """A line per operation and server: requests a second and processor of each, and how it stands to ours."""
    cases = await samples(place.admin_url, 5000, drafts=False)
    drafts = await samples(place.admin_url, 20_000, drafts=True)
    lines = [
        f"{name}: NOT RUN, not installed" for name, (module, _) in OTHERS.items() if not find_spec(module)
    ]
    with ExitStack() as stack:
        servers = {OURS: stack.enter_context(serving(PRODUCT, place.environment))}
        for name, (module, told) in OTHERS.items():
            if find_spec(module):
                bound = "127.0.0.1:{port}" if told[-1] == "--bind" else "{port}"
                servers[name] = stack.enter_context(running(name, (module, *told, bound), place.environment))
        bench = Bench(place, servers, cases, drafts)
        for operation in OPERATIONS:
            count = max(int(operation.requests * share / 2), 60)
            lines += await _measured(bench, operation, servers, rounds, count)
    return iter(lines)


async def _measured(
    bench: Bench, operation: Operation, servers: dict[str, Process], rounds: int, count: int
) -> list[str]:
    told: dict[str, list[Figure]] = {name: [] for name in servers}
    names = list(servers)
    for server in servers.values():
        await load(server.port, bench.requests(operation, count // 2, ours=True))
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            requests, server = bench.requests(operation, count, ours=True), servers[name]
            before = server.cpu()
            seconds = await load(server.port, requests)
            told[name].append(Figure(count / seconds, (server.cpu() - before) / count * 1e6))
    return [_line(operation, name, told[name], told[OURS]) for name in names]


def _line(operation: Operation, name: str, mine: list[Figure], ours: list[Figure]) -> str:
    speed = Spread.of([one.speed / other.speed for one, other in zip(mine, ours, strict=True)])
    cpu = Spread.of([one.cpu / other.cpu for one, other in zip(mine, ours, strict=True)])
    return (
        f"{operation.name:<12}{name:<12}{median(each.speed for each in mine):6.0f} a second"
        f"{median(each.cpu for each in mine):6.0f} µs of a processor   "
        f"of ours: speed {speed}, processor {cpu}"
    )
