"""What a desk sees and may do: actions told by the table, drafts that are nobody else's, withdrawal, the audit."""

from __future__ import annotations

from typing import Any

import pytest

from service.audit.jobs import seal
from service.kit.telemetry import Telemetry
from tests.factories import draft
from tests.projects.declared import APPROVAL, gatekept, submitted


async def test_withdrawal_until_it_is_decided(as_user: Any) -> None:
    """Art. 14, R37: what was sent may be taken back until it is appraised, or approved where no appraisal is asked."""
    portal = as_user("360100")
    sent = await submitted(as_user)
    path = f"/projects/{sent.json()['id']}/withdraw"
    gone = await portal("POST", path, {"reason": "重复申报"}, etag=sent.headers["etag"])
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    passed = await gatekept(as_user)
    path = f"/projects/{passed.json()['id']}/withdraw"
    back = await portal("POST", path, {"reason": "重复申报"}, etag=passed.headers["etag"])
    assert (back.status_code, back.json()["state"], back.json()["holder"]) == (200, "withdrawn", "owner")
    approved = await gatekept(as_user)
    path = f"/projects/{approved.json()['id']}"
    done = await as_user("360100", "approver")(
        "POST", f"{path}/approve", APPROVAL, etag=approved.headers["etag"]
    )
    late = await portal("POST", f"{path}/withdraw", {"reason": "重复申报"}, etag=done.headers["etag"])
    assert (late.status_code, late.json()["code"], late.json()["article"]) == (409, "action_not_allowed", 14)


async def test_actions_of_the_answer_come_from_the_table(as_user: Any) -> None:
    passed = await gatekept(as_user)
    path = f"/projects/{passed.json()['id']}"
    seen = (await as_user("360100", "approver")("GET", path)).json()["actions"]
    allowed = {action["action"]: action["allowed"] for action in seen}
    assert allowed["approve"] is True
    assert "gatekeep_return" not in allowed, "another desk's act is not told here"
    assert all(action["why_not"] for action in seen if not action["allowed"])


async def test_audit_tells_what_was_done_and_nothing_of_the_case(
    as_user: Any, door: Any, settings: Any
) -> None:
    portal = as_user("360100")
    made = await portal("POST", "/projects", draft(facts={"investment_yuan": "4321000.00"}))
    ref, uuid = made.json()["id"], made.json()["id"].partition("-")[2]
    await portal("PATCH", f"/projects/{ref}", {"name": "改名"}, etag=made.headers["etag"])
    sent = await submitted(as_user)
    admin, supervisor = as_user("360100", "administrator"), as_user("360000", "supervisor")
    own = (await admin("GET", f"/audit?object_id={ref}")).json()["items"]
    assert [entry["action"] for entry in own] == ["project.edit", "project.create"]
    everything = (await admin("GET", "/audit?limit=200")).text
    for word in ("4321000", "investment", "route", "city_filing", "filing_number"):
        assert word not in everything
    # Nobody outside the tenant learns of a draft, not even that there is one.
    assert (await supervisor("GET", f"/audit?tenant=360100&object_id={ref}")).json()["items"] == []
    seen = (await supervisor("GET", f"/audit?tenant=360100&object_id={sent.json()['id']}")).json()["items"]
    assert [entry["action"] for entry in seen] == ["project.submit"]
    assert uuid not in (await supervisor("GET", "/audit?tenant=360100&limit=200")).text
    await seal(
        door, settings, Telemetry()
    )  # as the worker does: no entry is left waiting for ten minutes here
    verdict = (await supervisor("GET", "/audit/verify?tenant=360100")).json()
    assert verdict["problems"] == 0, verdict


async def test_a_draft_is_not_there_for_other_desks(as_user: Any) -> None:
    made = await as_user("360100")("POST", "/projects", draft())
    path = f"/projects/{made.json()['id']}"
    for who, suffix, body in (
        ("gatekeeper", "gatekeeping/pass", {}),
        ("gatekeeper", "gatekeeping/return", {"reason": "退回"}),
        ("approver", "approve", APPROVAL),
        ("gatekeeper", "file", {}),
        ("gatekeeper", "hand-over", {}),
    ):
        answer = await as_user("360100", who)("POST", f"{path}/{suffix}", body, etag=made.headers["etag"])
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), answer.text


@pytest.mark.parametrize(
    ("tenant", "login"),
    [("360100", None), ("360100", "unit"), ("360100", "360121.unit"), ("360000", "department")],
)
async def test_a_fresh_draft_tells_its_owner_that_it_may_be_submitted(
    as_user: Any, tenant: str, login: str | None
) -> None:
    caller, body = as_user(tenant, login), draft(facts={"in_library": True})
    if login is not None:
        del body["owner_office_id"]
    made = await caller("POST", "/projects", body)
    assert made.status_code == 201, made.text
    allowed = {action["action"]: action["allowed"] for action in made.json()["actions"]}
    assert allowed["submit"] and allowed["edit"] and allowed["delete"]
