"""Sets of backups as files: what is mirrored, what is kept, what a restore refuses. The drill `restore` runs it all."""

from __future__ import annotations

import dataclasses
import hashlib
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.backup import restoring
from service.backup import taking as backup
from service.backup.keeping import keep
from service.cli.arguments import parser
from service.documents.storage import LocalStorage, StorageAway
from service.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name in ("documents/360100/ne", "anchors"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "keys.json").write_text("{}")
    return Settings(
        secret_key="一个很长的密钥" * 4,
        documents_dir=tmp_path / "documents",
        audit_anchor_dir=tmp_path / "anchors",
        signing_keys_file=tmp_path / "keys.json",
        backup_dir=tmp_path / "backup",
        backup_url="postgresql://tj_backup:p%40ss@db.internal:5432/tongjian?sslmode=verify-full",
    )


def _target(tmp_path: Path, name: str = "20260301T000000Z") -> Path:
    made = tmp_path / "backup" / "sets" / name
    made.mkdir(parents=True)
    return made


def test_a_set_keeps_documents_keys_and_whole_lines_of_anchors(settings: Settings, tmp_path: Path) -> None:
    target = _target(tmp_path)
    paper = tmp_path / "documents/360100/ne/one"
    paper.write_bytes(b"one")
    paper.with_suffix(".part").write_bytes(b"half")
    anchors = tmp_path / "anchors/anchors.jsonl"
    anchors.write_bytes(b"1\n2\nto")
    backup.mirror(settings, target, None)
    assert (target / "anchors/anchors.jsonl").read_bytes() == b"1\n2\n"
    anchors.write_bytes(b"1\n2\n3\n")  # the torn line was cut off, another one followed
    paper.unlink()  # erased here; the set keeps it as long as it is kept
    backup.mirror(settings, target, None)
    assert (target / "anchors/anchors.jsonl").read_bytes() == b"1\n2\n3\n"
    anchors.write_bytes(b"1\n")  # somebody cut the anchors: the copy bears witness
    backup.mirror(settings, target, None)
    assert (target / "anchors/anchors.jsonl").read_bytes() == b"1\n2\n3\n"
    assert [p.name for p in (target / "documents").rglob("*") if p.is_file()] == ["one"]
    assert (target / "keys/secret-key").read_text() == settings.secret_key
    assert (target / "keys/signing-keys.json").read_text() == "{}"
    for path in (each for each in target.rglob("*") if each.is_file()):
        assert path.stat().st_mode & 0o077 == 0, f"{path} is readable by others"


def test_a_bucket_that_is_away_costs_no_anchors_and_no_keys(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They lie elsewhere, and a restore is declared by the anchors."""

    class Away(LocalStorage):
        def kept(self, since: float = 0.0) -> Iterator[tuple[str, str, float]]:
            raise StorageAway

    monkeypatch.setattr(backup, "storage_of", lambda settings: Away(settings.documents_dir))
    target = _target(tmp_path)
    (tmp_path / "anchors/anchors.jsonl").write_bytes(b"1\n")
    with pytest.raises(StorageAway):
        backup.mirror(settings, target, None)
    assert (target / "anchors/anchors.jsonl").read_bytes() == b"1\n"
    assert (target / "keys/signing-keys.json").exists()


def test_a_new_set_links_what_an_earlier_one_has(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "documents/360100/ne/one").write_bytes(b"one")
    first, second = _target(tmp_path), _target(tmp_path, "20260302T000000Z")
    backup.mirror(settings, first, None)
    backup.mirror(settings, second, first)
    one, other = ((each / "documents/360100/ne/one").stat() for each in (first, second))
    assert one.st_ino == other.st_ino


def test_only_finished_sets_count(tmp_path: Path) -> None:
    _target(tmp_path, ".20260303T000000Z.part")
    _target(tmp_path, "20260302T000000Z")
    (_target(tmp_path) / "set.json").write_text("{}")
    root = tmp_path / "backup"
    assert [each.name for each in backup.sets(root)] == ["20260301T000000Z"]
    assert restoring.chosen(root, None).name == "20260301T000000Z"
    with pytest.raises(backup.BackupFailed, match="20260302"):
        restoring.chosen(root, "20260302T000000Z")


def test_a_restore_to_a_moment_begins_with_a_set_of_before(tmp_path: Path) -> None:
    for day in (1, 2):
        finished = datetime(2026, 3, day, 1, tzinfo=UTC).isoformat()
        made = _target(tmp_path, f"2026030{day}T000000Z")
        (made / "set.json").write_text(f'{{"name": "", "begun": "", "finished": "{finished}"}}')
    root = tmp_path / "backup"
    for hour, name in ((0, "20260301T000000Z"), (2, "20260302T000000Z")):
        assert restoring.chosen(root, None, datetime(2026, 3, 2, hour, tzinfo=UTC)).name == name
    with pytest.raises(
        backup.BackupFailed, match="no finished set 20260302T000000Z finished before 2026-03-02"
    ):
        restoring.chosen(root, "20260302T000000Z", datetime(2026, 3, 2, tzinfo=UTC))
    words = ["restore", "--until=2026-03-02T08:00:00+08:00"]
    assert parser([]).parse_args(words).until == datetime(2026, 3, 2, tzinfo=UTC)
    with pytest.raises(SystemExit):
        parser([]).parse_args(["restore", "--until=2026-03-02T08:00:00"])


def test_the_password_is_on_no_command_line(settings: Settings) -> None:
    arguments, env = backup.connecting(settings.backup_url)
    assert arguments == ["-d", "postgresql://tj_backup@db.internal:5432/tongjian?sslmode=verify-full"]
    assert env["PGPASSWORD"] == "p@ss"
    assert "p%40ss" not in repr(settings)


def test_a_backup_asks_for_both_settings(settings: Settings) -> None:
    for lacking in ({"backup_dir": None}, {"backup_url": ""}):
        with pytest.raises(backup.BackupFailed, match="TONGJIAN_BACKUP_DIR and TONGJIAN_BACKUP_URL"):
            backup.base(dataclasses.replace(settings, **lacking))


def test_a_restore_overwrites_nothing(tmp_path: Path) -> None:
    (_target(tmp_path) / "set.json").write_text("{}")
    parts = [tmp_path / name for name in ("data", "d", "a", "k")]
    parts[2].mkdir()
    (parts[2] / "anchors.jsonl").write_text("")
    with pytest.raises(backup.BackupFailed, match="not empty"):
        restoring.restore(tmp_path / "backup", None, restoring.Target(*parts))
    assert not any(path.exists() for path in (parts[0], parts[1], parts[3]))


def test_a_restored_database_recovers_to_the_end_before_anybody_reads(tmp_path: Path) -> None:
    """What is laid out says so itself: PostgreSQL lets readers in half way unless told otherwise."""
    source = _target(tmp_path)
    for name in ("base", *backup.PARTS):
        (source / name).mkdir()
    (source / "set.json").write_text("{}")
    manifest = '{ "PostgreSQL-Backup-Manifest-Version": 1,\n"Files": [\n],\n"WAL-Ranges": [\n],\n'
    seal = hashlib.sha256(manifest.encode()).hexdigest()
    (source / "base/backup_manifest").write_text(f'{manifest}"Manifest-Checksum": "{seal}"}}\n')
    target = restoring.Target(*(tmp_path / f"new-{name}" for name in ("data", *backup.PARTS)))
    restoring.restore(tmp_path / "backup", None, target)
    lines = (target.data / "postgresql.auto.conf").read_text().splitlines()
    said = dict(line.split(" = ", 1) for line in lines if " = " in line)
    assert said == {
        "hot_standby": "off",
        "restore_command": f"'{restoring.fetching(tmp_path / 'backup/wal')}'",
        "recovery_target_timeline": "'latest'",
        "recovery_target_action": "'promote'",
    }
    assert (target.data / "recovery.signal").exists()


def test_the_log_is_fetched_from_where_it_lies(tmp_path: Path) -> None:
    """1: the log ends here. 126, by which PostgreSQL ends: there is more, and it cannot be had."""
    wal, into = tmp_path / "wal", tmp_path / "into"

    def fetched(name: str, to: Path = into) -> int:
        command = restoring.fetching(wal).replace("%f", name).replace("%p", str(to))
        return subprocess.run(["sh", "-c", command], stderr=subprocess.DEVNULL, check=False).returncode

    assert fetched("0001") == 126  # as where PostgreSQL's user may not look into it
    wal.mkdir()
    assert fetched("0001") == 1
    (wal / "0001.partial").touch()  # begun, and nothing received yet (service/backup/forks.py)
    assert fetched("0001") == 1
    (wal / "0001.partial").write_bytes(b"begun")
    assert (fetched("0001"), into.read_bytes()) == (0, b"begun")
    (wal / "0001").write_bytes(b"whole")
    assert (fetched("0001"), into.read_bytes()) == (0, b"whole")
    assert fetched("0001", tmp_path / "nowhere" / "0001") == 126
    with pytest.raises(backup.BackupFailed, match="quotes"):
        restoring.fetching(Path("/srv/it's"))


def test_the_commands_are_there() -> None:
    asked = parser([]).parse_args(["restore", "--data=a", "--documents=b", "--anchors=c", "--keys=d"])
    assert (asked.set, asked.backup) == (None, None)
    assert parser([]).parse_args(["backup", "follow"]).action == "follow"


def test_old_sets_go_whole_and_of_the_log_what_no_kept_set_needs(tmp_path: Path) -> None:
    root = tmp_path / "backup"
    (root / "wal").mkdir(parents=True)
    for number in (1, 2, 3):
        made = root / "sets" / f"2026030{number}T000000Z"
        (made / "base").mkdir(parents=True)
        begun = f"0000000{number}00000000000000{number}0"  # each on a timeline of its own, as after a restore
        (made / "base/backup_label").write_text(f"START WAL LOCATION: 0/28 (file {begun})\nTHE REST\n")
        (made / "set.json").write_text("{}")
    log = ["00000001000000000000001F", "000000020000000000000020", "000000030000000000000031.partial"]
    for name in [*log, "00000002.history", "000000010000000000000001.partial"]:
        (root / "wal" / name).touch()
    assert keep(root, 5) == ([], 0)
    assert keep(root, 2) == (["20260301T000000Z"], 1)
    assert [each.name for each in backup.sets(root)] == ["20260302T000000Z", "20260303T000000Z"]
    assert not (root / "sets/20260301T000000Z").exists() and not (root / "wal" / log[0]).exists()
    assert (root / "wal" / log[1]).exists() and (root / "wal/00000002.history").exists()
    (root / "sets/20260303T000000Z/base/backup_label").unlink()
    with pytest.raises(backup.BackupFailed, match="nothing of it was removed"):
        keep(root, 1)
    assert (root / "wal" / log[1]).exists()
