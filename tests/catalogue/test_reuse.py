"""Art. 23 over HTTP: a new build is shown what exists, answers for it, and the answers travel with the case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from service.kit.errors import ServiceError
from service.kit.ids import new_id
from service.projects.reuse import ReuseDesk
from tests.catalogue.planning import VIDEO, begun, planned


@pytest.fixture
async def video(publish: Any) -> str:
    """A province-wide video conference, carried to every tenant."""
    return str(await publish("360000", f"政务视频会议系统{new_id()[-4:]}", reach="province", **VIDEO))


def _codes(body: dict[str, Any]) -> list[str]:
    return [each["code"] for each in body["findings"]]


async def test_a_countys_new_build_shows_the_app_first_and_why(as_user: Any, video: str) -> None:
    unit = as_user("360100", "360102.unit")
    made = await begun(unit, planned())
    path = f"/projects/{made.json()['id']}"
    seen = (await unit("POST", f"{path}/preview")).json()["reuse"]
    assert seen["status"] == "checked"
    first = next(each for each in seen["candidates"] if each["id"] == video)
    assert first["strong"] and first["kind"] == "app" and first["score"] == seen["candidates"][0]["score"]
    assert any("视频会议" in phrase for phrase in first["phrases"])
    assert video in seen["unanswered"]
    by_name = await unit("POST", "/projects/preview", {"facts": planned()["facts"], "name": "网上开会系统"})
    assert video in [each["id"] for each in by_name.json()["reuse"]["candidates"]]
    bare = (await unit("POST", "/projects/preview", {"facts": planned()["facts"]})).json()
    assert bare["reuse"]["status"] == "not_checked" and "reuse_not_checked" in _codes(bare["decision"])


async def test_going_on_needs_an_answer_that_travels_with_the_case(as_user: Any, video: str) -> None:
    unit = as_user("360100", "360102.unit")
    made = await begun(unit, planned())
    path = f"/projects/{made.json()['id']}"
    refused = await unit("POST", f"{path}/submit", {}, etag=made.headers["etag"])
    assert (refused.status_code, refused.json()["code"]) == (409, "reuse_answer_required")
    assert video in [each["id"] for each in refused.json()["candidates"]]
    assert refused.json()["article"] == 23
    assert (await unit("GET", path)).json()["state"] == "draft"
    wrong = {
        "answers": [{"candidate": video, "answer": "build"}, {"candidate": "360000-x", "answer": "adopt"}]
    }
    told = await unit("POST", f"{path}/reuse-check", wrong, etag=made.headers["etag"])
    assert [each["pointer"] for each in told.json()["errors"]] == [
        "/answers/0/reason",
        "/answers/1/candidate",
    ]
    listed = await unit("POST", f"{path}/reuse-check", {}, etag=made.headers["etag"])
    strong = [each["id"] for each in listed.json()["candidates"] if each["strong"]]
    answers = [{"candidate": each, "answer": "build", "reason": "须与应急专网隔离"} for each in strong]
    given = await unit("POST", f"{path}/reuse-check", {"answers": answers}, etag=listed.headers["etag"])
    assert (given.status_code, given.json()["unanswered"]) == (200, []), given.text
    # An edit keeps the answers.
    edited = await unit("PATCH", path, {"name": "东湖区视频会议系统（一期）"}, etag=given.headers["etag"])
    sent = await unit("POST", f"{path}/submit", {}, etag=edited.headers["etag"])
    assert sent.status_code == 200, sent.text
    assert "reuse_not_checked" not in _codes(sent.json())
    for reader in (unit, as_user("360100", "gatekeeper"), as_user("360000", "office")):
        read = (await reader("GET", path)).json()["reuse"]
        assert (read["status"], read["unanswered"]) == ("checked", [])
        told = {each["id"]: (each["answer"], each["reason"]) for each in read["candidates"]}
        assert told[video] == ("build", "须与应急专网隔离"), "whoever weighs the reason reads the answer"
    keeper = as_user("360100", "gatekeeper")
    sealed = (await keeper("GET", f"{path}/versions/1")).json()["content"]["reuse_check"]
    assert sealed["status"] == "checked"
    assert {each["id"]: each["reason"] for each in sealed["candidates"]}[video] == "须与应急专网隔离"


async def test_who_says_adopt_and_builds_anyway_says_why_and_is_accepted_by_name(
    as_user: Any, video: str
) -> None:
    unit, keeper = as_user("360100", "360102.unit"), as_user("360100", "gatekeeper")
    made = await begun(unit, planned())
    path = f"/projects/{made.json()['id']}"
    listed = await unit("POST", f"{path}/reuse-check", {}, etag=made.headers["etag"])
    answers = [
        {"candidate": each["id"], "answer": "adopt"}
        if each["id"] == video
        else {"candidate": each["id"], "answer": "build", "reason": "须与应急专网隔离"}
        for each in listed.json()["candidates"]
    ]
    given = await unit("POST", f"{path}/reuse-check", {"answers": answers}, etag=listed.headers["etag"])
    assert given.status_code == 200, given.text
    previewed = (await unit("POST", f"{path}/preview")).json()
    assert previewed["reasons_required"] == ["builds_beside_adopted"]
    silent = await unit("POST", f"{path}/submit", {}, etag=given.headers["etag"])
    assert (silent.status_code, silent.json()["code"]) == (409, "reason_required")
    (finding,) = silent.json()["findings"]
    assert (finding["code"], finding["article"]) == ("builds_beside_adopted", 23)
    assert "政务视频会议系统" in finding["message"]
    reason = {"reasons": [{"code": "builds_beside_adopted", "reason": "只建应急指挥大屏，会议用省统建系统"}]}
    sent = await unit("POST", f"{path}/submit", reason, etag=given.headers["etag"])
    assert sent.status_code == 200, sent.text
    assert "builds_beside_adopted" in _codes((await keeper("GET", path)).json())
    bare = await keeper("POST", f"{path}/gatekeeping/pass", {}, etag=sent.headers["etag"])
    assert bare.status_code == 409, bare.text
    codes = ("builds_beside_adopted", "featured_scenario_evidenced")
    named = {"opinions": [{"code": code, "accepted": True, "note": "另建部分确无重复"} for code in codes]}
    passed = await keeper("POST", f"{path}/gatekeeping/pass", named, etag=sent.headers["etag"])
    assert passed.status_code == 200, passed.text
    assert "builds_beside_adopted" in _codes(passed.json()), "later decisions keep it"


async def test_what_is_adopted_is_not_built(as_user: Any, video: str) -> None:
    """Arts 6, 23: the request ends the draft, in one act; what the office uses already is told by the check."""
    unit, other = as_user("360100", "360103.unit"), as_user("360100", "360104.unit")
    made = await unit("POST", "/projects", planned("西湖区视频会议系统"))
    ref = made.json()["id"]
    found = {each["id"]: each for each in made.json()["reuse"]["candidates"]}
    assert found[video]["in_use"] is None
    wish = {"app_id": video, "users": 40, "scope": "区乡两级视频会议", "instead_of": ref}
    strange = await other("POST", "/adoptions", wish)
    assert (strange.status_code, strange.json()["errors"][0]["pointer"]) == (422, "/instead_of")
    assert (await unit("GET", f"/projects/{ref}")).status_code == 200, "nothing of a refused request is done"
    asked = await unit("POST", "/adoptions", wish)
    assert asked.status_code == 201, asked.text
    assert (await unit("GET", f"/projects/{ref}")).status_code == 404
    again = await unit("POST", "/projects", planned("西湖区视频会议系统二期"))
    assert {each["id"]: each["in_use"] for each in again.json()["reuse"]["candidates"]}[video] == "confirmed"
    others = await other("POST", "/projects", planned("青云谱区视频会议系统"))
    assert {each["id"]: each["in_use"] for each in others.json()["reuse"]["candidates"]}[video] is None


async def test_what_was_declared_is_not_ended_by_a_request(as_user: Any, video: str) -> None:
    """A declared project is withdrawn, not deleted (art. 39)."""
    unit = as_user("360100", "360104.unit")
    made = await begun(unit, planned("青云谱区古树名木保护系统", "古树普查建档，养护记录和长势监测"))
    sent = await unit("POST", f"/projects/{made.json()['id']}/submit", {}, etag=made.headers["etag"])
    assert sent.status_code == 200, sent.text
    wish = {"app_id": video, "users": 4, "scope": "视频会议", "instead_of": made.json()["id"]}
    refused = await unit("POST", "/adoptions", wish)
    assert (refused.status_code, refused.json()["code"]) == (409, "action_not_allowed")


async def test_what_is_not_alike_needs_no_answer(as_user: Any, video: str) -> None:
    unit = as_user("360100", "360102.unit")
    made = await begun(unit, planned("东湖区古树名木保护系统", "古树普查建档，养护记录和长势监测"))
    sent = await unit("POST", f"/projects/{made.json()['id']}/submit", {}, etag=made.headers["etag"])
    assert sent.status_code == 200, sent.text


async def test_an_upgrade_is_not_asked(as_user: Any, video: str) -> None:
    unit = as_user("360100", "360102.unit")
    made = await begun(unit, planned(kind="migrate"))
    path = f"/projects/{made.json()['id']}"
    assert (await unit("POST", f"{path}/preview")).json()["reuse"]["status"] == "not_applicable"
    assert (await unit("POST", f"{path}/submit", {}, etag=made.headers["etag"])).status_code == 200


@contextmanager
def away(app: Any) -> Iterator[None]:
    """The catalogue cannot be asked while the block runs."""

    async def fail(*_: Any) -> Any:
        raise ServiceError(503, "unavailable", "忙")

    shelf = app.app.state.services.shelf
    kept, shelf[ReuseDesk] = shelf[ReuseDesk], ReuseDesk(fail)
    try:
        yield
    finally:
        shelf[ReuseDesk] = kept


async def test_a_check_that_could_not_run_stops_the_new_build(as_user: Any, app: Any, superuser: Any) -> None:
    """Neither saved nor submitted "not checked": art. 23 is not passed by load; told 503 with Retry-After."""
    unit = as_user("360100", "360102.unit")
    made = await begun(unit, planned(reuse_check="checked"))
    path, etag = f"/projects/{made.json()['id']}", made.headers["etag"]
    # As noted by a version of the service that could still leave it open.
    noted = (
        """UPDATE project_drafts SET content = jsonb_set(content, '{reuse_check,status}', '"not_checked"')"""
    )
    key = made.json()["id"].partition("-")[2]
    assert await superuser.execute(f"{noted} WHERE project_id = $1::uuid", key) == "UPDATE 1"
    with away(app):
        refused = [
            await unit("POST", "/projects", planned(reuse_check="checked")),
            await unit("POST", "/projects/preview", {"facts": planned()["facts"], "name": "统一平台"}),
            await unit("POST", f"{path}/preview"),
            await unit("PATCH", path, {"name": "改名的统一平台"}, etag=etag),
            await unit("POST", f"{path}/reuse-check", {}, etag=etag),
            await unit("POST", f"{path}/submit", {}, etag=etag),
        ]
        upgrade = await unit("POST", "/projects", planned(kind="migrate"))
    assert [answer.status_code for answer in refused] == [503] * len(refused)
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    assert upgrade.status_code == 201, "what asks nothing of the catalogue does not wait for it"
    assert (await unit("GET", path)).headers["etag"] == etag
