"""A new version goes in: two APIs and two workers are ended in order and started again, one by one, under filings.

Nothing acknowledged is lost or doubled, nobody meets a 5xx but 503, every process ends by itself in the time
that its supervisor gives it, and the workers have told everything in the end. A line that is cut between
two requests (keep-alive meets the end) is repeated with its key, as the guide wants it, and counted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from time import perf_counter

import httpx
import psutil

from service.demo.client import Who
from service.demo.servers import Process
from tests.drills.failover import CITIES, Log, Portal, look
from tests.drills.place import Deployment, deployed

ENDS = 20.0  # seconds that systemd gives a process (deploy/systemd)
TURN = ("api", "worker0", "second", "worker1")


async def drill(short: bool) -> None:
    async with deployed(workers=2) as at:
        at.start("second", "serve")
        log, over = Log(), asyncio.Event()
        people = [Who(city, login) for city in CITIES for login in ("unit", "gatekeeper", "approver", None)]
        tokens = {who: await at.client.token(who) for who in people}
        async with httpx.AsyncClient(base_url=at.base, timeout=60, trust_env=False) as http:
            portal = Portal("api", http, tokens, log)
            work = [asyncio.create_task(portal.go_on(city, over)) for city in CITIES]
            try:
                took = await _rolled(at, log, TURN * (1 if short else 5))
                over.set()
                async with asyncio.timeout(120):
                    await asyncio.gather(*work)
            finally:
                for task in work:
                    task.cancel()
        print(f"processes ended and started: {len(took)}; the longest end took {max(took):.1f} s")
        print(
            f"answers: {dict(log.told)}; lines cut: {sum(log.broken.values())}; the longest took {log.longest:.1f} s"
        )
        await look(at, log)
        assert not log.wrong, log.wrong[:5]
        assert max(took) < ENDS, "systemd would have killed it"


async def _rolled(at: Deployment, log: Log, names: Sequence[str]) -> list[float]:
    """How long each process took to end; the next one's turn comes after two more filings."""
    took = []
    for name in names:
        before = len(log.filed)
        async with asyncio.timeout(300):
            while len(log.filed) < before + 2:
                await asyncio.sleep(0.05)
        ending, begun = at.processes.pop(name), perf_counter()
        process = ending._process
        assert process is not None
        ending.ask_to_end()
        await asyncio.to_thread(process.wait, 60)
        took.append(perf_counter() - begun)
        assert process.returncode == 0, ending.tail()
        await _up(at.start(name, "serve" if name in ("api", "second") else "worker"))
    return took


async def _up(made: Process) -> None:
    """Until it has its connections: of two APIs behind one socket nobody can be asked by name whether it is ready."""
    assert made._process is not None
    process = psutil.Process(made._process.pid)
    async with asyncio.timeout(300):
        while not [each for each in process.net_connections("tcp") if each.status == psutil.CONN_ESTABLISHED]:
            await asyncio.sleep(0.05)
