"""The rule book in force, as the running service holds it: the files' entries with what was entered at run time.

How fresh: the process that records a change holds it from the commit on; every other one reads within a second
(following.py). A decision on a case never waits for that: the case's row tells how many changes of its tenant are
committed (`queries.rule_changes`), and a process that holds fewer catches up and runs the command again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace

from service.kit.api import Again
from service.kit.errors import ServiceError
from service.measures.offices import Divisions
from service.measures.parameters import RuleBook
from service.measures.rule_entries import Entry, Overlay, Reading


@dataclass(frozen=True)
class Ruling:
    """An interpretation as the rule book takes it in: the reading, and the values that come with it.

    An amendment is the same without a reading.
    """

    reading: Reading | None
    entries: tuple[Entry, ...] = ()

    def joined(self, book: RuleBook) -> RuleBook:
        """The rule book with it."""
        return book.with_entries(*(() if self.reading is None else (self.reading,)), *self.entries)


class RuleBooks:
    """On the shelf of `Services`: the province's rule book, each city's over it, the registry of divisions."""

    def __init__(self, base: RuleBook, divisions: Divisions) -> None:
        self.base = base
        self.divisions = divisions
        self.book = base  # the province's, run-time readings included
        self.catch_up: Callable[[], Awaitable[None]] = _nothing
        self.unread: set[str] = set()  # tenants whose own changes could not be read since the process began
        self._rulings: tuple[Ruling, ...] = ()
        self._overlays: dict[str, tuple[Overlay, ...]] = {}
        self._cities: dict[str, RuleBook] = {}

    def of(self, tenant: str | None, changes: int | None = None) -> RuleBook:
        """The book a tenant's cases are decided by; the province's own for None.

        `changes`: how many the database holds for the tenant; holding fewer raises Again. 503 where the tenant's own
        were never read: it may have figures that nobody here knows.
        """
        if tenant in self.unread:
            raise ServiceError(503, "unavailable", "该地区的规则暂时无法读取，请稍后重试")
        if changes is not None and tenant is not None and changes > self.known(tenant):
            raise Again(self.catch_up)
        return self.book if tenant is None else self._cities.get(tenant, self.book)

    def known(self, tenant: str) -> int:
        """How many run-time changes that bear on the tenant are in the books."""
        return len(self._rulings) + len(self._overlays.get(tenant, ()))

    @property
    def rulings(self) -> int:
        """How many interpretations were entered at run time."""
        return sum(each.reading is not None for each in self._rulings)

    @property
    def provincial(self) -> int:
        """How many interpretations and amendments are in the province's own book."""
        return len(self._rulings)

    @property
    def total(self) -> int:
        """How many run-time changes are in the books."""
        return len(self._rulings) + sum(map(len, self._overlays.values()))

    def replace(self, overlays: Iterable[Overlay], rulings: Iterable[Ruling]) -> None:
        """Everything entered at run time, in the order of recording."""
        grouped: dict[str, list[Overlay]] = {}
        for overlay in overlays:
            grouped.setdefault(overlay.tenant, []).append(overlay)
        self._rulings = tuple(rulings)
        self._overlays = {tenant: tuple(rows) for tenant, rows in grouped.items()}
        self.unread.clear()
        self._bind()

    def rule(self, rulings: Iterable[Ruling]) -> None:
        """The province's part of it, whatever of the cities' can be read."""
        self._rulings = tuple(rulings)
        self._bind()

    def renew(self, tenant: str, overlays: Iterable[Overlay]) -> None:
        """One tenant's part of it; a list from before this process committed one more is let be."""
        rows = tuple(overlays)
        if len(rows) >= len(self._overlays.get(tenant, ())):
            self._overlays[tenant] = rows
            self._bind()
        self.unread.discard(tenant)

    def add_overlay(self, overlay: Overlay) -> None:
        """One more, committed by this process."""
        rows = self._overlays.get(overlay.tenant, ())
        self._overlays[overlay.tenant] = (*rows, overlay)
        self._bind()

    def add_ruling(self, ruling: Ruling) -> None:
        """One more, committed by this process."""
        self._rulings = (*self._rulings, ruling)
        self._bind()

    def _bind(self) -> None:
        book = self.base
        for ruling in self._rulings:
            book = ruling.joined(book)
        self.book = book
        self._cities = {
            tenant: replace(book, overlays=rows, tenant=tenant) for tenant, rows in self._overlays.items()
        }


async def _nothing() -> None:
    """Books without a database to follow have all there is."""
