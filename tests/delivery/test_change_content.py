"""Arts 13, 15, 20, 23: a change carries parts of the plan and groups of the form, judged as declarations are."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from service.kit.ids import parse_ref
from tests.delivery.changing import APPROVER, YES, money, today
from tests.factories import PLAN, materials
from tests.measures.test_form import FORM

__all__ = ["today"]
# As FORM, of a project of four million without maintenance.
GIVEN: dict[str, Any] = {
    **FORM,
    "costs": [
        {"item": "software", "amount_yuan": "3900000.00"},
        {"item": "reserve", "amount_yuan": "100000.00"},
    ],
}
PERIOD = {"from_month": "2026-04", "to_month": "2028-06"}
COSTS = [{"item": "software", "amount_yuan": "4100000.00"}, {"item": "reserve", "amount_yuan": "100000.00"}]
YEARLY = [
    {"year": 2026, "source": "city", "amount_yuan": "3000000.00"},
    {"year": 2028, "source": "city", "amount_yuan": "1200000.00"},
]


@pytest.fixture
async def site(life: Any) -> Any:
    """Filed, declared with a whole form."""
    return await life(materials=materials(form=GIVEN)).at("filed")


async def test_an_agreed_change_of_plan_and_form_is_the_cases_new_text(site: Any) -> None:
    before = await site.read()
    form = {
        "period": PERIOD,
        "costs": COSTS,
        "yearly": YEARLY,
        "contacts": [{"name": "李四", "phone": "0791-88880001"}],
        "indicators": [{"name": "平均办理时限", "target": "2", "unit": "工作日"}],
        "project_codes": [{"platform": "investment", "code": "2026-360100-65-01-654321"}],
    }
    plan = {"crypto": "改用服务器密码机，存储和传输均加密"}
    await site.does(
        "owner", "changes", money("4200000.00", content={"form": form, "plan": plan, "location": "省政务云"})
    )
    await _told_before_and_after(site, form, plan)
    assert (await site.read())["materials"] == before["materials"], "asking changes nothing"
    data = await site.does(APPROVER, "changes/decide", YES)
    assert data["materials"]["form"] == {**GIVEN, **form}
    assert data["materials"]["plan"] == {**PLAN, **plan}
    assert data["materials"]["basics"]["location"] == "省政务云"
    versions = [await site.sees(f"versions/{number}") for number in (1, 2)]
    assert [each["content"]["materials"]["form"]["period"] for each in versions] == [FORM["period"], PERIOD]
    assert versions[0]["digest"] != versions[1]["digest"]
    assert [each["number"] for each in data["dated"]["amended"]["documents"]] == [YES["document"]["number"]]
    listed = await site.by("city.portal")("GET", "/projects?project_code=2026-360100-65-01-654321")
    assert [each["id"] for each in listed.json()["items"]] == [site.id]


async def _told_before_and_after(site: Any, form: Any, plan: Any) -> None:
    """Each member that changes is told with what it was and what it becomes, to the decider alike."""
    (asked,) = await site.records("request_change")
    seen = {each["member"]: each for each in asked["content"]["changes"]}
    assert set(seen) == {
        "facts.investment_yuan",
        "funding",
        "basics.location",
        "plan.crypto",
        *(f"form.{name}" for name in form),
    }
    assert (seen["form.period"]["name"], seen["form.period"]["before"], seen["form.period"]["after"]) == (
        "建设期",
        FORM["period"],
        PERIOD,
    )
    assert (seen["plan.crypto"]["before"], seen["plan.crypto"]["after"]) == (PLAN["crypto"], plan["crypto"])
    by_decider = await site.sees("records?kind=request_change", APPROVER)
    assert by_decider["items"][0]["content"]["changes"] == asked["content"]["changes"]


@pytest.mark.parametrize(
    ("content", "pointer", "code"),
    [
        (
            {"form": {"period": {"from_month": "2026-04"}}},
            "/content/form/period/to_month",
            "period_incomplete",
        ),
        (
            {"form": {"period": {**PERIOD, "to_month": "2026-03"}}},
            "/content/form/period/to_month",
            "date_order",
        ),
        # A shorter period leaves a year of money outside of it: what was not touched is made impossible.
        (
            {"form": {"period": {**PERIOD, "to_month": "2026-12"}}},
            "/content/form/yearly/2/year",
            "year_outside_period",
        ),
        ({"form": {"costs": COSTS}}, "/content/form/costs", "costs_sum"),
        ({"form": {"yearly": YEARLY}}, "/content/form/yearly", "yearly_sum"),
        ({"form": {"contacts": [{"name": "李四"}]}}, "/content/form/contacts/0/phone", "contact_reach"),
        ({"form": {"credit_code": "91350100M000100Y44"}}, "/content/form/credit_code", "credit_code_check"),
        ({"plan": {"crypto": "无"}}, "/content/plan/crypto", "plan_part_required"),
        ({"plan": {"protection": ""}}, "/content/plan/protection", "plan_part_required"),
        ({"plan": {"involves_work_secrets": True}}, "/content/plan/work_secrets", "plan_part_required"),
        ({"technical_plan": "无"}, "/content/technical_plan", "plan_required"),
        ({"main_tasks": "/"}, "/content/main_tasks", "basics_required"),
    ],
)
async def test_what_a_declaration_could_not_say_a_change_cannot(
    site: Any, content: Any, pointer: str, code: str
) -> None:
    body = {"reason": "调整", "content": content}
    await site.wrong("owner", "changes", body, pointer, code)


async def test_another_total_wants_the_money_of_the_form_to_follow(site: Any) -> None:
    problem = await site.wrong("owner", "changes", money("4200000.00"), "/content/form/costs")
    assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [
        ("/content/form/costs", "costs_sum"),
        ("/content/form/yearly", "yearly_sum"),
    ]
    form = {"period": PERIOD, "costs": COSTS, "yearly": YEARLY}
    await site.does("owner", "changes", money("4200000.00", content={"form": form}))


async def test_a_group_can_go_and_the_same_text_is_no_change(site: Any) -> None:
    same = {"form": {"period": FORM["period"]}, "plan": {"crypto": PLAN["crypto"]}}
    await site.wrong("owner", "changes", {"reason": "相同", "content": same}, "", "nothing_changed")
    await site.does("owner", "changes", {"reason": "联系人离任", "content": {"form": {"contacts": []}}})
    assert "contacts" not in (await site.does(APPROVER, "changes/decide", YES))["materials"]["form"]


async def test_a_project_of_before_is_asked_only_for_what_it_changes(life: Any, settings: Any) -> None:
    """Declared without a form, and before any part of the plan was asked for: its period can be changed alone, and
    nothing else is wanted."""
    bare = await life().at("filed")
    connection = await asyncpg.connect(settings.database_url)
    try:
        before = "UPDATE projects SET declared = declared #- '{materials,plan}' WHERE id = $1 RETURNING id"
        assert await connection.fetchval(before, parse_ref(bare.id).id) is not None
    finally:
        await connection.close()
    await bare.does("owner", "changes", {"reason": "延长建设期", "content": {"form": {"period": PERIOD}}})
    data = await bare.does(APPROVER, "changes/decide", YES)
    assert data["materials"]["form"] == {"period": PERIOD}
