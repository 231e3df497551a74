"""The backup's slot, and a log that PostgreSQL no longer keeps: sets and log of before go aside, it begins anew."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

import pytest

from service.backup import gaps, restoring, slots
from service.backup.age import tell
from service.backup.following import follow
from service.backup.gaps import Gap
from service.backup.keeping import keep
from service.backup.taking import BackupFailed, run, sets, tool
from service.embedded.daemon import ENV
from service.embedded.programs import ADMIN, Postgres
from service.kit import clock
from service.kit.telemetry import Telemetry
from service.settings import Settings

URL = "postgresql://tj_backup:p%40ss@db.internal:5432/tongjian?sslmode=verify-full"
SEGMENT = 1 << 20


def test_the_slot_keeps_the_log_from_its_first_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a checkpoint before its first answer takes what it will ask for (the drill `restore` runs the real one)."""
    psql = tmp_path / "psql"
    monkeypatch.setattr(slots, "tool", lambda name: tmp_path / name)
    for said, refused in (("42710", False), ("53300", True), ("", False)):
        psql.write_text(
            f'#!/bin/sh\necho "$@ $PGPASSWORD" > {tmp_path}/asked\n'
            f'[ -z "{said}" ] || {{ echo ERROR: {said} >&2; exit 1; }}\n'
        )
        psql.chmod(0o755)
        with pytest.raises(BackupFailed) if refused else nullcontext():
            slots.reserve(URL)
    asked = (tmp_path / "asked").read_text()
    assert 'CREATE_REPLICATION_SLOT "tongjian_backup" PHYSICAL RESERVE_WAL' in asked
    assert "tj_backup@db.internal:5432/tongjian?sslmode=verify-full&replication=true" in asked
    assert asked.strip().endswith(" p@ss"), "the password goes by the environment alone"


def _log(root: Path, *names: str) -> Path:
    """A backup's log of such segments, each of 1 MiB."""
    (root / "wal").mkdir(parents=True)
    for name in names:
        (root / "wal" / name).write_bytes(bytes(SEGMENT))
    return root / "wal"


@pytest.mark.parametrize(
    ("names", "said", "lost"),
    [
        (["000000010000000000000004", "000000010000000000000005.partial"], "physical|0/500000|1", False),
        (["000000010000000000000005"], "physical|0/600000|1", False),  # whole: the next one is wanted
        (["000000010000000000000005.partial"], "physical|0/600000|1", True),
        (
            ["00000001000000010000000F"],
            "physical|1/1000000|1",
            False,
        ),  # 4,096 segments of 1 MiB to a file of 4 GiB
        (["00000001000000010000000F"], "physical|1/1100000|1", True),
        (["000000010000000000000005.partial"], "physical||", True),  # given up for good
        ([], "physical||", True),
        ([], "physical|0/500000|1", False),
        (["000000010000000000000005.partial"], "||", False),  # no slot: the next start makes one
    ],
)
def test_a_gap_is_what_the_log_lacks_and_postgresql_does_not_keep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], said: str, lost: bool
) -> None:
    monkeypatch.setattr(slots, "run", lambda argv, env: f"{said}\n")
    found = gaps.gap(URL, _log(tmp_path, *names, "00000002.history"))
    assert (found is not None) is lost
    if found is not None:
        assert found.newest == (names[-1].removesuffix(".partial") if names else "")
        assert found.aside.parent == tmp_path


async def test_what_was_put_aside_is_told_and_goes_once_enough_sets_came_after(tmp_path: Path) -> None:
    telemetry = Telemetry()
    await tell(tmp_path, telemetry)
    assert b"tongjian_backup_gaps 0.0" in telemetry.render()
    (tmp_path / "gap-20260228T000000Z" / "wal").mkdir(parents=True)
    await tell(tmp_path, telemetry)
    assert b"tongjian_backup_gaps 1.0" in telemetry.render()
    (tmp_path / "wal").mkdir()
    for number in (1, 2):
        made = tmp_path / "sets" / f"2026030{number}T000000Z"
        (made / "base").mkdir(parents=True)
        (made / "base/backup_label").write_text(f"START WAL LOCATION: 0/28 (file {number:024X})\n")
        (made / "set.json").write_text("{}")
        gone, _ = keep(tmp_path, 2)
        assert gone == ([] if number == 1 else ["gap-20260228T000000Z"])
    assert len(sets(tmp_path)) == 2


class Server:
    """A PostgreSQL of the test's own that can be backed up, and the settings of a backup of it."""

    def __init__(self, home: Path) -> None:
        self.postgres = Postgres(home / "servers")
        self.postgres.data.parent.mkdir(mode=0o755)
        self.postgres.initialise("pw", durable=False)
        self.port = self.postgres.start(0, durable=False, replicated=True)
        self("CREATE ROLE tj_backup LOGIN REPLICATION PASSWORD 'pw'")
        self("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'")
        for name in ("documents", "anchors"):
            (home / name).mkdir()
        self.settings = Settings(
            secret_key="一个很长的密钥" * 4,
            documents_dir=home / "documents",
            audit_anchor_dir=home / "anchors",
            backup_dir=home / "backup",
            # Of two machines the one that takes writes, as under Patroni; nobody is at the first.
            backup_url=f"postgresql://tj_backup:pw@127.0.0.1:1,127.0.0.1:{self.port}/postgres"
            "?target_session_attrs=read-write",
        )

    def __call__(self, *statements: str) -> None:
        for each in statements:
            self.postgres.psql(self.port, "pw", each)

    def followed(self, until: Callable[[], bool]) -> Gap | None:
        """`follow` until something is so; then its stream is cut off, which no backup ends by itself."""
        with ThreadPoolExecutor(1) as pool:
            running: Future[Gap | None] = pool.submit(follow, self.settings, 0.1)
            while not running.done() and not until():
                sleep(0.05)
            self("SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
            return running.result(60)

    def asked(self, statement: str) -> str:
        """The one value of a statement."""
        login = {"PGPASSWORD": "pw", "PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": ADMIN}
        argv = [tool("psql"), "-X", "-q", "-A", "-t", "-d", "postgres", "-c", statement]
        return run(list(argv), {**ENV, **login}).strip()

    def loses_the_log(self) -> None:
        """More than it is to keep, while nobody receives it."""
        for _ in range(4):
            self(
                "CREATE TABLE IF NOT EXISTS filler (x int)",
                "INSERT INTO filler VALUES (1)",
                "SELECT pg_switch_wal()",
            )
        self("CHECKPOINT")


@pytest.fixture
def server() -> Iterator[Server]:
    with TemporaryDirectory(prefix="tj-gap-") as home:
        Path(home).chmod(0o711)  # PostgreSQL may run as another user
        made = Server(Path(home))
        try:
            yield made
        finally:
            made.postgres.drop()


@pytest.mark.long
def test_a_restore_ends_at_the_moment_asked_for(server: Server) -> None:
    root, new = server.settings.backup_dir, Server.__new__(Server)
    assert root is not None
    server("CREATE TABLE told (x int)")
    moment: list[datetime] = []

    def written() -> bool:
        if not sets(root) or not (root / "followed").exists():
            return False
        if not moment:
            server("INSERT INTO told VALUES (1)")
            moment.append(datetime.fromisoformat(server.asked("SELECT clock_timestamp()")))
            server("SELECT pg_sleep(0.01)", "INSERT INTO told VALUES (2)")
        return (
            server.asked("SELECT bool_and(flush_lsn >= pg_current_wal_flush_lsn()) FROM pg_stat_replication")
            == "t"
        )

    assert server.followed(written) is None
    home = root.parent / "new"
    home.mkdir(mode=0o711)
    new.postgres = Postgres(home)
    parts = restoring.Target(new.postgres.data, home / "d", home / "a", home / "k")
    restoring.restore(root, None, parts, moment[0])
    root.chmod(0o711)
    for top in (new.postgres.data, root / "wal"):
        for path in (top, *top.rglob("*")):
            os.chown(path, *(new.postgres.user.ids or (-1, -1)))
    try:
        new.port = new.postgres.start(0, durable=False, replicated=True)
        assert new.asked("SELECT string_agg(x::text, ',') FROM told") == "1"
    finally:
        new.postgres.drop()


@pytest.mark.long
def test_a_log_that_was_lost_is_begun_anew_once_a_day(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = server.settings.backup_dir
    assert root is not None
    server("SELECT pg_reload_conf()")

    def whole() -> bool:
        return bool(sets(root)) and (root / "followed").exists()

    assert server.followed(whole) is None
    (first,) = sets(root)
    server.loses_the_log()
    lost = server.followed(lambda: False)
    assert lost is not None and lost.newest.startswith("00000001")
    assert [each.name for each in sets(lost.aside)] == [first.name], "what there was stays, and together"
    assert restoring.chosen(lost.aside, None).parent.parent == lost.aside
    assert any((lost.aside / "wal").iterdir()) and not sets(root)
    (root / "followed").unlink()
    assert server.followed(whole) is None
    assert len(sets(root)) == 1
    server.loses_the_log()
    with pytest.raises(BackupFailed, match="second one within a day"):
        server.followed(lambda: False)
    assert len(sets(root)) == 1 and gaps.aside(root) == [lost.aside]
    later = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(gaps.clock, "now", lambda: later)
    again = server.followed(lambda: False)
    assert again is not None and gaps.aside(root) == [lost.aside, again.aside]
