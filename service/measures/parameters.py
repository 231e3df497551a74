"""The rule book: which figures and readings stood on a date, as known at a time.

A version is the digest of the effective set on a date. Amending only adds entries, so (version, date)
always finds the set a past decision was made on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from service.measures.entries import Basis, Entry, Overlay, OverlayMode, Reading, Value, merged

__all__ = ["Basis", "BeforeFirstRules", "Entry", "Overlay", "OverlayMode", "OverlayRefused", "Reading",
           "RuleBook", "UnknownParameter", "UnknownVersion", "apply_overlay"]  # fmt: skip

VERSION_LENGTH = 16
MAX_DAYS = 400  # kept in memory per rule book
DatedT = TypeVar("DatedT", Entry, Reading, Overlay)


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
        self.entries = _standing(book.entries, on, lambda row: row.key)
        self.readings = _standing(book.readings, on, lambda row: row.id)
        standing = _standing(book.overlays, on, lambda row: row.key)
        # An ended overlay leaves no trace: the version is the province's again.
        self.overlays = {key: row for key, row in standing.items() if row.value is not None}

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
    # A decision asks a dozen times what stands on its day, and the answer never changes.
    _days: dict[date, _Day] = field(default_factory=dict, init=False, repr=False, compare=False)

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

    def as_of(self, recorded_at: datetime) -> RuleBook:
        """The rule book as it was known then."""
        return replace(
            self,
            entries=tuple(row for row in self.entries if row.recorded_at <= recorded_at),
            readings=tuple(row for row in self.readings if row.recorded_at <= recorded_at),
            overlays=tuple(row for row in self.overlays if row.recorded_at <= recorded_at),
        )

    def entry_on(self, key: str, on: date) -> Entry:
        """The province's entry standing on the date; raises BeforeFirstRules or UnknownParameter."""
        self.require_in_force(on)
        entry = self._on(on).entries.get(key)
        if entry is None:
            raise UnknownParameter(key)
        return entry

    def overlay_on(self, key: str, on: date) -> Overlay | None:
        """The tenant's overlay standing on the date, if any."""
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
        """The reading standing on the date (art. 44)."""
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

    def lookup(self, version: str, on: date) -> RuleBook:
        """The rule book that gave this version on this date, latest knowledge first."""
        rows: list[Entry | Reading | Overlay] = [*self.entries, *self.readings, *self.overlays]
        for moment in sorted({row.recorded_at for row in rows}, reverse=True):
            past = self.as_of(moment)
            if past.entries and past.first_date <= on and past.version(on) == version:
                return past
        raise UnknownVersion(f"{version} on {on.isoformat()}")


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
    refusal = None if overlay.value is None else _refusal(entry, overlay.value)
    if refusal is not None:
        raise OverlayRefused(refusal[0], overlay.key, refusal[1], entry.article)
    return replace(book, overlays=(*book.overlays, overlay), tenant=overlay.tenant)


def _refusal(entry: Entry, value: Value) -> tuple[str, str] | None:
    """Why the value goes beyond the entry's mode, or None."""
    base = entry.value
    if entry.overlay is OverlayMode.NONE:
        return "mode_none", "该参数由省级统一规定，设区市不得另行设置"
    if isinstance(base, bool) or isinstance(value, bool) or type(base) is not type(value):
        return "wrong_type", "设置值的类型与省级参数不一致"
    if entry.scale:
        return _off_scale(entry, str(value))
    if isinstance(base, int) and isinstance(value, int):
        if entry.overlay is OverlayMode.LOWER and value > base:
            return "not_lower", "该参数只能低于或等于省级数值"
        if entry.overlay is OverlayMode.RAISE and value < base:
            return "not_higher", "该参数只能高于或等于省级数值"
        return ("negative", "该参数不能为负数") if value < 0 else None
    if isinstance(base, tuple) and isinstance(value, tuple) and not set(base) <= set(value):
        return "not_added", "该清单只能增加，不能删减省级已有的内容"
    return None


def _off_scale(entry: Entry, value: str) -> tuple[str, str] | None:
    """A level is one of the scale, on the allowed side of the province's."""
    if value not in entry.scale:
        return "not_on_scale", f"只能取 {'、'.join(entry.scale)} 之一"
    moved = entry.scale.index(value) - entry.scale.index(str(entry.value))
    if entry.overlay is OverlayMode.RAISE and moved < 0:
        return "not_higher", "该参数只能与省级相同或更严"
    if entry.overlay is OverlayMode.LOWER and moved > 0:
        return "not_lower", "该参数只能与省级相同或更宽"
    return None


def _standing(rows: Iterable[DatedT], on: date, key_of: Callable[[DatedT], str]) -> dict[str, DatedT]:
    """By key, the row with the latest effective date not after `on`; then the latest recorded one."""
    standing: dict[str, DatedT] = {}
    for row in rows:
        if row.effective_from > on:
            continue
        held = standing.get(key_of(row))
        if held is None or (row.effective_from, row.recorded_at) >= (held.effective_from, held.recorded_at):
            standing[key_of(row)] = row
    return standing
