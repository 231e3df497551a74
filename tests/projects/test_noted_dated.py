"""What a case offers is known again by the facts that it was worked out of, and by no others."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from service.measures.figures import Figures
from service.measures.gated_case import GatedCase
from service.measures.lifecycle import Holder, State
from service.measures.offers import Offer, offers
from service.measures.offices import Tier
from service.measures.side_acts import Place
from service.projects.noted_dated import Dated, Known, Noted
from service.rulebook.loader import base_rulebook

TODAY = date(2026, 11, 30)
BOOK = base_rulebook()
DAYS = ("2026-01-05", "2026-05-30", "2026-11-20", "2027-02-01")
MEMBERS: dict[str, list[Any]] = {
    "joint": [True, False, 1, None],
    "passed": [True, False],
    "agreed": [True, False],
    "open": [None, "r1", {}, {"o1": {"on": DAYS[2], "due": DAYS[1], "by": "city.finance"}}],
    "asked": [{}, {"r1": {"on": DAYS[2], "answered": None}}, {"r1": {"on": DAYS[2], "answered": DAYS[2]}}],
    "verdict": ["pass", "revise", "fail"],
    "valid_until": [*DAYS],
    "slots": [[], ["finance", "audit"], {"finance": True}],
    "documents": [[], [{"on": DAYS[1], "number": "1", "date": DAYS[1], "digest": "d"}]],
    "due": [*DAYS],
    "until": [None, *DAYS],
    "confirmed": [True, False],
    "in_force": [True, False],
    "major": [True, False],
    "decision": ["approve", "return"],
    "submission": [1, 2],
    "number": [None, "n1"],
}
NAMES = (
    "declared",
    "major_investment",
    "appraisal_commissioned",
    "appraised",
    "affordability",
    "framework",
    "joint_review_opened",
    "joint_review",
    "leading_group",
    "approved",
    "filed",
    "amended",
    "filing_queries",
    "budget",
    "library",
    "need_reported",
    "split",
    "responsible",
    "contract",
    "started",
    "change",
    "trial_run",
    "final_inspected",
    "accepted",
    "extension_request",
    "end_request",
    "orders",
    "suspended",
    "deferral",
)
ROLES = (("city.portal",), ("city.gatekeeper",), ("city.info_centre",), ("province.appraiser",))


def some_dated(random: Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in random.sample(NAMES, random.randint(0, 9)):
        members = random.sample(sorted(MEMBERS), random.randint(0, 6))
        found[name] = {"on": random.choice(DAYS), **{each: random.choice(MEMBERS[each]) for each in members}}
    return found


def test_what_is_known_is_what_would_be_worked_out_anew() -> None:
    random, known, made = Random(13), Known[list[Offer] | str](400), 0
    for _ in range(1200):
        state, tier = random.choice(list(State)), random.choice((Tier.CITY, Tier.COUNTY))
        route = random.choice(("city_filing", "provincial_review"))
        roles, dated = random.choice(ROLES), some_dated(random)

        def make(dated: Dated) -> list[Offer] | str:
            nonlocal made
            made += 1
            gated = GatedCase(TODAY, dated, Figures(BOOK, TODAY), kind="new")
            try:
                return offers(Place(state, route, tier), Holder.OWNER, roles, gated)  # noqa: B023
            except (AttributeError, TypeError, ValueError, KeyError) as error:  # facts that no deed leaves so
                return repr(error)

        assert known.of((state, tier, route, roles), dated, make) == make(dict(dated)), dated
    assert made < 1200 + 1000  # each once to compare with; of the others many were known


def test_a_fact_that_nothing_rests_on_makes_no_other_case() -> None:
    known, asked = Known[bool](10), []

    def make(dated: Dated) -> bool:
        asked.append(1)
        return bool(dated.get("declared") and dated["declared"].get("joint"))

    for digest in range(5):
        assert not known.of("key", {"declared": {"joint": False, "substance": str(digest)}}, make)
    assert len(asked) == 1
    assert known.of("key", {"declared": {"joint": True}}, make)
    assert not known.of("key", {}, make)
    assert not known.of("other key", {"declared": {}}, make)
    assert len(asked) == 4


@pytest.mark.parametrize(
    "look",
    [
        lambda dated: list(dated),
        lambda dated: len(dated),
        lambda dated: "a" in dated,
        lambda dated: dated.get("a") == {"x": 1},
        lambda dated: [*(dated.get("a") or {}).items()],
        lambda dated: "x" in (dated.get("a") or {}),
        lambda dated: len(dated.get("a") or ()),
        lambda dated: {**(dated.get("a") or {})},
        lambda dated: bool(dated.get("a")),
        lambda dated: (dated.get("a") or {}).get("x"),
    ],
)
def test_every_way_of_asking_is_noted(look: Any) -> None:
    every: list[dict[str, Any]] = [
        {},
        {"a": None},
        {"a": {}},
        {"a": {"x": 1}},
        {"a": {"x": True}},
        {"a": {"x": "1"}},
        {"a": {"y": 1}},
        {"a": {"x": 1, "y": 1}},
        {"a": {"x": None}},
        {"a": {"x": {"z": 1}}},
        {"b": {"x": 1}},
        {"a": [1]},
        {"a": 1},
    ]
    known = Known[str](100)

    def make(dated: Dated) -> str:
        try:
            return repr(look(dated))
        except (TypeError, AttributeError) as error:
            return type(error).__name__

    for dated in every:
        plain = make(dated)
        told = known.of("key", dated, make)
        assert told == plain or type(dated.get("a")) in (int, list), (dated, told)
    assert Noted({}).asked == {}


def test_only_so_many_are_kept() -> None:
    known, made = Known[int](4), list[int]()

    def make(dated: Dated) -> int:
        made.append(len(dated))
        return 1

    for number in [*range(8), 7]:
        known.of(number, {}, make)
    assert len(made) == 8
    known.of(0, {}, make)
    assert len(made) == 9
