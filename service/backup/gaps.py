"""A gap in the log: PostgreSQL no longer keeps what the backup has not received (`max_slot_wal_keep_size`).

What there is stays good up to the gap and is never mixed with what comes after it: an old set that recovered through
a log with a hole would end at the hole, and nobody would see why. So sets and log go aside together, to a
directory from which `tongjian restore --backup` takes them, and a new log and a new set begin (decision 0293).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from service.backup.segments import PARTIAL, newest, segments
from service.backup.slots import drop, kept_from, reserve
from service.backup.taking import BackupFailed, flush
from service.kit import clock

_ASIDE = "gap-%Y%m%dT%H%M%SZ"
REST = timedelta(days=1)  # between two beginnings: whoever loses the log daily has a setting to mend


class Gap(NamedTuple):
    """Where the backup's log ends, by the name of its newest segment (empty: it has none), and where sets and log of
    before are."""

    newest: str
    aside: Path


def gap(url: str, wal: Path, at: datetime | None = None) -> Gap | None:
    """The gap between what `wal` has and what PostgreSQL still keeps for us; None: there is none, or no slot."""
    there, kept = kept_from(url)
    last = newest(segments(wal))
    lost = there and kept is None
    if kept is not None and last is not None and (size := last.ends - last.begins):
        lost = kept // size > last.wanted // size
    if not lost:
        return None
    name = (at or clock.now()).astimezone(UTC).strftime(_ASIDE)
    return Gap(last.path.name.removesuffix(PARTIAL) if last else "", wal.parent / name)


def begin_anew(url: str, root: Path, found: Gap) -> None:
    """Puts sets and log of before aside and makes the slot anew, which keeps the log from now on.

    BackupFailed, and all is as it was: where somebody receives by the slot, or where the last gap is not a day old.
    """
    if any(clock.now() - _begun(each) < REST for each in aside(root)):
        raise BackupFailed(
            f"the log has a gap after {found.newest}, a second one within a day: raise max_slot_wal_keep_size, or "
            "see what keeps the backup away (docs/operations.md, TongjianBackupStopped)"
        )
    drop(url)
    found.aside.mkdir(mode=0o700)
    for part in ("sets", "wal"):  # sets first: none may stand beside a log that lacks what it needs
        if (root / part).exists():
            (root / part).rename(found.aside / part)
    flush(root)
    reserve(url)


def aside(root: Path) -> list[Path]:
    """The directories that were put aside, oldest first."""
    return sorted(each for each in root.glob("gap-*") if each.is_dir())


def _begun(made: Path) -> datetime:
    return datetime.strptime(made.name, _ASIDE).replace(tzinfo=UTC)
