"""Rectification orders and the four measures (arts 39, 41); the province orders on a city's own project too."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.measures.offices import Tier
from service.measures.organs import SUPERVISING
from service.measures.rectification import AREAS, DUTIES, lapsed, organ_for
from tests.lives import Life
from tests.lives.said import PAPER

ORDER = {"area": "network_security", "text": "三项高危问题须整改", "due": "2026-12-01"}


def test_every_supervising_organ_has_duties_and_every_area_an_organ() -> None:
    """Arts 4, 41: no organ without an area, no area without an organ."""
    assert set(DUTIES) == set(SUPERVISING)
    assert {area for areas in DUTIES.values() for area in areas} == set(AREAS)
    assert organ_for(Tier.CITY, ["gatekeeper"], "secrecy") is None
    assert organ_for(Tier.CITY, ["gatekeeper"], "construction") is not None


def test_the_day_itself_still_counts() -> None:
    """Art. 41: an order lapses the day after its day, or when it was answered in vain."""
    order = {"due": "2026-12-01", "failed": False}
    assert not lapsed(order, date(2026, 12, 1))
    assert lapsed(order, date(2026, 12, 2))
    assert lapsed({**order, "failed": True}, date(2026, 11, 1))


@pytest.mark.parametrize(
    ("who", "area"),
    [
        ("city.gatekeeper", "construction"),
        ("city.approver", "procurement"),
        ("city.finance", "funds"),
        ("city.cyber", "network_security"),
        ("city.public_security", "network_security"),
        ("city.crypto_organ", "cryptography"),
        ("city.data_office", "data_sharing"),
        ("city.secrecy", "secrecy"),
        ("city.archives", "archives"),
        ("city.auditor", "funds"),
    ],
)
async def test_each_organ_orders_within_its_duties(life: Any, who: str, area: str) -> None:
    """Arts 4, 5, 41: its own area, in the city and from the province; another's is refused by pointer."""
    case = await life().at("filed")
    await case.does(who, "order-rectification", {**ORDER, "area": area})
    role = who.partition(".")[2]
    province = {"gatekeeper": "province.office", "approver": "province.drc"}.get(role, f"province.{role}")
    data = await case.does(province, "order-rectification", {**ORDER, "area": area})
    found = sorted(order["by"].split(".")[0] for order in data["dated"]["orders"]["open"].values())
    assert found == ["city", "province"]
    foreign = "secrecy" if who != "city.secrecy" else "funds"
    problem = await case.wrong(who, "order-rectification", {**ORDER, "area": foreign}, "/area")
    assert "第四十一条" in problem["errors"][0]["detail"]


async def test_an_orders_day_is_not_behind(life: Any) -> None:
    """Art. 41: today at the earliest; the owner and the information centre give no orders."""
    case = await life().at("filed")
    await case.wrong("city.cyber", "order-rectification", {**ORDER, "due": "2026-11-22"}, "/due")
    for who in ("city.unit", "city.info_centre", "city.supervisor"):
        await case.refused(who, "order-rectification", ORDER, 403, "forbidden")
    await case.does("city.cyber", "order-rectification", {**ORDER, "due": "2026-11-23"})


async def test_an_order_is_answered_and_closed_by_who_gave_it(life: Any) -> None:
    """Arts 39, 41: another organ does not close it; nobody finds it failed before its day unanswered."""
    case = await life().at("filed")
    order = await case.order()
    done = {"order": order, "done": True, "opinion": "复测通过"}
    stranger = {**done, "order": "01980000-0000-7000-8000-000000000001"}
    for who, body in (("city.cyber", stranger), ("city.unit", None)):
        if body is not None:
            await case.wrong(who, "close-order", body, "/order")
    await case.refused("city.secrecy", "close-order", done, 409, "gate_shut", article=41, gate="own_order")
    await case.refused("province.cyber", "close-order", done, 409, "gate_shut", article=41, gate="own_order")
    await case.refused(
        "city.cyber", "close-order", {**done, "done": False}, 409, "order_not_answered", article=41
    )
    data = await case.does(
        "city.unit", "answer-order", {"order": order, "answer": "已修复", "evidence": [PAPER]}
    )
    assert data["dated"]["orders"]["open"][order]["answered"] is True
    data = await case.does("city.cyber", "close-order", done)
    assert data["dated"]["orders"]["open"] == {}
    await case.refused(
        "city.unit", "answer-order", {"order": order, "answer": "再报"}, 409, "gate_shut", article=41
    )
    listed = (await case.by("city.unit")("GET", f"/orders?project_id={case.id}&status=closed")).json()[
        "items"
    ]
    assert [(each["id"], each["state"], each["answer"]) for each in listed] == [(order, "closed", "已修复")]


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("city.cyber", {"close_order", "criticise", "defer_funds", "suspend", "terminate"}),
        ("city.gatekeeper", {"criticise", "defer_funds", "suspend", "terminate"}),
        ("city.finance", {"criticise", "defer_funds", "suspend", "terminate"}),
        ("city.archives", set()),
        ("province.cyber", set()),
        ("province.drc", {"criticise", "defer_funds", "suspend", "terminate"}),
    ],
)
async def test_an_organ_is_told_what_it_may_do_about_this_order(life: Any, who: str, may: set[str]) -> None:
    """Art. 41: `actions` offers closing to the organ that ordered, measures to it and the three, nothing to others."""
    case = await life().at("started")
    await case.order_in_vain()
    path = f"/projects/{case.id}"
    told = {each["action"]: each for each in (await case.by(who)("GET", path)).json()["actions"]}
    measures = {"close_order", "criticise", "defer_funds", "suspend", "terminate"}
    assert {name for name in measures & told.keys() if told[name]["allowed"]} == may
    assert all(told[name]["article"] == 41 for name in measures & told.keys())


async def test_the_list_of_orders(life: Any, day: Any) -> None:
    """Art. 41: open and lapsed ones, by area and organ; the province sees all cities, a city only itself."""
    case, other = await life().at("filed"), await life(tenant="360200").at("filed")
    soon, far = await case.order(due="2026-11-24"), await case.order("province.cyber", due="2027-12-31")
    foreign = await other.order(due="2026-11-24")
    day("2026-11-25")

    async def ids(who: str, query: str, life: Life = case) -> set[str]:
        answer = await life.by(who)("GET", f"/orders?limit=200&{query}")
        assert answer.status_code == 200, answer.text
        return {each["id"] for each in answer.json()["items"]}

    assert {soon, far} <= await ids("city.gatekeeper", "status=open")
    assert foreign not in await ids("city.gatekeeper", "status=open")
    found = await ids("city.gatekeeper", f"status=lapsed&project_id={case.id}")
    assert found == {soon}
    assert await ids("city.unit", f"organ=province.cyber&project_id={case.id}") == {far}
    assert await ids("city.unit", f"organ=city.general_office&project_id={case.id}") == set()
    assert {soon, foreign} <= await ids("province.office", "status=lapsed&area=network_security")
    assert foreign not in await ids("province.office", "tenant=360100")
    assert (await case.by("city.gatekeeper")("GET", "/orders?tenant=360200")).status_code == 404
    answer = await case.by("city.gatekeeper")("GET", f"/orders?project_id={other.id}")
    assert answer.status_code == 404
    first = await case.by("province.office")("GET", "/orders?limit=1")
    cursor = first.json()["next_cursor"]
    second = await case.by("province.office")("GET", f"/orders?limit=1&cursor={cursor}")
    assert first.json()["items"][0]["id"] != second.json()["items"][0]["id"]


async def test_who_answered_in_time_has_not_lapsed(life: Any, day: Any) -> None:
    """Art. 41: the measures are for who does not rectify in time, not for an organ that has yet to look."""
    case = await life().at("started")
    order = await case.order(due="2026-12-01")
    day("2026-12-01")
    await case.does("city.unit", "answer-order", {"order": order, "answer": "已修复", "evidence": [PAPER]})
    day("2026-12-20")
    await case.does("city.unit", "answer-order", {"order": order, "answer": "补充说明"})
    body = {"order": order, "reason": "逾期未整改"}
    problem = await case.refused("city.gatekeeper", "terminate", body, 409, "gate_shut", article=41)
    assert problem["gate"] == "order_lapsed"
    path = f"/orders?project_id={case.id}&status="
    assert (await case.by("city.cyber")("GET", path + "lapsed")).json()["items"] == []
    [seen] = (await case.by("city.cyber")("GET", path + "open")).json()["items"]
    assert (seen["lapsed"], seen["answered_on"], seen["answer"]) == (False, "2026-12-01", "补充说明")
    await case.does("city.cyber", "close-order", {"order": order, "done": False, "opinion": "仍有漏洞"})
    await case.does("city.gatekeeper", "suspend", body)


async def test_a_late_answer_does_not_undo_the_lapse(life: Any, day: Any) -> None:
    """Art. 41."""
    case = await life().at("started")
    order = await case.order(due="2026-12-01")
    day("2026-12-02")
    await case.does("city.unit", "answer-order", {"order": order, "answer": "已修复"})
    [seen] = (await case.by("city.cyber")("GET", f"/orders?project_id={case.id}&status=lapsed")).json()[
        "items"
    ]
    assert seen["lapsed"]
    await case.does("city.gatekeeper", "criticise", {"order": order, "reason": "逾期"})
