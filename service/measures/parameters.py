"""The rule book: which figures and readings stood on a date, as known at a time.

A version is the digest of the effective set on a date. Amending only adds entries, so (version, date)
always finds the set a past decision was made on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from itertools import chain

from service.measures.dated_rows import in_force, subsets
from service.measures.law import Law, label
from service.measures.overlaying import refusal
from service.measures.rule_entries import Basis, Entry, Overlay, OverlayMode, Reading, Value, merged

__all__ = [
    "Basis",
    "BeforeFirstRules",
    "Entry",
    "Overlay",
    "OverlayMode",
    "OverlayRefused",
    "Reading",
    "RuleBook",
    "UnknownParameter",
    "UnknownVersion",
    "apply_overlay",
]

VERSION_LENGTH = 16
MAX_DAYS = 400  # kept in memory per rule book


class BeforeFirstRules(ValueError):
    """The date lies before the first rule set (art. 45, reading R8); the fault names `on`."""

    def __init__(self, on: date, first: date) -> None:
        super().__init__(f"on {on.isoformat()} is before the first rule set {first.isoformat()}")
        self.on = on
        self.first = first
        self.pointer = "/on"
        self.detail = f"该日期早于规则库的起始日 {first.isoformat()}"


class UnknownParameter(KeyError):
    """No entry of this key stands on the date."""


class UnknownVersion(LookupError):
    """No state of this rule book gives the version on the date."""


class OverlayRefused(ValueError):
    """A tenant's value beyond the entry's mode. `reason`: unknown_key | mode_none | not_lower | not_higher |
    not_added | not_on_scale | negative | wrong_type | other_tenant."""

    def __init__(self, reason: str, key: str, detail: str, article: int | None = None) -> None:
        super().__init__(f"{key}: {reason}")
        self.reason = reason
        self.key = key
        self.detail = detail
        self.article = article


class _Day:
    """What stands on one day, by key."""

    def __init__(self, book: RuleBook, on: date) -> None:
        self.entries = in_force(book.entries, on, lambda row: row.key)
        self.readings = in_force(book.readings, on, lambda row: row.id)
        own = in_force(book.overlays, on, lambda row: row.key)
        # An ended overlay leaves no trace: the version is the province's again.
        self.overlays = {key: row for key, row in own.items() if row.value is not None}

    @property
    def rows(self) -> list[Entry | Reading | Overlay]:
        """All of it, in canonical order."""
        rows: list[Entry | Reading | Overlay] = []
        rows += [row for _, row in sorted(self.entries.items())]
        rows += [row for _, row in sorted(self.readings.items())]
        rows += [row for _, row in sorted(self.overlays.items())]
        return rows

    @cached_property
    def version(self) -> str:
        """Short SHA-256 digest."""
        canonical = json.dumps(
            [row.canonical() for row in self.rows], ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(canonical.encode()).hexdigest()[:VERSION_LENGTH]


@dataclass(frozen=True)
class RuleBook:
    """All recorded entries, of the province and at most one tenant's overlays. Immutable."""

    entries: tuple[Entry, ...]
    readings: tuple[Reading, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    tenant: str | None = None
    # What a case of before is spared (law.py), and the day that case was taken in.
    aside: tuple[Entry | Overlay, ...] = ()
    taken_in: date | None = None
    # A decision asks a dozen times what stands on its day, and the answer never changes.
    _days: dict[date, _Day] = field(default_factory=dict, init=False, repr=False, compare=False)
    _laws: dict[object, RuleBook] = field(default_factory=dict, init=False, repr=False, compare=False)

    def _on(self, on: date) -> _Day:
        day = self._days.get(on)
        if day is None:
            if len(self._days) >= MAX_DAYS:
                self._days.clear()
            day = self._days[on] = _Day(self, on)
        return day

    @cached_property
    def first_date(self) -> date:
        """The day the first rule set took effect (R8)."""
        return min(entry.effective_from for entry in self.entries)

    def require_in_force(self, on: date) -> None:
        """Raises BeforeFirstRules for a date no rule set covers."""
        if on < self.first_date:
            raise BeforeFirstRules(on, self.first_date)

    def with_entries(self, *added: Entry | Reading) -> RuleBook:
        """An amended rule book: entries are added, none is changed or removed."""
        return replace(
            self,
            entries=self.entries + tuple(row for row in added if isinstance(row, Entry)),
            readings=self.readings + tuple(row for row in added if isinstance(row, Reading)),
        )

    @cached_property
    def replacing(self) -> tuple[Entry, ...]:
        """The entries that replace an older one of their key, by effect and recording, and bind (rule_entries)."""
        first: dict[str, tuple[date, datetime]] = {}
        for row in self.entries:
            place = (row.effective_from, row.recorded_at)
            first[row.key] = min(first.get(row.key, place), place)
        later = (row for row in self.entries if (row.effective_from, row.recorded_at) > first[row.key])
        return tuple(row for row in later if row.binding)

    @cached_property
    def amended(self) -> bool:
        """Whether any text may have an amendment to name: one that governs, or one that a case is spared."""
        return bool(self.aside) or any(row.document is not None for row in self.entries)

    def under(self, law: Law | None) -> RuleBook:
        """The rule book as it governs a case taken in under a law; the book itself where nothing is left aside."""
        if law is None or self.aside:
            return self
        rows: tuple[Entry | Overlay, ...] = self.replacing
        if law.strict:
            rows += self.overlays
        return self.without(tuple(row for row in rows if law.spares(row)), law.on)

    def without(self, aside: tuple[Entry | Overlay, ...], taken_in: date | None = None) -> RuleBook:
        """The rule book without these rows, which it remembers."""
        if not aside:
            return self
        key = (taken_in, *map(id, aside))
        if key not in self._laws:
            if len(self._laws) >= MAX_DAYS:
                self._laws.clear()
            gone = set(map(id, aside))
            self._laws[key] = replace(
                self,
                entries=tuple(row for row in self.entries if id(row) not in gone),
                overlays=tuple(row for row in self.overlays if id(row) not in gone),
                aside=aside,
                taken_in=taken_in,
            )
        return self._laws[key]

    def left_aside(self, on: date) -> tuple[str, ...]:
        """What would stand on the day for a new case and does not for this one, as decisions name it."""
        return tuple(sorted({label(row) for row in self.aside if row.effective_from <= on}))

    def recalled(self, labels: tuple[str, ...] | list[str]) -> RuleBook:
        """The rule book without the rows that a stored decision says it left aside."""
        rows: tuple[Entry | Overlay, ...] = (*self.replacing, *self.overlays)
        return self.without(tuple(row for row in rows if label(row) in labels))

    def as_of(self, recorded_at: datetime) -> RuleBook:
        """The rule book as it was known then."""
        return replace(
            self,
            entries=tuple(row for row in self.entries if row.recorded_at <= recorded_at),
            readings=tuple(row for row in self.readings if row.recorded_at <= recorded_at),
            overlays=tuple(row for row in self.overlays if row.recorded_at <= recorded_at),
        )

    def entry_on(self, key: str, on: date) -> Entry:
        """The province's entry in force on the date; raises BeforeFirstRules or UnknownParameter."""
        self.require_in_force(on)
        entry = self._on(on).entries.get(key)
        if entry is None:
            raise UnknownParameter(key)
        return entry

    def overlay_on(self, key: str, on: date) -> Overlay | None:
        """The tenant's overlay in force on the date, if any."""
        return self._on(on).overlays.get(key)

    def value_on(self, key: str, on: date) -> Value:
        """The value that stands on the date, the tenant's overlay merged within its mode."""
        return merged(self.entry_on(key, on), self.overlay_on(key, on))

    def number_on(self, key: str, on: date) -> int:
        """An integer value (fen, percent, months …)."""
        value = self.value_on(key, on)
        if isinstance(value, bool) or not isinstance(value, int):
            raise UnknownParameter(f"{key} is not a number")
        return value

    def flag_on(self, key: str, on: date) -> bool:
        """A yes/no value."""
        value = self.value_on(key, on)
        if not isinstance(value, bool):
            raise UnknownParameter(f"{key} is not a flag")
        return value

    def list_on(self, key: str, on: date) -> tuple[str, ...]:
        """A list value."""
        value = self.value_on(key, on)
        if not isinstance(value, tuple):
            raise UnknownParameter(f"{key} is not a list")
        return value

    def text_on(self, key: str, on: date) -> str:
        """A text value."""
        value = self.value_on(key, on)
        if not isinstance(value, str):
            raise UnknownParameter(f"{key} is not a text")
        return value

    def reading_on(self, reading_id: str, on: date) -> Reading:
        """The reading in force on the date (art. 44)."""
        reading = self._on(on).readings.get(reading_id)
        if reading is None:
            raise UnknownParameter(reading_id)
        return reading

    def effective_on(self, on: date) -> list[Entry | Reading | Overlay]:
        """The effective set of a date, in canonical order."""
        return self._on(on).rows

    def version(self, on: date) -> str:
        """Short SHA-256 digest of the effective set of the date."""
        self.require_in_force(on)
        return self._on(on).version

    def lookup(self, version: str, on: date, *, spared: bool = True) -> RuleBook:
        """The rule book that gave this version on this date, latest knowledge first.

        `spared`: at last also as it governed cases taken in under older law.
        """
        rows: list[Entry | Reading | Overlay] = [*self.entries, *self.readings, *self.overlays]
        known = [self.as_of(moment) for moment in sorted({row.recorded_at for row in rows}, reverse=True)]
        past = [each for each in known if each.entries and each.first_date <= on]
        governing = (each for book in past if spared for each in book._as_governing(on))
        for each in chain(past, governing):
            if each.version(on) == version:
                return each
        raise UnknownVersion(f"{version} on {on.isoformat()}")

    def _as_governing(self, on: date) -> Iterator[RuleBook]:
        """The books of cases taken in under older law."""
        rows: tuple[Entry | Overlay, ...] = (*self.replacing, *self.overlays)
        for aside in subsets([row for row in rows if row.effective_from <= on]):
            yield self.without(aside)


def apply_overlay(book: RuleBook, overlay: Overlay) -> RuleBook:
    """The tenant's rule book with one more overlay; raises OverlayRefused with the reason (art. 5).

    An overlay must move its value the allowed way measured against the province's value of its first day.
    """
    if book.tenant is not None and book.tenant != overlay.tenant:
        raise OverlayRefused("other_tenant", overlay.key, "一套规则只能叠加同一个设区市的设置")
    try:
        entry = book.entry_on(overlay.key, overlay.effective_from)
    except (UnknownParameter, BeforeFirstRules) as error:
        raise OverlayRefused("unknown_key", overlay.key, "该日期没有这个参数") from error
    why = None if overlay.value is None else refusal(entry, overlay.value)
    if why is not None:
        raise OverlayRefused(why[0], overlay.key, why[1], entry.article)
    return replace(book, overlays=(*book.overlays, overlay), tenant=overlay.tenant)
