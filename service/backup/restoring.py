"""`tongjian restore`: a set and the log after it, laid out where a PostgreSQL can start on them.

What it makes is a data directory that recovers on its first start, to the end of the log or to the moment asked for,
and the documents, anchors and keys of the set. Roles and their passwords come with the base backup. Nothing that is
there is overwritten.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from service.backup.taking import PARTS, BackupFailed, SetNote, run, sets, tool
from service.embedded.daemon import ENV

_AFTER = """
# Written by tongjian restore: recovers to the end of the stream, then goes on by itself. Nobody reads it half way.
hot_standby = off
restore_command = '{command}'
recovery_target_timeline = 'latest'
recovery_target_action = 'promote'
"""
_UNTIL = "recovery_target_time = '{moment}'\n"


@dataclass(frozen=True)
class Target:
    """Where a restored deployment's parts go; each must be missing or empty."""

    data: Path
    documents: Path
    anchors: Path
    keys: Path


def chosen(root: Path, name: str | None, until: datetime | None = None) -> Path:
    """The set of that name, or the newest that was finished before `until`; BackupFailed where there is none."""
    found = [each for each in sets(root) if name in (None, each.name)]
    if until is not None:
        found = [each for each in found if _finished(each) < until]
    if not found:
        told = " ".join(part for part in (name, until and f"finished before {until.isoformat()}") if part)
        raise BackupFailed(f"no finished set {told} under {root / 'sets'}".replace("  ", " "))
    return found[-1]


def _finished(made: Path) -> datetime:
    note = msgspec.json.decode((made / "set.json").read_bytes(), type=SetNote)
    return datetime.fromisoformat(note.finished)


def restore(root: Path, name: str | None, target: Target, until: datetime | None = None) -> Path:
    """Lays the set out and returns it. The base backup is verified first, byte by byte, by its own manifest.

    `until`: of the log what was committed before that moment; documents, anchors and keys are as of the last look.
    """
    source = chosen(root, name, until)
    for path in (target.data, target.documents, target.anchors, target.keys):
        if path.exists() and any(path.iterdir()):
            raise BackupFailed(f"{path} is not empty: a restore overwrites nothing")
    command = fetching(root / "wal")
    run([tool("pg_verifybackup"), "--no-parse-wal", "--quiet", source / "base"], dict(ENV))
    shutil.copytree(source / "base", target.data, dirs_exist_ok=True)
    target.data.chmod(0o700)
    with (target.data / "postgresql.auto.conf").open("a", encoding="utf-8") as conf:
        conf.write(_AFTER.format(command=command))
        if until is not None:
            conf.write(_UNTIL.format(moment=until.isoformat(" ")))
    (target.data / "recovery.signal").touch(mode=0o600)
    for part in PARTS:
        shutil.copytree(source / part, getattr(target, part), dirs_exist_ok=True)
    return source


def fetching(wal: Path) -> str:
    """The restore_command: a whole segment, or the one that was being received when the stream ended.

    1 says that the log ends here, and recovery goes on without the rest. So what is there and cannot be read or copied
    is 126, by which PostgreSQL ends: it would open a database that silently lacks what came after the base backup.
    """
    path = str(wal.resolve())
    if set(path) & set("'\"\\%$`\n"):
        raise BackupFailed(f"{path}: a path with quotes, % or $ cannot stand in restore_command")
    return (
        f'[ -x "{path}" ] || exit 126; for one in "{path}/%f" "{path}/%f.partial"; do [ -s "$one" ] || continue; '
        'cp "$one" "%p" && exit 0; exit 126; done; exit 1'
    )
