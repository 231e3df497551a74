"""The only place that reads the clock. Actions receive `now` as a parameter."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_moved: timedelta | None = None
_file: Path | None = None
_asked: tuple[datetime | None, date] = (None, date.min)  # of the last moment its legal day


def now() -> datetime:
    """The current instant, timezone-aware (UTC); moved where a demo or a test lets time pass."""
    real = datetime.now(UTC)
    return real if _moved is None and _file is None else real + moved()


def moved() -> timedelta:
    """How far a demo or a test has let time pass; nothing elsewhere."""
    return (_moved if _file is None else _read(_file)) or timedelta()


def travel(to: datetime | None) -> None:
    """Lets `now` begin at `to` and go on from there; None ends it. Tests and the demo only.

    Token lifetimes and intervals keep the real clock: nobody is logged out by a journey.
    """
    global _moved
    _moved = None if to is None else to - datetime.now(UTC)


def follow(file: Path | None) -> None:
    """Takes the journey from a file (seconds to add), shared by the demo's processes; refused in production."""
    global _file
    _file = file


def _read(file: Path) -> timedelta | None:
    try:
        return timedelta(seconds=float(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def legal_day(moment: datetime) -> date:
    """The day on which an act counts: the date in Asia/Shanghai."""
    global _asked
    asked = _asked
    if asked[0] is not moment:  # one request asks it of its moment again and again
        _asked = asked = (moment, moment.astimezone(SHANGHAI).date())
    return asked[1]


def timestamp() -> float:
    """Seconds since the epoch, for token lifetimes."""
    return time.time()


def monotonic() -> float:
    """Seconds of a clock that never goes back, for intervals."""
    return time.monotonic()
