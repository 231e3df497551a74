"""Amending adds, overlays stay within their mode, files are read strictly."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.measures.facts import Facts, parse_facts
from service.measures.parameters import (
    BeforeFirstRules,
    OverlayRefused,
    RuleBook,
    UnknownVersion,
    apply_overlay,
)
from service.measures.routing import Route, route
from service.measures.rule_entries import Entry, Overlay, OverlayMode
from service.rulebook.loader import RuleFileInvalid, base_divisions, base_rulebook, load_rulebook

DAY = date(2026, 3, 2)
LATER = datetime(2030, 1, 1, tzinfo=UTC)


def facts_of(plain: dict[str, Any], **changes: Any) -> Facts:
    return parse_facts({**plain, **changes}, base_divisions())


def amended(book: RuleBook, key: str, **changes: Any) -> RuleBook:
    return book.with_entries(replace(book.entry_on(key, DAY), **changes))


def overlay(key: str, value: Any, tenant: str = "360100", start: date = DAY) -> Overlay:
    return Overlay(tenant, key, value, start, datetime(2026, 3, 1, tzinfo=UTC))


def test_a_date_before_the_first_rule_set_names_on(book: RuleBook, plain: dict[str, Any]) -> None:
    assert book.first_date == date(2023, 9, 28)
    with pytest.raises(BeforeFirstRules) as caught:
        route(facts_of(plain), book, date(2023, 9, 27))
    assert caught.value.pointer == "/on"


def test_a_past_version_recomputes_the_past_decision(book: RuleBook, plain: dict[str, Any]) -> None:
    facts = facts_of(plain, investment_yuan="5000000.00")
    before = route(facts, book, DAY)
    # Recorded later but effective earlier: today's answer for that day changes, the old one stays findable.
    corrected = amended(
        book, "limit.other", value=600_000_000, effective_from=date(2026, 1, 1), recorded_at=LATER
    )
    assert route(facts, corrected, DAY).route is Route.CITY_FILING
    assert before.rulebook_version is not None
    past = corrected.lookup(before.rulebook_version, DAY)
    assert route(facts, past, DAY) == before
    with pytest.raises(UnknownVersion):
        corrected.lookup("0" * 16, DAY)


def test_changing_a_reading_changes_later_decisions_only(book: RuleBook, plain: dict[str, Any]) -> None:
    facts = facts_of(plain, investment_yuan="5000000.00")
    turned = amended(
        book, "limit.figure_included", value=False, effective_from=date(2026, 6, 1), recorded_at=LATER
    )
    assert route(facts, turned, DAY) == route(facts, book, DAY)
    assert route(facts, turned, date(2026, 5, 31)).route is Route.PROVINCIAL_REVIEW
    assert route(facts, turned, date(2026, 6, 1)).route is Route.CITY_FILING
    assert "R1" in route(facts, turned, date(2026, 6, 1)).readings


@given(
    st.sampled_from([row for row in base_rulebook().entries if row.unit in ("fen", "percent")]),
    st.integers(0, 10**12),
    st.dates(date(2024, 1, 1), date(2040, 1, 1)),
    st.dates(date(2023, 9, 28), date(2041, 1, 1)),
    st.integers(0, 10**12),
)
@settings(max_examples=100, deadline=None)
def test_amending_adds(entry: Entry, value: int, start: date, on: date, amount: int) -> None:
    book = base_rulebook()
    newest = max(row.recorded_at for row in book.entries)  # nothing is recorded before what is there
    later = book.with_entries(
        replace(entry, value=value, effective_from=start, recorded_at=newest + timedelta(days=1))
    )
    plain = {
        "on": on.isoformat(),
        "declarant": {"tier": "city", "division": "360100"},
        "project_class": "other",
        "kind": "new",
        "investment_yuan": amount,
        "fiscal_funds": True,
        "classified": False,
    }
    facts = parse_facts(plain, base_divisions())
    before = route(facts, book, on)
    if on < start:
        assert route(facts, later, on) == before
    assert before.rulebook_version is not None
    assert route(facts, later.lookup(before.rulebook_version, on), on) == before


def test_the_version_is_of_the_effective_set(book: RuleBook) -> None:
    shuffled = replace(book, entries=tuple(reversed(book.entries)), readings=tuple(reversed(book.readings)))
    assert shuffled.version(DAY) == book.version(DAY)
    future = amended(book, "near_line.percent", value=80, effective_from=date(2027, 1, 1), recorded_at=LATER)
    assert future.version(DAY) == book.version(DAY)
    assert future.version(date(2027, 1, 1)) != book.version(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("limit.other", 400_000_000, "mode_none"),
        ("limit.infrastructure", 2_000_000_000, "mode_none"),
        ("limit.figure_included", False, "mode_none"),
        ("near_line.percent", 91, "not_lower"),
        ("near_line.percent", True, "wrong_type"),
        ("near_line.percent", "80", "wrong_type"),
        ("near_line.percent", -1, "negative"),
        ("filing.practice_days", 11, "not_lower"),
        ("materials.extra", "等保测评", "wrong_type"),
        ("no.such.key", 1, "unknown_key"),
    ],
)
def test_overlay_refused(book: RuleBook, key: str, value: Any, reason: str) -> None:
    with pytest.raises(OverlayRefused) as caught:
        apply_overlay(book, overlay(key, value))
    assert (caught.value.key, caught.value.reason) == (key, reason)
    assert caught.value.detail


def test_overlay_raise_and_add_modes(book: RuleBook) -> None:
    base = book.entry_on("near_line.percent", DAY)
    raising = book.with_entries(replace(base, key="demo.raise", overlay=OverlayMode.RAISE))
    assert apply_overlay(raising, overlay("demo.raise", 95)).number_on("demo.raise", DAY) == 95
    with pytest.raises(OverlayRefused, match="not_higher"):
        apply_overlay(raising, overlay("demo.raise", 89))
    adding = book.with_entries(replace(base, key="demo.add", value=("甲",), overlay=OverlayMode.ADD))
    assert apply_overlay(adding, overlay("demo.add", ("甲", "乙"))).list_on("demo.add", DAY) == ("甲", "乙")
    with pytest.raises(OverlayRefused, match="not_added"):
        apply_overlay(adding, overlay("demo.add", ("乙",)))


def test_an_overlay_changes_findings_of_its_tenant_only_from_its_day(
    book: RuleBook, plain: dict[str, Any]
) -> None:
    facts = facts_of(plain, investment_yuan="4000000.00")
    city = apply_overlay(book, overlay("near_line.percent", 80))
    assert "near_line" in {f.code for f in route(facts, city, DAY).findings}
    assert "near_line" not in {f.code for f in route(facts, city, date(2026, 3, 1)).findings}
    assert "near_line" not in {f.code for f in route(facts, book, DAY).findings}
    assert city.version(DAY) != book.version(DAY)
    with pytest.raises(OverlayRefused, match="other_tenant"):
        apply_overlay(city, overlay("near_line.percent", 70, tenant="360200"))


def test_a_later_provincial_amendment_still_binds_an_overlay(book: RuleBook) -> None:
    city = apply_overlay(book, overlay("near_line.percent", 80))
    tighter = amended(city, "near_line.percent", value=70, effective_from=date(2027, 1, 1), recorded_at=LATER)
    assert tighter.number_on("near_line.percent", date(2027, 1, 1)) == 70
    shut = amended(
        city,
        "near_line.percent",
        overlay=OverlayMode.NONE,
        effective_from=date(2028, 1, 1),
        recorded_at=LATER,
    )
    assert shut.number_on("near_line.percent", date(2028, 1, 1)) == 90


def test_base_figures(book: RuleBook) -> None:
    assert book.number_on("limit.infrastructure", DAY) == book.number_on("limit.integration", DAY) == 10**9
    assert book.number_on("limit.other", DAY) == 5 * 10**8
    assert all(
        book.entry_on(f"limit.{name}", DAY).overlay is OverlayMode.NONE
        for name in ("infrastructure", "integration", "other")
    )
    assert {f"R{number}" for number in range(1, 11)} <= {reading.id for reading in book.readings}


GOOD = """entries:
  - {key: a, value: 1, unit: percent, article: 9, overlay: none, effective_from: 2023-09-28,
     recorded_at: 2023-09-28}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("article: 9", "article: 46"),
        ("overlay: none", "overlay: any"),
        ("value: 1,", "value: true,"),
        ("value: 1,", "value: 1.5,"),
        ("unit: percent", "unit: yuan"),
        ("2023-09-28,", '"2023-09-28",'),
        ("key: a,", "key: a, key: b,"),
        ("key: a,", "key: a, odd: b,"),
        ("key: a, ", ""),
        ("key: a,", "key: a, reading: R9,"),
        ("entries:", "rows:"),
        ("key: a,", "key: a, basis: habit,"),
        ("value: 1, unit: percent", "value: 02-30, unit: month_day"),
    ],
)
def test_rule_files_are_read_strictly(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    assert load_rulebook(tmp_path).number_on("a", DAY) == 1
    assert old in GOOD
    (tmp_path / "a.yaml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleFileInvalid):
        load_rulebook(tmp_path)


def test_the_same_key_entered_twice_at_once_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(GOOD.replace("value: 1,", "value: 2,"), encoding="utf-8")
    with pytest.raises(RuleFileInvalid, match="twice"):
        load_rulebook(tmp_path)


def test_every_reading_in_use_is_registered(book: RuleBook) -> None:
    """Art. 44: what the code relies on where the text is silent stands in the register."""
    root = Path(__file__).parents[2]
    files = [*(root / "service").rglob("*.py"), *(root / "policies").rglob("*.yaml")]
    register = root / "policies" / "measures" / "readings.yaml"
    used = {
        name
        for file in files
        if file != register
        for name in re.findall(r"\bR[0-9]{1,2}\b", file.read_text(encoding="utf-8"))
    }
    assert used - {reading.id for reading in book.readings} == set()
    assert {f"R{number}" for number in range(43, 48)} <= used
