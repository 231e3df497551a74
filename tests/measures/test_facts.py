"""Strict reading of facts: what is refused, where, and that nothing crashes."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.measures.facts import FACT_KEYS, FactsInvalid, parse_facts
from service.rulebook.loader import base_divisions

REQUIRED = ["on", "declarant", "project_class", "kind", "investment_yuan", "fiscal_funds", "classified"]


def faults(data: Any, **options: Any) -> list[tuple[str, str]]:
    with pytest.raises(FactsInvalid) as caught:
        parse_facts(data, base_divisions(), **options)
    return [(fault.pointer, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("amount", "fen"),
    [
        ("0", 0),
        ("0.01", 1),
        ("1.5", 150),
        ("5000000", 500000000),
        ("4999999.99", 499999999),
        (7, 700),
        (0, 0),
        ("10000000000000", 10**15),
        (10**13, 10**15),
        ("007.10", 710),
    ],
)
def test_amounts_taken(plain: dict[str, Any], amount: Any, fen: int) -> None:
    assert parse_facts({**plain, "investment_yuan": amount}, base_divisions()).investment_fen == fen


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (5e6, "amount_float"),
        (float("nan"), "amount_float"),
        (float("inf"), "amount_float"),
        (True, "type"),
        (None, "type"),
        ([], "type"),
        ({}, "type"),
        (-1, "amount_format"),
        ("", "amount_format"),
        ("-1", "amount_format"),
        ("+1", "amount_format"),
        ("1e7", "amount_format"),
        ("1_000", "amount_format"),
        (" 1", "amount_format"),
        ("1 ", "amount_format"),
        ("1\n", "amount_format"),
        ("1,000", "amount_format"),
        ("1.", "amount_format"),
        (".5", "amount_format"),
        ("1.234", "amount_format"),
        ("５００", "amount_format"),
        ("٣", "amount_format"),
        ("0x10", "amount_format"),
        ("NaN", "amount_format"),
        ("1" * 5000, "amount_format"),
        ("\ud800", "amount_format"),
        ("10000000000000.01", "amount_too_large"),
        (10**13 + 1, "amount_too_large"),
        (10**400, "amount_too_large"),
        ("1.2.3", "amount_format"),
        ("一百", "amount_format"),
    ],
)
def test_amounts_refused(plain: dict[str, Any], amount: Any, code: str) -> None:
    assert faults({**plain, "investment_yuan": amount}) == [("/investment_yuan", code)]
    assert ("/of_which_maintenance_yuan", code) in faults({**plain, "of_which_maintenance_yuan": amount})


@pytest.mark.parametrize("key", REQUIRED)
def test_required_never_defaults(plain: dict[str, Any], key: str) -> None:
    del plain[key]
    assert faults(plain) == [(f"/{key}", "required")]


@pytest.mark.parametrize("key", sorted(FACT_KEYS))
def test_null_is_a_wrong_type_not_an_absence(plain: dict[str, Any], key: str) -> None:
    found = faults({**plain, key: None})
    assert [pointer for pointer, _ in found] == [f"/{key}"]


@pytest.mark.parametrize(
    "key",
    [
        "classified",
        "fiscal_funds",
        "cross_level",
        "in_library",
        "featured_county_scenario",
        "national_or_provincial_deployment",
        "previous_project_accepted",
    ],
)
@pytest.mark.parametrize("value", [0, 1, "true", "false", "", [], None])
def test_booleans_are_booleans(plain: dict[str, Any], key: str, value: Any) -> None:
    assert faults({**plain, key: value}) == [(f"/{key}", "type")]


@pytest.mark.parametrize(
    "on",
    [
        "20260302",
        "2026-W10-1",
        "2026-3-2",
        "2026-02-30",
        "2026-03-02T00:00:00",
        " 2026-03-02",
        "２０２６-03-02",
        "2026-03-02\n",
        20260302,
        "",
        "0000-01-01",
    ],
)
def test_dates_are_iso_days(plain: dict[str, Any], on: Any) -> None:
    assert faults({**plain, "on": on}) == [("/on", "date_format")]


def test_date_before_the_first_rule_set(plain: dict[str, Any]) -> None:
    assert faults({**plain, "on": "2023-09-27"}, first_date=date(2023, 9, 28)) == [
        ("/on", "before_first_rules")
    ]


@pytest.mark.parametrize(
    ("declarant", "found"),
    [
        ("360100", ("/declarant", "type")),
        ({"tier": "city"}, ("/declarant/division", "required")),
        ({"division": "360100"}, ("/declarant/tier", "required")),
        ({"tier": "city", "division": 360100}, ("/declarant/division", "type")),
        ({"tier": "city", "division": "999999"}, ("/declarant/division", "division_unknown")),
        ({"tier": "city", "division": "３６０１００"}, ("/declarant/division", "division_unknown")),
        ({"tier": "county", "division": "360100"}, ("/declarant/division", "division_tier")),
        ({"tier": "city", "division": "360000"}, ("/declarant/division", "division_tier")),
        ({"tier": "county", "division": "36GJ00"}, ("/declarant/division", "division_tier")),
        ({"tier": "City", "division": "360100"}, ("/declarant/tier", "not_allowed")),
        ({"tier": "city", "division": "360100", "name": "x"}, ("/declarant/name", "unknown_key")),
        (
            {"tier": "city", "division": "360100", "office_kind": "army"},
            ("/declarant/office_kind", "not_allowed"),
        ),
    ],
)
def test_declarant(plain: dict[str, Any], declarant: Any, found: tuple[str, str]) -> None:
    assert faults({**plain, "declarant": declarant}) == [found]


@pytest.mark.parametrize(
    ("kind", "share", "code"),
    [
        ("new", "3000000.01", "maintenance_exceeds"),
        ("maintain", "2999999.99", "maintain_share"),
        ("maintain", "3000000.01", "maintenance_exceeds"),
        ("maintain", "0", "maintain_share"),
    ],
)
def test_maintenance_share_refused(plain: dict[str, Any], kind: str, share: str, code: str) -> None:
    found = faults({**plain, "kind": kind, "of_which_maintenance_yuan": share})
    assert found == [("/of_which_maintenance_yuan", code)]


def test_maintain_without_a_share_is_maintenance_as_a_whole(plain: dict[str, Any]) -> None:
    facts = parse_facts({**plain, "kind": "maintain"}, base_divisions())
    assert facts.maintenance_fen == facts.investment_fen == 300000000
    assert parse_facts(plain, base_divisions()).maintenance_fen == 0


def test_every_fault_is_reported_once(plain: dict[str, Any]) -> None:
    data = {
        **plain,
        "on": "x",
        "flag": 1,
        "kind": "buy",
        "investment_yuan": 1.5,
        "negative": {"odd": 1, "off_cloud": "no"},
        "participating_offices": ["甲", 3],
    }
    del data["classified"]
    assert sorted(faults(data, pointer_prefix="/facts")) == [
        ("/facts/classified", "required"),
        ("/facts/flag", "unknown_key"),
        ("/facts/investment_yuan", "amount_float"),
        ("/facts/kind", "not_allowed"),
        ("/facts/negative/odd", "unknown_key"),
        ("/facts/negative/off_cloud", "type"),
        ("/facts/on", "date_format"),
        ("/facts/participating_offices/1", "type"),
    ]


@pytest.mark.parametrize("key", ["flag", "why", "expected_route", "a/b~c", "\ud800", "x" * 10000])
def test_unknown_keys_give_printable_pointers(plain: dict[str, Any], key: str) -> None:
    ((pointer, code),) = faults({**plain, key: "机密"})
    assert code == "unknown_key"
    assert len(pointer.encode()) < 300
    assert pointer != "/a/b~c"


@pytest.mark.parametrize(
    "offices", ["甲", {"0": "甲"}, ["x" * 201], ["\ud800"], ["\x00"], ["甲"] * 201, [None]]
)
def test_participating_offices_refused(plain: dict[str, Any], offices: Any) -> None:
    assert len(faults({**plain, "participating_offices": offices})) == 1


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from([*FACT_KEYS, "tier", "division", "off_cloud"]) | st.text(max_size=3),
                inner,
                max_size=8,
            )
        ),
        max_leaves=25,
    )
)
@settings(max_examples=100, deadline=None)
def test_arbitrary_json_never_crashes(data: Any) -> None:
    try:
        parse_facts(data, base_divisions())
    except FactsInvalid as error:
        assert error.faults
        json.dumps([fault.as_dict() for fault in error.faults], ensure_ascii=False).encode()


@given(
    st.sampled_from(FACT_KEYS),
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.lists(st.text(), max_size=3)
    | st.dictionaries(st.text(max_size=4), st.text(), max_size=3),
)
@settings(max_examples=100, deadline=None)
def test_one_wrong_field_never_crashes_nor_blames_another(key: str, value: Any) -> None:
    data = {
        "on": "2026-03-02",
        "declarant": {"tier": "city", "division": "360100"},
        "project_class": "other",
        "kind": "new",
        "investment_yuan": "3000000.00",
        "fiscal_funds": True,
        "classified": False,
        key: value,
    }
    try:
        parse_facts(data, base_divisions())
    except FactsInvalid as error:
        assert all(fault.pointer.startswith(f"/{key}") for fault in error.faults) or key == "investment_yuan"
