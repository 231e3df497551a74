"""Building together across levels (art. 12): invitations and links by events, each carried exactly once."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from service.kit.db import Door, tenant_scope
from service.kit.outbox import Event
from service.library.summaries import SUBSCRIBERS
from tests.lives import Life, World, good, needs
from tests.lives.needs import KEEPER

TASK = "承担本市数据归集和应用推广"


async def invited(department: World, relay: Any, *tenants: str) -> str:
    lead = await needs.reported(department, cross_level=True)
    for tenant in tenants:
        body = {"child_tenant": tenant, "task": TASK}
        good(await department.by("owner")("POST", f"/projects/{lead.id}/links", body))
    await relay()
    return lead.id


async def invitation(caller: Any, lead: str) -> Any:
    items = good(await caller("GET", "/link-invitations")).json()["items"]
    return next(each for each in items if each["lead_project"] == lead)


async def test_two_cities_join_a_department_s_project_and_each_tells_of_its_own(
    department: World, build: Any, as_user: Any, relay: Any
) -> None:
    """Arts 12, 34: standards reach the children; each approves at home; the lead hears of every state."""
    lead = await invited(department, relay, "360100", "360200")
    standard = {"text": "统一数据标准第一版", "document_number": "赣数据〔2029〕1号", "on": "2029-03-01"}
    good(await department.by("owner")("POST", f"/projects/{lead}/links/standards", standard))
    await relay()
    children = [await _joined(build(tenant=each), lead) for each in ("360100", "360200")]
    await relay()
    seen = good(await department.by("owner")("GET", f"/projects/{lead}/links")).json()
    assert [each["state"] for each in seen["as_lead"]] == ["joined", "joined"]
    assert {each["summary"]["state"] for each in seen["as_lead"]} == {
        "preparing"
    }  # a draft is nobody's outside
    made = children[0]
    await made.at("submitted")
    await made.gatekeep()
    await made.approve(document_date="2029-03-01")  # art. 34: by the city itself
    await relay()
    await _told_of_its_own(department, lead)
    child = await made.sees("links")
    assert [each["lead_project"] for each in child["as_child"]] == [lead]
    assert child["as_lead"] == []
    # the child's tenant does not see the lead's case, nor the other city's part
    assert (await as_user("360100", "gatekeeper")("GET", f"/projects/{lead}")).status_code == 404
    assert "360200" not in (await as_user("360100", "gatekeeper")("GET", "/link-invitations")).text


async def _joined(city: World, lead: str) -> Life:
    """Answers with a project of its own, once."""
    keeper = city.by(KEEPER)
    asked = await invitation(keeper, lead)
    assert (asked["task"], asked["state"]) == (TASK, "invited")
    assert [each["text"] for each in asked["standards"]] == ["统一数据标准第一版"]
    made = await city.draft()
    body = {"join": True, "project_id": made.id}
    path = f"/link-invitations/{asked['id']}/answer"
    hidden = await keeper("POST", path, body)
    # a draft is for whoever made it to join with
    assert hidden.json()["errors"][0]["code"] == "unknown_project"
    good(await city.by("owner")("POST", path, body))
    again = await keeper("POST", path, body)
    assert (again.status_code, again.json()["code"]) == (409, "already_answered")
    return made


async def _told_of_its_own(department: World, lead: Any) -> None:
    """The lead hears the state and the amount of each; one message."""
    seen = good(await department.by("owner")("GET", f"/projects/{lead}/links")).json()["as_lead"]
    told = {each["child_tenant"]: each["summary"] for each in seen}
    assert (told["360100"]["state"], told["360100"]["approved_amount_yuan"]) == (
        "city_approved",
        "3900000.00",
    )
    assert (told["360200"]["state"], told["360200"]["approved_amount_yuan"]) == ("preparing", None)
    inbox = good(await department.by("owner")("GET", "/inbox?limit=200")).json()["items"]
    bodies = [each["body"] for each in inbox if each["title"].startswith("跨层级协同子项目进展")]
    mine = [each for each in bodies if "3900000.00" in each]
    assert len(mine) == 1


async def test_a_summary_arrives_exactly_once_however_often_it_is_carried(
    city: World, department: World, relay: Any, door: Door, superuser: Any
) -> None:
    """Art. 12: a repeated event makes no second summary and no older one overwrites a newer."""
    lead = await invited(department, relay, "360100")
    asked = await invitation(city.by(KEEPER), lead)
    made = await city.draft()
    body = {"join": True, "project_id": made.id}
    good(await city.by("owner")("POST", f"/link-invitations/{asked['id']}/answer", body))
    await made.at("gatekept")
    await relay()
    rows = await superuser.fetch(
        "SELECT * FROM outbox WHERE tenant_id = '360100' AND kind IN ('project.submitted', 'project.gatekept') "
        "AND snapshot -> 'project' ->> 'id' = $1 ORDER BY created_at",
        made.id,
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
    seen = good(await department.by("owner")("GET", f"/projects/{lead}/links")).json()["as_lead"]
    assert [each["summary"]["state"] for each in seen] == ["gatekept"]


async def test_bad_invitations_and_answers_are_told(
    department: World, build: Any, as_user: Any, relay: Any
) -> None:
    """Art. 12: unknown tenants, drafts as leads, foreign projects, missing reasons; strangers meet 404."""
    lead = await invited(department, relay, "360100")
    path = f"/projects/{lead}/links"
    for tenant in ("360000", "999999"):
        refused = await department.by("owner")("POST", path, {"child_tenant": tenant, "task": TASK})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/child_tenant")
    draft = await needs.drafted(department)
    early = await draft.tried("owner", "links", {"child_tenant": "360100", "task": TASK})
    assert (early.status_code, early.json()["code"]) == (409, "lead_not_declared")
    future = {"text": "标准", "on": "2029-03-02"}
    late = await department.by("owner")("POST", f"{path}/standards", future)
    assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "/on")
    keeper = as_user("360100", "gatekeeper")
    asked = await invitation(keeper, lead)
    answer = f"/link-invitations/{asked['id']}/answer"
    foreign = await needs.drafted(build(tenant="360200"))
    for body, pointer in (
        ({"join": True}, "/project_id"),
        ({"join": True, "project_id": foreign.id}, "/project_id"),
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
    seen = good(await department.by("owner")("GET", path)).json()["as_lead"]
    assert [(each["state"], each["summary"]) for each in seen] == [("declined", None)]


async def test_art_12_what_was_given_up_takes_no_part(
    department: World, build: Any, as_user: Any, relay: Any
) -> None:
    """A project that was withdrawn builds nothing, so it joins nothing either."""
    lead = await invited(department, relay, "360100")
    given_up = await build(tenant="360100").life().at("submitted")
    await given_up.does("owner", "withdraw", {"reason": "不再申报"})
    keeper = as_user("360100", "gatekeeper")
    answer = f"/link-invitations/{(await invitation(keeper, lead))['id']}/answer"
    told = await keeper("POST", answer, {"join": True, "project_id": given_up.id})
    assert told.status_code == 422, told.text
    assert [(each["pointer"], each["code"]) for each in told.json()["errors"]] == [
        ("/project_id", "project_ended")
    ]


async def test_an_invited_tenant_is_not_told_what_others_were_asked(
    department: World, as_user: Any, relay: Any
) -> None:
    """Art. 12: one event per tenant; neither feed nor inbox of one carries the task of another."""
    lead = await needs.joint(department)
    path = f"/projects/{lead.id}"
    for tenant, task in (("360100", "南昌承担甲任务"), ("360200", "景德镇承担乙任务")):
        good(await department.by("owner")("POST", f"{path}/links", {"child_tenant": tenant, "task": task}))
    standard = {"text": "数据标准第一版", "document_number": "赣数〔2029〕1号", "on": "2029-03-01"}
    good(await department.by("owner")("POST", f"{path}/links/standards", standard))
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
            if each["lead_project"] == lead.id
        ]
        assert len(mine["standards"]) == 1


async def test_a_need_that_was_never_reported_invites_nobody(city: World) -> None:
    """law.md, trap 13: given back by the city's own desk, it is still nobody's outside."""
    need = await needs.submitted(city)
    await need.does(KEEPER, "need/return", {"reason": "请合并同类需求"})
    refused = await need.tried("owner", "links", {"child_tenant": "360200", "task": "承担市级部分"})
    assert (refused.status_code, refused.json()["code"]) == (409, "lead_not_declared"), refused.text


async def test_a_tenant_is_asked_once_for_a_task_however_often_it_is_clicked(
    department: World, as_user: Any, relay: Any
) -> None:
    """Art. 12: an unanswered invitation is not doubled, also at one instant; after a refusal it may be repeated."""
    lead = await invited(department, relay)
    path, body = f"/projects/{lead}/links", {"child_tenant": "360200", "task": "承担市级部分"}
    answers = await asyncio.gather(*(department.by("owner")("POST", path, body) for _ in range(4)))
    codes = sorted((each.status_code, each.json().get("code")) for each in answers)
    assert codes[0] == (201, None)
    assert set(codes[1:]) == {(409, "already_invited")}
    await relay()
    city = as_user("360200", "gatekeeper")
    asked = await invitation(city, lead)
    no = {"join": False, "reason": "本市已有同类平台"}
    good(await city("POST", f"/link-invitations/{asked['id']}/answer", no))
    await relay()
    again = good(await department.by("owner")("POST", path, body)).json()
    assert (again["state"], again["id"] != asked["id"]) == ("invited", True)
    other = {**body, "task": "承担另一部分"}
    assert good(await department.by("owner")("POST", path, other)).json()["state"] == "invited"
