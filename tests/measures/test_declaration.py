"""Materials of art. 15, complete or missing, and the priority items of art. 16."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from service.measures.completeness import Asked, missing_materials, slot_of
from service.measures.declaration import (
    NEGATIVE_CASES,
    Basics,
    FundingLine,
    Materials,
    Resolution,
    priority_items,
    priority_open,
)
from service.measures.facts import NEGATIVE_KEYS, Facts, Kind, parse_facts
from service.measures.form_plan import PARTS, is_plan, named_in
from service.measures.requirements import BASE, KEY, required
from service.rulebook.loader import base_divisions, base_rulebook
from tests.factories import PLAN

ON = date(2026, 3, 2)
TERMS = {key: base_rulebook().list_on(part.parameter, ON) for key, part in PARTS.items()}
FULL = Materials(
    resolution=Resolution("局党组会议", date(2026, 2, 10), "会纪〔2026〕3号"),
    basics=Basics("任务", "南昌", "依据", "目标", "自建，统一采购"),
    technical_plan="技术方案摘要",
    plan=PLAN,
    funding=(FundingLine("市级财政", 200_000_000), FundingLine("上级补助", 100_000_000)),
)


def asked(kind: Kind = Kind.NEW, total: int = 300_000_000, city: tuple[str, ...] = ()) -> Asked:
    base = base_rulebook().list_on(KEY, ON)
    return Asked(kind, total, required(base, None, kind, total), TERMS, on=ON, city_extra=city)


def codes(materials: Materials, kind: Kind = Kind.NEW, total: int = 300_000_000) -> list[tuple[str, str]]:
    found = missing_materials(materials, asked(kind, total))
    assert all(row.article == 15 and row.detail for row in found)
    return [(row.pointer, row.code) for row in found]


def test_the_rule_book_asks_all_that_article_15_names() -> None:
    assert base_rulebook().list_on(KEY, ON) == tuple(BASE)


def test_complete() -> None:
    assert codes(FULL) == []
    maintenance = replace(FULL, technical_plan="", plan={}, maintenance_plan="运维实施方案")
    assert codes(maintenance, Kind.MAINTAIN) == []


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
        *(f"/plan/{key}" for key in PARTS if key != "work_secrets"),
        "/funding",
    ]


@pytest.mark.parametrize("kind", list(Kind))
def test_plan_by_kind(kind: Kind) -> None:
    found = codes(replace(FULL, technical_plan="", maintenance_plan=""), kind)
    assert found == [("/maintenance_plan" if kind is Kind.MAINTAIN else "/technical_plan", "plan_required")]


@pytest.mark.parametrize("text", ["", "x", "方案", "。。。。。。", "\u200b\u200b", "无", "方方方方方方方"])
def test_one_character_is_no_plan(text: str) -> None:
    assert not is_plan(text)
    assert codes(replace(FULL, technical_plan=text)) == [("/technical_plan", "plan_required")]
    lean = replace(FULL, technical_plan="", maintenance_plan=text)
    assert codes(lean, Kind.MAINTAIN) == [("/maintenance_plan", "plan_required")]


@pytest.mark.parametrize("key", [key for key in PARTS if key != "work_secrets"])
def test_each_part_as_text_as_a_section_or_as_a_file(key: str) -> None:
    without = replace(FULL, plan={name: text for name, text in PLAN.items() if name != key})
    assert codes(without) == [(f"/plan/{key}", "plan_part_required")]
    (point,) = missing_materials(without, asked(), pointer_prefix="/materials")
    assert slot_of(point) == PARTS[key].slot
    assert codes(replace(without, plan={**without.plan, key: "无"})) != []
    assert codes(replace(without, attached=frozenset({PARTS[key].slot}))) == []
    title = TERMS[key][0]
    assert (
        codes(replace(without, technical_plan=f"建设业务系统。\n三、{title}\n由省里统一提供，见附录")) == []
    )
    assert codes(replace(without, technical_plan=f"建设业务系统，{title}由省里统一提供")) == []


def test_a_list_of_names_is_no_plan() -> None:
    names = "、".join(words[0] for words in TERMS.values())
    assert named_in(f"本方案。{names}", TERMS) == set()
    headings = "\n".join(
        f"{n}、{words[0]}" for n, words in zip("一二三四五六七", TERMS.values(), strict=True)
    )
    assert named_in(headings, TERMS) == set()
    assert len(codes(replace(FULL, plan={}, technical_plan=headings))) == len(PLAN)


def test_work_secrets_want_their_part() -> None:
    concerned = replace(FULL, work_secrets=True)
    assert codes(concerned) == [("/plan/work_secrets", "plan_part_required")]
    assert codes(replace(concerned, plan={**PLAN, "work_secrets": "设备和终端按工作秘密管理"})) == []


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
    wanted = asked(city=("等保定级报告",))
    (found,) = missing_materials(FULL, wanted, pointer_prefix="/materials")
    assert (found.pointer, found.code) == ("/materials/extra", "extra_required")
    given = replace(FULL, extra={"等保定级报告": "已上传"})
    assert missing_materials(given, wanted) == []


def test_seven_negative_cases_in_the_order_of_the_article() -> None:
    assert [case.item for case in NEGATIVE_CASES] == list(range(1, 8))
    assert [case.key for case in NEGATIVE_CASES] == [*NEGATIVE_KEYS, "previous_project_accepted"]


def test_priority_claims_only_what_the_facts_evidence(plain: dict[str, object]) -> None:
    def facts(**changes: object) -> Facts:
        return parse_facts({**plain, **changes}, base_divisions())

    assert priority_items(facts(), several_offices=False) == ()
    assert (
        priority_items(facts(), several_offices=True)
        == priority_items(facts(cross_level=True), several_offices=False)
        == (3,)
    )
    assert priority_open(facts(national_or_provincial_deployment=True)) == (1, 2)
