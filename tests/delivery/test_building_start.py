"""Arts 13, 24, 28, 29: start, force majeure, recall, incidents."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lives.said import PAPER, RECALL


async def test_art_13_a_start_before_the_approval_is_recorded_and_shown(life: Any) -> None:
    site = await life().at("filed")
    await site.name_responsible()
    data = await site.does("owner", "start", {"started_on": "2026-01-31", "note": "应急先行"})
    assert data["state"] == "started"
    shown = [(each["code"], each["severity"], each["article"]) for each in data["findings"]]
    assert shown == [("started_before_approval", "notice", 13), ("supervision_missing", "notice", 26)]
    assert (await site.read("province.office"))["findings"] == data["findings"]


async def test_arts_13_23_24_a_start_waits_for_the_approval_only(as_user: Any, life: Any) -> None:
    """Neither filed nor anybody named: begun all the same, and both are shown until they are made good."""
    site, office = await life().at("approved"), as_user("360000", "office")
    data = await site.start("2026-03-01")
    assert (data["state"], data["holder"]) == ("started", "owner")
    shown = [(each["code"], each["severity"], each["article"]) for each in data["findings"]]
    assert shown == [
        ("started_before_filing", "notice", 23),
        ("responsible_missing", "notice", 24),
        ("supervision_missing", "notice", 26),
    ]
    unfiled = (await office("GET", "/monitoring/unfiled?tenant=360100&limit=200")).json()["items"]
    assert site.id in [each["id"] for each in unfiled], "the missing filing tells it, and no state"
    data = await site.does("city.gatekeeper", "file", {})
    assert (data["project"]["state"], data["project"]["holder"]) == ("started", "owner")
    assert data["project"]["dated"]["filed"]["number"] == data["receipt"]["filing_number"]
    left = ["responsible_missing", "supervision_missing"]
    assert [each["code"] for each in data["project"]["findings"]] == left
    site.data = data["project"]
    again = await site.refused("city.gatekeeper", "file", {}, 409, "gate_shut", article=23)
    assert again["gate"] == "not_filed"
    unfiled = (await office("GET", "/monitoring/unfiled?tenant=360100&limit=200")).json()["items"]
    assert site.id not in [each["id"] for each in unfiled]
    data = await site.name_responsible()
    assert [each["code"] for each in data["findings"]] == left[1:]


async def test_art_13_a_start_is_refused_twice_early_in_the_future_and_by_others(life: Any) -> None:
    site = await life().at("filed")
    await site.name_responsible()
    future = {"started_on": "2099-01-01"}
    await site.wrong("owner", "start", future, "/started_on", "date_order", article=13)
    await site.wrong("owner", "start", {"started_on": "2026-13-01"}, "/started_on")
    await site.refused("city.approver", "start", {"started_on": "2026-03-01"}, 403, "forbidden")
    await site.start("2026-02-01")
    shown = [each["code"] for each in site.data["findings"]]
    assert shown == ["supervision_missing"], "on the approval's own day"
    again = await site.refused("owner", "start", {"started_on": "2026-03-01"}, 409, "action_not_allowed")
    assert (again["state"], again["article"]) == ("started", 13)


async def test_art_29_recall_opens_the_day_after_half_a_year(life: Any, at: Any) -> None:
    site = await life().at("filed")
    await site.issue_budget("1000000.00")
    assert (await site.sees("building"))["start_due"] == "2026-08-01"
    at(2026, 8, 1)
    shut = await site.refused("city.finance", "recall-funds", RECALL, 409, "gate_shut", article=29)
    assert shut["gate"] == "half_year_over"
    at(2026, 8, 2)
    await site.wrong("city.finance", "recall-funds", {"document": PAPER}, "/reason")
    await site.wrong("city.finance", "recall-funds", {**RECALL, "reason": "  "}, "/reason")
    await site.refused("owner", "recall-funds", RECALL, 403, "forbidden")
    await site.refused("city.approver", "recall-funds", RECALL, 403, "forbidden")
    await site.pay("300000.00")
    data = await site.does("city.finance", "recall-funds", RECALL)
    assert data["state"] == "funds_recalled"
    assert data["dated"]["recalled"] == {"on": "2026-08-02", "amount_yuan": "700000.00"}
    assert data["dated"]["payments"] == {
        "on": "2026-08-02",
        "paid_yuan": "300000.00",
        "returned_yuan": "700000.00",
    }
    [step] = [
        each for each in (await site.sees("history"))["transitions"] if each["action"] == "recall_funds"
    ]
    assert (step["reason"], step["citation"]) == (RECALL["reason"], {"articles": [29]})
    await site.refused("owner", "start", {"started_on": "2026-08-02"}, 409, "action_not_allowed")


async def test_art_29_the_provinces_treasury_recalls_too(life: Any) -> None:
    site = await life().at("filed")
    data = await site.does("province.finance", "recall-funds", RECALL)
    assert (data["state"], data["dated"]["recalled"]["amount_yuan"]) == ("funds_recalled", "0.00")


async def test_art_29_a_started_project_keeps_its_money(life: Any) -> None:
    site = await life().at("started")
    await site.refused("city.finance", "recall-funds", RECALL, 409, "action_not_allowed", article=29)


OVERRUN = {
    "kind": "schedule_overrun",
    "occurred_on": "2026-06-01",
    "description": "主要设备迟迟没有到货",
    "planned_finish": "2026-06-01",
    "expected_finish": "2026-12-01",
    "measures": "更换供货渠道",
}


async def test_art_28_an_incident_reaches_three_organs(as_user: Any, life: Any, door: Any) -> None:
    site = await life().at("started")
    await site.does("owner", "incidents", OVERRUN)
    await site.does(
        "owner",
        "incidents",
        {
            "kind": "loss",
            "occurred_on": "2026-06-02",
            "description": "机房进水",
            "loss_yuan": "250000",
            "measures": "抢修",
        },
    )
    loss, overrun = await site.records("report_incident")
    assert (loss["content"]["loss_yuan"], overrun["content"]["expected_finish"]) == (
        "250000.00",
        "2026-12-01",
    )
    from service.kit.relay import drain
    from service.kit.telemetry import Telemetry
    from service.worker import SUBSCRIBERS

    await drain(door, "360100", SUBSCRIBERS, Telemetry())
    for organ in ("gatekeeper", "approver", "finance"):
        told = (await as_user("360100", organ)("GET", "/inbox?limit=100")).json()["items"]
        assert any(item["title"].startswith("建设中的重大问题") for item in told), organ


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"occurred_on": "2099-01-01"}, "/occurred_on"),
        ({"planned_finish": None}, "/planned_finish"),
        ({"expected_finish": "2026-05-31"}, "/expected_finish"),
        ({"kind": "loss"}, "/loss_yuan"),
        ({"loss_yuan": "0"}, "/loss_yuan"),
        ({"measures": ""}, "/measures"),
    ],
)
async def test_art_28_bad_incidents(life: Any, changes: Any, pointer: str) -> None:
    site = await life().at("started")
    await site.wrong("owner", "incidents", {**OVERRUN, **changes}, pointer)


async def test_art_28_no_incident_before_the_start(life: Any) -> None:
    site = await life().at("filed")
    await site.refused("owner", "incidents", OVERRUN, 409, "action_not_allowed", article=28)


async def test_art_13_a_day_that_can_only_be_a_slip_of_the_pen_is_refused(life: Any) -> None:
    site = await life().at("filed")
    await site.name_responsible()
    for day in ("0001-01-01", "1999-12-31"):
        await site.wrong("owner", "start", {"started_on": day}, "/started_on", article=13)
    await site.start("2000-01-01")


async def test_what_cannot_succeed_is_not_offered(life: Any) -> None:
    """Arts 20, 24, 38, 41: no decision without a request, no answer without an order, nothing back that was unpaid."""
    site = await life().at("started")
    await site.issue_budget("1000000.00")
    shut = {"answer_order", "reverse_payment"}
    offered = {each["action"]: each["allowed"] for each in (await site.read())["actions"]}
    assert {name for name in shut if offered[name]} == set()
    seen = (await site.read("city.approver"))["actions"]
    offered = {each["action"]: each for each in seen}
    assert not offered["decide_change"]["allowed"]
    assert offered["decide_change"]["article"] == 20
    assert not offered["close_order"]["allowed"]
    await site.pay("100.00")
    await site.does("owner", "changes", {"reason": "内容调整", "content": {"main_tasks": "另一些任务"}})
    offered = {each["action"]: each["allowed"] for each in (await site.read())["actions"]}
    assert offered["reverse_payment"]
    assert not offered["request_change"]


async def test_art_20_a_change_asked_for_while_building_is_answered_after_the_inspection(
    life: Any,
) -> None:
    site = await life().at("started")
    await site.does("owner", "changes", {"reason": "内容调整", "content": {"main_tasks": "另一些任务"}})
    await site.at("inspected")
    data = await site.does("city.approver", "changes/decide", {"approve": False, "reason": "已经建成"})
    assert (data["state"], data["dated"]["change"]["open"]) == ("final_inspected", None)
