"""Files of a backup's log: which bytes of which timeline each holds; and where in the log a set begins."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

PARTIAL = ".partial"  # behind the name of the one that is still written to
_NAME = re.compile(rf"([0-9A-F]{{8}})([0-9A-F]{{8}})([0-9A-F]{{8}})({re.escape(PARTIAL)})?")
_BEGUN = re.compile(r"^START WAL LOCATION: ([0-9A-F]+)/([0-9A-F]+) \(file ([0-9A-F]{24})\)$", re.M)


class Segment(NamedTuple):
    """A file of the log: its timeline, the first byte of the log in it and the first behind it, whether it is whole."""

    path: Path
    timeline: int
    begins: int
    ends: int
    whole: bool

    @property
    def wanted(self) -> int:
        """The byte of the log from which PostgreSQL is asked on: a segment is sent from its beginning."""
        return self.ends if self.whole else self.begins


class Beginning(NamedTuple):
    """Where a set's recovery begins: its timeline, the byte of the log, the name of the segment."""

    timeline: int
    byte: int
    segment: str


def segments(wal: Path) -> list[Segment]:
    """Those of a log, by name. Of one size all: a smaller file is begun only, or met a full disk."""
    found = [(path, name) for path in sorted(wal.glob("*")) if (name := _NAME.fullmatch(path.name))]
    size = max((path.stat().st_size for path, _ in found), default=0)
    begins = [(int(name[2], 16) << 32) + int(name[3], 16) * size for _, name in found]
    return [
        Segment(path, int(name[1], 16), at, at + size, name[4] is None)
        for (path, name), at in zip(found, begins, strict=True)
    ]


def newest(log: list[Segment]) -> Segment | None:
    """The one behind all others."""
    return max(log, key=lambda each: (each.begins, each.timeline, each.whole), default=None)


def named(timeline: int, byte: int, size: int) -> str:
    """The name of the segment in which a byte of the log lies."""
    return f"{timeline:08X}{byte >> 32:08X}{(byte & 0xFFFFFFFF) // size:08X}"


def beginning(made: Path) -> Beginning | None:
    """Where a set's recovery begins; None where it does not say."""
    label = made / "base" / "backup_label"
    found = _BEGUN.search(label.read_text(encoding="utf-8")) if label.exists() else None
    if found is None:
        return None
    return Beginning(int(found[3][:8], 16), int(found[1], 16) << 32 | int(found[2], 16), found[3])
