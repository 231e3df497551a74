"""Clocks that differ: of two APIs one is ahead, of two workers one is behind, by as much as tokens are given (LEEWAY).

Every step of a filing goes to the other API than the one before, with tokens of either. Nothing is lost or given twice,
nobody is refused, everything is told, and the chain verifies.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx

from service.demo.client import Client, Who
from service.demo.servers import Place, Process
from service.kit.authn import LEEWAY
from tests.drills.failover import CITIES, Log, Portal, look
from tests.drills.place import READY_WITHIN, Deployment, deployed

# Seconds; tokens of a machine that is further ahead are refused by the others until the time has come.
AHEAD = int(LEEWAY) - 5
_LIBRARY = "/usr/lib/*/faketime/libfaketime.so.1"


class Turns:
    """One request here, the next one there."""

    def __init__(self, *clients: httpx.AsyncClient) -> None:
        self._next = cycle(clients)

    async def request(self, *given: Any, **more: Any) -> httpx.Response:
        return await next(self._next).request(*given, **more)


def _moved(at: Place, seconds: int, listening: socket.socket) -> Place:
    """The same place for a process whose clock differs: all of it by libfaketime, else what the service calls now."""
    env = {**at.env, "TONGJIAN_PORT": str(listening.getsockname()[1])}
    found = next(iter(Path("/").glob(_LIBRARY.lstrip("/"))), None)
    if found is not None:
        env |= {"LD_PRELOAD": str(found), "FAKETIME": f"{seconds:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    else:
        file = at.home / f"clock{seconds:+d}"
        file.write_text(str(seconds), encoding="utf-8")
        env["TONGJIAN_CLOCK_FILE"] = str(file)
    return replace(at, env=env, listening=listening)


async def _started(at: Deployment, listening: socket.socket) -> Place:
    ahead, behind = _moved(at.at, AHEAD, listening), _moved(at.at, -AHEAD, listening)
    how = (
        "every clock of the process"
        if "LD_PRELOAD" in ahead.env
        else "what the service calls now (no libfaketime)"
    )
    print(f"an API {AHEAD} s ahead, a worker {AHEAD} s behind: {how}")
    for name, arguments, place in (
        ("ahead", ["serve", "--fd", str(listening.fileno())], ahead),
        ("behind", ["worker"], behind),
    ):
        at.processes[name] = made = Process(name, arguments, place, print)
        made.keep()
    async with httpx.AsyncClient(base_url=ahead.base, timeout=60, trust_env=False) as http:
        async with asyncio.timeout(READY_WITHIN):
            while True:
                with suppress(httpx.HTTPError):
                    if (await http.get("/readyz")).status_code == 200:
                        return ahead
                await asyncio.sleep(0.1)


async def drill(short: bool) -> None:
    async with deployed(workers=1) as at, AsyncExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        ahead = await _started(at, listening)
        there = await stack.enter_async_context(Client(ahead.base, at.at.settings.secret_key))
        log, over = Log(), asyncio.Event()
        people = [Who(city, login) for city in CITIES for login in ("unit", "gatekeeper", "approver", None)]
        tokens = {who: await client.token(who) for who, client in zip(people, cycle((at.client, there)))}
        clients = [
            await stack.enter_async_context(httpx.AsyncClient(base_url=base, timeout=60, trust_env=False))
            for base in (at.base, ahead.base)
        ]
        portal: Any = Portal("both", Turns(*clients), tokens, log)  # type: ignore[arg-type]
        work = [asyncio.create_task(portal.go_on(city, over)) for city in CITIES]
        try:
            async with asyncio.timeout(600):
                while len(log.filed) < (4 if short else 100):
                    await asyncio.sleep(0.05)
            over.set()
            await asyncio.gather(*work)
        finally:
            for task in work:
                task.cancel()
        print(f"answers: {dict(log.told)}; the longest took {log.longest:.1f} s")
        await _sealed(at)
        await look(at, log)
        assert not log.wrong, log.wrong[:5]
        assert not log.broken, log.broken


async def _sealed(at: Deployment) -> None:
    """Until every entry is in its chain: what a clock ahead has dated waits for the others to come there."""
    left = "SELECT (SELECT count(*) FROM audit_entries) - (SELECT count(*) FROM audit_chain) AS n"
    async with asyncio.timeout(180):
        while (await at.rows(left))[0]["n"]:
            await asyncio.sleep(0.2)
