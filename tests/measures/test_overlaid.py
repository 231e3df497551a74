"""What a city's overlay may say, and that it ends without a trace (art. 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.measures.local_checks import local_check
from service.measures.parameters import OverlayRefused, apply_overlay
from service.measures.routing import Route, route
from service.measures.rule_entries import Overlay
from service.rulebook.loader import base_rulebook
from tests.measures.rules import CHECKS, RECORDED


@pytest.mark.parametrize(("given_", "reason"), [("partial", "not_on_scale"), (1, "wrong_type")])
def test_a_level_keeps_to_its_scale(given_: Any, reason: str) -> None:
    with pytest.raises(OverlayRefused) as caught:
        apply_overlay(
            base_rulebook(), Overlay("360100", "review.city_steps", given_, date(2026, 3, 2), RECORDED)
        )
    assert caught.value.reason == reason


def test_a_level_never_falls_below_the_provinces() -> None:
    day = date(2026, 3, 2)
    city = apply_overlay(base_rulebook(), Overlay("360100", "review.city_steps", "appraisal", day, RECORDED))
    assert city.text_on("review.city_steps", day) == "appraisal"
    stricter = city.with_entries(
        replace(
            base_rulebook().entry_on("review.city_steps", day),
            value="full",
            recorded_at=datetime(2030, 1, 1, tzinfo=UTC),
        )
    )
    assert stricter.text_on("review.city_steps", day) == "full"
    with pytest.raises(OverlayRefused) as caught:
        apply_overlay(
            replace(stricter, overlays=()), Overlay("360100", "review.city_steps", "direct", day, RECORDED)
        )
    assert caught.value.reason == "not_higher"


def test_an_ended_overlay_gives_the_provinces_version_back() -> None:
    base, start, end = base_rulebook(), date(2026, 3, 2), date(2026, 6, 1)
    city = apply_overlay(base, Overlay("360100", "near_line.percent", 80, start, RECORDED))
    over = apply_overlay(city, Overlay("360100", "near_line.percent", None, end, RECORDED))
    assert over.number_on("near_line.percent", date(2026, 5, 31)) == 80
    assert over.number_on("near_line.percent", end) == 90
    assert over.version(end) == base.version(end) != over.version(start)


def test_a_local_check_is_practice_of_local_declarants_only(plain: dict[str, Any]) -> None:
    from tests.measures.test_rulebook import facts_of

    city = apply_overlay(
        base_rulebook(),
        Overlay("360100", "findings.extra", tuple(c.as_text() for c in CHECKS), date(2026, 1, 1), RECORDED),
    )
    small, large = facts_of(plain), facts_of(plain, investment_yuan="4600000.00")
    assert "local_staff" not in {f.code for f in route(small, city, small.on).findings}
    found = {f.code: f for f in route(large, city, large.on).findings}
    assert (found["local_staff"].severity.value, found["local_staff"].article) == ("in_principle", 5)
    assert "非条文规定" in found["local_cloud"].message
    department = facts_of(plain, declarant={"tier": "province", "division": "360000"})
    assert route(department, city, department.on).route is Route.PROVINCIAL_REVIEW
    assert not [f for f in route(department, city, department.on).findings if f.code.startswith("local_")]


def test_a_local_check_survives_its_text() -> None:
    for check in CHECKS:
        again = local_check(check.as_text())
        assert again.as_text() == check.as_text()
        assert set(again.kinds) == set(check.kinds)
