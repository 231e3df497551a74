"""A backup that follows whoever leads: kept running through each change of leader, then restored by itself."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from service.backup.gaps import aside
from service.backup.taking import SLOT, sets
from service.demo.servers import Process
from service.embedded.programs import Postgres
from tests.drills.place import Deployment
from tests.drills.restore import PASSWORD, Site, restored

SEGMENT = 16 << 20  # bytes of the log that are kept or gone together
EVERY = 5.0  # seconds until it is started again: RestartSec of deploy/systemd/tongjian-backup.service


class Backup:
    """`tongjian backup follow` as systemd keeps it, by a URL that leads to whoever takes writes."""

    def __init__(self, at: Deployment, home: Path, hosts: str) -> None:
        self.site, self._url = Site(home / "backup", home / "new"), at.at.settings.database_url
        for each in (self.site.backup, self.site.new):
            each.mkdir(mode=0o711)
        url = f"postgresql://tj_backup:{PASSWORD}@{hosts}/postgres?target_session_attrs=read-write"
        env = {**at.at.env, "TONGJIAN_BACKUP_DIR": str(self.site.backup), "TONGJIAN_BACKUP_URL": url}
        self._process = Process("backup", ["backup", "follow"], replace(at.at, env=env), print)

    async def keep(self) -> None:
        """Starts it again and again, until cancelled."""
        while True:
            self._process.keep()
            await asyncio.sleep(EVERY)

    async def caught_up(self) -> None:
        """Returns once it has looked, and received, since this was asked."""
        wanted, followed = datetime.now(UTC), self.site.backup / "followed"
        async with asyncio.timeout(120):
            while not followed.exists() or datetime.fromisoformat(followed.read_text()) <= wanted:
                await asyncio.sleep(0.2)

    def at(self, port: int) -> str:
        """The URL of the deployment's database on another server, with everything else as it was."""
        who, _, _ = urlsplit(self._url).netloc.rpartition("@")
        return urlsplit(self._url)._replace(netloc=f"{who}@127.0.0.1:{port}").geturl()

    def end(self) -> None:
        self._process.ask_to_end()
        self._process.end()

    def tail(self) -> str:
        return self._process.tail()


@asynccontextmanager
async def backed_up(at: Deployment, hosts: str) -> AsyncIterator[Backup]:
    """A backup of the deployment whose first set is whole, kept following until the block ends."""
    owner = await asyncpg.connect(at.at.settings.database_url)
    await owner.execute(f"CREATE ROLE tj_backup LOGIN REPLICATION PASSWORD '{PASSWORD}'")
    await owner.close()
    with tempfile.TemporaryDirectory(prefix="tj-followed-") as home:
        Path(home).chmod(0o711)  # PostgreSQL may run as another user
        made = Backup(at, Path(home), hosts)
        kept = asyncio.create_task(made.keep())
        try:
            async with asyncio.timeout(120):
                while not sets(made.site.backup):
                    await asyncio.sleep(0.2)
            yield made
        except BaseException:
            print(made.tail())
            raise
        finally:
            kept.cancel()
            with suppress(asyncio.CancelledError):
                await kept
            made.end()


# How far behind what a node has its slot of the backup is, in bytes; none where it keeps nothing any more.
_BEHIND = """
SELECT pg_wal_lsn_diff(
    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, restart_lsn
)::bigint FROM pg_replication_slots WHERE slot_name = $1 AND wal_status IN ('reserved', 'extended')
"""


async def _kept(backup: Backup, ports: Sequence[int]) -> None:
    """On each node the slot has gone on with the backup: one that stood still would hold all log for ever."""
    for port in ports:
        node = await asyncpg.connect(backup.at(port))
        try:
            async with asyncio.timeout(60):
                while (behind := await node.fetchval(_BEHIND, SLOT)) is None or behind > SEGMENT:
                    await asyncio.sleep(0.5)
        finally:
            await node.close()
        print(f"the slot on port {port} is {behind / 1e6:.1f} MB behind")


# Whether the backup has all of the log: of the leader, to which alone it is attached.
_ALL = """
SELECT bool_and(flush_lsn >= pg_current_wal_flush_lsn()) FROM pg_stat_replication
WHERE application_name = 'pg_receivewal'
"""


async def _received(backup: Backup, ports: Sequence[int]) -> None:
    """The stream is written without an answer: a look at the files says nothing of it."""
    async with asyncio.timeout(60):
        while True:
            for port in ports:
                node = await asyncpg.connect(backup.at(port))
                try:
                    leads = not await node.fetchval("SELECT pg_is_in_recovery()")
                    if leads and await node.fetchval(_ALL):
                        return
                finally:
                    await node.close()
            await asyncio.sleep(0.1)


async def look(backup: Backup, filed: Mapping[str, str], ports: Sequence[int]) -> None:
    """All of these cases are in the backup alone, which never began anew; `ports`: the nodes'."""
    await backup.caught_up()
    await _kept(backup, ports)
    await _received(backup, ports)
    backup.end()
    begun = [each.name for each in aside(backup.site.backup)]
    postgres = Postgres(backup.site.new)
    try:
        port = await asyncio.to_thread(restored, backup.site, postgres)
        owner = await asyncpg.connect(backup.at(port))
        rows = await owner.fetch("SELECT tenant_id || '-' || id AS id, filing_number AS number FROM projects")
        await owner.close()
    finally:
        postgres.halt()
    there = {row["id"]: row["number"] for row in rows}
    lost = {each for each, number in filed.items() if there.get(each) != number}
    count = len(sets(backup.site.backup))
    print(
        f"restored of {count} set(s), begun anew {len(begun)} times: of {len(filed)} filings lost {len(lost)}"
    )
    assert not lost
    assert not begun, begun
