"""The backup's slot, and a log that PostgreSQL no longer keeps: sets and log of before go aside, it begins anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from service.backup import gaps, restoring, slots
from service.backup.age import tell
from service.backup.keeping import keep
from service.backup.taking import BackupFailed, sets
from service.kit import clock
from service.kit.telemetry import Telemetry
from tests.upkeep.backed import Server

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
    root = server.settings.backup_dir
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
    assert server.restored(root.parent / "new", "SELECT string_agg(x::text, ',') FROM told", moment[0]) == "1"


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
    monkeypatch.setattr(clock, "now", lambda: later)
    again = server.followed(lambda: False)
    assert again is not None and gaps.aside(root) == [lost.aside, again.aside]
