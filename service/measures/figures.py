"""The rule book's values of one day as gates and deadlines read them, and what was asked of it while they did.

Whatever text an official reads names the document that amended the figure or rule behind it. So that none forgets, no
text is told which rules it rests on: the book notes which were asked for while the text came about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.measures.amending import amendments_told, documents
from service.measures.parameters import RuleBook, UnknownParameter
from service.measures.rule_entries import Entry


@dataclass(frozen=True)
class Asked(RuleBook):
    """The same rule book, noting the parameters that are asked of it."""

    keys: dict[str, None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, book: RuleBook) -> Asked:
        """A fresh note; what the book has worked out of its days is shared."""
        made = cls(book.entries, book.readings, book.overlays, book.tenant, book.aside, book.taken_in)
        made.__dict__["_days"] = book._days
        return made

    def entry_on(self, key: str, on: date) -> Entry:
        self.keys[key] = None
        return super().entry_on(key, on)


class Figures(Mapping[str, Any]):
    """The rule book's values of one day, read when asked."""

    def __init__(self, book: RuleBook, on: date) -> None:
        self._book, self._on = book, on

    def __getitem__(self, key: str) -> Any:
        try:
            return self._book.value_on(key, self._on)
        except UnknownParameter:
            raise KeyError(key) from None

    def __iter__(self) -> Iterator[str]:
        return iter({entry.key for entry in self._book.entries})

    def __len__(self) -> int:
        return len({entry.key for entry in self._book.entries})

    def noting(self) -> Figures:
        """The same values, noting what is asked from now on; themselves where no text has an amendment to name."""
        return Figures(Asked.of(self._book), self._on) if self._book.amended else self

    def forget(self) -> None:
        """Begins the note anew."""
        if isinstance(self._book, Asked):
            self._book.keys.clear()

    def documents(self) -> tuple[str, ...]:
        """The documents that amended what was asked since `noting`, each once."""
        return documents(self._book, self._on, self._book.keys) if isinstance(self._book, Asked) else ()

    def told(self) -> str:
        """What a text adds of them, and of what the case is spared."""
        if not isinstance(self._book, Asked):
            return ""
        return amendments_told(self._book, self._on, tuple(self._book.keys))


def noting(figures: Mapping[str, Any]) -> Mapping[str, Any]:
    """The figures with a note of their own; plain values (tests of the table) have no documents."""
    return figures.noting() if isinstance(figures, Figures) else figures


def forget(*figures: Mapping[str, Any]) -> None:
    """What was asked of them until now belongs to another text."""
    for each in figures:
        if isinstance(each, Figures):
            each.forget()


def documents_of(*figures: Mapping[str, Any]) -> tuple[str, ...]:
    """The amending documents behind what was asked of them, each once."""
    found = (document for each in figures if isinstance(each, Figures) for document in each.documents())
    return tuple(dict.fromkeys(found))


def told_of(figures: Mapping[str, Any]) -> str:
    """What a text adds of the amendments behind what was asked."""
    return figures.told() if isinstance(figures, Figures) else ""
