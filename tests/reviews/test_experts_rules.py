"""Experts as rules (art. 18): who may serve, a draw that can be repeated and favours nobody, what means are."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.measures.experts import (
    CRITERIA,
    Expert,
    Subject,
    averages,
    draw_order,
    eligible,
    follows,
    majority,
    next_drawn,
    objection,
    odd_at_least,
    remaining,
)

DAY = date(2026, 3, 2)
SUBJECT = Subject(frozenset({"data"}), "office-1", frozenset({"市政府办公室", "市公安局"}))
IDS = st.lists(st.uuids().map(str), min_size=1, max_size=30, unique=True)
SEEDS = st.text("0123456789abcdef", min_size=32, max_size=32)


def expert(**changes: object) -> Expert:
    given = {
        "id": "e",
        "fields": frozenset({"data"}),
        "employer": "某大学",
        "employer_office": None,
        "valid_from": date(2024, 1, 1),
        "valid_to": date(2027, 1, 1),
    }
    return Expert(**{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"valid_from": DAY}, None),
        ({"valid_from": date(2026, 3, 3)}, "not_valid"),
        ({"valid_to": date(2026, 3, 3)}, None),
        ({"valid_to": DAY}, "not_valid"),  # the first day it no longer stands
        ({"valid_to": None}, None),
        ({"suspended": True}, "suspended"),
        ({"login": False}, "no_login"),
        ({"employer_office": "office-1"}, "own_employer"),
        ({"employer": "市公安局"}, "own_employer"),  # a participating office
        ({"employer": " 市 公安局"}, "own_employer"),
        ({"fields": frozenset({"investment"})}, "other_field"),
    ],
)
def test_who_may_be_drawn(changes: dict[str, object], why: str | None) -> None:
    assert objection(expert(**changes), SUBJECT, DAY) == why
    assert eligible([expert(**changes)], SUBJECT, DAY) == (("e",) if why is None else ())


def test_a_directed_choice_crosses_fields_and_nothing_else() -> None:
    assert objection(expert(fields=frozenset({"investment"})), SUBJECT, DAY, directed=True) is None
    assert objection(expert(employer="市公安局"), SUBJECT, DAY, directed=True) == "own_employer"


@given(SEEDS, IDS)
def test_the_same_seed_draws_the_same_order_whatever_the_list_came_in(seed: str, ids: list[str]) -> None:
    order = draw_order(seed, ids)
    assert order == draw_order(seed, list(reversed(ids)))
    assert sorted(order) == sorted(ids)


@given(SEEDS, IDS, st.data())
def test_replacements_follow_the_order_and_a_check_sees_it(
    seed: str, ids: list[str], data: st.DataObject
) -> None:
    order = draw_order(seed, ids)
    drawn: list[str] = []
    barred = set(data.draw(st.lists(st.sampled_from(ids), unique=True)))
    while (each := next_drawn(remaining(order, drawn), barred | set(drawn))) is not None:
        drawn.append(each)
    assert set(drawn) == set(ids) - barred
    assert follows(order, drawn)
    if len(drawn) > 1:
        assert not follows(order, reversed(drawn))
        assert not follows(order, [*drawn, drawn[0]])
    assert not follows(order, [*drawn, "stranger"])


def test_a_draw_falls_on_everybody_alike() -> None:
    """3 of 10 in 4000 draws: each 1200 times, within five standard deviations; positions too."""
    ids = [f"018f0000-0000-7000-8000-00000000000{n}" for n in range(10)]
    first, seated = Counter[str](), Counter[str]()
    for number in range(4000):
        order = draw_order(f"seed-{number}", ids)
        first[order[0]] += 1
        seated.update(order[:3])
    assert all(abs(seated[each] - 1200) < 5 * 29 for each in ids), seated
    assert all(abs(first[each] - 400) < 5 * 19 for each in ids), first


def test_panels_are_odd_means_are_rounded_half_up_and_majorities_are_more_than_half() -> None:
    assert [odd_at_least(n) for n in (0, 1, 2, 3, 4, 5)] == [1, 1, 3, 3, 5, 5]
    rows = [dict.fromkeys(CRITERIA, points) for points in (80, 81, 81)]
    assert averages(rows) == dict.fromkeys(CRITERIA, "80.7")
    assert averages([dict.fromkeys(CRITERIA, points) for points in (80, 81)])["security"] == "80.5"
    assert averages([]) == {}
    assert majority(["pass", "pass", "fail"]) == "pass"
    assert majority(["pass", "revise", "fail"]) is None
    assert majority([]) is None
