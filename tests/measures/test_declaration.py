"""Materials of art. 15, complete or missing, and the priority items of art. 16."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from service.measures.declaration import (
    NEGATIVE_CASES,
    Basics,
    FundingLine,
    Materials,
    Resolution,
    missing_materials,
    priority_items,
    priority_open,
)
from service.measures.facts import NEGATIVE_KEYS, Facts, Kind, parse_facts
from service.rulebook.loader import base_divisions

FULL = Materials(
    resolution=Resolution("局党组会议", date(2026, 2, 10), "会纪〔2026〕3号"),
    basics=Basics("任务", "南昌", "依据", "目标", "自建，统一采购"),
    technical_plan="技术方案摘要",
    funding=(FundingLine("市级财政", 200_000_000), FundingLine("上级补助", 100_000_000)),
)


def codes(materials: Materials, kind: Kind = Kind.NEW, total: int = 300_000_000) -> list[tuple[str, str]]:
    found = missing_materials(materials, kind=kind, investment_fen=total, on=date(2026, 3, 2))
    assert all(row.article == 15 and row.detail for row in found)
    return [(row.pointer, row.code) for row in found]


def test_complete() -> None:
    assert codes(FULL) == []
    assert codes(replace(FULL, technical_plan="", maintenance_plan="运维方案"), Kind.MAINTAIN) == []


def test_nothing_handed_in_names_everything() -> None:
    assert [pointer for pointer, _ in codes(Materials())] == [
        "/resolution/body",
        "/resolution/date",
        "/resolution/number",
        "/basics/main_tasks",
        "/basics/location",
        "/basics/basis",
        "/basics/performance_goals",
        "/basics/implementation",
        "/technical_plan",
        "/funding",
    ]


@pytest.mark.parametrize("kind", list(Kind))
def test_plan_by_kind(kind: Kind) -> None:
    found = codes(replace(FULL, technical_plan="", maintenance_plan=""), kind)
    assert found == [("/maintenance_plan" if kind is Kind.MAINTAIN else "/technical_plan", "plan_required")]


@pytest.mark.parametrize("total", [299_999_999, 300_000_001])
def test_funding_adds_up_to_the_fen(total: int) -> None:
    assert codes(FULL, total=total) == [("/funding", "funding_sum")]


def test_funding_lines_are_named_and_positive() -> None:
    lines = (*FULL.funding, FundingLine(" ", 0), FundingLine("上级补助", -1), FundingLine("自筹", 1))
    assert codes(replace(FULL, funding=lines)) == [
        ("/funding/2/source", "funding_source"),
        ("/funding/2/amount_yuan", "funding_amount"),
        ("/funding/3/amount_yuan", "funding_amount"),
    ]


def test_blank_is_missing_and_a_future_meeting_is_a_fault() -> None:
    late = replace(FULL, resolution=Resolution("\u200b\u3000", date(2026, 3, 3), "会纪3号"))
    assert codes(late) == [
        ("/resolution/body", "resolution_required"),
        ("/resolution/date", "resolution_in_future"),
    ]


def test_materials_a_city_added() -> None:
    wanted = {"kind": Kind.NEW, "investment_fen": 300_000_000, "extra_required": ["等保定级报告"]}
    (found,) = missing_materials(FULL, pointer_prefix="/materials", **wanted)  # type: ignore[arg-type]
    assert (found.pointer, found.code) == ("/materials/extra", "extra_required")
    given = replace(FULL, extra={"等保定级报告": "已上传"})
    assert missing_materials(given, **wanted) == []  # type: ignore[arg-type]


def test_seven_negative_cases_in_the_order_of_the_article() -> None:
    assert [case.item for case in NEGATIVE_CASES] == list(range(1, 8))
    assert [case.key for case in NEGATIVE_CASES] == [*NEGATIVE_KEYS, "previous_project_accepted"]


def test_priority_claims_only_what_the_facts_evidence(plain: dict[str, object]) -> None:
    def facts(**changes: object) -> Facts:
        return parse_facts({**plain, **changes}, base_divisions())

    assert priority_items(facts(), joint=False) == ()
    assert priority_items(facts(), joint=True) == priority_items(facts(cross_level=True), joint=False) == (3,)
    assert priority_open(facts(national_or_provincial_deployment=True)) == (1, 2)
