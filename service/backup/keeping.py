"""`tongjian backup base --keep N`: old sets go whole, and of the log what no kept set needs to recover."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from service.backup.forks import FORKED
from service.backup.gaps import aside
from service.backup.segments import beginning
from service.backup.taking import BackupFailed, sets

_SEGMENT = re.compile(rf"[0-9A-F]{{24}}({re.escape(FORKED)}|\.partial{re.escape(FORKED)})?")


def keep(root: Path, number: int) -> tuple[list[str], int]:
    """Removes all sets but the newest `number`; their names, and how many segments of the log went with them.

    Where there are so many, what was put aside before a gap in the log goes too: all of it is older; and those older
    than the newest that were of a leader without a successor (service/backup/forks.py).

    A set's note goes first: one that was cut off in the middle is no set any more. Where a kept set does not say from
    which segment it recovers, nothing of the log goes (BackupFailed, after the sets went).
    """
    found = sets(root)
    gone, kept = found[:-number], found[-number:]
    for each in gone:
        (each / "set.json").unlink()
        shutil.rmtree(each)
    needed = min((_first(each) for each in kept), default="")
    if len(kept) == number:
        forked = [note.parent for note in (root / "sets").glob(f"*/set.json{FORKED}")]
        for each in (*aside(root), *(made for made in forked if made.name < kept[0].name)):
            shutil.rmtree(each)
            gone.append(Path(each.name))
    # Timelines count on from one another, so segments are compared without them, as pg_archivecleanup does.
    old = [
        path for path in (root / "wal").glob("*") if _SEGMENT.fullmatch(path.name) and path.name[8:] < needed
    ]
    for path in old:
        path.unlink()
    return [each.name for each in gone], len(old)


def _first(made: Path) -> str:
    """The segment a set's recovery begins in, without its timeline."""
    begun = beginning(made)
    if begun is None:
        label = made / "base" / "backup_label"
        raise BackupFailed(f"{label} does not say where the log begins: nothing of it was removed")
    return begun.segment[8:]
