"""The sandbox's clock: moved by its own call, forwards, for everybody in the sandbox and for nobody else."""

from __future__ import annotations

import fcntl
import os
from datetime import datetime, timedelta
from pathlib import Path

from service.kit import clock
from service.kit.errors import FieldError, ServiceError, invalid
from service.sandbox.schemas import ClockView

FARTHEST = timedelta(days=3660)  # beyond it neither calendars nor certificates mean anything


def shown() -> ClockView:
    """The clock as it stands."""
    now = clock.now()
    return ClockView(
        now=now, day=clock.legal_day(now).isoformat(), moved_seconds=round(clock.moved().total_seconds())
    )


def move(file: Path, to: datetime) -> ClockView:
    """Moves it; 409 `clock_backwards` where it stands at that moment already or later, 422 beyond ten years.

    The file is what every process of the sandbox adds to the real time (kit/clock.follow); written in one step, one
    mover at a time, so that of two the clock never goes back.
    """
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        now = clock.now()
        if to <= now:
            raise ServiceError(
                409,
                "clock_backwards",
                f"沙箱时钟只能向后拨，现在是 {now.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}（北京时间）",
            )
        moved = clock.moved() + (to - now)
        if moved > FARTHEST:
            raise invalid([FieldError("/to", "out_of_range", "沙箱时钟最多拨到实际时间之后十年")])
        fresh = file.with_name(f"{file.name}.new")
        fresh.write_text(f"{moved.total_seconds():.0f}", encoding="utf-8")
        os.replace(fresh, file)
    return shown()
