"""What was looked at and what was found: one row a page, one column a check; 0 is written `·`, not asked `-`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

# Width of the page and theme: 720 is what 1440 shows at 200 %.
LOOKS = tuple((width, theme) for width in (1440, 1024, 720) for theme in ("light", "dark"))
OTHERS = ("policy", "foreign", "errors", "heading", "wide", "codes")


def column_of(width: int, theme: str) -> str:
    return f"{width}{theme[0]}"


COLUMNS = (*(column_of(*each) for each in LOOKS), *OTHERS)


@dataclass
class Row:
    """One page: how many faults each check found; a check that was not made is missing."""

    page: str
    people: list[str] = field(default_factory=list)
    checks: dict[str, int] = field(default_factory=dict)

    def note(self, check: str, faults: int) -> None:
        self.checks[check] = self.checks.get(check, 0) + faults

    @property
    def faults(self) -> int:
        return sum(self.checks.values())


def width_of(text: str) -> int:
    """Columns a terminal gives it."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def cell(row: Row, check: str) -> str:
    return "-" if check not in row.checks else str(row.checks[check] or "·")


def table(rows: Iterable[Row]) -> str:
    """Pages × checks as text."""
    rows = sorted(rows, key=lambda each: each.page)
    first = max([width_of(each.page) for each in rows] + [10])
    lines = ["page".ljust(first) + "  who " + "".join(f"{name:>8}" for name in COLUMNS)]
    for each in rows:
        cells = "".join(f"{cell(each, check):>8}" for check in COLUMNS)
        pad = " " * (first - width_of(each.page))
        lines.append(f"{each.page}{pad}{len(each.people):>5} {cells}")
    return "\n".join(lines)
