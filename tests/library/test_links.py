"""Building together across levels (art. 12): invitations and links by events, each carried exactly once."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from service.kit.db import Door, tenant_scope
from service.kit.outbox import Event
from service.library.summaries import SUBSCRIBERS
from tests import factories
from tests.library.conftest import Needs, good, steps

TASK = "承担本市数据归集和应用推广"


async def invited(needs: Needs, relay: Any, *tenants: str) -> str:
    lead = await needs.department_reported(facts={"cross_level": True})
    for tenant in tenants:
        body = {"child_tenant": tenant, "task": TASK}
        good(await needs.department("POST", f"/projects/{lead.json()['id']}/links", body))
    await relay()
    return str(lead.json()["id"])


async def invitation(caller: Any, lead: str) -> Any:
    items = good(await caller("GET", "/link-invitations")).json()["items"]
    return next(each for each in items if each["lead_project"] == lead)


async def test_two_cities_join_a_department_s_project_and_each_tells_of_its_own(
    needs: Needs, as_user: Any, relay: Any
) -> None:
    """Arts 12, 34: standards reach the children; each approves at home; the lead hears of every state."""
    lead = await invited(needs, relay, "360100", "360200")
    standard = {"text": "统一数据标准第一版", "document_number": "赣数据〔2029〕1号", "on": "2029-03-01"}
    good(await needs.department("POST", f"/projects/{lead}/links/standards", standard))
    await relay()
    children = await _joined(as_user, lead)
    await relay()
    seen = good(await needs.department("GET", f"/projects/{lead}/links")).json()
    assert [each["state"] for each in seen["as_lead"]] == ["joined", "joined"]
    assert {each["summary"]["state"] for each in seen["as_lead"]} == {
        "preparing"
    }  # a draft is nobody's outside
    made = children["360100"]
    await _approved_at_home(as_user, made)
    await relay()
    await _told_of_its_own(needs, lead)
    child = good(await as_user("360100")("GET", f"/projects/{made.json()['id']}/links")).json()
    assert [each["lead_project"] for each in child["as_child"]] == [lead]
    assert child["as_lead"] == []
    # the child's tenant does not see the lead's case, nor the other city's part
    assert (await as_user("360100", "gatekeeper")("GET", f"/projects/{lead}")).status_code == 404
    assert "360200" not in (await as_user("360100", "gatekeeper")("GET", "/link-invitations")).text


async def _joined(as_user: Any, lead: Any) -> Any:
    """Each answers with a project of its own, once."""
    small = {"investment_yuan": "4000000.00"}
    children = {}
    for tenant in ("360100", "360200"):
        keeper = as_user(tenant, "gatekeeper")
        asked = await invitation(keeper, lead)
        assert (asked["task"], asked["state"]) == (TASK, "invited")
        assert [each["text"] for each in asked["standards"]] == ["统一数据标准第一版"]
        made = good(await as_user(tenant)("POST", "/projects", factories.draft(tenant, facts=small)))
        children[tenant] = made
        body = {"join": True, "project_id": made.json()["id"]}
        hidden = await keeper("POST", f"/link-invitations/{asked['id']}/answer", body)
        assert (
            hidden.json()["errors"][0]["code"] == "unknown_project"
        )  # a draft is for whoever made it to join with
        good(await as_user(tenant)("POST", f"/link-invitations/{asked['id']}/answer", body))
        again = await keeper("POST", f"/link-invitations/{asked['id']}/answer", body)
        assert (again.status_code, again.json()["code"]) == (409, "already_answered")
    return children


async def _approved_at_home(as_user: Any, made: Any) -> None:
    """Art. 34: by the city itself."""
    sent = await steps(as_user("360100"), made, "submit")
    passed = await steps(as_user("360100", "gatekeeper"), sent, "gatekeeping/pass")
    approval = {
        "approved_amount_yuan": "3900000.00",
        "document_number": "洪发改〔2029〕12号",
        "document_date": "2029-03-01",
        "document_digest": "a" * 64,
    }
    await steps(as_user("360100", "approver"), passed, "approve", approval)


async def _told_of_its_own(needs: Needs, lead: Any) -> None:
    """The lead hears the state and the amount of each; one message."""
    seen = good(await needs.department("GET", f"/projects/{lead}/links")).json()["as_lead"]
    told = {each["child_tenant"]: each["summary"] for each in seen}
    assert (told["360100"]["state"], told["360100"]["approved_amount_yuan"]) == (
        "city_approved",
        "3900000.00",
    )
    assert (told["360200"]["state"], told["360200"]["approved_amount_yuan"]) == ("preparing", None)
    inbox = good(await needs.department("GET", "/inbox?limit=200")).json()["items"]
    bodies = [each["body"] for each in inbox if each["title"].startswith("跨层级协同子项目进展")]
    mine = [each for each in bodies if "3900000.00" in each]
    assert len(mine) == 1


async def test_a_summary_arrives_exactly_once_however_often_it_is_carried(
    needs: Needs, as_user: Any, relay: Any, door: Door, superuser: Any
) -> None:
    """Art. 12: a repeated event makes no second summary and no older one overwrites a newer."""
    lead = await invited(needs, relay, "360100")
    keeper, portal = as_user("360100", "gatekeeper"), as_user("360100")
    asked = await invitation(keeper, lead)
    made = good(await portal("POST", "/projects", factories.draft("360100")))
    body = {"join": True, "project_id": made.json()["id"]}
    good(await portal("POST", f"/link-invitations/{asked['id']}/answer", body))
    sent = await steps(portal, made, "submit")
    await steps(keeper, sent, "gatekeeping/pass")
    await relay()
    rows = await superuser.fetch(
        "SELECT * FROM outbox WHERE tenant_id = '360100' AND kind IN ('project.submitted', 'project.gatekept') "
        "AND snapshot -> 'project' ->> 'id' = $1 ORDER BY created_at",
        made.json()["id"],
    )
    events = [
        Event(str(row["id"]), "360100", row["kind"], [], json.loads(row["snapshot"]), "", row["created_at"])
        for row in rows
    ]
    count = (
        "SELECT count(*) FROM outbox WHERE kind = 'link.summary_changed' AND snapshot -> 'link' ->> 'id' = $1"
    )
    link = asked["id"].partition("-")[2]
    before = await superuser.fetchval(count, link)
    assert (len(events), before) == (2, 2)
    tell = next(each for each, kinds in SUBSCRIBERS if each.name == "link_tell")
    for again in (events, events[:1], list(reversed(events))):
        async with door.transaction(tenant_scope("360100")) as tx:
            await tell.run(tx, "360100", again)
    assert await superuser.fetchval(count, link) == before
    await relay()
    seen = good(await needs.department("GET", f"/projects/{lead}/links")).json()["as_lead"]
    assert [each["summary"]["state"] for each in seen] == ["gatekept"]


async def test_bad_invitations_and_answers_are_told(needs: Needs, as_user: Any, relay: Any) -> None:
    """Art. 12: unknown tenants, drafts as leads, foreign projects, missing reasons; strangers meet 404."""
    lead = await invited(needs, relay, "360100")
    path = f"/projects/{lead}/links"
    for tenant in ("360000", "999999"):
        refused = await needs.department("POST", path, {"child_tenant": tenant, "task": TASK})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/child_tenant")
    draft = await needs.department_draft()
    early = await needs.department(
        "POST", f"/projects/{draft.json()['id']}/links", {"child_tenant": "360100", "task": TASK}
    )
    assert (early.status_code, early.json()["code"]) == (409, "lead_not_declared")
    future = {"text": "标准", "on": "2029-03-02"}
    late = await needs.department("POST", f"{path}/standards", future)
    assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "/on")
    keeper = as_user("360100", "gatekeeper")
    asked = await invitation(keeper, lead)
    answer = f"/link-invitations/{asked['id']}/answer"
    foreign = good(await needs.draft("360200"))
    for body, pointer in (
        ({"join": True}, "/project_id"),
        ({"join": True, "project_id": foreign.json()["id"]}, "/project_id"),
        ({"join": True, "project_id": lead}, "/project_id"),
        ({"join": False}, "/reason"),
        ({"join": False, "reason": "另有安排", "project_id": lead}, "/project_id"),
    ):
        refused = await keeper("POST", answer, body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer), refused.text
    assert (
        await as_user("360200", "gatekeeper")("POST", answer, {"join": False, "reason": "无关"})
    ).status_code == 404
    declined = good(await keeper("POST", answer, {"join": False, "reason": "本市另有平台"})).json()
    assert (declined["state"], declined["project_id"]) == ("declined", None)
    await relay()
    seen = good(await needs.department("GET", path)).json()["as_lead"]
    assert [(each["state"], each["summary"]) for each in seen] == [("declined", None)]


async def test_an_invited_tenant_is_not_told_what_others_were_asked(
    needs: Needs, as_user: Any, relay: Any
) -> None:
    """Art. 12: one event per tenant; neither feed nor inbox of one carries the task of another."""
    lead = await needs.joint()
    path = f"/projects/{lead.json()['id']}"
    for tenant, task in (("360100", "南昌承担甲任务"), ("360200", "景德镇承担乙任务")):
        good(await needs.department("POST", f"{path}/links", {"child_tenant": tenant, "task": task}))
    standard = {"text": "数据标准第一版", "document_number": "赣数〔2029〕1号", "on": "2029-03-01"}
    good(await needs.department("POST", f"{path}/links/standards", standard))
    await relay()
    for tenant, own, other in (("360100", "甲任务", "乙任务"), ("360200", "乙任务", "甲任务")):
        keeper = as_user(tenant, "gatekeeper")
        events = good(await keeper("GET", "/events?limit=500")).json()["events"]
        told = [each for each in events if each["kind"] in ("link.invited", "link.standards_set")]
        assert {each["kind"] for each in told} == {"link.invited", "link.standards_set"}
        assert own in json.dumps(told, ensure_ascii=False)
        assert other not in json.dumps(events, ensure_ascii=False)
        (mine,) = [
            each
            for each in good(await keeper("GET", "/link-invitations")).json()["items"]
            if each["lead_project"] == lead.json()["id"]
        ]
        assert len(mine["standards"]) == 1


async def test_a_need_that_was_never_reported_invites_nobody(needs: Needs) -> None:
    """law.md, trap 13: given back by the city's own desk, it is still nobody's outside."""
    sent = await steps(needs.as_user("360100"), await needs.draft(), "need/submit")
    back = await steps(needs.keeper, sent, "need/return", {"reason": "请合并同类需求"})
    refused = await needs.as_user("360100")(
        "POST", f"/projects/{back.json()['id']}/links", {"child_tenant": "360200", "task": "承担市级部分"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "lead_not_declared"), refused.text


async def test_a_tenant_is_asked_once_for_a_task_however_often_it_is_clicked(
    needs: Needs, as_user: Any, relay: Any
) -> None:
    """Art. 12: an unanswered invitation is not doubled, also at one instant; after a refusal it may be repeated."""
    lead = await invited(needs, relay)
    path, body = f"/projects/{lead}/links", {"child_tenant": "360200", "task": "承担市级部分"}
    answers = await asyncio.gather(*(needs.department("POST", path, body) for _ in range(4)))
    codes = sorted((each.status_code, each.json().get("code")) for each in answers)
    assert codes[0] == (201, None)
    assert set(codes[1:]) == {(409, "already_invited")}
    await relay()
    city = as_user("360200", "gatekeeper")
    asked = await invitation(city, lead)
    no = {"join": False, "reason": "本市已有同类平台"}
    good(await city("POST", f"/link-invitations/{asked['id']}/answer", no))
    await relay()
    again = good(await needs.department("POST", path, body)).json()
    assert (again["state"], again["id"] != asked["id"]) == ("invited", True)
    other = {**body, "task": "承担另一部分"}
    assert good(await needs.department("POST", path, other)).json()["state"] == "invited"
