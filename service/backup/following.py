"""`tongjian backup follow`: the log streamed to `wal/`, and the newest set's files kept up to date, until a signal."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from typing import NamedTuple

from service.backup.forks import part
from service.backup.gaps import Gap, begin_anew, gap
from service.backup.slots import reserve
from service.backup.taking import SLOT, base, connecting, directory, mirror, sets, tool, write
from service.documents.storage import StorageAway
from service.kit import clock
from service.settings import Settings

EVERY = 10.0  # seconds between two looks at documents, anchors and keys


class Ended(NamedTuple):
    """What was found when the stream broke off: segments and sets that the leader of now never had (`forks.part`), and
    the gap where PostgreSQL no longer keeps what comes next, after sets and log of before were put aside."""

    forked: list[str]
    gap: Gap | None


def follow(settings: Settings, every: float = EVERY) -> Ended:
    """Streams and mirrors until a signal. Returns when the stream breaks off.

    Begins a set where there is none. Whoever supervises it starts it again: the slot keeps what was not sent.
    BackupFailed: a gap that is not mended by beginning anew (`begin_anew`).
    """
    root = directory(settings)
    reserve(settings.backup_url)
    _stream(settings, root, every)
    forked = part(settings.backup_url, root)
    found = gap(settings.backup_url, root / "wal")
    if found is not None:
        begin_anew(settings.backup_url, root, found)
    return Ended(forked, found)


def _stream(settings: Settings, root: Path, every: float) -> None:
    (root / "wal").mkdir(parents=True, exist_ok=True, mode=0o700)
    arguments, env = connecting(settings.backup_url)
    receive: list[str | Path] = [tool("pg_receivewal"), *arguments, "-S", SLOT]
    stream = subprocess.Popen([*receive, "-D", root / "wal", "--synchronous", "--no-loop"], env=env)
    try:
        if not sets(root):
            base(settings)
        known: tuple[Path | None, float] = (None, 0.0)
        while True:
            looked, newest = clock.now(), sets(root)[-1]
            with suppress(
                StorageAway
            ):  # the log goes on without it; `followed` tells since when files are missing
                mirror(settings, newest, None, known[1] if known[0] == newest else 0.0)
                known = (newest, looked.timestamp())
                write(root / "followed", looked.astimezone(UTC).isoformat().encode())
            try:
                stream.wait(every)
            except subprocess.TimeoutExpired:
                continue
            return
    finally:
        stream.terminate()
        stream.wait()
