"""What reads more with more cases, by name: up to a bound that is stated, or because nobody has mended it yet."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

_MERGED = "a page of each of thirteen tenants, merged: as much at any number of cases that fill them"
_A_THIRD = ", three read for each that the province decides on"
_COUNTED = "a queue is counted as far as a thousand, over all tenants in each"
_READ_ON = "read on where messages are read or settled, a thousand at most"
_OFFICE = "an office's own, of which PostgreSQL sorts all: no more than one office has"


class Bounded(NamedTuple):
    """Pages that it never exceeds, and why; None: it reads all of something because that is what it is for."""

    pages: int | None
    why: str


MAY_GROW: Mapping[str, Bounded] = {
    "county office: *": Bounded(8_000, _OFFICE),
    "province: /tasks*": Bounded(120_000, _COUNTED),
    "province: /console": Bounded(120_000, _COUNTED),
    "province: /console[?]*": Bounded(120_000, _COUNTED),
    "*: /tasks*": Bounded(12_000, _COUNTED),
    "*: /console": Bounded(12_000, _COUNTED),
    "*: /console[?]*": Bounded(12_000, _COUNTED),
    "*: /console/projects/{ref}": Bounded(12_000, _COUNTED),
    "province: /console/monitor*": Bounded(
        20_000, _MERGED + ", of what is unfiled and near the line two hundred"
    ),
    "*: /console/monitor*": Bounded(2_000, "two hundred of what is unfiled, and of what is near the line"),
    "province: /reports/late": Bounded(20_000, _MERGED + _A_THIRD),
    "province: /console/late-reports*": Bounded(20_000, _MERGED + _A_THIRD),
    "province: /*": Bounded(16_000, _MERGED),
    "auditor: /*": Bounded(16_000, _MERGED),
    "*: /projects[?]limit=50&count=true": Bounded(3_000, "counted as far as a thousand"),
    "*: /projects[?]text=*": Bounded(2_000, "of parts that many cases have lists of so many rows are read"),
    "*: /inbox": Bounded(7_000, _READ_ON),
    "*: /console/messages*": Bounded(7_000, _READ_ON),
    "*: /inbox[?]*": Bounded(7_000, _READ_ON),
    "*: /audit[?]action=*": Bounded(8_000, "one act in a hundred: read on until the page is full"),
    "*: /console/admin/audit/verdict*": Bounded(None, "verifies each entry of the trail, as was asked"),
    "work: purge*": Bounded(60_000, "slices of what is old, as many as a run has time for"),
    "write: *": Bounded(40_000, "projects that share a word are compared, five hundred to a word"),
    "work: relay *": Bounded(40_000, "projects that share a word are compared, five hundred to a word"),
}
# Not mended: the exit code stays 1 for them, and a drill that runs every day looks at everything else.
OPEN: Mapping[str, str] = {}


def why_open(name: str) -> str | None:
    """Why it grows and is not mended."""
    return next((why for pattern, why in OPEN.items() if fnmatchcase(name, pattern)), None)


def may_grow(name: str, pages: int) -> bool:
    """Whether it stays below what it is bound by; the first pattern counts."""
    bound = next((each for pattern, each in MAY_GROW.items() if fnmatchcase(name, pattern)), None)
    return bound is not None and (bound.pages is None or pages <= bound.pages)
