"""Building together (art. 12): frameworks signed by all; cross-level links by events, each part approved at home."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from service.kit.db import Door, tenant_scope
from service.kit.ids import new_id
from service.kit.outbox import Event
from service.library.summaries import SUBSCRIBERS
from service.setup.seed import office_id
from tests import factories
from tests.library.conftest import Needs, good, steps

POLICE, ARCHIVES = (office_id("360000", "360000", name) for name in ("省公安厅", "省档案局"))
TEXT = {"goals": "一网协同", "content": "共建数据底座"}


async def joint(needs: Needs, **facts: Any) -> Any:
    return await needs.department_reported(facts={"participating_offices": ["省公安厅"], **facts})


# ---- frameworks -------------------------------------------------------------------------------------------


async def test_a_framework_is_signed_by_all_and_opens_the_joint_review(
    needs: Needs, as_user: Any, officer: Any, relay: Any
) -> None:
    """Art. 12: information centre, owner and participant sign one text; then, and not before, review may begin."""
    told = await joint(needs)
    centre, police, path = as_user("360000", "info_centre"), officer(POLICE), f"/projects/{told.json()['id']}"
    assert (await police("GET", f"{path}/framework")).status_code == 404
    made = good(await centre("POST", f"{path}/framework", {**TEXT, "participants": [POLICE]}))
    assert [each["name"] for each in made.json()["parties"]] == ["省信息中心", "省信息中心", "省公安厅"]
    assert (await police("GET", path)).status_code == 404  # the case itself stays its owner's
    for reader in (police, centre, needs.department, needs.office):
        assert good(await reader("GET", f"{path}/framework")).json()["goals"] == "一网协同"
    assert (await officer(ARCHIVES)("GET", f"{path}/framework")).status_code == 404
    assert (await officer(ARCHIVES)("POST", f"{path}/framework/sign", {"edition": 1})).status_code == 404
    case = good(await centre("GET", path))
    early = await centre("POST", f"{path}/framework/conclude", {"edition": 1}, etag=case.headers["etag"])
    assert (early.status_code, early.json()["code"], early.json()["article"]) == (
        409,
        "signatures_missing",
        12,
    )
    for signer in (centre, needs.department, police):
        good(await signer("POST", f"{path}/framework/sign", {"edition": 1}))
    twice = await police("POST", f"{path}/framework/sign", {"edition": 1})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_signed")
    done = good(
        await centre("POST", f"{path}/framework/conclude", {"edition": 1}, etag=case.headers["etag"])
    ).json()
    assert done["dated"]["framework"]["edition"] == 1
    await relay()
    inbox = good(await needs.office("GET", "/inbox?limit=200")).json()["items"]
    assert any(each["title"].startswith("共建框架方案已确定") for each in inbox)


async def test_a_changed_text_voids_the_signatures_and_the_agreement(
    needs: Needs, as_user: Any, officer: Any
) -> None:
    """Art. 12."""
    told = await joint(needs)
    centre, path = as_user("360000", "info_centre"), f"/projects/{told.json()['id']}"
    good(await centre("POST", f"{path}/framework", {**TEXT, "participants": [POLICE]}))
    signers = (centre, needs.department, officer(POLICE))
    for signer in signers:
        good(await signer("POST", f"{path}/framework/sign", {"edition": 1}))
    case = good(await centre("GET", path))
    good(await centre("POST", f"{path}/framework/conclude", {"edition": 1}, etag=case.headers["etag"]))
    changed = good(await centre("PATCH", f"{path}/framework", {"goals": "改过的目标"}, etag='"1"')).json()
    assert (changed["edition"], changed["complete"], changed["version"]) == (2, False, 2)
    case = good(await centre("GET", path))
    assert "framework" not in case.json()["dated"]
    old = await signers[2]("POST", f"{path}/framework/sign", {"edition": 1})
    assert (old.status_code, old.json()["code"]) == (409, "framework_changed")
    stale = await centre("PATCH", f"{path}/framework", {"goals": "再改"}, etag='"1"')
    assert stale.json()["code"] == "stale_version"
    refused = await centre("POST", f"{path}/framework/conclude", {"edition": 2}, etag=case.headers["etag"])
    assert refused.json()["code"] == "signatures_missing"


async def test_a_framework_drawn_up_for_others_does_not_stand_for_who_is_declared_now(
    needs: Needs, as_user: Any, officer: Any
) -> None:
    """Art. 12: the project came back with one more participant; the text that all had signed does not name it."""
    told = await joint(needs)
    centre, path = as_user("360000", "info_centre"), f"/projects/{told.json()['id']}"
    good(await centre("POST", f"{path}/framework", {**TEXT, "participants": [POLICE]}))
    for signer in (centre, needs.department, officer(POLICE)):
        good(await signer("POST", f"{path}/framework/sign", {"edition": 1}))
    back = await steps(needs.office, told, "need/reject", {"reason": "请补充参建部门"})
    mine = good(await needs.department("GET", path))
    facts = {**back.json()["facts"], "participating_offices": ["省公安厅", "省档案局"]}
    facts = {key: value for key, value in facts.items() if key not in ("on", "declarant")}
    more = good(await needs.department("PATCH", path, {"facts": facts}, etag=mine.headers["etag"]))
    again = await steps(needs.department, more, "need/report")
    refused = await centre("POST", f"{path}/framework/conclude", {"edition": 1}, etag=again.headers["etag"])
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["article"], problem["missing"]) == (
        409,
        "participant_missing",
        12,
        ["省档案局"],
    )
    assert "framework" not in good(await centre("GET", path)).json()["dated"]


async def test_the_gate_of_the_joint_review_asks_for_the_framework(
    needs: Needs, as_user: Any, officer: Any
) -> None:
    """Arts 12, 18, 19: appraised, but without its framework a jointly built project is not reviewed."""
    project = await needs.entered(await joint(needs))
    sent = await steps(needs.department, project, "submit")
    path = f"/projects/{sent.json()['id']}"

    async def allowed() -> Any:
        actions = good(await needs.office("GET", path)).json()["actions"]
        found = next(each for each in actions if each["action"] == "open_joint_review")
        return found["allowed"], found["article"]

    assert await allowed() == (False, 12)
    centre = as_user("360000", "info_centre")
    good(await centre("POST", f"{path}/framework", {**TEXT, "participants": [POLICE]}))
    for signer in (centre, needs.department, officer(POLICE)):
        good(await signer("POST", f"{path}/framework/sign", {"edition": 1}))
    case = good(await centre("GET", path))
    good(await centre("POST", f"{path}/framework/conclude", {"edition": 1}, etag=case.headers["etag"]))
    assert (await allowed())[0] is True


@pytest.mark.parametrize(
    ("participants", "code"),
    [([ARCHIVES], "participant_missing"), ([new_id()], "unknown_office")],
)
async def test_a_framework_names_the_declared_participants(
    needs: Needs, as_user: Any, superuser: Any, participants: list[str], code: str
) -> None:
    """Art. 12: pointer, nothing stored."""
    told = await joint(needs)
    path = f"/projects/{told.json()['id']}/framework"
    refused = await as_user("360000", "info_centre")("POST", path, {**TEXT, "participants": participants})
    assert refused.status_code == 422
    assert code in [each["code"] for each in refused.json()["errors"]]
    count = "SELECT count(*) FROM frameworks WHERE project_id::text = $1"
    assert await superuser.fetchval(count, told.json()["id"][7:]) == 0


async def test_a_project_of_one_department_needs_no_framework(needs: Needs, as_user: Any) -> None:
    """Art. 12; and only one framework per project."""
    centre = as_user("360000", "info_centre")
    told = await needs.department_reported()
    body = {**TEXT, "participants": [POLICE]}
    refused = await centre("POST", f"/projects/{told.json()['id']}/framework", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_joint")
    told = await joint(needs)
    good(await centre("POST", f"/projects/{told.json()['id']}/framework", body))
    again = await centre("POST", f"/projects/{told.json()['id']}/framework", body)
    assert (again.status_code, again.json()["code"]) == (409, "framework_exists")


# ---- links ------------------------------------------------------------------------------------------------

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
    await relay()
    seen = good(await needs.department("GET", f"/projects/{lead}/links")).json()
    assert [each["state"] for each in seen["as_lead"]] == ["joined", "joined"]
    assert {each["summary"]["state"] for each in seen["as_lead"]} == {
        "preparing"
    }  # a draft is nobody's outside
    made = children["360100"]
    sent = await steps(as_user("360100"), made, "submit")
    passed = await steps(as_user("360100", "gatekeeper"), sent, "gatekeeping/pass")
    approval = {
        "approved_amount_yuan": "3900000.00",
        "document_number": "洪发改〔2029〕12号",
        "document_date": "2029-03-01",
        "document_digest": "a" * 64,
    }
    await steps(as_user("360100", "approver"), passed, "approve", approval)
    await relay()
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
    child = good(await as_user("360100")("GET", f"/projects/{made.json()['id']}/links")).json()
    assert [each["lead_project"] for each in child["as_child"]] == [lead]
    assert child["as_lead"] == []
    # the child's tenant does not see the lead's case, nor the other city's part
    assert (await as_user("360100", "gatekeeper")("GET", f"/projects/{lead}")).status_code == 404
    assert "360200" not in (await as_user("360100", "gatekeeper")("GET", "/link-invitations")).text


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
    lead = await joint(needs)
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
