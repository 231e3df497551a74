"""Operations that the bare handler has no counterpart for, over copied lives in every table (tests/bench/fill.py).

Told beside the bare handler's page of 50 of the same run: how many of these it would have made in the time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple
from urllib.parse import quote

import httpx
import msgspec
import uvloop

from service.kit.ids import new_id
from tests.bench import painted
from tests.bench.client import load
from tests.bench.fill import fill
from tests.bench.lives import counted, live, served
from tests.bench.processes import PRODUCT, Process, serving
from tests.bench.world import World, world
from tests.factories import draft

CITY, PROVINCE = "360100", "360000"


class More(NamedTuple):
    """One line: who asks what; `body` is made anew for each request."""

    name: str
    who: str
    path: str
    declares: bool = False


LINES = (
    More("declare (a draft)", f"{CITY}/unit", "/projects", declares=True),
    More("list of a county's office", f"{CITY}/360102.unit", "/projects"),
    More(
        "list, three filters", f"{CITY}/gatekeeper", "/projects?state=filed&kind=new&amount_from=1000000.00"
    ),
    More("list, a word of the name", f"{CITY}/gatekeeper", f"/projects?text={quote('第77期项目')}"),
    More("list of the province", f"{PROVINCE}/office", "/projects"),
    More("totals of the province", f"{PROVINCE}/office", "/monitoring/totals?group=tenant,state"),
    More("duties of a city", f"{CITY}/gatekeeper", "/obligations"),
    More("duties, summed up", f"{CITY}/gatekeeper", "/obligations/summary"),
    More("catalogue", f"{CITY}/360102.unit", "/apps"),
    More("catalogue, searched", f"{CITY}/360102.unit", f"/apps?text={quote('统一身份认证')}"),
)


def report(projects: int, rounds: int, count: int, bare: float) -> Iterator[str]:
    """A line each, and the console's pages from click to paint. `bare`: the bare handler's pages of 50 a second."""
    with world(0, log_level="WARNING") as place:
        rows = asyncio.run(_filled(place, projects))
        yield f"of {rows:,} rows in all tables: a second, processor, of the bare handler's page of 50"
        with serving(PRODUCT, place.environment) as ours:
            for each in LINES:
                speed, cpu = uvloop.run(_measured(ours, each, rounds, count))
                yield f"  {each.name:<28}{speed:8.0f}{cpu:8.0f} µs{speed / bare:8.2f}"
            yield uvloop.run(painted.report(ours.port, rounds))


def pages_alone(projects: int, rounds: int) -> str:
    """The console's pages from click to paint, and nothing else."""
    with world(0, log_level="WARNING") as place:
        asyncio.run(_filled(place, projects))
        with serving(PRODUCT, place.environment) as ours:
            return uvloop.run(painted.report(ours.port, rounds))


async def _filled(place: World, projects: int) -> int:
    async with served(place.settings) as (as_, door):
        await live(as_, door, short=True)
    rows = await fill(place.admin_url, 1, projects)
    await counted(place.settings, place.admin_url)
    return sum(rows.values())


async def _measured(ours: Process, line: More, rounds: int, count: int) -> tuple[float, float]:
    """Medians of the rounds: requests a second, microseconds of the server's processor for each."""
    token = await _token(ours.port, line.who)
    found = []
    for number in range(rounds + 1):
        requests = [_request(line, token) for _ in range(count)]
        before = ours.cpu()
        seconds = await load(ours.port, requests, status=201 if line.declares else 200)
        if number:  # the first prepares statements
            found.append((count / seconds, (ours.cpu() - before) / count * 1e6))
    speeds, costs = zip(*found, strict=True)
    return median(speeds), median(costs)


async def _token(port: int, who: str) -> str:
    grant = {"grant_type": "urn:tongjian:grant:development", "username": who}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=600) as client:
        answer = await client.post("/oauth/token", data=grant)
        answer.raise_for_status()
        return str(answer.json()["access_token"])


def _request(line: More, token: str) -> bytes:
    method, body = ("POST", msgspec.json.encode(draft())) if line.declares else ("GET", b"")
    head = f"{method} /api/v1{line.path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n"
    if line.declares:
        head += f"content-type: application/json\r\nidempotency-key: {new_id()}\r\ncontent-length: {len(body)}\r\n"
    return f"{head}accept: application/json\r\n\r\n".encode() + body
