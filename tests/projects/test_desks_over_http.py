"""What a desk sees and may do: actions told by the table, drafts that are nobody else's, withdrawal, the audit."""

from __future__ import annotations

from typing import Any

import pytest

from service.audit.jobs import seal
from service.kit.telemetry import Telemetry
from tests.factories import draft
from tests.lives import APPROVAL, World


async def test_withdrawal_until_it_is_decided(city: World) -> None:
    """Art. 14, R37: what was sent may be taken back until it is appraised, or approved where no appraisal is asked."""
    why = {"reason": "重复申报"}
    sent = await city.submitted()
    assert (await sent.does("owner", "withdraw", why))["state"] == "withdrawn"
    passed = await city.gatekept()
    back = await passed.does("owner", "withdraw", why)
    assert (back["state"], back["holder"]) == ("withdrawn", "owner")
    approved = await city.approved()
    await approved.refused("owner", "withdraw", why, 409, "action_not_allowed", article=14)


async def test_actions_of_the_answer_come_from_the_table(city: World) -> None:
    seen = (await (await city.gatekept()).read("city.approver"))["actions"]
    allowed = {action["action"]: action["allowed"] for action in seen}
    assert allowed["approve"] is True
    assert "gatekeep_return" not in allowed, "another desk's act is not told here"
    assert all(action["why_not"] for action in seen if not action["allowed"])


async def test_audit_tells_what_was_done_and_nothing_of_the_case(
    city: World, door: Any, settings: Any
) -> None:
    made = await city.draft(investment_yuan="4321000.00")
    ref, uuid = made.id, made.id.partition("-")[2]
    await city.by("owner")("PATCH", f"/projects/{ref}", {"name": "改名"}, etag=made.etag)
    sent = await city.submitted()
    admin, supervisor = city.by("city.administrator"), city.by("province.supervisor")
    own = (await admin("GET", f"/audit?object_id={ref}")).json()["items"]
    assert [entry["action"] for entry in own] == ["project.edit", "project.create"]
    everything = (await admin("GET", "/audit?limit=200")).text
    for word in ("4321000", "investment", "route", "city_filing", "filing_number"):
        assert word not in everything
    # Nobody outside the tenant learns of a draft, not even that there is one.
    assert (await supervisor("GET", f"/audit?tenant=360100&object_id={ref}")).json()["items"] == []
    seen = (await supervisor("GET", f"/audit?tenant=360100&object_id={sent.id}")).json()["items"]
    assert [entry["action"] for entry in seen] == ["project.submit"]
    assert uuid not in (await supervisor("GET", "/audit?tenant=360100&limit=200")).text
    await seal(
        door, settings, Telemetry()
    )  # as the worker does: no entry is left waiting for ten minutes here
    verdict = (await supervisor("GET", "/audit/verify?tenant=360100")).json()
    assert verdict["problems"] == 0, verdict


async def test_a_draft_is_not_there_for_other_desks(city: World) -> None:
    made = await city.draft()
    for who, suffix, body in (
        ("gatekeeper", "gatekeeping/pass", {}),
        ("gatekeeper", "gatekeeping/return", {"reason": "退回"}),
        ("approver", "approve", APPROVAL),
        ("gatekeeper", "file", {}),
        ("gatekeeper", "hand-over", {}),
    ):
        answer = await made.tried(f"city.{who}", suffix, body)
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
