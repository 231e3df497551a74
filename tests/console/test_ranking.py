"""A case in building has some sixteen deeds: those that carry it on first, the others under what they are about."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from service.console.parts_of_case import Deed
from service.console.ranking import first, headings, owed, ranked
from service.measures.lifecycle import TRANSITIONS
from service.vocabulary import names
from tests.lives import builder
from tests.worlds import Caller


def _deeds(*actions: str) -> list[Deed]:
    return ranked([Deed(each, each, True, "", [], each, None, {}, {}, "") for each in actions])


def test_few_deeds_have_no_headings_and_many_have_each_once() -> None:
    few = _deeds("terminate", "record_payment", "accept")
    assert [each.action for each in few] == ["accept", "record_payment", "terminate"]
    assert not headings(few)
    many = _deeds(
        "suspend",
        "set_funding",
        "record_contract",
        "finish",
        "record_payment",
        "record_procurement",
        "criticise",
    )
    told = headings(many)
    assert [many[place].action for place in told] == [
        "record_contract",
        "set_funding",
        "criticise",
        "suspend",
    ]
    assert len(set(told.values())) == len(told) == 4
    # Who answers for it comes before the start where that waits, and beside the rest afterwards.
    assert [each.action for each in _deeds("start", "name_responsible")] == ["start", "name_responsible"]
    assert _deeds("record_regime", "name_responsible", "tag_priority")[0].action == "record_regime"


def test_what_is_owed_stands_first_under_no_heading_and_what_gives_back_never_does() -> None:
    def due(code: str, *roles: str, **more: Any) -> dict[str, Any]:
        duty = {"kind": "organ" if roles else "owner", "tier": "province", "roles": roles}
        return {"code": code, "duty": duty, "state": "open", "paused": False} | more

    duties = [
        due("joint_review_opinion", "finance"),
        due("change_decision", "drc"),
        due("performance_report"),
        due("start", state="done"),
        due("certificate", paused=True),
    ]
    owing = owed(duties, "province", ("finance",), "provincial_review")
    assert {"reviews_opine", "delivery_report_performance", "reviews_commission"} <= owing.keys()
    assert owing.keys().isdisjoint(
        {"delivery_decide_change", "delivery_start", "delivery_record_certificate"}
    )
    deeds = [
        Deed(each, each, True, "", [], each, None, {}, {}, "")
        for each in (
            "start",
            "record_payment",
            "set_funding",
            "record_contract",
            "suspend",
            "criticise",
            "name_responsible",
            "province_return",
            "report_performance",
        )
    ]
    shown = ranked(deeds, {"report_performance": 1, "province_return": 1})
    assert shown[0].operation == "report_performance" and shown[-1].operation in (
        "suspend",
        "province_return",
    )
    assert 0 not in headings(shown, {"report_performance": 1})
    assert first(shown, writing=True, owing={"report_performance": 1}) == "report_performance"


def test_what_one_came_for_stands_before_what_is_owed_besides() -> None:
    """Opened from the queue of rectifications a case unfolds the answer, though its start is owed too."""
    starting = {"code": "start", "duty": {"kind": "owner"}, "state": "open", "paused": False}
    deeds = [
        Deed(each, each, True, "", [], each, None, {}, {}, "")
        for each in ("delivery_start", "orders_answer_order")
    ]
    for queue, told in (("rectification", "orders_answer_order"), ("", "delivery_start")):
        owing = owed([starting], "city", ("unit",), queue)
        assert first(ranked(deeds, owing), writing=False, owing=owing) == told


def test_what_a_heading_gathers_are_acts_that_leave_the_case_where_it_is() -> None:
    moves = {each.action.value for each in TRANSITIONS.values() if each.source is not each.target}
    gathered = _deeds(*names("action"))
    told = headings(gathered)
    last = next(place for place, words in told.items() if words == "退回与停止")
    under = {each.action for each in gathered[min(told) : last]}
    assert len(told) == len(set(told.values())) == 7 and not under & moves
    assert "name_responsible" not in under  # with the start still open it comes before


async def test_the_page_of_a_building_says_what_its_deeds_are_about(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    case = await builder(as_user)("city.unit").life(name="排水管网监测系统").at("started")
    unit = await visit("360100", "unit")
    shown = await unit.go(f"/console/projects/{case.id}")
    told = re.findall(r'<h3 class="of-deeds">(.*?)</h3>', shown.html)
    assert told == ["进展与变更", "采购与合同", "资金", "责任与监理", "规划与协同", "整改与退出"]
