"""A fresh deployment of real processes on servers of its own: `tongjian serve` and `worker`, seeded as a demo is."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

import asyncpg
import httpx

from service.demo.client import Client, Who
from service.demo.run import prepare
from service.demo.servers import Place, Process, directory, place
from service.embedded.servers import Servers
from tests.factories import ANSWERS
from tests.lives import World, builder
from tests.worlds import Caller

PEOPLE = ("unit", "gatekeeper", "approver", None)  # whom a case meets at home; None is the portal
READY_WITHIN = 120.0  # seconds; generous, since the machine may be busy with other work


@dataclass
class Deployment:
    """What runs, and a client of it."""

    at: Place
    client: Client
    processes: dict[str, Process] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return self.at.base

    @property
    def servers(self) -> Servers:
        assert self.at.servers is not None
        return self.at.servers

    def start(self, name: str, command: str = "worker") -> Process:
        """Starts one more process: `serve` (behind the one listening socket) or `worker`."""
        arguments = ["serve", "--fd", str(self.at.listening.fileno())] if command == "serve" else [command]
        made = self.processes[name] = Process(name, arguments, self.at, print)
        made.keep()
        return made

    def stop(self, name: str) -> None:
        """Ends it in order and waits for that."""
        process = self.processes.pop(name)
        process.ask_to_end()
        process.end()

    async def rows(self, sql: str, *arguments: Any) -> list[Any]:
        """Rows as the schema's owner sees them, who is under no policy."""
        connection = await asyncpg.connect(self.at.settings.database_url)
        try:
            found: list[Any] = await connection.fetch(sql, *arguments)
            return found
        finally:
            await connection.close()


@asynccontextmanager
async def deployed(
    *, workers: int = 1, replicated: bool = False, **settings: str
) -> AsyncIterator[Deployment]:
    """Fresh servers, schema and demo data, one API and `workers` workers, ready to be called; all gone at the end.

    `replicated`: its PostgreSQL can be backed up. `settings`: TONGJIAN_* by their lower-case names without the prefix.
    """
    given = {f"TONGJIAN_{name.upper()}": value for name, value in settings.items()}
    bare = {name: value for name, value in os.environ.items() if not name.startswith("TONGJIAN_")}
    env = {**bare, **given}
    with (
        directory(Path(), once=True) as home,
        place(home, env, once=True, port=None, replicated=replicated) as at,
    ):
        await asyncio.to_thread(prepare, at.settings)
        async with Client(at.base, at.settings.secret_key) as client:
            made = Deployment(at, client)
            try:
                await _start(made, workers)
                yield made
            finally:
                for process in made.processes.values():
                    process.ask_to_end()
                for process in made.processes.values():
                    process.end()


async def _start(made: Deployment, workers: int) -> None:
    made.start("api", "serve")
    for number in range(workers):
        made.start(f"worker{number}", "worker")
    async with asyncio.timeout(READY_WITHIN):
        while not await made.client.ready():
            await asyncio.sleep(0.05)


@asynccontextmanager
async def living(made: Deployment, tenant: str, owner: str = "city.unit") -> AsyncIterator[World]:
    """Lives over the deployment's HTTP, by that city's people."""
    tokens = {login: await made.client.token(Who(tenant, login)) for login in PEOPLE}
    async with httpx.AsyncClient(base_url=made.base, timeout=60, trust_env=False) as http:
        yield builder(lambda _, login=None: Caller(http, tokens[login]))(owner, tenant)


class Watch:
    """Somebody of another city who reads all the while: how long each read took (seconds), how many failed."""

    def __init__(self, client: Client, who: Who, path: str = "/projects") -> None:
        self._client, self._who, self._path = client, who, path
        self.took: list[float] = []
        self.failed = 0

    @asynccontextmanager
    async def watching(self, pause: float = 0.02) -> AsyncIterator[Watch]:
        """Reads in the background while the block runs; figures are of this block only."""
        self.took, self.failed = [], 0
        await self._client.token(self._who)
        task = asyncio.create_task(self._read(pause))
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def alone(self, reads: int) -> None:
        """Reads so often while nobody else does anything, to compare with."""
        async with self.watching():
            async with asyncio.timeout(300):
                while len(self.took) < reads:
                    await asyncio.sleep(0.02)

    async def _read(self, pause: float) -> None:
        while True:
            begun = perf_counter()
            try:
                await self._client.get(self._who, self._path)
            except Exception:
                self.failed += 1
            self.took.append(perf_counter() - begun)
            await asyncio.sleep(pause)

    @property
    def p50(self) -> float:
        return percentile(self.took, 50)

    @property
    def p95(self) -> float:
        return percentile(self.took, 95)


def percentile(values: list[float], which: int) -> float:
    """The `which`-th of 100 parts; the value itself where there are too few to cut."""
    if len(values) < 2:
        return values[0] if values else float("nan")
    return quantiles(values, n=100, method="inclusive")[which - 1]


def declaration(name: str, yuan: str = "4000000.00", **facts: Any) -> dict[str, Any]:
    """A complete draft of a new build of the class `other`."""
    negative = ("own_hardware", "leased_lines", "off_cloud", "not_safe_reliable", "crypto_or_security")
    return {
        "name": name,
        "facts": {
            "project_class": "other", "kind": "new", "investment_yuan": yuan, "fiscal_funds": True,
            "classified": False, "reuse_check": "checked",
            "negative": dict.fromkeys((*negative, "unclear_or_unshared"), False), **ANSWERS, **facts,
        },
        "materials": {
            "resolution": {"body": "局党组会议", "date": "2026-01-15", "number": "会纪〔2026〕3号"},
            "basics": {
                "main_tasks": "建设业务系统", "location": "政务云", "basis": "年度要点",
                "performance_goals": "时限减半", "implementation": "政府采购",
            },
            "technical_plan": "依托政务云",
            "plan": {
                "intensive": "使用全省统一的政务云", "sharing": "经共享交换平台提供", "security": "由政务云提供防护",
                "protection": "按第二级建设", "crypto": "采用国产算法", "safe_products": "产品均在目录以内",
            },
            "funding": [{"source": "市级财政", "amount_yuan": yuan}],
        },
    }  # fmt: skip
