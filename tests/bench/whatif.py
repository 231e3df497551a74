"""What-if over everything declared: from the request to the last line. `python -m tests.bench.whatif` runs it alone."""

from __future__ import annotations

import argparse
import asyncio
from time import perf_counter
from typing import Any, NamedTuple

import httpx
import msgspec

from service.kit import clock, keys
from service.kit.authn import issue_token
from service.kit.tasks import end
from service.settings import Settings
from service.setup.seed import PROVINCE, user_id
from tests.bench.processes import PRODUCT, serving
from tests.bench.world import world

TARGET = 5.0  # seconds for 100,000 projects on two cores
BODY = {
    "changes": [
        {"key": "limit.other", "value": "3000000.00"},
        {"key": "maintenance_excluded.other", "value": False},
        {"key": "near_line.percent", "value": 80},
    ],
    "reclassify": [{"from_class": "integration", "to_class": "other", "joint": False}],
}


class Taken(NamedTuple):
    """One replay: seconds to the first line and to the last, and what the last line says."""

    first: float
    whole: float
    longest: float  # seconds another request had to wait meanwhile
    result: dict[str, Any]


def _token(settings: Settings) -> str:
    assert settings.signing_keys_file is not None
    return issue_token(
        keys.load(settings.signing_keys_file),
        tenant=PROVINCE,
        tier="province",
        roles=("office",),
        user=user_id(PROVINCE, "office"),
        login="office",
        issuer=settings.issuer,
        audience=settings.audience,
        now=clock.timestamp(),
    )


async def replay(port: int, settings: Settings) -> Taken:
    """One what-if over HTTP, while somebody else keeps asking who they are."""
    headers = {"authorization": f"Bearer {_token(settings)}"}
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}/api/v1", headers=headers, timeout=60
    ) as client:
        await client.get("/me")
        waits = [0.0]
        neighbour = asyncio.create_task(_ask_on(client, waits))
        started = perf_counter()
        first, last = 0.0, b""
        async with client.stream("POST", "/rulebook/what-if", json=BODY) as answer:
            answer.raise_for_status()
            async for line in answer.aiter_lines():
                first = first or perf_counter() - started
                last = line.encode()
        whole = perf_counter() - started
        await end(neighbour)
    return Taken(first, whole, max(waits), msgspec.json.decode(last))


async def _ask_on(client: httpx.AsyncClient, waits: list[float]) -> None:
    while True:
        started = perf_counter()
        (await client.get("/me")).raise_for_status()
        waits.append(perf_counter() - started)
        await asyncio.sleep(0.02)


async def report(port: int, settings: Settings) -> str:
    """The median of three as one line."""
    runs = sorted([await replay(port, settings) for _ in range(3)], key=lambda taken: taken.whole)
    taken = runs[1]
    return (
        f"what-if over {taken.result['projects']:,} projects: {taken.whole:.2f} s (target {TARGET:.0f} s for 100,000), "
        f"first line after {taken.first * 1e3:.0f} ms, {taken.result['moved']:,} move, "
        f"a neighbour's request waited {taken.longest * 1e3:.0f} ms at most"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=130_000, help="a fifth of them are drafts")
    given = parser.parse_args()
    with world(given.projects) as place, serving(PRODUCT, place.environment) as server:
        print(asyncio.run(report(server.port, place.settings)))


if __name__ == "__main__":
    main()
