"""How old the backup is, where it lies on a directory that this process can read."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from service.backup.gaps import aside
from service.backup.taking import SetNote
from service.kit import clock
from service.kit.telemetry import Telemetry

_SET = ("tongjian_backup_set_age_seconds", "Since when the newest whole set of a backup is finished")
_GAPS = ("tongjian_backup_gaps", "Backups of before a gap in the log, which lie beside the one that goes on")
_LOG = ("tongjian_backup_log_age_seconds", "Since when the backup's log has got nothing")


def ages(directory: Path, now: datetime) -> tuple[float | None, float | None]:
    """Seconds since the newest whole set was finished, and since the log was last written; None: there is none."""
    finished = [at for note in directory.glob("sets/*/set.json") if (at := _finished(note)) is not None]
    written = [file.stat().st_mtime for file in directory.glob("wal/*") if file.is_file()]
    of_set = (now - max(finished)).total_seconds() if finished else None
    return of_set, now.timestamp() - max(written) if written else None


def _finished(note: Path) -> datetime | None:
    try:
        text = msgspec.json.decode(note.read_bytes(), type=SetNote).finished
        at = datetime.fromisoformat(text)
    except (OSError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def tell(directory: Path | None, telemetry: Telemetry) -> None:
    """Both ages and the gaps as gauges. Of a directory without any set the age is infinite, which shall be an alarm."""
    if directory is None:
        return
    of_set, of_log = await asyncio.to_thread(ages, directory, clock.now())
    for (name, meaning), age in ((_SET, of_set), (_LOG, of_log)):
        telemetry.gauge(name, meaning, float("inf") if age is None else age)
    telemetry.gauge(*_GAPS, len(await asyncio.to_thread(aside, directory)))
