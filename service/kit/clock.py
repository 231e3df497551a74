"""The only place that reads the clock. Actions receive `now` as a parameter."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The current instant, timezone-aware (UTC)."""
    return datetime.now(UTC)


def legal_day(moment: datetime) -> date:
    """The day on which an act counts: the date in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI).date()


def timestamp() -> float:
    """Seconds since the epoch, for token lifetimes."""
    return time.time()


def monotonic() -> float:
    """Seconds of a clock that never goes back, for intervals."""
    return time.monotonic()
