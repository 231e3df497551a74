"""Figures of the rule book that mean something together: amending one must leave the other possible (art. 44)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from service.measures.parameters import RuleBook
from service.measures.rule_entries import Value

# (the lesser, the greater, what would be wrong): equal is wrong too.
PAIRS = (
    ("evaluation.from_months", "evaluation.until_months", "自评的起始月数不小于截止月数，谁也无法按期自评"),
    ("amount.unusual.build", "amount.unusual.most", "偏小的界限不小于偏大的界限，每个项目都会被提示"),
    ("amount.unusual.maintain", "amount.unusual.most", "偏小的界限不小于偏大的界限，每个项目都会被提示"),
)


def contradictions(book: RuleBook, values: Mapping[str, Value], start: date) -> Iterator[tuple[str, str]]:
    """(key, what is wrong) of values that contradict another figure on their first day, or from a later one on that is
    recorded already."""
    for lesser, greater, wrong in PAIRS:
        own = [key for key in (lesser, greater) if key in values]
        days = (
            {entry.effective_from for entry in book.entries if entry.key in (lesser, greater)}
            if own
            else set()
        )
        for day in sorted({start, *(each for each in days if each > start)}):
            low, high = (_value(book, values, start, key, day) for key in (lesser, greater))
            if own and isinstance(low, int) and isinstance(high, int) and low >= high:
                yield own[0], wrong
                break


def _value(book: RuleBook, values: Mapping[str, Value], start: date, key: str, day: date) -> Value:
    """The value of a day with the new ones: an entry that takes effect after them stands over them."""
    entry = book.entry_on(key, day)
    return values[key] if key in values and entry.effective_from <= start else entry.value
