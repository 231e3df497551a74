"""Art. 30: both checklists and the application for acceptance judge by one code; so do a need's list and report."""

from __future__ import annotations

from typing import Any

from service.measures.acceptance import MATERIALS as ASKED
from service.measures.checklist import SLOTS
from tests.factories import attach, materials
from tests.lives import Life
from tests.lives.said import MATERIALS, PASSED

PARTS = {
    "data_sharing_report": ["catalogue", "access", "sharing"],
    "third_party_test": ["function", "performance"],
    "security_risk": ["protection_level"],
}


def test_every_slot_of_the_acceptance_belongs_to_a_material_or_to_a_part() -> None:
    wanted = {each.slot for each in ASKED} | {part.slot for each in ASKED for part in each.parts if part.slot}
    slots = {key for key, slot in SLOTS.items() if slot.phase == "acceptance"}
    assert wanted == slots - {"acceptance_opinion"}, (
        "the opinion is what the acceptance gives, not what it wants"
    )
    assert {key for key in wanted if SLOTS[key].needed} == {each.slot for each in ASKED}


async def _agree(case: Life) -> list[tuple[str, str]]:
    """Both checklists and the deed on the same case; what they want, once it is found to be the same."""
    listed = await case.sees("documents/checklist", "city.unit")
    at_end = await case.sees("acceptance/checklist", "city.unit")
    refused = await case.tried("city.unit", "apply-acceptance", {"materials": {}, "work_secrets": False})
    points = [(each["pointer"], each["code"]) for each in refused.json()["errors"]]
    assert points == [(each["pointer"], each["code"]) for each in listed["open"]]
    assert points == [
        (
            f"/materials/{item['key']}" + ("/parts" if item["given"] else ""),
            "part_missing" if item["given"] else "material_missing",
        )
        for item in at_end["items"]
        if not item["complete"]
    ]
    lines = {item["slot"]: item for item in listed["items"] if item["phase"] == "acceptance"}
    assert {slot for slot, line in lines.items() if line["needed"] and not line["filled"]} == set(
        listed["missing"]
    )
    assert at_end["complete"] is (not points)
    return points


async def test_what_lies_in_a_slot_counts_for_the_checklists_and_for_the_application(life: Any) -> None:
    case = await life().at("inspected")
    unit = case.by("city.unit")
    assert len(await _agree(case)) == len(ASKED)
    await case.does("city.data_office", "confirm-data", PASSED)
    for each in ASKED[:5]:
        await attach(unit, case.id, each.slot, f"{each.name}全文".encode())
    points = await _agree(case)
    # A report with named parts is there, and its parts are still to be told.
    assert points[0] == ("/materials/data_sharing_report/parts", "part_missing")
    assert [pointer for pointer, _ in points[1:]] == [f"/materials/{each.key}" for each in ASKED[5:]]
    for each in ASKED[5:]:
        await attach(unit, case.id, each.slot, f"{each.name}全文".encode())
    assert {pointer for pointer, _ in await _agree(case)} == {f"/materials/{key}/parts" for key in PARTS}
    told = {"materials": {key: {"parts": parts} for key, parts in PARTS.items()}, "work_secrets": False}
    await case.does("city.unit", "apply-acceptance", told)
    (record,) = await case.records("apply_acceptance")
    assert record["content"]["attached"] == [each.slot for each in ASKED]
    after = await case.sees("acceptance/checklist", "city.unit")
    assert after["complete"] is True
    # Given back, what was only told is to be told again: no list says otherwise than the deed.
    await case.does("city.approver", "return-acceptance", {"reason": "报告不全"})
    assert {pointer for pointer, _ in await _agree(case)} == {f"/materials/{key}/parts" for key in PARTS}


async def test_a_material_without_digest_and_file_is_none(life: Any) -> None:
    case = await life().at("inspected")
    bare = {**MATERIALS, "archives": {"note": "已归档"}}
    await case.wrong(
        "city.unit", "apply-acceptance", {"materials": bare, "work_secrets": False}, "/materials/archives"
    )


async def test_declared_work_secrets_are_asked_for_at_the_end_whatever_is_told(life: Any) -> None:
    """Arts 15, 30: the declaration said so; the part is there by its own file or as told."""
    plan = {**materials()["plan"], "work_secrets": "分级授权，导出留痕", "involves_work_secrets": True}
    case = await life(materials={"plan": plan}).at("inspected")
    unit = case.by("city.unit")
    body = {"materials": MATERIALS, "work_secrets": False}
    await case.wrong("city.unit", "apply-acceptance", body, "/materials/security_risk/parts")
    listed = await case.sees("documents/checklist", "city.unit")
    assert "work_secret_check" in listed["missing"]
    await attach(unit, case.id, "work_secret_check")
    data = await case.does("city.unit", "apply-acceptance", body)
    assert data["dated"]["acceptance_applied"]["work_secrets"] is True


async def test_a_needs_checklist_and_actions_say_what_its_report_will(as_user: Any) -> None:
    """Arts 8, 9: the need says what and why; nothing of a declaration is asked of it."""
    department = as_user("360000", "department")
    body = {
        "name": "政务数据治理平台",
        "facts": {
            "project_class": "other",
            "kind": "new",
            "investment_yuan": "6000000.00",
            "fiscal_funds": True,
            "classified": False,
        },
        "materials": {"basics": {"main_tasks": "无"}},
    }
    made = await department("POST", "/needs", body)
    assert made.status_code == 201, made.text
    path = f"/projects/{made.json()['id']}"
    await _told_alike(department, made, path)
    told = {"basics": {"main_tasks": "汇聚治理政务数据", "basis": "年度重点工作"}}
    whole = await department("PATCH", path, {"materials": told}, etag=made.headers["etag"])
    assert (await department("GET", f"{path}/documents/checklist")).json()["open"] == []
    (offered,) = [
        each for each in (await department("GET", path)).json()["actions"] if each["action"] == "need_report"
    ]
    assert offered["allowed"] is True
    assert whole.status_code == 200


async def _told_alike(department: Any, made: Any, path: Any) -> None:
    """Refusal, checklist, preview and actions name the same two gaps."""
    both = [
        ("/materials/basics/main_tasks", "missing_material"),
        ("/materials/basics/basis", "missing_material"),
    ]
    refused = await department("POST", f"{path}/need/report", {}, etag=made.headers["etag"])
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == both
    listed = (await department("GET", f"{path}/documents/checklist")).json()
    assert [(each["pointer"], each["code"]) for each in listed["open"]] == both
    assert (listed["missing"], [item["slot"] for item in listed["items"] if item["needed"]]) == (
        ["basics"],
        ["basics", *(each.slot for each in ASKED)],
    )
    preview = (await department("POST", f"{path}/preview")).json()
    assert [each["pointer"] for each in preview["missing"]] == [pointer for pointer, _ in both]
    for answer in (made, await department("GET", path)):
        (offered,) = [each for each in answer.json()["actions"] if each["action"] == "need_report"]
        assert (offered["allowed"], "主要任务" in offered["why_not"]) == (False, True)
