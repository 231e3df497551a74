"""Amendments over HTTP: what is refused, what a clause does to pending cases, and that what was recorded stays so."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from service.kit import clock
from service.kit.clock import SHANGHAI, legal_day, now
from service.rulebook.following import RuleBookFollower
from service.rulebook.loader import base_rulebook
from service.rulebook.recording import record as record_files
from service.settings import Settings
from tests.rulebook.amending import FAR, RATIO, amended, confirm, deed, propose, seen
from tests.rulebook.conftest import APPROVAL, drafted, gatekept, submit, submitted, today
from tests.rulebook.tampering import problems_after
from tests.worlds import Caller, running, world

settings, app, door, client, token, as_user = world()  # the limits of other files must not move
WHY = {"not_in_library": "上级部署"}


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


async def test_decided_anew_at_the_next_desk_both_ways(as_user: Any, tomorrow: date) -> None:
    """Integration rises to twelve million, 其他 falls to three: each pending case goes on by the new rule (R23)."""
    tenant, keeper = "360200", as_user("360200", "gatekeeper")
    joint = {"project_class": "integration", "participating_offices": ["市公安局"]}
    down = await submitted(as_user, tenant, WHY, name="综合指挥系统", investment_yuan="11000000.00", **joint)
    held = await submitted(as_user, tenant, WHY, name="应急联动系统", investment_yuan="11500000.00", **joint)
    passed = await gatekept(as_user, tenant, held, "not_in_library")
    entries = [{"key": "limit.integration", "value": "12000000.00"}]
    anew = {"effective_from": tomorrow.isoformat(), "entries": entries, "transition": {"mode": "next_desk"}}
    effect = (await seen(as_user, **anew))["effect"]
    assert {each["id"]: each["fate"] for each in effect["cases"]} == {
        down.json()["id"]: "moves",
        held.json()["id"]: "moves",
    }
    await amended(as_user, **anew)
    # A lower limit would want a reason of whoever is under it: that strands him, and is refused.
    small = await submitted(as_user, tenant, name="巡查管理系统", investment_yuan="4000000.00")
    lower = [{"key": "limit.other", "value": "3000000.00"}]
    refused = await propose(as_user, **{**anew, "entries": lower})
    assert (refused.status_code, refused.json()["code"], refused.json()["stranded"]) == (
        409,
        "amendment_strands",
        1,
    )

    go(tomorrow)
    offered = (await keeper("GET", f"/projects/{held.json()['id']}")).json()
    allowed = {each["action"] for each in offered["actions"] if each["allowed"]}
    assert "hand_over" not in allowed
    approver = as_user(tenant, "approver")
    body = {**APPROVAL, "approved_amount_yuan": "11500000.00"}
    done = await approver("POST", f"/projects/{held.json()['id']}/approve", body, etag=passed.headers["etag"])
    assert done.status_code == 200, done.text
    assert done.json()["route"] == "city_filing"
    assert "赣府厅发〔2026〕31号修改" in done.json()["decision"]["explanation"]
    moved = await gatekept(as_user, tenant, down, "not_in_library")
    assert (moved.status_code, moved.json()["route"]) == (200, "city_filing"), moved.text
    steps = (await keeper("GET", f"/projects/{down.json()['id']}/history")).json()["transitions"]
    assert steps[-1]["details"]["route_moved"] == {"from": "provincial_review", "to": "city_filing"}
    assert (await gatekept(as_user, tenant, small)).json()["route"] == "city_filing"


async def test_what_if_replays_a_case_by_the_law_it_carries(as_user: Any, tomorrow: date) -> None:
    """Taken in at five million, decided after the limit rose to eight: before is as decided, after by its law."""
    tenant, keeper = "360600", as_user("360600", "gatekeeper")
    owner = as_user(tenant)
    sent = await submitted(as_user, tenant, WHY, name="排水监测系统", investment_yuan="6000000.00")
    young = await drafted(as_user, tenant, name="路灯管理系统", facts={"investment_yuan": "6000000.00"})
    entries = [{"key": "limit.other", "value": "8000000.00"}]
    await amended(as_user, effective_from=tomorrow.isoformat(), entries=entries)
    go(tomorrow)
    passed = await gatekept(as_user, tenant, sent, "not_in_library")
    assert passed.json()["decision"]["rulebook"]["date"] == tomorrow.isoformat()
    assert passed.json()["route"] == "provincial_review"
    new = await submit(as_user, tenant, young)
    assert new.json()["route"] == "city_filing"
    old_id, new_id = sent.json()["id"], new.json()["id"]

    async def replayed(limit: str) -> tuple[dict[str, tuple[str, str]], Any]:
        body = {"changes": [{"key": "limit.other", "value": limit}]}
        answer = await keeper("POST", "/rulebook/what-if", body)
        found = [json.loads(line) for line in answer.text.splitlines()]
        moved = {
            p["id"]: (p["route_before"], p["route_after"]) for line in found[:-1] for p in line["projects"]
        }
        return moved, found[-1]

    for limit, moved in (
        ("8000000.00", {old_id: ("provincial_review", "city_filing")}),  # as the new rule has it
        ("6000000.01", {old_id: ("provincial_review", "city_filing")}),
        ("6000000.00", {new_id: ("city_filing", "provincial_review")}),  # the line itself
        ("5000000.00", {new_id: ("city_filing", "provincial_review")}),  # as its own law has it
    ):
        found, result = await replayed(limit)
        assert (found, result["not_as_recorded"], result["projects"]) == (moved, 0, 2)
    await _near_its_own_limit(tomorrow, keeper, owner, passed, old_id, new_id)


async def _near_its_own_limit(
    tomorrow: date, keeper: Any, owner: Any, passed: Any, old_id: Any, new_id: Any
) -> None:
    """What the city sets over it reaches the pending case under its own limit: it is not close under eight million."""
    body = {"key": "near_line.percent", "value": 70, "effective_from": tomorrow.isoformat()}
    effect = (await keeper("POST", "/rulebook/overlays/preview", body)).json()["effect"]
    assert {each["id"]: each["findings_gained"] for each in effect["cases"]} == {new_id: ["near_line"]}
    back = await keeper(
        "POST", f"/projects/{old_id}/gatekeeping/return", {"reason": "核减"}, etag=passed.headers["etag"]
    )
    assert back.status_code == 200, back.text
    assert (await owner("GET", f"/projects/{old_id}")).json()["state"] == "returned"
    again = (await keeper("POST", "/rulebook/overlays/preview", body)).json()["effect"]
    assert {each["id"]: each["findings_gained"] for each in again["cases"]} == {new_id: ["near_line"]}


async def test_from_a_state_on_spares_who_has_left_it(as_user: Any, tomorrow: date) -> None:
    tenant = "360300"
    first = await submitted(as_user, tenant, WHY, name="视频巡查系统", investment_yuan="5500000.00")
    passed = await gatekept(as_user, tenant, first, "not_in_library")
    second = await submitted(as_user, tenant, WHY, name="考勤管理系统", investment_yuan="5600000.00")
    entries = [{"key": "limit.other", "value": "7000000.00"}]
    clause = {"mode": "from_state", "state": "submitted"}
    await amended(as_user, effective_from=tomorrow.isoformat(), entries=entries, transition=clause)
    go(tomorrow)
    keeper = as_user(tenant, "gatekeeper")
    handed = await keeper(
        "POST", f"/projects/{first.json()['id']}/hand-over", {}, etag=passed.headers["etag"]
    )
    assert (handed.status_code, handed.json()["route"]) == (200, "provincial_review"), handed.text
    moved = await gatekept(as_user, tenant, second)
    assert (moved.status_code, moved.json()["route"]) == (200, "city_filing"), moved.text


async def test_a_changed_route_says_what_changed(as_user: Any, tomorrow: date) -> None:
    """A returned project comes back under its law; what its owner changed is named, and so is a rule."""
    tenant = "360400"
    owner, keeper = as_user(tenant), as_user(tenant, "gatekeeper")
    made = await drafted(as_user, tenant, name="能耗监测系统", facts={"investment_yuan": "6000000.00"})
    sent = await submit(as_user, tenant, made, WHY)
    path = f"/projects/{sent.json()['id']}"
    back = await keeper("POST", f"{path}/gatekeeping/return", {"reason": "核减"}, etag=sent.headers["etag"])
    facts = {**back.json()["facts"], "investment_yuan": "4000000.00"}
    facts = {name: each for name, each in facts.items() if name not in ("on", "declarant")}
    less = {"facts": facts, "materials": {"funding": [{"source": "市级财政", "amount_yuan": "4000000.00"}]}}
    kept = await owner("PATCH", path, less, etag=back.headers["etag"])
    assert kept.status_code == 200, kept.text
    refused = await owner("POST", f"{path}/submit", {"reasons": []}, etag=kept.headers["etag"])
    assert (refused.status_code, refused.json()["code"]) == (409, "route_changed"), refused.text
    assert refused.json()["changed"] == ["amount"]
    assert "金额" in refused.json()["detail"]
    assert "类别" not in refused.json()["detail"]


async def test_another_process_decides_by_it_at_once(as_user: Any, settings: Settings, token: Any) -> None:
    tenant = "360500"
    made = await drafted(as_user, tenant, name="智能门禁系统", facts={"investment_yuan": "8500000.00"})
    async with running(settings) as other:
        await other.app.state.services.shelf[RuleBookFollower].stop()
        await amended(
            as_user, effective_from=today(), entries=[{"key": "limit.other", "value": "9000000.00"}]
        )
        transport = httpx.ASGITransport(app=other, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            sent = await submit(lambda t, who=None: Caller(client, token(t, who)), tenant, made)
            assert (sent.status_code, sent.json()["route"]) == (200, "city_filing"), sent.text


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
