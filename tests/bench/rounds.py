"""The three servers and the requests for them, in rounds that take turns."""

from __future__ import annotations

from datetime import datetime
from statistics import median
from typing import Any, NamedTuple

import msgspec

from service.kit.ids import new_id
from tests.bench.client import ask, load
from tests.bench.processes import BARE, PRODUCT, USUAL, Process
from tests.bench.world import Sample, World, portal_token


class Operation(NamedTuple):
    """One line of the table: of the bare handler's speed, times the usual way's."""

    name: str
    target: float
    times: float
    requests: int  # per round


class Figure(NamedTuple):
    """Medians of one server: requests per second, microseconds of its processor per request."""

    speed: float
    cpu: float


class Spread(NamedTuple):
    """Of the rounds' ratios."""

    least: float
    middle: float
    most: float

    @classmethod
    def of(cls, ratios: list[float]) -> Spread:
        return cls(min(ratios), median(ratios), max(ratios))

    def __str__(self) -> str:
        return f"{self.middle:.2f} [{self.least:.2f}…{self.most:.2f}]"


class Line(NamedTuple):
    """One operation: figures by server, and how the product's speed stands to the others' in the same round."""

    figures: dict[str, Figure]
    of_bare: Spread
    of_usual: Spread


OPERATIONS = (
    Operation("A read one", 0.9, 8, 2000),
    Operation("B list 50", 1.0, 10, 600),
    Operation("C submit", 0.8, 4, 375),
)
SERVERS = (BARE, USUAL, PRODUCT)


class Bench:
    """The servers, by what they run, and the requests for all."""

    def __init__(
        self, place: World, servers: dict[str, Process], cases: list[Sample], drafts: list[Sample]
    ) -> None:
        self.servers, self.cases, self.drafts = servers, cases, drafts
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
        """All answer the same: the same document, the same page."""
        for operation in OPERATIONS[:2]:
            turn = self.turn
            mine = await ask(self.servers[PRODUCT].port, self.requests(operation, 40, ours=True))
            for name in (BARE, USUAL):
                self.turn = turn
                theirs = await ask(self.servers[name].port, self.requests(operation, 40, ours=False))
                for one, other in zip(theirs, mine, strict=True):
                    if (one.status, other.status) != (200, 200):
                        said = (one if one.status != 200 else other).body[:500]
                        raise SystemExit(f"{operation.name}, {name}: {one.status} {other.status} {said!r}")
                    if found := _differ(one.body, other.body):
                        raise SystemExit(f"{operation.name}: {name} differs in {', '.join(found)}")

    async def round(self, operation: Operation, count: int, name: str) -> Figure:
        """What one server makes of the next requests."""
        server = self.servers[name]
        requests = self.requests(operation, count, ours=name == PRODUCT)
        before = server.cpu()
        seconds = await load(server.port, requests)
        return Figure(count / seconds, (server.cpu() - before) / count * 1e6)

    async def measure(self, operation: Operation, rounds: int, count: int) -> Line:
        """Rounds that take turns, each beginning with another server; ratios are of figures of one round."""
        for name in SERVERS:
            await self.round(operation, max(count // 4, 100), name)
        told: dict[str, list[Figure]] = {name: [] for name in SERVERS}
        for number in range(rounds):
            first = number % len(SERVERS)
            for name in SERVERS[first:] + SERVERS[:first]:
                told[name].append(await self.round(operation, count, name))
        of_bare, of_usual = (
            Spread.of(
                [mine.speed / other.speed for mine, other in zip(told[PRODUCT], told[name], strict=True)]
            )
            for name in (BARE, USUAL)
        )
        return Line({name: _middle(figures) for name, figures in told.items()}, of_bare, of_usual)


def _middle(figures: list[Figure]) -> Figure:
    return Figure(*(median(column) for column in zip(*figures, strict=True)))


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
