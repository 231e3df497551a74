"""The figures of the rate limits, as settings write them: `<a second>/<at once>`, 0 for no limit."""

from __future__ import annotations

import math
from typing import NamedTuple

SECOND = 1_000_000  # microseconds, the unit in which stores keep times


class Rate(NamedTuple):
    """So many a second, `burst` at once; a burst of 0 means no limit."""

    per_second: float
    burst: int

    @property
    def interval(self) -> float:
        """Microseconds that one of them takes."""
        return SECOND / self.per_second


def rate(text: str) -> Rate:
    """`100/500` (a hundred a second, five hundred at once), or `0`; ValueError for anything else."""
    if text == "0":
        return Rate(1, 0)
    steady, _, burst = text.partition("/")
    found = Rate(float(steady), int(burst) if burst.isascii() and burst.isdigit() else 0)
    if not (math.isfinite(found.per_second) and found.per_second > 0 and found.burst > 0):
        raise ValueError("expected <requests a second>/<requests at once>, like 100/500, or 0 for no limit")
    return found


class LimitRates(NamedTuple):
    """All figures. `failures`: so many wrong credentials at once are free, one more each minute; after that waits
    double from a second up to `longest_wait` seconds.
    """

    person: Rate = Rate(100, 500)
    client: Rate = Rate(500, 2500)
    tenant: Rate = Rate(1000, 5000)
    anonymous: Rate = Rate(20, 200)
    token: Rate = Rate(50, 400)
    token_address: Rate = Rate(100, 1000)
    feed: Rate = Rate(10, 200)
    failures: int = 10
    longest_wait: int = 300
