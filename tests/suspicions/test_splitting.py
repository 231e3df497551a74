"""Art. 8 over HTTP: parts of one project are found, told, decided on by a person, and stand until they are joined."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from service.kit import clock
from service.kit.db import Door
from tests.suspicions.pairs import REASON, alone, pair
from tests.suspicions.support import ARCHIVES, PARKING, declared, suspicions_of, worked

__all__ = ["alone"]
APPROVAL = {
    "approved_amount_yuan": "2900000.00",
    "document_number": "洪发改〔2026〕12号",
    "document_date": "2026-02-01",
    "document_digest": "a" * 64,
}


async def test_two_parts_under_the_line_are_one_over_it(as_user: Any, door: Door) -> None:
    first, second = await pair(as_user, door)
    (found,) = await suspicions_of(as_user, first["id"])
    assert (found["kind"], found["state"], found["finding"]) == ("split", "open", "split_suspicion")
    assert (found["sum_yuan"], found["line_yuan"], found["size"]) == ("5700000.00", "5000000.00", 2)
    assert found["article"] == 8 and any("泊位" in phrase or "停车" in phrase for phrase in found["phrases"])
    detail = (await as_user("360100", "gatekeeper")("GET", f"/suspicions/{found['id']}")).json()
    assert {each["project_id"] for each in detail["members"]} == {first["id"], second["id"]}
    for project in (first, second):
        for who in (as_user("360100", "gatekeeper"), as_user("360000", "office")):
            codes = [
                each["code"] for each in (await who("GET", f"/projects/{project['id']}")).json()["findings"]
            ]
            assert "split_suspicion" in codes
    heard = (await as_user("360100", "gatekeeper")("GET", "/inbox?limit=50")).json()["items"]
    assert any(each["kind"] == "suspicion.split" and "5700000.00" in each["body"] for each in heard)


@pytest.mark.parametrize(
    ("one", "two", "suspected"),
    [
        ("2500000.00", "2500000.00", True),
        ("2500000.00", "2499999.99", False),
        ("5000000.00", "2800000.00", False),
    ],
)
async def test_the_line_itself_counts_and_what_is_over_it_escaped_nothing(
    as_user: Any, door: Door, one: str, two: str, suspected: bool
) -> None:
    first, _ = await pair(as_user, door, one, two)
    assert bool(await suspicions_of(as_user, first["id"])) is suspected


async def test_maintenance_does_not_count_towards_the_line(as_user: Any, door: Door) -> None:
    more = {"of_which_maintenance_yuan": "1000000.00"}
    first = (await declared(as_user, PARKING, "2900000.00", **more)).data
    await declared(as_user, PARKING, "2900000.00", "二期", **more)
    await worked(door)
    assert await suspicions_of(as_user, first["id"]) == []


async def test_other_content_is_no_part(as_user: Any, door: Door) -> None:
    first = (await declared(as_user, PARKING, "4900000.00")).data
    await declared(as_user, ARCHIVES, "4900000.00")
    await worked(door)
    assert await suspicions_of(as_user, first["id"]) == []


async def test_a_third_part_takes_up_the_first_two(as_user: Any, door: Door) -> None:
    first, second = await pair(as_user, door)
    third = (await declared(as_user, PARKING, "2000000.00", "（三期）")).data
    await worked(door)
    newest, oldest = await suspicions_of(as_user, first["id"])
    assert (newest["state"], newest["size"], newest["sum_yuan"]) == ("open", 3, "7700000.00")
    assert (oldest["state"], newest["project_id"]) == ("lapsed", third["id"])
    assert second["id"] != third["id"]


async def test_a_confirmed_split_stops_until_joined(as_user: Any, door: Door) -> None:
    first, second = await pair(as_user, door)
    keeper, portal = as_user("360100", "gatekeeper"), as_user("360100")
    path = f"/projects/{first['id']}"
    (found,) = await suspicions_of(as_user, first["id"])
    stale = await keeper("POST", f"/suspicions/{found['id']}/confirm", REASON, etag='"99"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    sure = await keeper("POST", f"/suspicions/{found['id']}/confirm", REASON, etag=f'"{found["version"]}"')
    assert (sure.status_code, sure.json()["state"]) == (200, "confirmed"), sure.text
    again = await keeper("POST", f"/suspicions/{found['id']}/confirm", REASON, etag=sure.headers["etag"])
    assert (again.status_code, again.json()["code"]) == (409, "suspicion_decided")
    etag = (await keeper("GET", path)).headers["etag"]
    shut = await keeper("POST", f"{path}/gatekeeping/pass", {}, etag=etag)
    assert (shut.status_code, shut.json()["code"], shut.json()["gate"]) == (409, "gate_shut", "not_split")
    assert shut.json()["article"] == 8
    # Returned and submitted again: shut as well.
    back = await keeper("POST", f"{path}/gatekeeping/return", REASON, etag=etag)
    resubmitted = await portal("POST", f"{path}/submit", {}, etag=back.headers["etag"])
    assert (resubmitted.status_code, resubmitted.json()["gate"]) == (409, "not_split")
    # Which project it is to be must be said while two are left.
    unsaid = await keeper("POST", f"/suspicions/{found['id']}/join", REASON, etag=sure.headers["etag"])
    assert (unsaid.status_code, unsaid.json()["errors"][0]["pointer"]) == (422, "/joint_project")
    strange = {**REASON, "joint_project": f"360200-{uuid.uuid4()}"}
    unknown = await keeper("POST", f"/suspicions/{found['id']}/join", strange, etag=sure.headers["etag"])
    assert unknown.json()["errors"][0]["code"] == "unknown_project"
    joint = {**REASON, "joint_project": first["id"]}
    joined = await keeper("POST", f"/suspicions/{found['id']}/join", joint, etag=sure.headers["etag"])
    assert (joined.status_code, joined.json()["state"], joined.json()["joint_project"]) == (
        200,
        "joined",
        first["id"],
    )
    etag = (await portal("GET", path)).headers["etag"]
    assert (await portal("POST", f"{path}/submit", {}, etag=etag)).status_code == 200
    assert second["id"] != first["id"]


def _reading(included: bool) -> dict[str, Any]:
    return {
        "supersedes": "R1",
        "question": "恰好等于限额的项目怎么办？",
        "text": "按此口径办理。",
        "articles": [9],
        "issued_by": ["general_office", "drc", "finance"],
        "document_number": "赣府厅函〔2026〕88号",
        "document_date": "2026-01-15",
        "effective_from": clock.legal_day(clock.now()).isoformat(),
        "sets": [{"key": "limit.figure_included", "value": included}],
    }


async def test_a_reading_entered_at_run_time_counts_for_the_sum_too(as_user: Any, door: Door) -> None:
    """Art. 44, R1: parts that together are just the limit; once the limit itself no longer counts, no suspicion."""
    office = as_user("360000", "office")
    first, _ = await pair(as_user, door, "2500000.00", "2500000.00")
    assert [each["sum_yuan"] for each in await suspicions_of(as_user, first["id"])] == ["5000000.00"]
    assert (await office("POST", "/rulebook/interpretations", _reading(False))).status_code == 201
    try:
        one = (await declared(as_user, ARCHIVES, "2500000.00")).data
        await declared(as_user, ARCHIVES, "2500000.00", "（二期）")
        await worked(door)
        assert await suspicions_of(as_user, one["id"]) == []
    finally:
        assert (await office("POST", "/rulebook/interpretations", _reading(True))).status_code == 201
    third = (await declared(as_user, ARCHIVES, "2400000.00", "（三期）")).data
    await worked(door)
    assert [each["state"] for each in await suspicions_of(as_user, third["id"])] == ["open"]


async def test_a_finding_survives_gatekeeping_and_approval(as_user: Any, door: Door) -> None:
    first, _ = await pair(as_user, door)
    keeper, approver = as_user("360100", "gatekeeper"), as_user("360100", "approver")
    path = f"/projects/{first['id']}"
    etag = (await keeper("GET", path)).headers["etag"]
    passed = await keeper("POST", f"{path}/gatekeeping/pass", {}, etag=etag)
    approved = await approver("POST", f"{path}/approve", APPROVAL, etag=passed.headers["etag"])
    assert approved.status_code == 200, approved.text
    for shown in (approved, await keeper("GET", path)):
        assert "split_suspicion" in [each["code"] for each in shown.json()["findings"]]


async def test_nobody_else_sees_or_decides(as_user: Any, door: Door) -> None:
    first, _ = await pair(as_user, door)
    (found,) = await suspicions_of(as_user, first["id"])
    path, etag = f"/suspicions/{found['id']}", f'"{found["version"]}"'
    stranger = as_user("360200", "gatekeeper")
    assert (await stranger("GET", path)).status_code == 404
    assert (await stranger("POST", f"{path}/dismiss", REASON, etag=etag)).status_code == 404
    assert (await stranger("GET", "/suspicions")).json()["items"] == []
    assert (await as_user("360100", "unit")("POST", f"{path}/dismiss", REASON, etag=etag)).status_code == 403
    assert (await as_user("360100", "auditor")("GET", path)).status_code == 200
    assert (await as_user("360100", "approver")("GET", path)).status_code == 403
    county = await as_user("360100", "360102.unit")("GET", path)
    assert county.status_code == 404  # another office's
    own = await as_user("360100", "unit")("GET", path)
    assert (own.status_code, own.json()["sum_yuan"]) == (200, None)


async def test_a_department_may_not_split_whatever_it_costs(as_user: Any, door: Door) -> None:
    department, office = as_user("360000", "department"), as_user("360000", "office")
    for tail in ("一期", "二期"):
        from tests.factories import draft
        from tests.suspicions.support import written

        given = written(PARKING, "300000.00", tail)
        body = draft(facts=given["facts"], name=given["name"], materials=given["materials"])
        del body["owner_office_id"]
        made = await department("POST", "/projects", body)
        assert made.status_code == 201, made.text
        why = {"reasons": [{"code": "not_in_library", "reason": "上级统一部署"}]}
        sent = await department(
            "POST", f"/projects/{made.json()['id']}/submit", why, etag=made.headers["etag"]
        )
        assert sent.status_code == 200, sent.text
    await worked(door)
    (found,) = (await office("GET", "/suspicions?tenant=360000&kind=split&state=open")).json()["items"]
    assert (found["line_yuan"], found["sum_yuan"], found["article"]) == (None, "600000.00", 8)
    sure = await office("POST", f"/suspicions/{found['id']}/confirm", REASON, etag=f'"{found["version"]}"')
    assert sure.status_code == 200
    case = await office("GET", f"/projects/{found['project_id']}")
    steps = (await office("GET", f"/projects/{found['project_id']}/history")).json()["transitions"]
    assert steps[-1]["action"] == "confirm_split" and case.status_code == 200
