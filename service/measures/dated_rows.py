"""Which dated rows stand on a day, and which of them cases of before may be spared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import TypeVar

from service.measures.rule_entries import Entry, Overlay, Reading

DatedT = TypeVar("DatedT", Entry, Reading, Overlay)
MAX_GROUPS = 6  # beyond it only "nothing later than a day" is tried, not every combination of clauses


def in_force(rows: Iterable[DatedT], on: date, key_of: Callable[[DatedT], str]) -> dict[str, DatedT]:
    """By key, the row with the latest effective date not after `on`; then the latest recorded one."""
    found: dict[str, DatedT] = {}
    for row in rows:
        if row.effective_from > on:
            continue
        held = found.get(key_of(row))
        if held is None or (row.effective_from, row.recorded_at) >= (held.effective_from, held.recorded_at):
            found[key_of(row)] = row
    return found


def subsets(rows: Sequence[Entry | Overlay]) -> Iterator[tuple[Entry | Overlay, ...]]:
    """What cases of before may be spared of the rows, together: those of one day and clause go together."""
    groups: dict[tuple[date, str], list[Entry | Overlay]] = {}
    for row in rows:
        clause = "overlay" if isinstance(row, Overlay) else str(row.clause)
        groups.setdefault((row.effective_from, clause), []).append(row)
    days = sorted({day for day, _ in groups})
    for day in days:
        yield tuple(row for row in rows if row.effective_from >= day)
        yield tuple(row for row in rows if row.effective_from >= day and isinstance(row, Entry))
    if len(groups) <= MAX_GROUPS:
        for size in range(1, len(groups) + 1):
            for chosen in combinations(groups.values(), size):
                yield tuple(row for group in chosen for row in group)
