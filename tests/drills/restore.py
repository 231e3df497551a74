"""A deployment is written to while it is backed up; its PostgreSQL is killed; a new place is made of the backup alone.

Twice: with attachments in a directory, and in a bucket of an S3-compatible server (SeaweedFS, from its wheel), which is
killed too: what the backup has of it goes into a new one. Measured: what had been acknowledged and is not there (the
recovery point), how long the restore takes. Every file of the restored rows is there byte by byte, chain, anchors and
cases verify, and an API serves the restored cases.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx

from service.app import door_of
from service.audit.check import check_all
from service.backup.taking import sets
from service.demo.servers import Place, Process
from service.documents.storage import storage_of
from service.embedded.programs import Postgres
from service.kit.digest import sm3
from service.settings import Settings
from tests.documents.bucket import Server, serving
from tests.drills.place import Deployment, deployed
from tests.drills.storm import CITY, Caller, one_official

RECOVERY_POINT = 60.0  # seconds of acknowledged work that may be lost, at most (docs/decisions/0167)
PASSWORD = "drill-backup-login"


class Witness(Caller):
    """Remembers what was acknowledged, and when: (seconds, kind, id)."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        super().__init__(http, token)
        self.kept: list[tuple[float, str, str]] = []

    async def __call__(self, method: str, path: str, etag: str | None = None, **more: Any) -> httpx.Response:
        answer = await super().__call__(method, path, etag, **more)
        kind = {"projects": "draft", "documents": "document", "submit": "submission"}.get(path.split("/")[-1])
        if method == "POST" and kind and answer.status_code < 300:
            which = path.split("/")[2] if kind == "submission" else str(answer.json()["id"])
            self.kept.append((perf_counter(), kind, which[-36:]))  # without its tenant
        return answer

    async def go_on(self, until: asyncio.Event) -> None:
        """Declares and submits, one after another; what breaks once the database is gone is no matter."""
        number = 0
        while not until.is_set():
            number += 1
            with suppress(httpx.HTTPError, KeyError, ValueError):
                await one_official(self, number)


@dataclass(frozen=True)
class Written:
    """When PostgreSQL was killed, before when nothing may be lost, and what was acknowledged."""

    killed: float
    settled: float
    kept: list[tuple[float, str, str]]


@dataclass(frozen=True)
class Site:
    """Where the drill keeps the backup, and where it restores to."""

    backup: Path
    new: Path
    bucket: Server | None = None  # the new one, where attachments lie in one

    def env(self, at: Place, port: int) -> dict[str, str]:
        """The settings of the restored place: other paths, another server, the same everything else."""
        old = at.env["TONGJIAN_DATABASE_URL"]
        store = {"TONGJIAN_DOCUMENTS_DIR": str(self.new / "documents")}
        if self.bucket is not None:
            store = in_bucket(self.bucket)
        return {
            **at.env,
            **store,
            "TONGJIAN_DATABASE_URL": old.replace(f":{urlsplit(old).port}/", f":{port}/"),
            "TONGJIAN_SECRET_KEY": (self.new / "keys" / "secret-key").read_text(),
            "TONGJIAN_AUDIT_ANCHOR_DIR": str(self.new / "anchors"),
            "TONGJIAN_SIGNING_KEYS_FILE": str(self.new / "keys" / "signing-keys.json"),
        }


def in_bucket(server: Server) -> dict[str, str]:
    """The settings of attachments in a bucket of that server."""
    told = server.settings(Settings())
    return {"TONGJIAN_DOCUMENTS_URL": told.documents_url, "TONGJIAN_DOCUMENTS_ACCESS": told.documents_access}


async def drill(short: bool) -> None:
    for bucket in (False, True):
        print(f"attachments in a {'bucket' if bucket else 'directory'}")
        with tempfile.TemporaryDirectory(prefix="tj-restore-") as home, ExitStack() as stack:
            Path(home).chmod(0o711)  # PostgreSQL may run as another user
            site = Site(Path(home) / "backup", Path(home) / "new")
            site.backup.mkdir(mode=0o711)
            site.new.mkdir(mode=0o711)
            if not bucket:
                await _drilled(site, None, 200 if short else 3000)
                continue
            old, new = (stack.enter_context(serving(Path(home) / name)) for name in ("weed", "weed-new"))
            await _drilled(replace(site, bucket=new), old, 200 if short else 3000)


async def _drilled(site: Site, old: Server | None, wanted: int) -> None:
    store = {} if old is None else in_bucket(old)
    given = {name.removeprefix("TONGJIAN_").lower(): value for name, value in store.items()}
    async with deployed(workers=1, replicated=True, **given) as at:
        written = await _until_killed(at, site, wanted)
        if old is not None:
            old.kill()
        begun = perf_counter()
        postgres = Postgres(site.new)
        try:
            port = await asyncio.to_thread(restored, site, postgres)
            if site.bucket is not None:
                env = site.env(at.at, port)
                await asyncio.to_thread(_tongjian, ["documents", "load", str(site.new / "documents")], env)
            print(f"restored and recovered in {perf_counter() - begun:.1f} s")
            await _look(at, site, port, written)
        finally:
            postgres.halt()


async def _until_killed(at: Deployment, site: Site, wanted: int) -> Written:
    """Writes while the backup follows until so many are acknowledged, then kills PostgreSQL."""
    following = await _follow(at, site)
    over = asyncio.Event()
    async with httpx.AsyncClient(base_url=at.base, timeout=60, trust_env=False) as http:
        callers = [Witness(http, await at.client.token(CITY)) for _ in range(4)]
        work = [asyncio.create_task(each.go_on(over)) for each in callers]
        settled = await _settled(site, callers, wanted)
        await asyncio.to_thread(at.servers.kill_postgres)
        killed = perf_counter()
        over.set()
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
    following.ask_to_end()
    following.end()
    for name in list(at.processes):
        at.stop(name)
    kept = [each for caller in callers for each in caller.kept]
    print(f"acknowledged: {len(kept)}; then PostgreSQL was killed")
    return Written(killed, settled, kept)


async def _settled(site: Site, callers: list[Witness], wanted: int) -> float:
    """The moment before which all that was acknowledged is surely kept: a whole look at the files came after it."""
    async with asyncio.timeout(1200):
        while sum(len(each.kept) for each in callers) < wanted:
            await asyncio.sleep(0.1)
        settled, at = perf_counter(), datetime.now(UTC)
        followed = site.backup / "followed"
        while not followed.exists() or datetime.fromisoformat(followed.read_text()) <= at:
            await asyncio.sleep(0.1)
    return settled


async def _follow(at: Deployment, site: Site) -> Process:
    """`tongjian backup follow` with a login of its own, once the first set is whole."""
    owner = await asyncpg.connect(at.at.settings.database_url)
    await owner.execute(f"CREATE ROLE tj_backup LOGIN REPLICATION PASSWORD '{PASSWORD}'")
    await owner.close()
    port = urlsplit(at.at.settings.database_url).port
    url = f"postgresql://tj_backup:{PASSWORD}@127.0.0.1:{port}/postgres"
    env = {**at.at.env, "TONGJIAN_BACKUP_DIR": str(site.backup), "TONGJIAN_BACKUP_URL": url}
    made = Process("backup", ["backup", "follow"], replace(at.at, env=env), print)
    begun = perf_counter()
    made.keep()
    async with asyncio.timeout(300):
        while not sets(site.backup):
            await asyncio.sleep(0.1)
    print(f"first set in {perf_counter() - begun:.1f} s")
    return made


def restored(site: Site, postgres: Postgres) -> int:
    """`tongjian restore`, then PostgreSQL on what it made; its port."""
    where = [f"--{part}={site.new / part}" for part in ("documents", "anchors", "keys")]
    argv = ["restore", f"--backup={site.backup}", f"--data={postgres.data}", *where]
    _tongjian(argv, None)
    if postgres.user.ids is not None:  # whoever runs the new server reads its data and the log
        for top in (postgres.data, site.backup / "wal"):
            for path in (top, *top.rglob("*")):
                os.chown(path, *postgres.user.ids)
    return postgres.start(0, durable=False, replicated=True)


async def _look(at: Deployment, site: Site, port: int, written: Written) -> None:
    restored = replace(at.at, env=site.env(at.at, port))
    there, broken = await _contents(restored.settings)
    lost = [(when, kind) for when, kind, found in written.kept if (kind, found) not in there]
    point = written.killed - min(lost)[0] if lost else 0.0
    print(f"acknowledged and lost: {len(lost)} of {len(written.kept)}; recovery point {point:.1f} s")
    print(f"files of restored rows that are not as their row says: {len(broken)}")
    assert not [each for each in lost if each[0] <= written.settled], (
        "lost, although the backup had looked since"
    )
    assert point <= RECOVERY_POINT, f"{point:.1f} s of acknowledged work are gone"
    # Those whose answer the kill cut off are nobody's to expect.
    assert not broken & {found for when, _, found in written.kept if when <= written.settled}
    await verified(restored.settings, {"tail_cut"})
    await asyncio.to_thread(_declared, restored)
    await verified(restored.settings, set())
    await _served(replace(at, at=restored, processes=at.processes), next(f for k, f in there if k == "draft"))


async def _contents(settings: Settings) -> tuple[set[tuple[str, str]], set[str]]:
    """(kind, id) of what the restored place has, and the ids of documents whose bytes are not there."""
    there, broken = set[tuple[str, str]](), set[str]()
    storage = storage_of(settings)
    owner = await asyncpg.connect(settings.database_url)
    try:
        for row in await owner.fetch(
            "SELECT id::text, state FROM projects WHERE tenant_id = $1", CITY.tenant
        ):
            there.add(("draft", row["id"]))
            if row["state"] != "draft":
                there.add(("submission", row["id"]))
        for row in await owner.fetch(
            "SELECT tenant_id, id::text, digest FROM documents WHERE removed_at IS NULL"
        ):
            content = storage.get(row["tenant_id"], row["id"])
            if content is not None and sm3(content) == row["digest"]:
                there.add(("document", row["id"]))
            else:
                broken.add(row["id"])
    finally:
        await owner.close()
    return there, broken


def _declared(restored: Place) -> None:
    """`tongjian restore declare`: numbers go on past what was given out, and the gap is signed."""
    print(_tongjian(["restore", "declare"], restored.env))


def _tongjian(argv: list[str], env: Mapping[str, str] | None) -> str:
    """A command, which must succeed; what it says."""
    command = [sys.executable, "-m", "service.cli", *argv]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def verified(settings: Settings, known: set[str]) -> None:
    """What `tongjian check audit` looks at. A head that was anchored and lost within the recovery point is told, until
    the restore is declared."""
    door = door_of(settings)
    await door.open()
    try:
        verdicts, faults = await check_all(door, settings)
    finally:
        await door.close()
    findings = faults + [each for verdict in verdicts for each in verdict.findings]
    sealed, cases = sum(v.sealed for v in verdicts), sum(v.cases for v in verdicts)
    print(f"audit: {sealed} entries in chains, {cases} cases agree, findings {[f.code for f in findings]}")
    assert sealed > 0
    assert cases > 0
    assert {each.code for each in findings} <= known, findings


async def _served(at: Deployment, project: str) -> None:
    """A restored case, read over HTTP from an API on the restored place."""
    at.start("restored", "serve")
    async with asyncio.timeout(120):
        while not await at.client.ready():
            await asyncio.sleep(0.05)
    reply = await at.client.get(CITY, f"/projects/{CITY.tenant}-{project}")
    print(f"a restored case over HTTP: {reply.status}")
    assert reply.status == 200
