"""Arts 13, 24, 28, 29: start, force majeure, recall, incidents."""

from __future__ import annotations

from typing import Any

import pytest

from tests.delivery.sites import (
    DOCUMENT,
    FINANCE,
    PROVINCE_FINANCE,
    RECALL,
    RESPONSIBLE,
    approved,
    filed,
    inspected,
    issue,
    payment,
    started,
)


async def test_art_13_a_start_before_the_approval_is_recorded_and_shown(as_user: Any) -> None:
    site = await filed(as_user)
    await site.done("responsible", RESPONSIBLE)
    data = await site.done("start", {"started_on": "2026-01-31", "note": "应急先行"})
    assert data["state"] == "started"
    [finding] = data["findings"]
    assert (finding["code"], finding["severity"], finding["article"]) == (
        "started_before_approval",
        "notice",
        13,
    )
    assert (await site.read("", ("360000", "office")))["findings"] == data["findings"]


async def test_arts_13_23_24_a_start_waits_for_the_approval_only(as_user: Any) -> None:
    """Neither filed nor anybody named: begun all the same, and both are shown until they are made good."""
    site, office = await approved(as_user), as_user("360000", "office")
    data = await site.done("start", {"started_on": "2026-03-01"})
    assert (data["state"], data["holder"]) == ("started", "owner")
    shown = [(each["code"], each["severity"], each["article"]) for each in data["findings"]]
    assert shown == [("started_before_filing", "notice", 23), ("responsible_missing", "notice", 24)]
    unfiled = (await office("GET", "/monitoring/unfiled?tenant=360100&limit=200")).json()["items"]
    assert site.ref in [each["id"] for each in unfiled], "the missing filing tells it, and no state"
    data = await site.done("file", {}, by=("360100", "gatekeeper"))
    assert (data["project"]["state"], data["project"]["holder"]) == ("started", "owner")
    assert data["project"]["dated"]["filed"]["number"] == data["receipt"]["filing_number"]
    assert [each["code"] for each in data["project"]["findings"]] == ["responsible_missing"]
    site.data = data["project"]
    again = await site.refused("file", {}, 409, "gate_shut", by=("360100", "gatekeeper"), article=23)
    assert again["gate"] == "not_filed"
    unfiled = (await office("GET", "/monitoring/unfiled?tenant=360100&limit=200")).json()["items"]
    assert site.ref not in [each["id"] for each in unfiled]
    data = await site.done("responsible", RESPONSIBLE)
    assert data["findings"] == []


async def test_art_13_a_start_is_refused_twice_early_in_the_future_and_by_others(as_user: Any) -> None:
    site = await filed(as_user)
    await site.done("responsible", RESPONSIBLE)
    future = {"started_on": "2099-01-01"}
    await site.refused(
        "start", future, 422, "invalid_body", "/started_on", field_code="date_order", article=13
    )
    await site.refused("start", {"started_on": "2026-13-01"}, 422, "invalid_body", "/started_on")
    await site.refused("start", {"started_on": "2026-03-01"}, 403, "forbidden", by=("360100", "approver"))
    await site.done("start", {"started_on": "2026-02-01"})
    assert site.data["findings"] == [], "on the approval's own day"
    again = await site.refused("start", {"started_on": "2026-03-01"}, 409, "action_not_allowed")
    assert (again["state"], again["article"]) == ("started", 13)


async def test_art_29_recall_opens_the_day_after_half_a_year(as_user: Any, at: Any) -> None:
    site = await filed(as_user)
    await issue(site, "1000000.00")
    assert (await site.read("/building"))["start_due"] == "2026-08-01"
    at(2026, 8, 1)
    shut = await site.refused("recall-funds", RECALL, 409, "gate_shut", by=FINANCE, article=29)
    assert shut["gate"] == "half_year_over"
    at(2026, 8, 2)
    await site.refused("recall-funds", {"document": DOCUMENT}, 422, "invalid_body", "/reason", by=FINANCE)
    await site.refused("recall-funds", {**RECALL, "reason": "  "}, 422, "invalid_body", "/reason", by=FINANCE)
    await site.refused("recall-funds", RECALL, 403, "forbidden")
    await site.refused("recall-funds", RECALL, 403, "forbidden", by=("360100", "approver"))
    await site.done("payments", payment("300000.00"))
    data = await site.done("recall-funds", RECALL, FINANCE)
    assert data["state"] == "funds_recalled"
    assert data["dated"]["recalled"] == {"on": "2026-08-02", "amount_yuan": "700000.00"}
    assert data["dated"]["payments"] == {
        "on": "2026-08-02",
        "paid_yuan": "300000.00",
        "returned_yuan": "700000.00",
    }
    [step] = [
        each for each in (await site.read("/history"))["transitions"] if each["action"] == "recall_funds"
    ]
    assert (step["reason"], step["citation"]) == (RECALL["reason"], {"articles": [29]})
    await site.refused("start", {"started_on": "2026-08-02"}, 409, "action_not_allowed")


async def test_art_29_the_provinces_treasury_recalls_too(as_user: Any) -> None:
    site = await filed(as_user)
    data = await site.done("recall-funds", RECALL, PROVINCE_FINANCE)
    assert (data["state"], data["dated"]["recalled"]["amount_yuan"]) == ("funds_recalled", "0.00")


async def test_art_29_a_started_project_keeps_its_money(as_user: Any) -> None:
    site = await started(as_user)
    await site.refused("recall-funds", RECALL, 409, "action_not_allowed", by=FINANCE, article=29)


OVERRUN = {
    "kind": "schedule_overrun",
    "occurred_on": "2026-06-01",
    "description": "主要设备迟迟没有到货",
    "planned_finish": "2026-06-01",
    "expected_finish": "2026-12-01",
    "measures": "更换供货渠道",
}


async def test_art_28_an_incident_reaches_three_organs(as_user: Any, door: Any) -> None:
    site = await started(as_user)
    await site.done("incidents", OVERRUN)
    await site.done(
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
async def test_art_28_bad_incidents(as_user: Any, changes: Any, pointer: str) -> None:
    site = await started(as_user)
    await site.refused("incidents", {**OVERRUN, **changes}, 422, "invalid_body", pointer)


async def test_art_28_no_incident_before_the_start(as_user: Any) -> None:
    site = await filed(as_user)
    await site.refused("incidents", OVERRUN, 409, "action_not_allowed", article=28)


async def test_art_13_a_day_that_can_only_be_a_slip_of_the_pen_is_refused(as_user: Any) -> None:
    site = await filed(as_user)
    await site.done("responsible", RESPONSIBLE)
    for day in ("0001-01-01", "1999-12-31"):
        await site.refused("start", {"started_on": day}, 422, "invalid_body", "/started_on", article=13)
    await site.done("start", {"started_on": "2000-01-01"})


async def test_what_cannot_succeed_is_not_offered(as_user: Any) -> None:
    """Arts 20, 24, 38, 41: no decision without a request, no answer without an order, nothing back that was unpaid."""
    site = await started(as_user)
    await issue(site, "1000000.00")
    shut = {"answer_order", "reverse_payment"}
    offered = {each["action"]: each["allowed"] for each in (await site.read())["actions"]}
    assert {name for name in shut if offered[name]} == set()
    seen = (await site.read(by=("360100", "approver")))["actions"]
    offered = {each["action"]: each for each in seen}
    assert not offered["decide_change"]["allowed"]
    assert offered["decide_change"]["article"] == 20
    assert not offered["close_order"]["allowed"]
    await site.done("payments", payment("100.00"))
    await site.done("changes", {"reason": "内容调整", "content": {"main_tasks": "另一些任务"}})
    offered = {each["action"]: each["allowed"] for each in (await site.read())["actions"]}
    assert offered["reverse_payment"]
    assert not offered["request_change"]


async def test_art_20_a_change_asked_for_while_building_is_answered_after_the_inspection(
    as_user: Any,
) -> None:
    site = await started(as_user)
    await site.done("changes", {"reason": "内容调整", "content": {"main_tasks": "另一些任务"}})
    await inspected(site)
    data = await site.done("changes/decide", {"approve": False, "reason": "已经建成"}, ("360100", "approver"))
    assert (data["state"], data["dated"]["change"]["open"]) == ("final_inspected", None)
