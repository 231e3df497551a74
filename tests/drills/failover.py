"""PostgreSQL's leader is killed five times while filings are made; Patroni makes the standby the leader.

Two APIs and two workers: one pair reaches PostgreSQL through HAProxy, which asks Patroni, the other by a URL that names
both nodes (deploy/patroni). Measured: what was acknowledged and is not there (none may be), numbers given twice (none),
how long nothing could be written after each kill (30 s at most), what callers were told meanwhile (503 with
Retry-After, or what they asked for). Afterwards both workers have told everything, and chain, anchors and cases verify.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import httpx

from service.demo.client import Who
from service.demo.servers import Place, Process
from service.kit.ids import new_id
from tests.drills._backed_up import backed_up
from tests.drills._backed_up import look as backed_up_all
from tests.drills.cluster import Cluster
from tests.drills.place import Deployment, declaration, deployed
from tests.drills.restore import verified

OUTAGE, LONGEST = 30.0, 35.0  # seconds: without a write, and that one answer may take
KILLS = ("node", "postgres", "patroni", "node", "postgres")
CITIES = ("360100", "360200")
APPROVAL = {
    "approved_amount_yuan": "3900000.00",
    "document_number": "洪发改〔2026〕12号",
    "document_date": "2026-02-01",
    "document_digest": "0" * 64,
}


@dataclass
class Log:
    """What was answered: (begun, ended, API, wrote), how often which status, and what was acknowledged."""

    answers: list[tuple[float, float, str, bool]] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)  # lines that ended without an answer
    longest: float = 0.0
    drafts: set[str] = field(default_factory=set)
    submitted: set[str] = field(default_factory=set)
    filed: dict[str, str] = field(default_factory=dict)  # project → number

    def outage(self, api: str, since: float, led: float) -> float | None:
        """The longest time without an acknowledged write from a kill until there is one begun under the new leader.

        None: there is none yet. What the old leader acknowledged in between breaks the time in two, honestly: it was
        there to be written to.
        """
        acknowledged = sorted(
            (end, begun) for begun, end, name, wrote in self.answers if wrote and name == api
        )
        last, longest = since, 0.0
        for end, begun in acknowledged:
            if end >= since:
                longest, last = max(longest, end - last), end
                if begun > led:
                    return longest
        return None


class Portal:
    """A portal as the guide wants it: 503 is repeated with the same key after Retry-After, and so is a broken line."""

    def __init__(self, name: str, http: httpx.AsyncClient, tokens: dict[Who, str], log: Log) -> None:
        self.name, self._http, self._tokens, self._log = name, http, tokens, log

    async def __call__(
        self, who: Who, method: str, path: str, body: Any = None, etag: str | None = None
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {self._tokens[who]}"}
        if method != "GET":
            headers["idempotency-key"] = new_id()
        if etag is not None:
            headers["if-match"] = etag
        while True:
            begun = perf_counter()
            try:
                answer = await self._http.request(method, f"/api/v1{path}", headers=headers, json=body)
            except httpx.HTTPError as error:
                self._log.broken[type(error).__name__] += 1
                await asyncio.sleep(1)
                continue
            ended = perf_counter()
            if not self._again(answer, method, path, ended - begun):
                self._log.answers.append(
                    (begun, ended, self.name, method != "GET" and answer.status_code < 300)
                )
                return answer
            await asyncio.sleep(float(answer.headers["retry-after"]))

    def _again(self, answer: httpx.Response, method: str, path: str, took: float) -> bool:
        log, code = self._log, answer.json().get("code", "") if answer.status_code >= 400 else ""
        log.told[f"{answer.status_code} {code}".strip()] += 1
        log.longest = max(log.longest, took)
        waits = answer.status_code == 503 or code in ("busy", "idempotency_in_flight")
        if (waits and "retry-after" not in answer.headers) or (answer.status_code >= 400 and not waits):
            log.wrong.append(f"{self.name} {method} {path}: {answer.status_code} {answer.text[:300]}")
        return waits and "retry-after" in answer.headers

    async def file(self, city: str) -> None:
        """One whole filing of a city, from the draft to its number."""
        unit, keeper = Who(city, "unit"), Who(city, "gatekeeper")
        made = await self(unit, "POST", "/projects", declaration(f"名{new_id()}"))
        if made.status_code != 201:
            return
        of = made.json()["id"]
        self._log.drafts.add(of)
        path, etag = f"/projects/{of}", made.headers["etag"]
        seen = (await self(unit, "POST", f"{path}/preview", {})).json()
        answers = [
            {"candidate": c, "answer": "build", "reason": "业务范围和对象不同"}
            for c in seen["reuse"]["unanswered"]
        ]
        if answers:
            etag = (await self(unit, "POST", f"{path}/reuse-check", {"answers": answers}, etag)).headers[
                "etag"
            ]
        etag = (await self(unit, "POST", f"{path}/submit", {}, etag)).headers["etag"]
        self._log.submitted.add(of)
        etag = (await self(keeper, "POST", f"{path}/gatekeeping/pass", {}, etag)).headers["etag"]
        etag = (await self(Who(city, "approver"), "POST", f"{path}/approve", APPROVAL, etag)).headers["etag"]
        filed = await self(Who(city), "POST", f"{path}/file", {}, etag)
        self._log.filed[of] = filed.json()["receipt"]["filing_number"]

    async def go_on(self, city: str, until: asyncio.Event) -> None:
        """Files and reads, one after another."""
        while not until.is_set():
            with suppress(KeyError, ValueError):  # what went wrong is on the log
                await self.file(city)
                await self(Who(city, "unit"), "GET", "/projects")


async def drill(short: bool) -> None:
    cluster = Cluster()
    try:
        await cluster.start()
        async with deployed(workers=1, database_url=cluster.url(several=False)) as at:
            with socket.create_server(("127.0.0.1", 0)) as listening:
                beside = await _second(at, cluster, listening)
                kills = KILLS[:1] if short else KILLS
                async with backed_up(at, cluster.hosts(several=True)) as backup:
                    filed = await _drilled(at, [at.base, beside.base], cluster, kills)
                    await cluster.whole()
                    await backed_up_all(backup, filed, [node.port for node in cluster.nodes])
    except BaseException:
        print(cluster.tail())
        raise
    finally:
        await cluster.stop()


async def _second(at: Deployment, cluster: Cluster, listening: socket.socket) -> Place:
    """An API and a worker of the same deployment, whose URL names both nodes."""
    database = at.at.settings.database_url.rpartition("/")[2]
    url = cluster.url(several=True).rpartition("/")[0] + f"/{database}"
    env = {**at.at.env, "TONGJIAN_DATABASE_URL": url, "TONGJIAN_PORT": str(listening.getsockname()[1])}
    made = replace(at.at, env=env, listening=listening)
    for name, arguments in (("api2", ["serve", "--fd", str(listening.fileno())]), ("worker2", ["worker"])):
        at.processes[name] = process = Process(name, arguments, made, print)
        process.keep()
    async with (
        httpx.AsyncClient(base_url=made.base, timeout=600, trust_env=False) as http,
        asyncio.timeout(120),
    ):
        while True:
            with suppress(httpx.HTTPError):
                if (await http.get("/readyz")).status_code == 200:
                    return made
            await asyncio.sleep(0.1)


async def _drilled(
    at: Deployment, bases: Sequence[str], cluster: Cluster, kills: Sequence[str]
) -> dict[str, str]:
    log, over = Log(), asyncio.Event()
    people = [Who(city, login) for city in CITIES for login in ("unit", "gatekeeper", "approver", None)]
    tokens = {who: await at.client.token(who) for who in people}
    clients = [httpx.AsyncClient(base_url=base, timeout=2 * LONGEST, trust_env=False) for base in bases]
    portals = [
        Portal(name, http, tokens, log)
        for name, http in zip(("haproxy", "several hosts"), clients, strict=True)
    ]
    work = [asyncio.create_task(each.go_on(city, over)) for each in portals for city in CITIES]
    try:
        outages = [await _killed(what, cluster, log, [each.name for each in portals]) for what in kills]
        over.set()
        async with asyncio.timeout(120):
            await asyncio.gather(*work)
    finally:
        for task in work:
            task.cancel()
        for http in clients:
            await http.aclose()
    print(f"answers: {dict(log.told)}; the longest took {log.longest:.1f} s")
    await look(at, log)
    assert not log.wrong, log.wrong[:5]
    assert not log.broken, log.broken
    assert max(outages) <= OUTAGE, f"{max(outages):.1f} s without a write"
    assert log.longest <= LONGEST
    return log.filed


async def _killed(what: str, cluster: Cluster, log: Log, names: Sequence[str]) -> float:
    """Kills the leader, starts again what does not start by itself; the longer outage of the two APIs."""
    old = await cluster.whole()
    before = len(log.filed)
    async with asyncio.timeout(120):
        while len(log.filed) < before + 3:
            await asyncio.sleep(0.05)
    await asyncio.to_thread(old.kill, what)
    at = perf_counter()
    new = await cluster.leader(other_than=old)
    led = perf_counter()
    if what != "postgres":
        old.start()  # as systemd would, had it not been the machine
    async with asyncio.timeout(120):
        while any(log.outage(name, at, led) is None for name in names):
            await asyncio.sleep(0.05)
    took = {name: log.outage(name, at, led) or 0.0 for name in names}
    print(
        f"{what} of {old.name} killed: {new.name} leads after {led - at:.1f} s; no write for "
        + _figures(took)
    )
    return max(took.values())


def _figures(took: dict[str, float]) -> str:
    return ", ".join(f"{seconds:.1f} s ({name})" for name, seconds in took.items())


async def look(at: Deployment, log: Log) -> None:
    """Nothing acknowledged is missing, no number is given twice, everything is told, and the audit trail verifies."""
    rows = await at.rows("SELECT tenant_id || '-' || id AS id, state, filing_number FROM projects")
    there = {row["id"]: row for row in rows}
    lost = {each for each in log.drafts if each not in there}
    lost |= {each for each in log.submitted if each not in there or there[each]["state"] == "draft"}
    lost |= {
        each
        for each, number in log.filed.items()
        if each not in there or there[each]["filing_number"] != number
    }
    numbers = [row["filing_number"] for row in rows if row["filing_number"]]
    acknowledged = len(log.drafts) + len(log.submitted) + len(log.filed)
    print(f"acknowledged: {acknowledged}, of these {len(log.filed)} filings; lost: {len(lost)}")
    print(f"numbers given: {len(numbers)}, twice: {len(numbers) - len(set(numbers))}")
    assert log.filed
    assert not lost
    assert len(numbers) == len(set(numbers))
    async with asyncio.timeout(180):
        while (await at.rows("SELECT count(*) AS n FROM outbox WHERE done_at IS NULL"))[0]["n"]:
            await asyncio.sleep(0.2)
    (told,) = await at.rows(
        "SELECT count(*) AS n, count(DISTINCT event_id) AS once FROM event_feed "
        "WHERE kind = 'filing.filed' AND tenant_id = source_tenant"
    )
    print(f"filings in the feeds of their cities: {told['n']}, twice: {told['n'] - told['once']}")
    assert told["n"] == told["once"] == len(numbers)
    await verified(at.at.settings, set())
