"""Building together (art. 12): frameworks signed by all; cross-level links by events, each part approved at home."""

from __future__ import annotations

from typing import Any

import pytest

from service.kit.ids import new_id
from service.setup.seed import office_id
from tests.lives import World, good, needs
from tests.lives.needs import OFFICE

POLICE, ARCHIVES = (office_id("360000", "360000", name) for name in ("省公安厅", "省档案局"))
TEXT = {"goals": "一网协同", "content": "共建数据底座"}


async def test_a_framework_is_signed_by_all_and_opens_the_joint_review(
    department: World, as_user: Any, officer: Any, relay: Any
) -> None:
    """Art. 12: information centre, owner and participant sign one text; then, and not before, review may begin."""
    told = await needs.joint(department)
    centre, police, path = as_user("360000", "info_centre"), officer(POLICE), f"/projects/{told.id}"
    assert (await police("GET", f"{path}/framework")).status_code == 404
    made = good(await centre("POST", f"{path}/framework", {**TEXT, "participants": [POLICE]}))
    assert [each["name"] for each in made.json()["parties"]] == ["省信息中心", "省信息中心", "省公安厅"]
    assert (await police("GET", path)).status_code == 404  # the case itself stays its owner's
    for reader in (police, centre, department.by("owner"), department.by(OFFICE)):
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
    for signer in (centre, department.by("owner"), police):
        good(await signer("POST", f"{path}/framework/sign", {"edition": 1}))
    twice = await police("POST", f"{path}/framework/sign", {"edition": 1})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_signed")
    done = good(
        await centre("POST", f"{path}/framework/conclude", {"edition": 1}, etag=case.headers["etag"])
    ).json()
    assert done["dated"]["framework"]["edition"] == 1
    await relay()
    inbox = good(await department.by(OFFICE)("GET", "/inbox?limit=200")).json()["items"]
    assert any(each["title"].startswith("共建框架方案已确定") for each in inbox)


async def test_a_changed_text_voids_the_signatures_and_the_agreement(
    department: World, as_user: Any, officer: Any
) -> None:
    """Art. 12."""
    told = await needs.joint(department)
    centre, path = as_user("360000", "info_centre"), f"/projects/{told.id}"
    good(await centre("POST", f"{path}/framework", {**TEXT, "participants": [POLICE]}))
    signers = (centre, department.by("owner"), officer(POLICE))
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
    department: World, as_user: Any, officer: Any
) -> None:
    """Art. 12: the project came back with one more participant; the text that all had signed does not name it."""
    told = await needs.joint(department)
    centre, path = as_user("360000", "info_centre"), f"/projects/{told.id}"
    good(await centre("POST", f"{path}/framework", {**TEXT, "participants": [POLICE]}))
    for signer in (centre, department.by("owner"), officer(POLICE)):
        good(await signer("POST", f"{path}/framework/sign", {"edition": 1}))
    await told.does(OFFICE, "need/reject", {"reason": "请补充参建部门"})
    await told.read()
    facts = {**told.data["facts"], "participating_offices": ["省公安厅", "省档案局"]}
    facts = {key: value for key, value in facts.items() if key not in ("on", "declarant")}
    await told.edit(facts=facts)
    await told.does("owner", "need/report")
    refused = await centre("POST", f"{path}/framework/conclude", {"edition": 1}, etag=told.etag)
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["article"], problem["missing"]) == (
        409,
        "participant_missing",
        12,
        ["省档案局"],
    )
    assert "framework" not in good(await centre("GET", path)).json()["dated"]


async def test_the_gate_of_the_joint_review_asks_for_the_framework(
    department: World, as_user: Any, officer: Any
) -> None:
    """Arts 12, 18, 19: appraised, but without its framework a jointly built project is not reviewed."""
    project = await needs.taken_in(await needs.joint(department))
    await project.does("owner", "submit")
    path = f"/projects/{project.id}"

    async def allowed() -> Any:
        actions = (await project.read(OFFICE))["actions"]
        found = next(each for each in actions if each["action"] == "open_joint_review")
        return found["allowed"], found["article"]

    assert await allowed() == (False, 12)
    centre = as_user("360000", "info_centre")
    good(await centre("POST", f"{path}/framework", {**TEXT, "participants": [POLICE]}))
    for signer in (centre, department.by("owner"), officer(POLICE)):
        good(await signer("POST", f"{path}/framework/sign", {"edition": 1}))
    case = good(await centre("GET", path))
    good(await centre("POST", f"{path}/framework/conclude", {"edition": 1}, etag=case.headers["etag"]))
    assert (await allowed())[0] is True


@pytest.mark.parametrize(
    ("participants", "code"),
    [([ARCHIVES], "participant_missing"), ([new_id()], "unknown_office")],
)
async def test_a_framework_names_the_declared_participants(
    department: World, as_user: Any, superuser: Any, participants: list[str], code: str
) -> None:
    """Art. 12: pointer, nothing stored."""
    told = await needs.joint(department)
    path = f"/projects/{told.id}/framework"
    refused = await as_user("360000", "info_centre")("POST", path, {**TEXT, "participants": participants})
    assert refused.status_code == 422
    assert code in [each["code"] for each in refused.json()["errors"]]
    count = "SELECT count(*) FROM frameworks WHERE project_id::text = $1"
    assert await superuser.fetchval(count, told.id[7:]) == 0


async def test_a_project_of_one_department_needs_no_framework(department: World, as_user: Any) -> None:
    """Art. 12; and only one framework per project."""
    centre = as_user("360000", "info_centre")
    told = await needs.reported(department)
    body = {**TEXT, "participants": [POLICE]}
    refused = await centre("POST", f"/projects/{told.id}/framework", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_joint")
    told = await needs.joint(department)
    good(await centre("POST", f"/projects/{told.id}/framework", body))
    again = await centre("POST", f"/projects/{told.id}/framework", body)
    assert (again.status_code, again.json()["code"]) == (409, "framework_exists")
