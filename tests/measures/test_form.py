"""The form: sums, years, codes; what a round asks besides art. 15 (arts 2, 14, 15)."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from service.measures.completeness import Asked, missing_materials
from service.measures.credit_code import check_sign, is_credit_code
from service.measures.declaration import Materials
from service.measures.facts import Kind
from service.measures.form_checks import Against, codes_of, slips
from service.measures.form_words import CATEGORIES, COSTS, LABELS, MEMBERS, NETWORKS, PLATFORMS, SOURCES
from service.measures.requirements import ANNOUNCED, Announced, Required, announced_of, in_force, required
from service.projects import schemas_form

LAW = Path(__file__).parents[2] / "docs" / "law.md"
ON = date(2026, 3, 2)
CODE = "91350100M000100Y43"  # the standard's own example
FORM: dict[str, Any] = {
    "category": "business_system",
    "credit_code": CODE,
    "period": {"from_month": "2026-04", "to_month": "2027-03"},
    "costs": [
        {"item": "software", "amount_yuan": "3500000.00"},
        {"item": "supervision", "amount_yuan": "100000.00"},
        {"item": "maintenance", "amount_yuan": "300000.00"},
        {"item": "reserve", "amount_yuan": "100000.00"},
    ],
    "yearly": [
        {"year": 2026, "source": "city", "amount_yuan": "2500000.00"},
        {"year": 2026, "source": "provincial", "amount_yuan": "500000.00"},
        {"year": 2027, "source": "city", "amount_yuan": "1000000.00"},
    ],
    "contacts": [{"name": "张三", "post": "科长", "phone": "0791-88880000转8012"}],
    "protection_level": 2,
    "cloud": {"cpu_cores": 16, "memory_gb": 64, "storage_gb": 2000},
    "networks": ["government_extranet"],
    "users": {"scope": "全市城管部门", "count": 1200},
    "indicators": [{"name": "平均办理时限", "target": "3", "unit": "工作日", "current": "6"}],
    "project_codes": [{"platform": "investment", "code": "2026-360100-65-01-123456"}],
    "drafter": {"name": "省信息咨询公司", "credit_code": CODE},
}
AGAINST = Against(400_000_000, 30_000_000, ON, 5, 15)


def test_article_2s_kinds_are_the_same_in_the_form_on_the_wire_and_in_the_table_of_the_law() -> None:
    """主要包括…等: seven named kinds, in its order; the number and every name stand in docs/law.md's row."""
    row = next(line for line in LAW.read_text(encoding="utf-8").splitlines() if line.startswith("| 2 |"))
    said = row.partition("seven kinds (")[2].partition("), an open list")[0]
    assert _kinds(said) == list(CATEGORIES.values())
    assert len(CATEGORIES) == 7
    assert get_args(schemas_form.Category) == tuple(CATEGORIES)


def _kinds(said: str) -> list[str]:
    """The names of an enumeration; a 、 inside brackets belongs to its name."""
    return re.split(r"、(?![^（]*）)", said)


def found(changes: dict[str, Any], against: Against = AGAINST) -> list[tuple[str, str]]:
    return [(slip.pointer, slip.code) for slip in slips({**FORM, **changes}, against)]


def test_a_form_that_fits() -> None:
    assert found({}) == []
    assert slips({}, AGAINST) == []
    assert codes_of(FORM) == ["2026-360100-65-01-123456"]


@pytest.mark.parametrize(("place", "to"), [(17, "4"), (0, "8"), (10, "1"), (16, "3")])
def test_one_wrong_character_of_a_credit_code_is_found(place: int, to: str) -> None:
    assert is_credit_code(CODE)
    wrong = CODE[:place] + to + CODE[place + 1 :]
    assert not is_credit_code(wrong)
    both = found({"credit_code": wrong, "drafter": {"name": "某公司", "credit_code": wrong}})
    assert both == [("/credit_code", "credit_code_check"), ("/drafter/credit_code", "credit_code_check")]


def test_every_transposition_of_neighbours_is_found() -> None:
    for place in range(16):
        swapped = CODE[:place] + CODE[place + 1] + CODE[place] + CODE[place + 2 :]
        assert swapped == CODE or not is_credit_code(swapped)
    assert check_sign(CODE[:17]) == "3"
    assert not is_credit_code(CODE.lower()) and not is_credit_code(CODE + "\n") and not is_credit_code("")


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ({"from_month": "2026-04", "to_month": "2026-04"}, []),
        ({"from_month": "2026-05", "to_month": "2026-04"}, ["/period/to_month date_order"]),
        ({"from_month": "1926-04", "to_month": "2027-03"}, ["/period/from_month year_implausible"]),
        ({"from_month": "2021-01", "to_month": "2041-12"}, []),
        (
            {"from_month": "2020-12", "to_month": "2042-01"},
            ["/period/from_month year_implausible", "/period/to_month year_implausible"],
        ),
        ({"from_month": "2026-04"}, ["/period/to_month period_incomplete"]),
    ],
)
def test_the_building_period(period: dict[str, str], expected: list[str]) -> None:
    told = found({"period": period, "yearly": []})
    assert [f"{pointer} {code}" for pointer, code in told] == expected


def test_money_of_years_lies_inside_the_period_and_sums() -> None:
    rows = [{"year": 2028, "source": "city", "amount_yuan": "4000000.00"}]
    assert found({"yearly": rows}) == [("/yearly/0/year", "year_outside_period")]
    assert found({"yearly": rows, "period": {}}) == []
    late = [{**rows[0], "year": 2126}]
    assert found({"yearly": late, "period": {}}) == [("/yearly/0/year", "year_implausible")]
    short = [{**rows[0], "year": 2026, "amount_yuan": "3999999.99"}]
    assert found({"yearly": short}) == [("/yearly", "yearly_sum")]
    twice = [
        {**rows[0], "year": 2026, "amount_yuan": "2000000.00"},
        {**rows[0], "year": 2026, "amount_yuan": "2000000"},
    ]
    assert found({"yearly": twice}) == [("/yearly/1", "duplicate")]
    assert found({"yearly": [*twice, {**rows[0], "year": 2027, "amount_yuan": "0"}]}) == [
        ("/yearly/2/amount_yuan", "amount_zero"),
        ("/yearly/1", "duplicate"),
    ]


def test_cost_lines_sum_to_the_total_and_to_the_maintenance_in_it() -> None:
    costs = FORM["costs"]
    assert found({"costs": costs[:-1]}) == [("/costs", "costs_sum")]
    moved = [{**costs[0], "amount_yuan": "3800000.00"}, costs[1], costs[3]]
    assert found({"costs": moved}) == [("/costs", "costs_maintenance")]
    unnamed = [*costs[:-1], {"item": "other", "amount_yuan": "100000.00", "name": "\u200b"}]
    assert found({"costs": unnamed}) == [("/costs/3/name", "name_required")]
    # What is maintenance as a whole need not be called so line by line.
    whole = Against(400_000_000, 400_000_000, ON, 5, 15)
    assert found({"costs": moved}, whole) == []


def test_where_nothing_is_invested_nothing_is_parted() -> None:
    none = Against(0, 0, ON, 5, 15)
    zero = [{"item": "software", "amount_yuan": "0"}]
    assert found({"costs": zero, "yearly": []}, none) == []
    round_ = Announced(
        ON, 1, "赣办〔2026〕1号", {"form.costs": frozenset(), "form.users": frozenset()}, {}, {}
    )
    assert required((), round_, Kind.NEW, 0).announced == ("form.users",)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"contacts": [{"name": "张三"}]}, [("/contacts/0/phone", "contact_reach")]),
        (
            {"contacts": [{"name": "张三", "email": "a@b.cn"}, {"name": "张 三", "phone": "0791-88880000"}]},
            [("/contacts/1", "duplicate")],
        ),
        ({"cloud": {"cpu_cores": 0}}, [("/cloud", "cloud_empty")]),
        ({"cloud": {"note": "不使用政务云，部署在省级平台"}}, []),
        (
            {"indicators": [{"name": "时限", "target": "3"}, {"name": "时 限", "target": "4"}]},
            [("/indicators/1", "duplicate")],
        ),
        (
            {"project_codes": [{"platform": "investment", "code": "2026-360100-65-01-12345"}]},
            [("/project_codes/0/code", "project_code_format")],
        ),
        (
            {"project_codes": [{"platform": "budget", "code": "A1"}, {"platform": "budget", "code": "A1"}]},
            [("/project_codes/1", "duplicate")],
        ),
        (
            {"project_codes": [{"platform": "other", "code": "A1"}]},
            [("/project_codes/0/name", "name_required")],
        ),
    ],
)
def test_other_slips(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(changes) == expected


ROUND = announced_of(
    {
        "effective_from": "2026-03-02",
        "document_number": "赣办〔2026〕1号",
        "fields": [{"field": "form.period", "kinds": ["new"]}, {"field": "form.indicators"}],
        "attachments": [{"slot": "priority_evidence", "kinds": ["new", "expand"]}],
        "extra": [{"name": "立项会议纪要"}],
    },
    1,
)


def test_a_round_adds_to_article_15_from_its_day_for_its_kinds() -> None:
    assert in_force([ROUND], date(2026, 3, 1)) is None
    assert in_force([ROUND], ON) is ROUND
    later = Announced(date(2026, 6, 1), 2, "赣办〔2026〕9号", {}, {}, {})
    assert in_force([later, ROUND], date(2026, 5, 31)) is ROUND
    assert in_force([later, ROUND], date(2026, 6, 1)) is later

    def lacking(kind: Kind, form: dict[str, Any]) -> list[tuple[str, str, int]]:
        asked = Asked(kind, 400_000_000, required((), ROUND, kind, 400_000_000), on=ON)
        told = missing_materials(Materials(form=form), asked)
        assert all("赣办〔2026〕1号" in row.detail for row in told if row.article == 14)
        return [(row.pointer, row.code, row.article) for row in told if row.article == 14]

    assert lacking(Kind.NEW, {}) == [
        ("/form/period", "form_required", 14),
        ("/form/indicators", "form_required", 14),
        ("/extra", "extra_required", 14),
        ("/attachments/priority_evidence", "attachment_required", 14),
    ]
    assert [row[0] for row in lacking(Kind.MIGRATE, {})] == ["/form/indicators", "/extra"]
    assert [row[0] for row in lacking(Kind.MIGRATE, FORM)] == ["/extra"]


def test_a_round_asks_nothing_away() -> None:
    base = frozenset({"plan", "funding"})
    assert required(base, ROUND, Kind.NEW, 1).base == base == required(base, None, Kind.NEW, 1).base
    assert Required(base).citation != ROUND.document_number
    assert set(ANNOUNCED) == {f"form.{key}" for key in MEMBERS}


def test_the_wire_and_the_words_are_one() -> None:
    assert set(get_args(schemas_form.Category)) == set(CATEGORIES) and len(CATEGORIES) == 7
    for offered, words in (
        (schemas_form.CostItem, COSTS),
        (schemas_form.SourceKind, SOURCES),
        (schemas_form.FormNetwork, NETWORKS),
        (schemas_form.Platform, PLATFORMS),
    ):
        assert list(get_args(offered)) == list(words)
    parts = {
        "period": schemas_form.Period,
        "costs": schemas_form.CostLine,
        "yearly": schemas_form.YearLine,
        "contacts": schemas_form.Contact,
        "cloud": schemas_form.Cloud,
        "users": schemas_form.Users,
        "indicators": schemas_form.Indicator,
        "project_codes": schemas_form.ProjectCode,
        "drafter": schemas_form.Drafter,
    }
    names = set(schemas_form.Form.__struct_fields__)
    names |= {f"{key}.{name}" for key, struct in parts.items() for name in struct.__struct_fields__}
    assert names == set(LABELS)
