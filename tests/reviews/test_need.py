"""One appraisal for need and declaration while amount, class and content are unchanged (arts 8, 9, 18; R9)."""

from __future__ import annotations

from typing import Any

from tests.lives import Thing, World, good
from tests.lives import reviews as r


async def in_library(w: World) -> Thing:
    """A need appraised by the review's own organs and entered (arts 8, 9)."""
    case = await r.appraised(w, await r.need_reported(w))
    assert (case.data["state"], case.data["dated"]["appraised"]["verdict"]) == ("appraised", "pass")
    answer = good(
        await w.by("province.office")("POST", f"/projects/{case.id}/library/enter", {}, etag=case.etag)
    )
    return w.case(case.id, answer.headers["etag"])


async def declared(w: World, case: Thing, **materials: Any) -> Thing:
    """The entered need declared, gatekept, handed over."""
    sent = await w.step(case, w.owner, "submit", {"materials": materials} if materials else {})
    passed = await w.step(sent, "city.gatekeeper", "gatekeeping/pass", {})
    return await w.step(passed, "city.gatekeeper", "hand-over", {})


async def test_the_needs_appraisal_serves_the_unchanged_declaration(build: Any) -> None:
    w = build()
    case = await declared(w, await in_library(w))
    assert (await r.in_review(w, case)).data["state"] == "in_joint_review"


async def test_a_changed_content_asks_for_a_new_appraisal(build: Any) -> None:
    w = build()
    case = await declared(w, await in_library(w), technical_plan="改为自建机房部署")
    gate = await w.by("province.office")("POST", f"/projects/{case.id}/joint-review", {}, etag=case.etag)
    assert (gate.status_code, gate.json()["gate"]) == (409, "appraisal_passed")
    assert "变化" in gate.json()["detail"]
    rows = good(await w.by("city.portal")("GET", f"/projects/{case.id}/appraisals")).json()["items"]
    assert [(each["stage"], each["serves"]) for each in rows] == [("need", False)]
    again = await r.appraised(w, case)
    assert (await r.in_review(w, again)).data["state"] == "in_joint_review"


async def test_a_need_that_failed_goes_back_and_one_that_passed_is_not_appraised_twice(build: Any) -> None:
    w = build()
    failed = await r.appraised(w, await r.need_reported(w), verdict="fail")
    assert failed.data["state"] == "need_reported"
    shut = await w.by("province.office")("POST", f"/projects/{failed.id}/appraisals/accept", etag=failed.etag)
    assert (shut.status_code, shut.json()["gate"], shut.json()["article"]) == (409, "appraisal_passed", 18)
    back = await w.step(failed, "province.office", "need/reject", {"reason": "论证评估没有通过"})
    assert back.data["state"] == "need_returned"
    passed = await r.need_again(w, await r.appraised(w, await r.need_reported(w)))
    assert passed.data["state"] == "need_reported"
    stands = await w.by("province.office")(
        "POST", f"/projects/{passed.id}/appraisals/accept", etag=passed.etag
    )
    assert good(stands).json()["state"] == "appraised"
