"""Dated entries of the rule book: a figure, date, definition or reading, each with its article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

Value = int | str | tuple[str, ...]


class OverlayMode(StrEnum):
    """What a tenant may do to an entry: nothing, lower it, raise it (also a level), or add to a list."""

    NONE = "none"
    LOWER = "lower"
    RAISE = "raise"
    ADD = "add"


class Basis(StrEnum):
    """Whether an entry stands in the Measures or is administrative practice, never shown as law."""

    LAW = "law"
    PRACTICE = "practice"


class ClauseMode(StrEnum):
    """Cases of before a rule stay under the old one, or are decided anew: at the next desk, or from a state on."""

    STAY = "stay"
    NEXT_DESK = "next_desk"
    FROM_STATE = "from_state"


@dataclass(frozen=True, slots=True)
class Clause:
    """A transition clause. `state` goes with `from_state` alone: whoever left it for a later one is spared."""

    mode: ClauseMode
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated value.

    `unit`: fen | percent | months | years | days | count | flag | month_day | text | list | level.
    A flag is a bool; a level is one of `scale`, mildest first; `recorded_at` is when the rule book learned of it
    (aware datetime). `document`: the number of the amending document; `clause`: what it says of pending cases (None:
    they stay); `since`: the moment from which an entry made at run time can have been known, None for the files.
    """

    key: str
    value: Value
    unit: str
    article: int
    overlay: OverlayMode
    effective_from: date
    recorded_at: datetime
    basis: Basis = Basis.LAW
    reading: str | None = None
    note: str = ""
    scale: tuple[str, ...] = ()
    document: str | None = None
    clause: Clause | None = None
    since: datetime | None = None

    @property
    def binding(self) -> bool:
        """Whether it is law, or a document's: what replaces it spares cases of before (R21). Our own practice, such as
        the words by which a text is read, is no law that anybody was taken in under.
        """
        return self.basis is not Basis.PRACTICE or self.document is not None

    def canonical(self) -> list[object]:
        """What the digest covers. Not `recorded_at`: learning the same twice is no new rule."""
        value = sorted(self.value) if isinstance(self.value, tuple) else self.value
        plain: list[object] = [
            "entry",
            self.key,
            value,
            self.unit,
            self.article,
            self.overlay.value,
            self.effective_from.isoformat(),
            self.basis.value,
            self.reading,
        ]
        plain += [list(self.scale)] if self.scale else []
        if self.document is not None:
            plain += ["document", self.document]
        if self.clause is not None:
            plain += ["clause", self.clause.mode.value, self.clause.state]
        return plain


@dataclass(frozen=True, slots=True)
class Reading:
    """One interpretation (art. 44), cited by every decision that leaned on it."""

    id: str
    text: str
    articles: tuple[int, ...]
    effective_from: date
    recorded_at: datetime

    def canonical(self) -> list[object]:
        """What the digest covers."""
        return ["reading", self.id, self.text, list(self.articles), self.effective_from.isoformat()]


@dataclass(frozen=True, slots=True)
class Overlay:
    """A tenant's own value over the province's, within the entry's mode (art. 5).

    `value` None ends the tenant's overlay from that day: the province's value stands again.
    """

    tenant: str
    key: str
    value: Value | None
    effective_from: date
    recorded_at: datetime
    note: str = ""

    def canonical(self) -> list[object]:
        """What the digest covers."""
        value = sorted(self.value) if isinstance(self.value, tuple) else self.value
        return ["overlay", self.tenant, self.key, value, self.effective_from.isoformat()]


def merged(entry: Entry, overlay: Overlay | None) -> Value:
    """The value that stands: an overlay can never carry it beyond the entry's mode.

    Merging, and not only refusing, keeps this true when the province amends its value afterwards.
    """
    if overlay is None or overlay.value is None or entry.overlay is OverlayMode.NONE:
        return entry.value
    base, own = entry.value, overlay.value
    if entry.scale:
        return _level(entry, own)
    if isinstance(base, tuple) and isinstance(own, tuple):
        return tuple(dict.fromkeys([*base, *own]))
    if isinstance(base, int) and isinstance(own, int):
        return min(base, own) if entry.overlay is OverlayMode.LOWER else max(base, own)
    return base


def _level(entry: Entry, own: Value) -> Value:
    """The stricter of the two levels (or the milder, where the mode says so); a strange word changes nothing."""
    if own not in entry.scale or entry.value not in entry.scale:
        return entry.value
    rank = entry.scale.index
    pick = min if entry.overlay is OverlayMode.LOWER else max
    return entry.scale[pick(rank(str(entry.value)), rank(str(own)))]
