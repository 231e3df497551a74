"""The disk is full: PostgreSQL with its log, attachments, anchors and all processes' logs lie on one small one (tmpfs).

Filings go on until there is no byte left (a real ENOSPC), and for a while after that. Callers are told 503 with
Retry-After or get what they asked for, and nothing else; an attachment too. When there is room again filings go on by
themselves; PostgreSQL, which ends itself where its log finds no room, is started again as systemd would. Nothing
acknowledged is lost, and everything is told in the end. Exit 2 ("not run") without root, who alone mounts a disk.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import httpx
import psutil

from service.demo.client import Who
from tests.drills.cluster import NotRun
from tests.drills.failover import CITIES, Log, Portal, look
from tests.drills.place import Deployment, declaration, deployed

SIZE = "700m"
BACK = 60.0  # seconds until there is a filing again once there is room


@contextmanager
def _small_disk() -> Iterator[Path]:
    """Where everything temporary is made meanwhile."""
    if os.geteuid() != 0:
        raise NotRun("root alone mounts a disk")
    where = Path(tempfile.mkdtemp(prefix="tj-disk-"))
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0711", "tmpfs", where],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        where.rmdir()
        raise NotRun(f"no disk can be mounted here: {done.stderr.strip()}")
    before, tempfile.tempdir = tempfile.tempdir, str(where)
    try:
        yield where
    finally:
        tempfile.tempdir = before
        subprocess.run(["umount", "--lazy", where], check=False)
        where.rmdir()


def _fill(ballast: Path) -> None:
    """Until there is no room for a byte; more, where something was given back meanwhile."""
    with ballast.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


async def drill(short: bool) -> None:
    with _small_disk() as disk:
        async with deployed(workers=1) as at:
            log, over = Log(), asyncio.Event()
            people = [
                Who(city, login) for city in CITIES for login in ("unit", "gatekeeper", "approver", None)
            ]
            tokens = {who: await at.client.token(who) for who in people}
            async with httpx.AsyncClient(base_url=at.base, timeout=60, trust_env=False) as http:
                portal = Portal("api", http, tokens, log)
                work = [asyncio.create_task(portal.go_on(city, over)) for city in CITIES]
                try:
                    await _filed(log, 3, 120)
                    draft = (await portal(people[0], "POST", "/projects", declaration("附件项目"))).json()[
                        "id"
                    ]
                    await _full(at, disk, log, 5 if short else 30)
                    print(f"an attachment: {await _attached(http, tokens[people[0]], draft)}")
                    await _room_again(at, disk, log)
                    over.set()
                    async with asyncio.timeout(120):
                        await asyncio.gather(*work)
                finally:
                    for task in work:
                        task.cancel()
            print(f"answers: {dict(log.told)}; lines cut: {sum(log.broken.values())}")
            await look(at, log)
            assert not log.wrong, log.wrong[:5]
            assert sum(n for told, n in log.told.items() if told.startswith("503")) > 0, (
                "the disk was not full"
            )


async def _filed(log: Log, more: int, within: float) -> None:
    before = len(log.filed)
    async with asyncio.timeout(within):
        while len(log.filed) < before + more:
            await asyncio.sleep(0.05)


async def _full(at: Deployment, disk: Path, log: Log, seconds: float) -> None:
    """No byte is left for a while: what is given back is taken again."""
    begun, filed = perf_counter(), len(log.filed)
    while perf_counter() - begun < seconds or not any(told.startswith("503") for told in log.told):
        assert perf_counter() - begun < 120, "nobody was told that nothing can be kept"
        await asyncio.to_thread(_fill, disk / "ballast")
        await asyncio.sleep(0.2)
    alive = "runs" if _runs(at) else "has ended"
    print(f"full for {perf_counter() - begun:.0f} s: {len(log.filed) - filed} filings; PostgreSQL {alive}")


def _runs(at: Deployment) -> bool:
    return psutil.pid_exists(at.servers.postgres_pid)


async def _attached(http: httpx.AsyncClient, token: str, project: str) -> str:
    """What somebody is told who sends a file now; never that it was kept, and never a fault of ours."""
    answer = await http.post(
        f"/api/v1/projects/{project}/documents",
        params={"slot": "other", "name": "方案.txt"},
        content="方案" * 20_000,
        headers={"authorization": f"Bearer {token}", "content-type": "text/plain"},
    )
    assert answer.status_code == 503, f"{answer.status_code} {answer.text[:300]}"
    assert "retry-after" in answer.headers
    return f"{answer.status_code} {answer.json()['code']}"


async def _room_again(at: Deployment, disk: Path, log: Log) -> None:
    (disk / "ballast").unlink()
    begun = perf_counter()
    if not _runs(at):
        await asyncio.to_thread(at.servers.start_postgres)
    await _filed(log, 2, BACK)
    print(f"filed again {perf_counter() - begun:.1f} s after there was room")
