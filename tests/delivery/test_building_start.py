"""Arts 13, 24, 28, 29: start, force majeure, recall, incidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from service.kit import clock
from tests.delivery.sites import DOCUMENT, RESPONSIBLE, approved, filed, inspected, issue, payment, started

FINANCE, PROVINCE_FINANCE = ("360100", "finance"), ("360000", "finance")
RECALL = {"reason": "批复满半年未开工，且没有不可抗力", "document": DOCUMENT}
HINDRANCE = {"since": "2026-03-01", "evidence": "特大洪水，机房所在片区断电", "document": DOCUMENT}


@pytest.fixture
def at() -> Iterator[Any]:
    """at(2026, 8, 1): noon of that day in Shanghai, until the test ends."""
    yield lambda *day: clock.travel(datetime(*day, 4, tzinfo=UTC))
    clock.travel(None)


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


ACCEPTED = {"accepted": True, "reason": "经核实属于不可抗力"}
REFUSED = {"accepted": False, "reason": "机房片区当日已恢复供电"}


async def test_art_29_what_is_found_to_be_force_majeure_moves_the_half_year(as_user: Any, at: Any) -> None:
    """R28: claimed by the owner, found by the organ that takes back; its days do not count, in several spells too."""
    site = await filed(as_user)
    at(2026, 3, 20)
    await site.done("force-majeure", HINDRANCE)
    assert (await site.read("/building"))["start_due"] == "2026-08-01", "a claim alone moves nothing"
    await site.refused("force-majeure-decision", ACCEPTED, 403, "forbidden")
    await site.done("force-majeure-decision", ACCEPTED, FINANCE)
    assert (await site.read("/building"))["start_due"] is None
    at(2026, 10, 1)
    shut = await site.refused("recall-funds", RECALL, 409, "gate_shut", by=FINANCE, article=29)
    assert shut["gate"] == "half_year_over"
    await site.refused("force-majeure", HINDRANCE, 409, "force_majeure_open", article=29)
    early = {"until": "2026-02-28", "evidence": "恢复供电"}
    await site.refused(
        "force-majeure-end", early, 422, "invalid_body", "/until", field_code="date_order", article=29
    )
    late = {"until": "2026-10-02", "evidence": "恢复供电"}
    await site.refused("force-majeure-end", late, 422, "invalid_body", "/until", field_code="date_order")
    await site.done("force-majeure-end", {"until": "2026-03-31", "evidence": "恢复供电"})
    assert (await site.read("/building"))["start_due"] == "2026-08-31"
    overlapping = {**HINDRANCE, "since": "2026-03-31", "until": "2026-04-10"}
    await site.refused("force-majeure", overlapping, 422, "invalid_body", "/since", field_code="date_order")
    await site.done("force-majeure", {**HINDRANCE, "since": "2026-05-01", "until": "2026-05-11"})
    assert (await site.read("/building"))["start_due"] == "2026-08-31"
    await site.done("force-majeure-decision", ACCEPTED, FINANCE)
    assert (await site.read("/building"))["start_due"] == "2026-09-10", "both spells count"
    await site.refused("force-majeure-decision", ACCEPTED, 409, "gate_shut", by=FINANCE, article=29)
    at(2026, 9, 10)
    await site.refused("recall-funds", RECALL, 409, "gate_shut", by=FINANCE, article=29)
    at(2026, 9, 11)
    assert (await site.done("recall-funds", RECALL, FINANCE))["state"] == "funds_recalled"


async def test_art_29_a_waiting_claim_is_answered_by_the_recall(as_user: Any, at: Any) -> None:
    """R28: an open-ended claim, made after the half year, neither undoes the lapse nor shuts the recall."""
    site = await filed(as_user)
    at(2026, 8, 2)
    await site.done("force-majeure", HINDRANCE)
    [claim] = site.data["dated"]["force_majeure"]["claims"]
    assert (claim["state"], claim["until"]) == ("claimed", None)
    told = {each["action"]: each for each in (await site.read("", FINANCE))["actions"]}
    assert told["recall_funds"]["allowed"] and told["decide_force_majeure"]["allowed"]
    data = await site.done("recall-funds", RECALL, FINANCE)
    [claim] = data["dated"]["force_majeure"]["claims"]
    assert (data["state"], claim["state"]) == ("funds_recalled", "refused")


async def test_art_29_refused_or_begun_too_late_it_moves_nothing(as_user: Any, at: Any) -> None:
    site = await filed(as_user)
    at(2026, 7, 1)
    await site.done("force-majeure", {**HINDRANCE, "until": "2026-06-30"})
    await site.refused(
        "force-majeure-decision",
        {**ACCEPTED, "until": "2026-07-01"},
        422,
        "invalid_body",
        "/until",
        by=FINANCE,
    )
    await site.refused(
        "force-majeure-decision",
        {**REFUSED, "until": "2026-06-01"},
        422,
        "invalid_body",
        "/until",
        by=FINANCE,
    )
    await site.done("force-majeure-decision", REFUSED, FINANCE)
    assert (await site.read("/building"))["start_due"] == "2026-08-01"
    at(2026, 8, 10)
    await site.done(
        "force-majeure", {**HINDRANCE, "since": "2026-08-02"}
    )  # what was refused may be claimed anew
    await site.done("force-majeure-decision", ACCEPTED, FINANCE)
    assert (await site.read("/building"))["start_due"] == "2026-08-01"
    assert (await site.done("recall-funds", RECALL, FINANCE))["state"] == "funds_recalled"


async def test_art_29_the_organ_tells_an_end_too(as_user: Any, at: Any) -> None:
    """R28: what the owner leaves open for ever, the organ that accepted it ends."""
    site = await filed(as_user)
    at(2026, 3, 20)
    await site.done("force-majeure", HINDRANCE)
    await site.done("force-majeure-decision", ACCEPTED, FINANCE)
    at(2026, 10, 1)
    await site.done("force-majeure-end", {"until": "2026-03-11", "evidence": "现场核查"}, FINANCE)
    assert (await site.read("/building"))["start_due"] == "2026-08-11"
    assert (await site.done("recall-funds", RECALL, FINANCE))["state"] == "funds_recalled"


async def test_art_29_bad_force_majeure(as_user: Any) -> None:
    site = await filed(as_user)
    before = {**HINDRANCE, "since": "2026-01-31"}
    await site.refused(
        "force-majeure", before, 422, "invalid_body", "/since", field_code="date_order", article=29
    )
    await site.refused("force-majeure", {**HINDRANCE, "since": "2099-01-01"}, 422, "invalid_body", "/since")
    await site.refused("force-majeure", {**HINDRANCE, "until": "2026-02-27"}, 422, "invalid_body", "/until")
    await site.refused("force-majeure", {**HINDRANCE, "evidence": ""}, 422, "invalid_body", "/evidence")
    ending = {"until": "2026-03-02", "evidence": "恢复供电"}
    shut = await site.refused("force-majeure-end", ending, 409, "gate_shut", article=29)
    assert shut["gate"] == "hindrance_lasts"
    strange = {**ACCEPTED, "claim": "018f0000-0000-7000-8000-000000000001"}
    await site.done("force-majeure", HINDRANCE)
    await site.refused("force-majeure-decision", strange, 422, "invalid_body", "/claim", by=FINANCE)
    done = await started(as_user)
    await done.refused("force-majeure", HINDRANCE, 409, "action_not_allowed", article=29)


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
