"""Arts 13, 18, 20, 24, 38 and law.md, trap 2: changes of amount, class and content decide the route again."""

from __future__ import annotations

from typing import Any

import pytest

from service.projects.dated_facts import substance
from tests.delivery.changing import APPROVER, DECISION, YES, money, today, totals

__all__ = ["today"]


async def test_art_20_an_approved_change_seals_a_new_version_and_the_totals_follow(
    life: Any, settings: Any
) -> None:
    site = await life().at("started")
    await site.contract(signed_on="2026-01-31")
    first = await site.read()
    body = money("4200000.00", content={"technical_plan": "依托政务云，增加移动端"})
    await site.does("owner", "changes", body)
    asked = (await site.records("request_change"))[0]
    assert site.data["dated"]["change"]["open"] == asked["id"] == (await site.sees("building"))["open_change"]
    assert (asked["content"]["route_now"], asked["content"]["route_then"]) == ("city_filing", "city_filing")
    assert site.data["approved_amount_yuan"] == "3900000.00", "asking changes nothing"
    before = (await totals(settings))["city_filing", "started"]
    data = await site.does(APPROVER, "changes/decide", YES)
    after = (await totals(settings))["city_filing", "started"]
    assert (after[0] - before[0], after[1] - before[1]) == (0, 300_000_00)
    assert (data["approved_amount_yuan"], data["investment_yuan"], data["state"]) == (
        "4200000.00",
        "4200000.00",
        "started",
    )
    assert data["dated"]["approved"] == {**first["dated"]["approved"], "amount_yuan": "4200000.00"}, (
        "its day stays"
    )
    assert data["dated"]["funding"]["total_yuan"] == "4200000.00"
    assert data["dated"]["change"]["open"] is None
    assert data["materials"]["technical_plan"] == "依托政务云，增加移动端"
    assert data["materials"]["funding"] == [{"source": "市级财政", "amount_yuan": "4200000.00"}]
    versions = [await site.sees(f"versions/{number}") for number in (1, 2)]
    assert [each["content"]["facts"]["investment_yuan"] for each in versions] == ["4000000.00", "4200000.00"]
    assert data["dated"]["declared"]["substance"] == substance(versions[1]["content"])
    assert data["dated"]["declared"]["substance"] != first["dated"]["declared"]["substance"]
    assert [finding["code"] for finding in data["findings"]] == [
        "contract_before_approval",
        "supervision_missing",
    ]


async def test_recorded_findings_outlive_the_findings_of_later_decisions(life: Any) -> None:
    """Art. 13's finding comes of a record: near_line (art. 9) comes and goes with decisions, it stays."""
    site = await life().at("started")
    await site.contract(signed_on="2026-01-31")
    for total, codes in (
        ("4600000.00", ["near_line", "contract_before_approval", "supervision_missing"]),
        ("4200000.00", ["contract_before_approval", "supervision_missing"]),
    ):
        await site.does("owner", "changes", money(total))
        await site.does(APPROVER, "changes/decide", YES)
        assert [finding["code"] for finding in site.data["findings"]] == codes
        assert (await site.read())["findings"] == site.data["findings"]


async def test_art_20_a_refused_change_changes_nothing_and_the_next_may_be_asked(life: Any) -> None:
    site = await life().at("started")
    await site.does("owner", "changes", money("4200000.00"))
    await site.refused("owner", "changes", money("4100000.00"), 409, "gate_shut", article=24)
    await site.wrong(APPROVER, "changes/decide", {"approve": False}, "/reason")
    both = {"approve": False, "reason": "没有必要", "document": DECISION}
    await site.wrong(APPROVER, "changes/decide", both, "/document")
    data = await site.does(APPROVER, "changes/decide", {"approve": False, "reason": "没有必要"})
    assert (data["approved_amount_yuan"], data["dated"]["change"]["decided"]) == ("3900000.00", "refuse")
    assert data["submissions"] == 1
    await site.refused(APPROVER, "changes/decide", YES, 409, "gate_shut", article=20)
    await site.does("owner", "changes", money("4100000.00"))


async def test_trap_2_a_change_over_the_line_is_another_route_and_nothing_moves(life: Any) -> None:
    """4.9 million approved and 5.0 million wanted: art. 9 sends it to the province, so it is declared anew."""
    site = await life().at("started")
    await site.does("owner", "changes", money("5000000.00"))
    assert (await site.records("request_change"))[0]["content"]["route_then"] == "provincial_review"
    problem = await site.refused(APPROVER, "changes/decide", YES, 409, "route_changed")
    assert (problem["decided_route"], problem["route"], problem["next_desk"]) == (
        "city_filing",
        "provincial_review",
        "owner",
    )
    assert 9 in problem["articles"]
    assert (await site.read())["dated"]["change"]["open"] is not None, "it can still be refused"
    await site.does(APPROVER, "changes/decide", {"approve": False, "reason": "须重新申报"})


async def test_art_9_a_change_of_class_is_a_change(as_user: Any, life: Any) -> None:
    site = await life().at("filed")
    facts = {"project_class": "integration", "participating_offices": ["市公安局"]}
    await site.does("owner", "changes", {"reason": "与公安系统合建", "facts": facts})
    data = await site.does(APPROVER, "changes/decide", YES)
    assert (data["facts"]["project_class"], data["approved_amount_yuan"]) == ("integration", "3900000.00")
    item = (await as_user("360100")("GET", "/projects?project_class=integration&limit=200")).json()["items"]
    assert site.id in [each["id"] for each in item]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"reason": "没有变化"}, "", "nothing_changed"),
        (
            {
                "reason": "没有变化",
                "facts": {"investment_yuan": "4000000"},
                "funding": [{"source": "own_funds", "amount_yuan": "3999999.99"}],
            },
            "/funding",
            "amounts_do_not_sum",
        ),
        ({"reason": "增加", "facts": {"investment_yuan": "4200000.00"}}, "/funding", "required"),
        ({"reason": "减为零", "facts": {"investment_yuan": "0"}}, "/facts/investment_yuan", "amount_range"),
        (
            {"reason": "运维过多", "facts": {"of_which_maintenance_yuan": "9000000.00"}},
            "/facts/of_which_maintenance_yuan",
            "maintenance_exceeds",
        ),
        ({"reason": "改类别", "facts": {"project_class": "magic"}}, "/facts/project_class", None),
        ({"reason": "", "facts": {"project_class": "infrastructure"}}, "/reason", None),
        (
            {
                "reason": "改内容",
                "content": {"technical_plan": "另一方案"},
                "funding": [{"source": "own_funds", "amount_yuan": "3900000.00"}],
            },
            "/funding",
            "unexpected",
        ),
    ],
)
async def test_art_24_bad_requests(life: Any, body: Any, pointer: str, code: Any) -> None:
    site = await life().at("filed")
    await site.wrong("owner", "changes", body, pointer, code)


async def test_art_38_a_change_stays_above_what_was_issued(life: Any) -> None:
    site = await life().at("started")
    await site.issue_budget("3000000.00")
    low = money("2999999.99")
    await site.wrong("owner", "changes", low, "/facts/investment_yuan", "below_issued", article=38)
    await site.does("owner", "changes", money("3400000.00"))
    await site.issue_budget("500000.00")
    await site.refused(APPROVER, "changes/decide", YES, 409, "below_issued", article=38)
    await site.pay("100.00")
