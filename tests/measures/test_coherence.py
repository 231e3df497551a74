"""Figures that mean something together (art. 44), and days that not every year has (R43)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from service.measures.coherence import PAIRS, contradictions
from service.measures.maintenance import proposal_due
from service.measures.periods import annual
from service.rulebook.loader import base_rulebook

FIRST, SECOND = date(2030, 1, 1), date(2031, 1, 1)


def test_the_rules_as_they_are_contradict_nothing() -> None:
    book = base_rulebook()
    for pair in PAIRS:
        for key in pair[:2]:
            assert not list(contradictions(book, {key: book.value_on(key, FIRST)}, FIRST)), key


def test_both_may_move_together_and_neither_past_the_other() -> None:
    book, low, high = base_rulebook(), "evaluation.from_months", "evaluation.until_months"
    assert not list(contradictions(book, {low: 12, high: 18}, FIRST))
    assert [key for key, _ in contradictions(book, {low: 12}, FIRST)] == [low]
    assert [key for key, _ in contradictions(book, {high: 6}, FIRST)] == [high]


def test_what_is_recorded_for_a_later_day_counts_too() -> None:
    """From 2031 on the window closes after eight months: a beginning after nine would leave none then."""
    book, low, high = base_rulebook(), "evaluation.from_months", "evaluation.until_months"
    later = replace(book.entry_on(high, FIRST), value=8, effective_from=SECOND)
    coming = replace(book, entries=(*book.entries, later))
    assert [key for key, _ in contradictions(coming, {low: 9}, FIRST)] == [low]
    assert not list(contradictions(coming, {low: 7}, FIRST))
    ended = replace(book.entry_on(low, FIRST), value=3, effective_from=SECOND)
    both = replace(coming, entries=(*coming.entries, ended))
    assert not list(contradictions(both, {low: 9}, FIRST)), "by then another beginning stands"


@pytest.mark.parametrize(
    ("text", "year", "day"),
    [("02-29", 2028, "2028-02-29"), ("02-29", 2027, "2027-02-28"), ("06-30", 2027, "2027-06-30")],
)
def test_r43_a_day_that_the_year_lacks_is_the_months_last(text: str, year: int, day: str) -> None:
    assert annual(text, year).isoformat() == day == proposal_due(year + 1, text).isoformat()
