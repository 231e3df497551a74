"""Rectification orders and the four measures (arts 39, 41); the province orders on a city's own project too."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest

from service.measures.offices import Tier
from service.measures.organs import SUPERVISING
from service.measures.rectification import AREAS, DUTIES, lapsed, organ_for
from tests.acceptance.lives import PAPER, Life

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
        ("gatekeeper", "construction"),
        ("approver", "procurement"),
        ("finance", "funds"),
        ("cyber", "network_security"),
        ("public_security", "network_security"),
        ("crypto_organ", "cryptography"),
        ("data_office", "data_sharing"),
        ("secrecy", "secrecy"),
        ("archives", "archives"),
        ("auditor", "funds"),
    ],
)
async def test_each_organ_orders_within_its_duties(life: Any, who: str, area: str) -> None:
    """Arts 4, 5, 41: its own area, in the city and from the province; another's is refused by pointer."""
    case = await life().filed()
    await case.do(who, "order-rectification", {**ORDER, "area": area})
    province = {"gatekeeper": "province.office", "approver": "province.drc"}.get(who, f"province.{who}")
    data = await case.do(province, "order-rectification", {**ORDER, "area": area})
    found = sorted(order["by"].split(".")[0] for order in data["dated"]["orders"]["open"].values())
    assert found == ["city", "province"]
    foreign = "secrecy" if who != "secrecy" else "funds"
    problem = await case.refused(
        who, "order-rectification", {**ORDER, "area": foreign}, 422, "invalid_body", pointer="/area"
    )
    assert "第四十一条" in problem["errors"][0]["detail"]


async def test_an_orders_day_is_not_behind(life: Any) -> None:
    """Art. 41: today at the earliest; the owner and the information centre give no orders."""
    case = await life().filed()
    await case.refused(
        "cyber", "order-rectification", {**ORDER, "due": "2026-11-22"}, 422, "invalid_body", pointer="/due"
    )
    for who in ("unit", "info_centre", "supervisor"):
        await case.refused(who, "order-rectification", ORDER, 403, "forbidden")
    await case.do("cyber", "order-rectification", {**ORDER, "due": "2026-11-23"})


async def test_an_order_is_answered_and_closed_by_who_gave_it(life: Any) -> None:
    """Arts 39, 41: another organ does not close it; nobody finds it failed before its day unanswered."""
    case = await life().filed()
    order = await case.ordered()
    done = {"order": order, "done": True, "opinion": "复测通过"}
    stranger = {**done, "order": "01980000-0000-7000-8000-000000000001"}
    for who, body in (("cyber", stranger), ("unit", None)):
        if body is not None:
            await case.refused(who, "close-order", body, 422, "invalid_body", pointer="/order")
    await case.refused("secrecy", "close-order", done, 409, "gate_shut", article=41, gate="own_order")
    await case.refused("province.cyber", "close-order", done, 409, "gate_shut", article=41, gate="own_order")
    await case.refused("cyber", "close-order", {**done, "done": False}, 409, "order_not_answered", article=41)
    data = await case.do("unit", "answer-order", {"order": order, "answer": "已修复", "evidence": [PAPER]})
    assert data["dated"]["orders"]["open"][order]["answered"] is True
    data = await case.do("cyber", "close-order", done)
    assert data["dated"]["orders"]["open"] == {}
    await case.refused(
        "unit", "answer-order", {"order": order, "answer": "再报"}, 409, "gate_shut", article=41
    )
    listed = (await case.caller("unit")("GET", f"/orders?project_id={case.id}&status=closed")).json()["items"]
    assert [(each["id"], each["state"], each["answer"]) for each in listed] == [(order, "closed", "已修复")]


MEASURES = ("criticise", "defer-funds", "suspend")


@pytest.mark.parametrize("turn", list(permutations(MEASURES)), ids=" ".join)
async def test_measures_come_in_any_order_after_the_day(life: Any, day: Any, turn: tuple[str, ...]) -> None:
    """Art. 41: none before the order lapsed, each afterwards in any order, and termination at the end."""
    case = await life().started()
    order = await case.ordered(due="2026-12-01")
    body = {"order": order, "reason": "逾期未整改"}
    day("2026-12-01")
    for verb in (*MEASURES, "terminate"):
        problem = await case.refused("gatekeeper", verb, body, 409, "gate_shut", article=41)
        assert problem["gate"] == "order_lapsed"
    day("2026-12-02")
    for verb in turn:
        await case.do("gatekeeper", verb, body)
    data = await case.read()
    assert (data["state"], data["dated"]["deferral"]["in_force"]) == ("suspended", True)
    await case.refused("gatekeeper", "defer-funds", body, 409, "gate_shut", article=41)
    data = await case.do("gatekeeper", "terminate", body)
    assert data["state"] == "terminated"
    await case.refused("gatekeeper", "criticise", body, 409, "action_not_allowed", article=41)


async def test_another_orders_lapse_does_not_carry(life: Any, day: Any) -> None:
    """Art. 41: the order named must itself have lapsed; and only its organ or one of the three acts on it."""
    case = await life().started()
    early, late = await case.ordered(due="2026-12-01"), await case.ordered(due="2027-06-01")
    day("2026-12-02")
    await case.refused("cyber", "criticise", {"order": late, "reason": "逾期"}, 409, "gate_shut", article=41)
    body = {"order": early, "reason": "逾期"}
    await case.refused("archives", "criticise", body, 409, "gate_shut", article=41, gate="may_enforce")
    await case.refused("archives", "suspend", body, 409, "gate_shut", article=41, gate="may_enforce")
    await case.do("cyber", "criticise", body)
    await case.do("province.drc", "criticise", body)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("cyber", {"close_order", "criticise", "defer_funds", "suspend", "terminate"}),
        ("gatekeeper", {"criticise", "defer_funds", "suspend", "terminate"}),
        ("finance", {"criticise", "defer_funds", "suspend", "terminate"}),
        ("archives", set()),
        ("province.cyber", set()),
        ("province.drc", {"criticise", "defer_funds", "suspend", "terminate"}),
    ],
)
async def test_an_organ_is_told_what_it_may_do_about_this_order(life: Any, who: str, may: set[str]) -> None:
    """Art. 41: `actions` offers closing to the organ that ordered, measures to it and the three, nothing to others."""
    case = await _failed(life)
    path = f"/projects/{case.id}"
    told = {each["action"]: each for each in (await case.caller(who)("GET", path)).json()["actions"]}
    measures = {"close_order", "criticise", "defer_funds", "suspend", "terminate"}
    assert {name for name in measures & told.keys() if told[name]["allowed"]} == may
    assert all(told[name]["article"] == 41 for name in measures & told.keys())


async def test_a_criticism_reaches_every_desk_of_the_tenant(life: Any, door: Any) -> None:
    """Art. 41 通报批评: published to the tenant's desks, recorded once."""
    from service.kit.relay import drain
    from service.kit.telemetry import Telemetry
    from service.worker import SUBSCRIBERS

    case = await _failed(life, tenant="360300")
    (order,) = case.data["dated"]["orders"]["open"]
    await case.do("cyber", "criticise", {"order": order, "reason": "整改不合要求"})
    while await drain(door, case.tenant, SUBSCRIBERS, Telemetry()):
        pass
    for who in ("gatekeeper", "approver", "finance", "supervisor", "auditor", "unit", ""):
        inbox = (await case.caller(who)("GET", "/inbox?limit=200")).text
        assert "order.criticised" in inbox, who
    assert len(await case.records("criticise")) == 1


async def _failed(life: Any, **more: Any) -> Life:
    case: Life = await life(**more).started()
    order = await case.ordered()
    await case.do("unit", "answer-order", {"order": order, "answer": "已修复", "evidence": []})
    await case.do("cyber", "close-order", {"order": order, "done": False, "opinion": "仍有高危问题"})
    return case


async def test_a_deferral_shuts_the_money_until_it_is_lifted(life: Any) -> None:
    """Arts 38, 41: no payment while deferred; closing the order does not lift it, a person does."""
    case = await _failed(life)
    (order,) = case.data["dated"]["orders"]["open"]
    await case.refused("finance", "lift-deferral", {"reason": "整改到位"}, 409, "gate_shut", article=41)
    await case.do("finance", "defer-funds", {"order": order, "reason": "整改不合要求"})
    await case.do("cyber", "close-order", {"order": order, "done": True, "opinion": "复测通过"})
    data = await case.read()
    assert data["dated"]["deferral"]["in_force"] is True
    await case.refused(
        "archives", "lift-deferral", {"reason": "办结"}, 409, "gate_shut", article=41, gate="may_lift"
    )
    data = await case.do("finance", "lift-deferral", {"reason": "整改办结"})
    assert data["dated"]["deferral"]["in_force"] is False


async def test_a_suspension_returns_to_where_it_was_and_is_no_trial(life: Any, day: Any) -> None:
    """Arts 30, 41: two suspensions of a trial run are both added to its six months; building resumes as building."""
    case = await life().trial_run("2026-10-01")
    for stop, go in (("2026-12-01", "2026-12-11"), ("2027-02-01", "2027-02-21")):
        day(stop)
        order = await case.ordered(due=stop)
        await case.do("unit", "answer-order", {"order": order, "answer": "已修复", "evidence": []})
        await case.do("cyber", "close-order", {"order": order, "done": False, "opinion": "仍有问题"})
        data = await case.do("gatekeeper", "suspend", {"order": order, "reason": "隐患严重"})
        assert data["dated"]["suspended"]["from"] == "trial_run"
        day(go)
        problem = await case.refused("gatekeeper", "resume-trial-run", {"reason": "恢复"}, 409, "gate_shut")
        assert problem["gate"] == "order_settled"
        await case.do("cyber", "close-order", {"order": order, "done": True, "opinion": "复测通过"})
        problem = await case.refused("gatekeeper", "resume", {"reason": "恢复"}, 409, "gate_shut", article=41)
        assert problem["gate"] == "suspended_in_building"
        await case.do("gatekeeper", "resume-trial-run", {"reason": "整改办结"})
    status = (await case.caller("unit")("GET", f"/projects/{case.id}/acceptance")).json()
    assert status["trial_run_ends"] == "2027-05-01"  # 1 April and 10 + 20 days
    day("2027-04-30")
    body = {"on": "2027-04-30", "conclusion": "达到", "report": PAPER}
    await case.refused("unit", "final-inspect", body, 409, "gate_shut", article=30)
    day("2027-05-01")
    await case.do("unit", "final-inspect", {**body, "on": "2027-05-01"})


async def test_building_is_suspended_and_resumed(life: Any, day: Any) -> None:
    """Art. 41: suspended in building, the owner records nothing that needs a running project; resumed, it goes on."""
    case = await _failed(life)
    (order,) = case.data["dated"]["orders"]["open"]
    await case.do("approver", "suspend", {"order": order, "reason": "隐患严重"})
    await case.refused("unit", "begin-trial-run", {"on": "2026-11-20"}, 409, "action_not_allowed", article=30)
    await case.do("cyber", "close-order", {"order": order, "done": True, "opinion": "复测通过"})
    data = await case.do("approver", "resume", {"reason": "整改办结"})
    assert (data["state"], data["dated"]["suspended"]["until"]) == ("started", "2026-11-23")
    await case.do("unit", "begin-trial-run", {"on": "2026-11-23"})


@pytest.mark.parametrize("organ", ["cyber", "gatekeeper", "province.cyber"])
async def test_what_is_inspected_may_still_be_stopped(life: Any, day: Any, organ: str) -> None:
    """Art. 41 until the acceptance (art. 32): by whoever ordered it; afterwards it is applied for anew."""
    case = await life().applied()
    area = "construction" if organ == "gatekeeper" else "network_security"
    order = await case.ordered(organ, area, due="2026-12-31")
    await case.do("unit", "answer-order", {"order": order, "answer": "已修复", "evidence": []})
    await case.do(organ, "close-order", {"order": order, "done": False, "opinion": "仍有问题"})
    data = await case.do(organ, "suspend", {"order": order, "reason": "隐患严重"})
    assert (data["state"], data["holder"]) == ("suspended", "owner")
    await case.refused("archives", "resume-acceptance", {"reason": "恢复"}, 409, "gate_shut", article=41)
    await case.do(organ, "close-order", {"order": order, "done": True, "opinion": "复测通过"})
    problem = await case.refused(organ, "resume", {"reason": "恢复"}, 409, "gate_shut", article=41)
    assert problem["gate"] == "suspended_in_building"
    await case.refused(
        "archives", "resume-acceptance", {"reason": "恢复"}, 409, "gate_shut", article=41, gate="may_resume"
    )
    data = await case.do(organ, "resume-acceptance", {"reason": "整改办结"})
    assert (data["state"], data["holder"]) == ("final_inspected", "owner")


async def test_the_list_of_orders(life: Any, day: Any) -> None:
    """Art. 41: open and lapsed ones, by area and organ; the province sees all cities, a city only itself."""
    case, other = await life().filed(), await life(tenant="360200").filed()
    soon, far = await case.ordered(due="2026-11-24"), await case.ordered("province.cyber", due="2027-12-31")
    foreign = await other.ordered(due="2026-11-24")
    day("2026-11-25")

    async def ids(who: str, query: str, life: Life = case) -> set[str]:
        answer = await life.caller(who)("GET", f"/orders?limit=200&{query}")
        assert answer.status_code == 200, answer.text
        return {each["id"] for each in answer.json()["items"]}

    assert {soon, far} <= await ids("gatekeeper", "status=open")
    assert foreign not in await ids("gatekeeper", "status=open")
    found = await ids("gatekeeper", f"status=lapsed&project_id={case.id}")
    assert found == {soon}
    assert await ids("unit", f"organ=province.cyber&project_id={case.id}") == {far}
    assert {soon, foreign} <= await ids("province.office", "status=lapsed&area=network_security")
    assert foreign not in await ids("province.office", "tenant=360100")
    assert (await case.caller("gatekeeper")("GET", "/orders?tenant=360200")).status_code == 404
    answer = await case.caller("gatekeeper")("GET", f"/orders?project_id={other.id}")
    assert answer.status_code == 404
    first = await case.caller("province.office")("GET", "/orders?limit=1")
    cursor = first.json()["next_cursor"]
    second = await case.caller("province.office")("GET", f"/orders?limit=1&cursor={cursor}")
    assert first.json()["items"][0]["id"] != second.json()["items"][0]["id"]


async def test_who_answered_in_time_has_not_lapsed(life: Any, day: Any) -> None:
    """Art. 41: the measures are for who does not rectify in time, not for an organ that has yet to look."""
    case = await life().started()
    order = await case.ordered(due="2026-12-01")
    day("2026-12-01")
    await case.do("unit", "answer-order", {"order": order, "answer": "已修复", "evidence": [PAPER]})
    day("2026-12-20")
    await case.do("unit", "answer-order", {"order": order, "answer": "补充说明"})
    body = {"order": order, "reason": "逾期未整改"}
    problem = await case.refused("gatekeeper", "terminate", body, 409, "gate_shut", article=41)
    assert problem["gate"] == "order_lapsed"
    path = f"/orders?project_id={case.id}&status="
    assert (await case.caller("cyber")("GET", path + "lapsed")).json()["items"] == []
    [seen] = (await case.caller("cyber")("GET", path + "open")).json()["items"]
    assert (seen["lapsed"], seen["answered_on"], seen["answer"]) == (False, "2026-12-01", "补充说明")
    await case.do("cyber", "close-order", {"order": order, "done": False, "opinion": "仍有漏洞"})
    await case.do("gatekeeper", "suspend", body)


async def test_a_late_answer_does_not_undo_the_lapse(life: Any, day: Any) -> None:
    """Art. 41."""
    case = await life().started()
    order = await case.ordered(due="2026-12-01")
    day("2026-12-02")
    await case.do("unit", "answer-order", {"order": order, "answer": "已修复"})
    [seen] = (await case.caller("cyber")("GET", f"/orders?project_id={case.id}&status=lapsed")).json()[
        "items"
    ]
    assert seen["lapsed"]
    await case.do("gatekeeper", "criticise", {"order": order, "reason": "逾期"})
