"""The backup has log that the next leader never had: whole segments of it go aside, and it follows the new one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from service.backup import forks, slots
from service.backup.keeping import keep
from service.backup.taking import BackupFailed, run, sets, tool
from service.embedded.daemon import ENV
from service.embedded.programs import Postgres
from tests.upkeep.backed import Server

URL = "postgresql://tj_backup:pw@db.internal/tongjian"
SEGMENT = 1 << 20
HISTORY = "00000003.history|1\t0/2100000\tno recovery target specified\n\n2\t0/3080000\tno recovery target specified\n"


@pytest.mark.parametrize(
    ("timeline", "gone"),
    [
        ("1", []),
        # Of the first timeline what ends behind 0x2100000, of the second what ends behind 0x3080000.
        (
            "3",
            [
                "000000010000000000000021",
                "000000010000000000000022.partial",
                "000000020000000000000030",
                "20260302T000000Z",
            ],
        ),
    ],
)
def test_what_ends_behind_the_fork_goes_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, timeline: str, gone: list[str]
) -> None:
    names = [
        "000000010000000000000020",  # ends at the fork
        "000000010000000000000021",
        "000000010000000000000022.partial",
        "00000002000000000000002F",
        "000000020000000000000030",
        "000000020000000000000030.partial",  # begins before the fork: it is sent anew
        "000000030000000000000031",  # the leader's own
        "00000002.history",
    ]
    wal = tmp_path / "wal"
    wal.mkdir()
    for name in names:
        (wal / name).write_bytes(bytes(SEGMENT))
    _set(tmp_path, 1, "0/2000028", "000000010000000000000020")
    _set(tmp_path, 2, "0/2200028", "000000010000000000000022")
    said = {"IDENTIFY_SYSTEM": f"7|{timeline}|0/3100000|\n", "TIMELINE_HISTORY 3": HISTORY}
    monkeypatch.setattr(slots, "run", lambda argv, env: said[argv[-1]])
    assert forks.part(URL, tmp_path) == gone
    segments = set(gone).intersection(names)
    assert {each.name for each in wal.iterdir()} == {
        *(set(names) - segments),
        *(f"{name}.forked" for name in segments),
    }
    assert len(sets(tmp_path)) == (1 if gone else 2)
    assert forks.part(URL, tmp_path) == []


def test_a_log_that_ends_where_the_next_begins_goes_on_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wal").mkdir()
    for name in ("000000010000000000000004", "000000010000000000000005"):
        (tmp_path / "wal" / name).write_bytes(bytes(SEGMENT))
    said = {"IDENTIFY_SYSTEM": "7|2|0/700000|", "TIMELINE_HISTORY 2": "00000002.history|1\t0/600000\tnone\n"}
    monkeypatch.setattr(slots, "run", lambda argv, env: said[argv[-1]])
    assert forks.part(URL, tmp_path) == []
    there = ["000000010000000000000004", "000000010000000000000005", "000000020000000000000006.partial"]
    assert sorted(each.name for each in (tmp_path / "wal").iterdir()) == there


def _set(root: Path, number: int, at: str, segment: str) -> None:
    made = root / "sets" / f"2026030{number}T000000Z"
    (made / "base").mkdir(parents=True)
    (made / "base/backup_label").write_text(f"START WAL LOCATION: {at} (file {segment})\n")
    (made / "set.json").write_text("{}")


def test_what_went_aside_goes_with_the_sets_that_needed_it(tmp_path: Path) -> None:
    (tmp_path / "wal").mkdir()
    for name in ("000000010000000000000001.forked", "000000010000000000000002.partial.forked"):
        (tmp_path / "wal" / name).write_bytes(b"")
    for number in (1, 2, 3, 4):
        _set(tmp_path, number, "0/28", f"{number:024X}")
    for number in (1, 3):
        note = tmp_path / f"sets/2026030{number}T000000Z/set.json"
        note.rename(note.with_name("set.json.forked"))
    gone, segments = keep(tmp_path, 2)
    assert (gone, segments) == (["20260301T000000Z"], 1)
    assert [each.name for each in (tmp_path / "wal").iterdir()] == ["000000010000000000000002.partial.forked"]


@pytest.mark.long
@pytest.mark.parametrize("set_before", [True, False])
def test_a_backup_ahead_of_the_next_leader_follows_it(*, set_before: bool) -> None:
    with TemporaryDirectory(prefix="tj-fork-") as home:
        Path(home).chmod(0o711)  # PostgreSQL may run as another user
        old, new = Server(Path(home)), Server.__new__(Server)
        new.postgres, new.settings = Postgres(Path(home) / "standby"), old.settings
        try:
            _lost(old, new, set_before=set_before)
            new.port = new.postgres.start(0, durable=False, replicated=True)
            new("SELECT pg_promote()", "CREATE TABLE told (x int)", "INSERT INTO told VALUES (1)")
            hosts = f"127.0.0.1:{old.port},127.0.0.1:{new.port}"
            url = f"postgresql://tj_backup:pw@{hosts}/postgres?target_session_attrs=read-write"
            new.settings = replace(old.settings, backup_url=url)
            _followed(new, set_before=set_before)
            assert new.restored(Path(home) / "restored", "SELECT string_agg(x::text, ',') FROM told") == "1"
        finally:
            old.postgres.drop()
            new.postgres.drop()


def _standby(old: Server, new: Server) -> None:
    """As it was before the leader wrote what the backup alone has."""
    new.postgres.data.parent.mkdir(mode=0o755)
    argv: list[str | Path] = [
        tool("pg_basebackup"),
        "-d",
        old.settings.backup_url,
        "-D",
        new.postgres.data,
        "-R",
        "-c",
        "fast",
    ]
    run(argv, ENV)
    new.postgres.user.give(new.postgres.data)
    for path in new.postgres.data.rglob("*"):
        new.postgres.user.give(path)


def _lost(old: Server, new: Server, *, set_before: bool) -> None:
    """The leader dies when the backup has whole segments that no standby has; or its only set is of such."""
    root = old.settings.backup_dir
    assert root is not None
    if not set_before:
        _standby(old, new)

    def ahead() -> bool:
        if not sets(root) or not (root / "followed").exists():
            return False
        if not new.postgres.data.exists():
            _standby(old, new)
        old.loses_the_log()
        return len([each for each in (root / "wal").iterdir() if len(each.name) == 24]) >= 6

    with pytest.raises(BackupFailed):  # nobody leads
        old.ended(ahead, old.postgres.drop)


def _followed(new: Server, *, set_before: bool) -> None:
    """What is not in the new leader's history goes aside, once; then the backup has all of it."""
    first = new.ended(lambda: False, lambda: None)
    assert len(first.forked) >= 2
    assert first.gap is None
    assert new.settings.backup_dir is not None
    assert len(sets(new.settings.backup_dir)) == set_before
    caught_up = "SELECT bool_and(flush_lsn >= pg_current_wal_flush_lsn()) FROM pg_stat_replication"
    done = new.settings.backup_dir
    assert new.followed(lambda: len(sets(done)) == 1 and new.asked(caught_up) == "t") is None
    assert len(sets(new.settings.backup_dir)) == 1
