"""Log that the next leader never had: a leader sent it to the backup before its standby had it, and was gone.

Nobody was told that what stands in it is done, unless the standby was away and somebody made it the leader all the
same. Where it reached past a whole segment, PostgreSQL refuses to send from there: the place is not in its history.
The segments that the new history does not have go aside (`NAME.forked`), and the stream goes on where the two part. A
set that was begun behind that place recovers to nothing that the leader knows: it is no set any more (decision 0308).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from service.backup.slots import history
from service.backup.taking import flush, sets

FORKED = ".forked"
_SEGMENT = re.compile(r"([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})(\.partial)?")
_BEGUN = re.compile(r"^START WAL LOCATION: ([0-9A-F]+)/([0-9A-F]+) \(file ([0-9A-F]{8})", re.M)


class _Segment(NamedTuple):
    """A file of the log: its timeline, the bytes of the log that it holds, whether it is whole."""

    path: Path
    timeline: int
    begins: int
    ends: int
    whole: bool


def part(url: str, root: Path) -> list[str]:
    """Puts aside what the leader's history does not have: segments that end behind the place where it left theirs, but
    for the one that is still written to, and sets that begin behind it. Their names.

    BackupFailed: nobody could be asked.
    """
    timeline, left = history(url)
    log = [each for path in sorted((root / "wal").glob("*")) if (each := _segment(path)) is not None]
    gone = [each for each in log if _behind(each, left.get(each.timeline))]
    notes = [made / "set.json" for made in sets(root) if _begins_behind(made, left)]
    for path in (*(each.path for each in gone), *notes):
        path.rename(path.with_name(path.name + FORKED))
        flush(path.parent)
    newest = max((each for each in log if each not in gone), key=lambda each: each.begins, default=None)
    if newest is not None and newest.whole and newest.ends == left.get(newest.timeline):
        _turned(newest, min(each for each in (*left, timeline) if each > newest.timeline))
    return [each.path.name for each in gone] + [note.parent.name for note in notes]


def _turned(last: _Segment, following: int) -> None:
    """A timeline that was left at the end of a segment goes on with the next one.

    PostgreSQL has nothing to send of it any more, which pg_receivewal takes for an error: the next one's is begun.
    """
    size = last.ends - last.begins
    name = f"{following:08X}{last.ends >> 32:08X}{(last.ends & 0xFFFFFFFF) // size:08X}.partial"
    (last.path.parent / name).touch(0o600)


def _segment(path: Path) -> _Segment | None:
    found = _SEGMENT.fullmatch(path.name)
    if found is None:
        return None
    size = path.stat().st_size
    begins = (int(found[2], 16) << 32) + int(found[3], 16) * size
    return _Segment(path, int(found[1], 16), begins, begins + size, found[4] is None)


def _behind(segment: _Segment, left: int | None) -> bool:
    """Of one that is not whole only its beginning counts: PostgreSQL sends it from there."""
    return left is not None and (segment.begins >= left or (segment.whole and segment.ends > left))


def _begins_behind(made: Path, left: dict[int, int]) -> bool:
    label = made / "base" / "backup_label"
    begun = _BEGUN.search(label.read_text(encoding="utf-8")) if label.exists() else None
    end = left.get(int(begun[3], 16)) if begun else None
    return begun is not None and end is not None and (int(begun[1], 16) << 32 | int(begun[2], 16)) >= end
