"""The four measures of art. 41: what each does, and until when."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.lives.said import PAPER

MEASURES = ("criticise", "defer-funds", "suspend")


@pytest.mark.parametrize("turn", list(permutations(MEASURES)), ids=" ".join)
async def test_measures_come_in_any_order_after_the_day(life: Any, day: Any, turn: tuple[str, ...]) -> None:
    """Art. 41: none before the order lapsed, each afterwards in any order, and termination at the end."""
    case = await life().at("started")
    order = await case.order(due="2026-12-01")
    body = {"order": order, "reason": "逾期未整改"}
    day("2026-12-01")
    for verb in (*MEASURES, "terminate"):
        problem = await case.refused("city.gatekeeper", verb, body, 409, "gate_shut", article=41)
        assert problem["gate"] == "order_lapsed"
    day("2026-12-02")
    for verb in turn:
        await case.does("city.gatekeeper", verb, body)
    data = await case.read()
    assert (data["state"], data["dated"]["deferral"]["in_force"]) == ("suspended", True)
    await case.refused("city.gatekeeper", "defer-funds", body, 409, "gate_shut", article=41)
    data = await case.does("city.gatekeeper", "terminate", body)
    assert data["state"] == "terminated"
    await case.refused("city.gatekeeper", "criticise", body, 409, "action_not_allowed", article=41)


async def test_another_orders_lapse_does_not_carry(life: Any, day: Any) -> None:
    """Art. 41: the order named must itself have lapsed; and only its organ or one of the three acts on it."""
    case = await life().at("started")
    early, late = await case.order(due="2026-12-01"), await case.order(due="2027-06-01")
    day("2026-12-02")
    await case.refused(
        "city.cyber", "criticise", {"order": late, "reason": "逾期"}, 409, "gate_shut", article=41
    )
    body = {"order": early, "reason": "逾期"}
    await case.refused("city.archives", "criticise", body, 409, "gate_shut", article=41, gate="may_enforce")
    await case.refused("city.archives", "suspend", body, 409, "gate_shut", article=41, gate="may_enforce")
    await case.does("city.cyber", "criticise", body)
    await case.does("province.drc", "criticise", body)


async def test_a_criticism_reaches_every_desk_of_the_tenant(life: Any, door: Any) -> None:
    """Art. 41 通报批评: published to the tenant's desks, recorded once."""
    from service.kit.relay import drain
    from service.kit.telemetry import Telemetry
    from service.worker import SUBSCRIBERS

    case = await life(tenant="360300").at("started")
    order = await case.order_in_vain()
    await case.does("city.cyber", "criticise", {"order": order, "reason": "整改不合要求"})
    while await drain(door, case.world.tenant, SUBSCRIBERS, Telemetry()):
        pass
    roles = ("gatekeeper", "approver", "finance", "supervisor", "auditor", "unit", "portal")
    for who in roles:
        inbox = (await case.by(f"city.{who}")("GET", "/inbox?limit=200")).text
        assert "order.criticised" in inbox, who
    assert len(await case.records("criticise")) == 1


async def test_a_deferral_shuts_the_money_until_it_is_lifted(life: Any) -> None:
    """Arts 38, 41: no payment while deferred; closing the order does not lift it, a person does."""
    case = await life().at("started")
    order = await case.order_in_vain()
    await case.refused("city.finance", "lift-deferral", {"reason": "整改到位"}, 409, "gate_shut", article=41)
    await case.does("city.finance", "defer-funds", {"order": order, "reason": "整改不合要求"})
    await case.does("city.cyber", "close-order", {"order": order, "done": True, "opinion": "复测通过"})
    data = await case.read()
    assert data["dated"]["deferral"]["in_force"] is True
    await case.refused(
        "city.archives", "lift-deferral", {"reason": "办结"}, 409, "gate_shut", article=41, gate="may_lift"
    )
    data = await case.does("city.finance", "lift-deferral", {"reason": "整改办结"})
    assert data["dated"]["deferral"]["in_force"] is False


async def test_what_the_province_stopped_no_city_lets_go_on(life: Any) -> None:
    """Art. 41: a measure of the province, on a city's order or its own, is ended by the province."""
    for giver in ("city.cyber", "province.cyber"):
        case = await life().at("started")
        order = await case.order_in_vain(giver)
        why = {"order": order, "reason": "整改不合要求"}
        if giver == "city.cyber":
            await case.does("province.drc", "defer-funds", why)
            await case.does("province.finance", "suspend", why)
        else:
            await case.does("province.cyber", "defer-funds", why)
            await case.does("province.cyber", "suspend", why)
        await case.does(giver, "close-order", {"order": order, "done": True, "opinion": "复测通过"})
        end = {"reason": "整改办结"}
        for verb, gate in (("lift-deferral", "may_lift"), ("resume", "may_resume")):
            for who in ("city.finance", "city.approver", "city.cyber"):
                shut = await case.refused(who, verb, end, 409, "gate_shut", article=41, gate=gate)
                assert "省级机构" in shut["detail"]
            await case.does("province.drc", verb, end)


async def test_a_suspension_returns_to_where_it_was_and_is_no_trial(life: Any, day: Any) -> None:
    """Arts 30, 41: two suspensions of a trial run are both added to its six months; building resumes as building."""
    case = await life().at("started")
    await case.begin_trial_run("2026-10-01")
    for stop, go in (("2026-12-01", "2026-12-11"), ("2027-02-01", "2027-02-21")):
        day(stop)
        order = await case.order_in_vain(due=stop)
        data = await case.does("city.gatekeeper", "suspend", {"order": order, "reason": "隐患严重"})
        assert data["dated"]["suspended"]["from"] == "trial_run"
        day(go)
        problem = await case.refused(
            "city.gatekeeper", "resume-trial-run", {"reason": "恢复"}, 409, "gate_shut"
        )
        assert problem["gate"] == "order_settled"
        await case.does("city.cyber", "close-order", {"order": order, "done": True, "opinion": "复测通过"})
        problem = await case.refused(
            "city.gatekeeper", "resume", {"reason": "恢复"}, 409, "gate_shut", article=41
        )
        assert problem["gate"] == "suspended_in_building"
        await case.does("city.gatekeeper", "resume-trial-run", {"reason": "整改办结"})
    status = await case.sees("acceptance", "city.unit")
    assert status["trial_run_ends"] == "2027-05-01"  # 1 April and 10 + 20 days
    day("2027-04-30")
    body = {"on": "2027-04-30", "conclusion": "达到", "report": PAPER}
    await case.refused("city.unit", "final-inspect", body, 409, "gate_shut", article=30)
    day("2027-05-01")
    await case.does("city.unit", "final-inspect", {**body, "on": "2027-05-01"})


async def test_building_is_suspended_and_resumed(life: Any, day: Any) -> None:
    """Art. 41: suspended in building, the owner records nothing that needs a running project; resumed, it goes on."""
    case = await life().at("started")
    order = await case.order_in_vain()
    await case.does("city.approver", "suspend", {"order": order, "reason": "隐患严重"})
    await case.refused(
        "city.unit", "begin-trial-run", {"on": "2026-11-20"}, 409, "action_not_allowed", article=30
    )
    await case.does("city.cyber", "close-order", {"order": order, "done": True, "opinion": "复测通过"})
    data = await case.does("city.approver", "resume", {"reason": "整改办结"})
    assert (data["state"], data["dated"]["suspended"]["until"]) == ("started", "2026-11-23")
    await case.does("city.unit", "begin-trial-run", {"on": "2026-11-23"})


@pytest.mark.parametrize("organ", ["city.cyber", "city.gatekeeper", "province.cyber"])
async def test_what_is_inspected_may_still_be_stopped(life: Any, day: Any, organ: str) -> None:
    """Art. 41 until the acceptance (art. 32): by whoever ordered it; afterwards it is applied for anew."""
    case = await life().at("applied")
    area = "construction" if organ == "city.gatekeeper" else "network_security"
    order = await case.order_in_vain(organ, area=area, due="2026-12-31")
    data = await case.does(organ, "suspend", {"order": order, "reason": "隐患严重"})
    assert (data["state"], data["holder"]) == ("suspended", "owner")
    await case.refused("city.archives", "resume-acceptance", {"reason": "恢复"}, 409, "gate_shut", article=41)
    await case.does(organ, "close-order", {"order": order, "done": True, "opinion": "复测通过"})
    problem = await case.refused(organ, "resume", {"reason": "恢复"}, 409, "gate_shut", article=41)
    assert problem["gate"] == "suspended_in_building"
    await case.refused(
        "city.archives",
        "resume-acceptance",
        {"reason": "恢复"},
        409,
        "gate_shut",
        article=41,
        gate="may_resume",
    )
    data = await case.does(organ, "resume-acceptance", {"reason": "整改办结"})
    assert (data["state"], data["holder"]) == ("final_inspected", "owner")
