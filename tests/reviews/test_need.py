"""One appraisal for need and declaration while amount, class and content are unchanged (arts 8, 9, 18; R9)."""

from __future__ import annotations

from typing import Any

from tests.lives import Life, World, good, needs
from tests.lives import reviews as r
from tests.lives.needs import DEPLOYED, OFFICE


async def in_library(w: World) -> Life:
    """A need appraised by the review's own organs and entered (arts 8, 9)."""
    case = await needs.appraised(await needs.reported(w, **DEPLOYED))
    assert (case.data["state"], case.data["dated"]["appraised"]["verdict"]) == ("appraised", "pass")
    await needs.enter(case)
    return case


async def declared(case: Life, **materials: Any) -> Life:
    """The entered need declared, gatekept, handed over."""
    await case.does("owner", "submit", {"materials": materials} if materials else {})
    await case.gatekeep()
    await case.hand_over()
    return case


async def test_the_needs_appraisal_serves_the_unchanged_declaration(build: Any) -> None:
    w = build()
    case = await declared(await in_library(w))
    assert (await r.in_review(w, case)).data["state"] == "in_joint_review"


async def test_a_changed_content_asks_for_a_new_appraisal(build: Any) -> None:
    w = build()
    case = await declared(await in_library(w), technical_plan="改为自建机房部署")
    gate = await case.tried(OFFICE, "joint-review", {})
    assert (gate.status_code, gate.json()["gate"]) == (409, "appraisal_passed")
    assert "变化" in gate.json()["detail"]
    rows = (await case.sees("appraisals"))["items"]
    assert [(each["stage"], each["serves"]) for each in rows] == [("need", False)]
    again = await r.appraised(w, case)
    assert (await r.in_review(w, again)).data["state"] == "in_joint_review"


async def test_a_need_that_failed_goes_back_and_one_that_passed_is_not_appraised_twice(build: Any) -> None:
    w = build()
    failed = await needs.appraised(await needs.reported(w, **DEPLOYED), verdict="fail")
    assert failed.data["state"] == "need_reported"
    shut = await failed.tried(OFFICE, "appraisals/accept")
    assert (shut.status_code, shut.json()["gate"], shut.json()["article"]) == (409, "appraisal_passed", 18)
    back = await failed.does(OFFICE, "need/reject", {"reason": "论证评估没有通过"})
    assert back["state"] == "need_returned"
    passed = await needs.again(await needs.appraised(await needs.reported(w, **DEPLOYED)))
    assert passed.data["state"] == "need_reported"
    stands = good(await passed.tried(OFFICE, "appraisals/accept"))
    assert stands.json()["state"] == "appraised"
