"""Amendments over HTTP: what is refused, what a clause does to pending cases, and that what was recorded stays so."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from service.kit import clock
from service.kit.clock import SHANGHAI, legal_day, now
from service.kit.db import Door
from service.rulebook.following import RuleBookFollower
from service.rulebook.loader import base_rulebook
from service.rulebook.recording import record as record_files
from service.settings import Settings
from tests.lives import Life, builder
from tests.rulebook.amending import FAR, RATIO, amended, confirm, deed, propose, seen
from tests.rulebook.conftest import submitted, today
from tests.rulebook.tampering import problems_after
from tests.worlds import Caller, running, world

settings, app, door, client, token, as_user = world()  # the limits of other files must not move
WHY = "not_in_library"


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"effective_from": "2024-01-01"}, "/effective_from", "date_in_past"),
        ({"entries": [{"key": "no.such", "value": 1}]}, "/entries/0/key", "unknown_key"),
        ({"entries": [{"key": "limit.other", "value": 5000000}]}, "/entries/0/value", "wrong_type"),
        ({"entries": [{"key": "limit.other", "value": "as it is"}]}, "/entries/0/value", "nothing_changed"),
        ({"entries": RATIO * 2}, "/entries", "duplicate_key"),
        ({"entries": []}, "/entries", "wrong_type"),
        ({"transition": {"mode": "from_state"}}, "/transition/state", "state"),
        ({"transition": {"mode": "stay", "state": "gatekept"}}, "/transition/state", "state"),
        ({"transition": {"mode": "from_state", "state": "approved"}}, "/transition/state", "invalid_choice"),
        ({"document_date": FAR}, "/document_date", "date_in_future"),
        ({"document_date": "2023-09-27"}, "/document_date", "date_order"),
        ({"entries": [{"key": "evaluation.from_months", "value": 12}]}, "/entries/0/value", "contradiction"),
        (
            {"entries": [RATIO[0], {"key": "evaluation.until_months", "value": 6}]},
            "/entries/1/value",
            "contradiction",
        ),
        (
            {"entries": [{"key": "amount.unusual.most", "value": "1000.00"}]},
            "/entries/0/value",
            "contradiction",
        ),
        ({"entries": [{"key": "appraisal.experts", "value": 17}]}, "/entries/0/value", "wrong_type"),
        ({"issued_by": ["drc", "finance"]}, "/issued_by", "issuers_incomplete"),
    ],
)
async def test_refused(as_user: Any, changes: dict[str, Any], pointer: str, code: str) -> None:
    rules = (await as_user("360000", "office")("GET", f"/rulebook?on={FAR}")).json()
    version = rules["version"]
    if code == "nothing_changed":  # whatever amendments have made of it
        now = next(each["value"] for each in rules["entries"] if each["key"] == "limit.other")
        changes = {"entries": [{"key": "limit.other", "value": now}]}
    refused = await as_user("360000", "office")(
        "POST", "/rulebook/amendments", {**deed(**changes), "expected_version": version}
    )
    assert refused.status_code == 422, refused.text
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [(pointer, code)]


async def test_nothing_is_in_force_before_another_person_confirms(as_user: Any) -> None:
    office = as_user("360000", "office")
    before = (await office("GET", f"/rulebook?on={FAR}")).json()
    made = await propose(as_user)
    path = f"/rulebook/amendments/{made.json()['amendment']['id']}"
    assert (await office("GET", path)).json()["status"] == "waiting"
    assert (await office("GET", f"/rulebook?on={FAR}")).json() == before
    own = await confirm(as_user, made, "office")
    assert (own.status_code, own.json()["code"]) == (409, "same_person")
    for tenant, login in (("360000", "supervisor"), ("360200", "gatekeeper")):
        caller = as_user(tenant, login)
        body = {"accepted": True, "expected_version": before["version"]}
        assert (await caller("POST", f"{path}/confirm", body)).status_code == 403
        listed = (await caller("GET", "/rulebook/amendments")).json()["items"]
        assert made.json()["amendment"]["id"] in [each["id"] for each in listed]
    refused = await confirm(as_user, made, accepted=False, note="文号有误")
    assert (refused.status_code, refused.json()["amendment"]["status"]) == (200, "refused")
    again = await confirm(as_user, made)
    assert (again.status_code, again.json()["code"]) == (409, "amendment_decided")
    assert (await office("GET", f"/rulebook?on={FAR}")).json() == before
    assert (await confirm(as_user, made, "finance")).status_code == 409
    for ref in ("360000-00000000-0000-0000-0000-000000000000", "nothing", "1"):
        answer = await as_user("360000", "drc")("GET", f"/rulebook/amendments/{ref}")
        assert answer.status_code == 404


async def test_what_moved_since_it_was_shown_must_be_shown_again(as_user: Any) -> None:
    day = "2098-01-01"
    made = await propose(as_user, effective_from=day, entries=[{"key": "split.near_days", "value": 300}])
    await amended(as_user, effective_from=day, entries=[{"key": "evaluation.pass_score", "value": 61}])
    late = await confirm(as_user, made)
    assert (late.status_code, late.json()["code"]) == (409, "rulebook_changed")
    version = late.json()["rulebook_version"]
    assert (await confirm(as_user, made, expected_version=version)).status_code == 200
    rules = (await as_user("360200")("GET", f"/rulebook?on={day}")).json()
    shown = {each["key"]: each for each in rules["entries"]}
    assert (shown["split.near_days"]["value"], shown["split.near_days"]["document"]) == (
        300,
        "赣府厅发〔2026〕31号",
    )


@pytest.fixture
async def tomorrow() -> Any:
    """Rules of tomorrow; the test goes there."""
    yield legal_day(now()) + timedelta(days=1)
    clock.travel(None)


def go(day: date) -> None:
    clock.travel(datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI))


async def test_decided_anew_at_the_next_desk_both_ways(build: Any, as_user: Any, tomorrow: date) -> None:
    """Integration rises to twelve million, 其他 falls to three: each pending case goes on by the new rule (R23)."""
    city, keeper = build(tenant="360200"), "city.gatekeeper"
    joint = {"project_class": "integration", "participating_offices": ["市公安局"]}
    down = await submitted(city, WHY, name="综合指挥系统", investment_yuan="11000000.00", **joint)
    held = await submitted(city, WHY, name="应急联动系统", investment_yuan="11500000.00", **joint)
    await held.gatekeep()
    entries = [{"key": "limit.integration", "value": "12000000.00"}]
    anew = {"effective_from": tomorrow.isoformat(), "entries": entries, "transition": {"mode": "next_desk"}}
    effect = (await seen(as_user, **anew))["effect"]
    assert {each["id"]: each["fate"] for each in effect["cases"]} == {
        down.id: "moves",
        held.id: "moves",
    }
    await amended(as_user, **anew)
    # A lower limit would want a reason of whoever is under it: that strands him, and is refused.
    small = await submitted(city, name="巡查管理系统", investment_yuan="4000000.00")
    lower = [{"key": "limit.other", "value": "3000000.00"}]
    refused = await propose(as_user, **{**anew, "entries": lower})
    assert (refused.status_code, refused.json()["code"], refused.json()["stranded"]) == (
        409,
        "amendment_strands",
        1,
    )

    go(tomorrow)
    offered = (await city.read(keeper, f"/projects/{held.id}")).data
    allowed = {each["action"] for each in offered["actions"] if each["allowed"]}
    assert "hand_over" not in allowed
    await held.approve(approved_amount_yuan="11500000.00")
    assert held.data["route"] == "city_filing"
    assert "赣府厅发〔2026〕31号修改" in held.data["decision"]["explanation"]
    await down.gatekeep()
    assert down.data["route"] == "city_filing"
    steps = (await down.sees("history", keeper))["transitions"]
    assert steps[-1]["details"]["route_moved"] == {"from": "provincial_review", "to": "city_filing"}
    await small.gatekeep()
    assert small.data["route"] == "city_filing"


async def test_what_if_replays_a_case_by_the_law_it_carries(build: Any, as_user: Any, tomorrow: date) -> None:
    """Taken in at five million, decided after the limit rose to eight: before is as decided, after by its law."""
    city = build(tenant="360600")
    keeper = city.by("city.gatekeeper")
    old = await submitted(city, WHY, name="排水监测系统", investment_yuan="6000000.00")
    new = await city.life(name="路灯管理系统", facts={"investment_yuan": "6000000.00"}).at("drafted")
    entries = [{"key": "limit.other", "value": "8000000.00"}]
    await amended(as_user, effective_from=tomorrow.isoformat(), entries=entries)
    go(tomorrow)
    await old.gatekeep()
    assert old.data["decision"]["rulebook"]["date"] == tomorrow.isoformat()
    assert old.data["route"] == "provincial_review"
    await new.does("owner", "submit")
    assert new.data["route"] == "city_filing"

    async def replayed(limit: str) -> tuple[dict[str, tuple[str, str]], Any]:
        body = {"changes": [{"key": "limit.other", "value": limit}]}
        answer = await keeper("POST", "/rulebook/what-if", body)
        found = [json.loads(line) for line in answer.text.splitlines()]
        moved = {
            p["id"]: (p["route_before"], p["route_after"]) for line in found[:-1] for p in line["projects"]
        }
        return moved, found[-1]

    for limit, moved in (
        ("8000000.00", {old.id: ("provincial_review", "city_filing")}),  # as the new rule has it
        ("6000000.01", {old.id: ("provincial_review", "city_filing")}),
        ("6000000.00", {new.id: ("city_filing", "provincial_review")}),  # the line itself
        ("5000000.00", {new.id: ("city_filing", "provincial_review")}),  # as its own law has it
    ):
        found, result = await replayed(limit)
        assert (found, result["not_as_recorded"], result["projects"]) == (moved, 0, 2)
    await _near_its_own_limit(tomorrow, keeper, old, new)


async def _near_its_own_limit(tomorrow: date, keeper: Any, old: Life, new: Life) -> None:
    """What the city sets over it reaches the pending case under its own limit: it is not close under eight million."""
    body = {"key": "near_line.percent", "value": 70, "effective_from": tomorrow.isoformat()}
    effect = (await keeper("POST", "/rulebook/overlays/preview", body)).json()["effect"]
    assert {each["id"]: each["findings_gained"] for each in effect["cases"]} == {new.id: ["near_line"]}
    await old.does("city.gatekeeper", "gatekeeping/return", {"reason": "核减"})
    assert (await old.read())["state"] == "returned"
    again = (await keeper("POST", "/rulebook/overlays/preview", body)).json()["effect"]
    assert {each["id"]: each["findings_gained"] for each in again["cases"]} == {new.id: ["near_line"]}


async def test_from_a_state_on_spares_who_has_left_it(build: Any, as_user: Any, tomorrow: date) -> None:
    city = build(tenant="360300")
    first = await submitted(city, WHY, name="视频巡查系统", investment_yuan="5500000.00")
    await first.gatekeep()
    second = await submitted(city, WHY, name="考勤管理系统", investment_yuan="5600000.00")
    entries = [{"key": "limit.other", "value": "7000000.00"}]
    clause = {"mode": "from_state", "state": "submitted"}
    await amended(as_user, effective_from=tomorrow.isoformat(), entries=entries, transition=clause)
    go(tomorrow)
    await first.hand_over()
    assert first.data["route"] == "provincial_review"
    await second.does("city.gatekeeper", "gatekeeping/pass")
    assert second.data["route"] == "city_filing"


async def test_a_changed_route_says_what_changed(build: Any) -> None:
    """A returned project comes back under its law; what its owner changed is named, and so is a rule."""
    case = await submitted(build(tenant="360400"), WHY, name="能耗监测系统", investment_yuan="6000000.00")
    await case.does("city.gatekeeper", "gatekeeping/return", {"reason": "核减"})
    facts = {**case.data["facts"], "investment_yuan": "4000000.00"}
    facts = {name: each for name, each in facts.items() if name not in ("on", "declarant")}
    funding = [{"source": "市级财政", "amount_yuan": "4000000.00"}]
    await case.edit(facts=facts, materials={"funding": funding})
    problem = await case.refused("owner", "submit", {"reasons": []}, 409, "route_changed")
    assert problem["changed"] == ["amount"]
    assert "金额" in problem["detail"]
    assert "类别" not in problem["detail"]


async def test_another_process_decides_by_it_at_once(
    build: Any, as_user: Any, door: Door, settings: Settings, token: Any
) -> None:
    city = build(tenant="360500")
    made = await city.life(name="智能门禁系统", facts={"investment_yuan": "8500000.00"}).at("drafted")
    async with running(settings) as other:
        await other.app.state.services.shelf[RuleBookFollower].stop()
        await amended(
            as_user, effective_from=today(), entries=[{"key": "limit.other", "value": "9000000.00"}]
        )
        transport = httpx.ASGITransport(app=other, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            there = builder(lambda t, who=None: Caller(client, token(t, who)), door, settings)
            made.world = there(tenant=city.tenant)
            await made.does("owner", "submit")
            assert made.data["route"] == "city_filing"


TAMPERING = [
    ("UPDATE amendments SET reason = '另一个理由'", "edited after it was recorded"),
    ("UPDATE amendment_decisions SET note = '另一个理由'", "edited after it was recorded"),
    ("DELETE FROM amendment_decisions", "recorded, but gone: amendment"),
    (
        "INSERT INTO amendment_decisions SELECT 900, accepted, note, decided_by, decided_at, digest "
        "FROM amendment_decisions LIMIT 1",
        "no audit entry tells of it: amendment",
    ),
]


@pytest.mark.parametrize(("statement", "word"), TAMPERING, ids=[word for _, word in TAMPERING])
async def test_check_rulebook_knows_amendments_and_finds_edits(
    as_user: Any, settings: Settings, statement: str, word: str
) -> None:
    await record_files(settings.database_url, base_rulebook(), now())
    made = await propose(as_user, entries=[{"key": "split.near_days", "value": 301}])
    if made.status_code == 201:
        await confirm(as_user, made, accepted=False)
    tables = ("amendments", "amendment_decisions")
    found = await problems_after(statement, tables, settings)
    assert [line for line in found if word in line], found
