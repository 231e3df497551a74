"""Log that the next leader never had: a leader sent it to the backup before its standby had it, and was gone.

Nobody was told that what stands in it is done, unless the standby was away and somebody made it the leader all the
same. Where it reached past a whole segment, PostgreSQL refuses to send from there: the place is not in its history.
The segments that the new history does not have go aside (`NAME.forked`), and the stream goes on where the two part. A
set that was begun behind that place recovers to nothing that the leader knows: it is no set any more (decision 0308).
"""

from __future__ import annotations

from pathlib import Path

from service.backup.segments import PARTIAL, Segment, beginning, named, newest, segments
from service.backup.slots import history
from service.backup.taking import flush, sets

FORKED = ".forked"


def part(url: str, root: Path) -> list[str]:
    """Puts aside what the leader's history does not have: segments that end behind the place where it left theirs, but
    for the one that is still written to, and sets that begin behind it. Their names.

    BackupFailed: nobody could be asked.
    """
    timeline, left = history(url)
    log = segments(root / "wal")
    gone = [each for each in log if _behind(each, left.get(each.timeline))]
    notes = [made / "set.json" for made in sets(root) if _begins_behind(made, left)]
    for path in (*(each.path for each in gone), *notes):
        path.rename(path.with_name(path.name + FORKED))
        flush(path.parent)
    last = newest([each for each in log if each not in gone])
    if last is not None and last.whole and last.ends == left.get(last.timeline):
        _turned(last, min(each for each in (*left, timeline) if each > last.timeline))
    return [each.path.name for each in gone] + [note.parent.name for note in notes]


def _turned(last: Segment, following: int) -> None:
    """A timeline that was left at the end of a segment goes on with the next one.

    PostgreSQL has nothing to send of it any more, which pg_receivewal takes for an error: the next one's is begun.
    """
    name = named(following, last.ends, last.ends - last.begins)
    (last.path.parent / f"{name}{PARTIAL}").touch(0o600)


def _behind(segment: Segment, left: int | None) -> bool:
    """Of one that is not whole only its beginning counts: PostgreSQL sends it from there."""
    return left is not None and (segment.begins >= left or (segment.whole and segment.ends > left))


def _begins_behind(made: Path, left: dict[int, int]) -> bool:
    at = beginning(made)
    return at is not None and at.timeline in left and at.byte >= left[at.timeline]
