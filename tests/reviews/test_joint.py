"""Joint review and leading group (art. 19): one slot per organ, the gates before it, the city's own organs (art. 5)."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, Literal, cast

import pytest

from service.kit import clock
from service.kit.api import Call
from service.kit.principal import Principal
from service.measures.gates import GatedCase, shut
from service.reviews.views import sees_slots
from tests.lives import Thing, good
from tests.lives import reviews as r

# Art. 4, 19 by hand: whose slot is whose.
SLOTS = {
    "general_office": ("province.office", "city.gatekeeper"),
    "drc": ("province.drc", "city.approver"),
    "finance": ("province.finance", "city.finance"),
    "info_centre": ("province.info_centre", "city.info_centre"),
    "cyber": ("province.cyber", "city.cyber"),
    "public_security": ("province.public_security", "city.public_security"),
    "crypto": ("province.crypto_organ", "city.crypto_organ"),
    "data": ("province.data_office", "city.data_office"),
    "secrecy": ("province.secrecy", "city.secrecy"),
    "archives": ("province.archives", "city.archives"),
}
ALL = [name for name in SLOTS if name not in ("general_office", "drc", "finance")]


async def shown(w: Any, case: Thing, who: str = "province.office") -> dict[str, Any]:
    """All reviews of a case; the list of several cases' latest ones tells every reader the same of the last."""
    found = good(await w.by(who)("GET", f"/projects/{case.id}/joint-review")).json()
    nowhere = f"{case.id[:7]}0190c000-0000-7000-8000-000000000000"
    several = good(await w.by(who)("GET", f"/joint-reviews?project={case.id},{nowhere}")).json()["items"]
    assert several == [{**each, "project_id": case.id} for each in found["items"][-1:]]
    return dict(found)


@pytest.mark.parametrize("tier", ["province", "city"])
async def test_each_organ_fills_its_own_slot_and_no_other(build: Any, tier: str) -> None:
    """Arts 4, 5, 19: every slot by every role of both tiers; exactly one role may, the others change nothing."""
    w = build()
    if tier == "province":
        case = await r.in_review(w, await r.to_appraised(w), invited=ALL)
    else:
        case = await r.in_review(w, await r.appraised(w, await w.gatekept(), "city"), "city", invited=ALL)
    place = 0 if tier == "province" else 1
    office = r.ORGANS[tier]["office"]
    for slot, holders in SLOTS.items():
        body = {"slot": slot, "opinion": "agree", "text": f"{slot} 同意"}
        for who in [each for pair in SLOTS.values() for each in pair]:
            if who == holders[place]:
                continue
            answer = await case.tried(who, "joint-review/opinions", body, etag=None)
            problem = answer.json()
            # A city's organs stand outside a provincial review and the other way round: same refusal.
            assert (answer.status_code, problem["code"], problem["reason"], problem["article"]) == (
                409,
                "action_not_allowed",
                "wrong_role",
                19,
            ), (who, slot)
        missing = (await shown(w, case, office))["items"][-1]["missing"]
        assert slot in missing
        good(await case.tried(holders[place], "joint-review/opinions", body, etag=None))
        assert slot not in (await shown(w, case, office))["items"][-1]["missing"]
    closed = await w.step(case, office, "joint-review/close", r.outcome())
    assert closed.data["dated"]["joint_review"] == closed.data["dated"]["joint_review"] | {
        "agreed": True,
        "invited": ALL,
    }


async def test_an_opinion_may_change_until_the_close_and_every_edition_stays(build: Any, door: Any) -> None:
    w = build()
    case = await r.in_review(w, await r.to_appraised(w))
    path = f"/projects/{case.id}/joint-review/opinions"
    uninvited = await w.by("province.cyber")(
        "POST", path, {"slot": "cyber", "opinion": "agree", "text": "同意"}
    )
    assert (uninvited.status_code, uninvited.json()["code"]) == (409, "not_invited")
    early = await case.tried("province.office", "joint-review/close", r.outcome())
    assert (early.status_code, early.json()["code"]) == (409, "opinions_missing")
    assert early.json()["missing"] == ["general_office", "drc", "finance", "crypto"]
    no = {"slot": "crypto", "opinion": "disagree", "text": "密码方案缺失"}
    good(await w.by("province.crypto_organ")("POST", path, no))
    yes = {"slot": "crypto", "opinion": "conditional", "text": "补充密码方案后同意"}
    assert good(await w.by("province.crypto_organ")("POST", path, yes)).json()["edition"] == 2
    await r.opined(w, case)
    good(await w.by("province.crypto_organ")("POST", path, no))
    slots = {each["slot"]: each for each in (await shown(w, case))["items"][-1]["slots"]}
    assert (slots["crypto"]["opinion"], slots["crypto"]["edition"]) == ("disagree", 4)
    close = f"/projects/{case.id}/joint-review/close"
    against = await w.by("province.office")("POST", close, r.outcome(), etag=case.etag)
    assert (against.status_code, against.json()["errors"][0]["pointer"]) == (422, "/reason")
    dear = await w.by("province.office")(
        "POST", close, {**r.outcome("5000000.01"), "reason": "已补充方案"}, etag=case.etag
    )
    assert [each["pointer"] for each in dear.json()["errors"]] == ["/budget_yuan"]
    stale = await w.by("province.office")("POST", close, {**r.outcome(), "reason": "已补充方案"}, etag='"2"')
    assert stale.status_code == 412
    good(
        await w.by("province.office")("POST", close, {**r.outcome(), "reason": "已补充方案"}, etag=case.etag)
    )
    late = await w.by("province.crypto_organ")("POST", path, yes)
    assert (late.status_code, late.json()["code"]) == (409, "review_not_open")
    owner = (await shown(w, case, "city.portal"))["items"][-1]
    assert (owner["slots"], owner["agreed"], owner["budget_yuan"]) == (None, True, "3900000.00")


async def test_opinions_and_the_close_race_to_one_outcome(build: Any) -> None:
    """An opinion comes before the close or is refused; editions never collide (art. 19)."""
    w = build()
    case = await r.opined(w, await r.in_review(w, await r.to_appraised(w)))
    path = f"/projects/{case.id}/joint-review"
    body = {"slot": "crypto", "opinion": "agree", "text": "再次同意"}
    calls = [w.by("province.crypto_organ")("POST", f"{path}/opinions", body) for _ in range(6)]
    calls.insert(3, w.by("province.office")("POST", f"{path}/close", r.outcome(), etag=case.etag))
    answers = await asyncio.gather(*calls)
    assert answers[3].status_code == 200, answers[3].text
    given = [answer for index, answer in enumerate(answers) if index != 3]
    editions = sorted(answer.json()["edition"] for answer in given if answer.status_code == 200)
    assert editions == list(range(2, 2 + len(editions)))
    assert {answer.json()["code"] for answer in given if answer.status_code != 200} <= {"review_not_open"}


async def test_without_an_appraisal_there_is_no_review_no_approval_no_money(build: Any) -> None:
    """Art. 18's three bans, told with the article; nothing moves."""
    w = build()
    case = await w.with_province()
    review = await case.tried("province.office", "joint-review", {})
    assert (review.status_code, review.json()["code"], review.json()["gate"]) == (
        409,
        "gate_shut",
        "appraisal_passed",
    )
    for who, verb, body in (
        ("province.leading_group_secretary", "leading-group", r.meeting()),
        ("province.drc", "province-approve", r.approval()),
        ("province.finance", "budget", r.budget(("provincial", "1.00"))),
    ):
        answer = await case.tried(who, verb, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "action_not_allowed"), verb
    same = good(await w.by("province.office")("GET", f"/projects/{case.id}"))
    assert (same.headers["etag"], same.json()["state"]) == (case.etag, "with_province")


async def test_the_leading_group_decides_on_what_was_reviewed(build: Any) -> None:
    """Art. 19: not before the joint review agreed, with a date between it and today; a return returns."""
    w = build()
    case = await r.in_review(w, await r.to_appraised(w))
    secretary = w.by("province.leading_group_secretary")
    early = await secretary("POST", f"/projects/{case.id}/leading-group", r.meeting(), etag=case.etag)
    assert (early.status_code, early.json()["gate"]) == (409, "joint_review_agreed")
    case = await r.reviewed(w, case)
    day = clock.legal_day(clock.now())
    for shift in (-1, 1):
        body = {**r.meeting(), "meeting_date": (day + timedelta(days=shift)).isoformat()}
        answer = await secretary("POST", f"/projects/{case.id}/leading-group", body, etag=case.etag)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/meeting_date")
        assert "第十九条" in answer.json()["errors"][0]["detail"]
    no = await r.decided(w, case, decision="return")
    approve = await case.tried("province.drc", "province-approve", r.approval(), etag=no.etag)
    assert (approve.status_code, approve.json()["gate"], approve.json()["article"]) == (
        409,
        "leading_group_agreed",
        20,
    )
    back = await w.step(no, "province.office", "province-return", {"reason": "领导小组没有同意"})
    assert (back.data["state"], back.data["holder"]) == ("returned", "owner")


async def test_a_city_that_reviews_in_full_is_bound_by_its_own_organs(build: Any) -> None:
    """Art. 5, R5: gatekeeper, agency, secretary and approver of the city; the province's organs have no part."""
    w = build()
    case = await r.appraised(w, await w.gatekept(), "city")
    path = f"/projects/{case.id}/appraisals"
    assert (await w.by("province.agency")("GET", path)).status_code == 404
    province = await w.by("province.drc")("GET", path)
    assert province.json() == {"items": []}  # a city's own review is the city's (art. 5)
    opened = await r.in_review(w, case, "city")
    outside = await case.tried("province.office", "joint-review/close", r.outcome(), etag=opened.etag)
    assert (outside.status_code, outside.json()["code"]) == (409, "action_not_allowed")
    decided = await r.decided(w, await r.reviewed(w, opened, "city"), "city")
    body = r.approval("3900000.00", approving_organ="南昌市发展改革委")
    approved = await w.step(decided, "city.approver", "approve", body)
    assert (approved.data["state"], approved.data["approved_amount_yuan"]) == ("city_approved", "3900000.00")
    await w.delivered()
    for who in ("city.finance", "city.crypto_organ", "city.gatekeeper"):
        inbox = good(await w.by(who)("GET", "/inbox?limit=200")).json()["items"]
        assert any(
            each["kind"] == "project.approved" and case.data["name"] in each["title"] for each in inbox
        ), who


async def test_a_failed_city_appraisal_binds_the_city(build: Any) -> None:
    """Art. 5, R5, art. 18: a city need not appraise, but what it appraised and failed it cannot approve."""
    w = build()
    case = await r.appraised(w, await w.gatekept(), "city", "fail")
    answer = await case.tried("city.approver", "approve", r.approval("3900000.00"))
    assert (answer.status_code, answer.json()["gate"], answer.json()["article"]) == (
        409,
        "city_review_done",
        18,
    )
    back = await w.step(case, "city.gatekeeper", "gatekeeping/return", {"reason": "评估没有通过"})
    assert back.data["state"] == "returned"


@pytest.mark.parametrize(
    ("steps", "facts", "open_"),
    [
        ("direct", {}, True),
        ("direct", {"appraisal_commissioned": {"on": "2026-03-01"}}, False),  # what was begun binds
        ("appraisal", {}, False),
        ("appraisal", {"appraised": {"on": "2026-03-01", "verdict": "fail"}}, False),
        ("appraisal", {"appraised": {"on": "2026-03-01", "verdict": "pass"}}, True),
        ("full", {"appraised": {"on": "2026-03-01", "verdict": "pass"}}, False),
        ("full", {"leading_group": {"on": "2026-03-01", "decision": "approve"}}, False),
        (
            "full",
            {
                "appraised": {"on": "2026-03-01", "verdict": "pass"},
                "leading_group": {"on": "2026-03-01", "decision": "approve"},
            },
            True,
        ),
    ],
)
def test_a_citys_steps_bind_its_approval(steps: str, facts: dict[str, Any], open_: bool) -> None:
    """Arts 5, 18, 19, R5: the rule book's level for the city is what its approval waits for."""
    gated = GatedCase(date(2026, 3, 2), facts, {"review.city_steps": steps})
    assert (shut(("city_review_done",), gated) is None) is open_


def test_slots_are_seen_by_the_organs_that_reviewed_wherever_the_case_went_since() -> None:
    """Told by the review's own row: another tier's or city's organs, and whoever declares, see what came of it."""

    me = "0190c000-0000-7000-8000-000000000000"

    def sees(tenant: str, tier: Literal["province", "city"], role: str, by: str) -> bool:
        who = Principal(tenant, tier, me, "li", None, None, (role,), 9e9, me, 0.0)
        return sees_slots(cast("Call", SimpleNamespace(principal=who)), by)

    for role in ("drc", "finance", "leading_group_secretary", "auditor", "supervisor"):
        assert sees("360000", "province", role, "360000"), role
    for role in ("approver", "finance", "leading_group_secretary", "auditor", "supervisor"):
        assert sees("360100", "city", role, "360100"), role
        assert not sees("360100", "city", role, "360000"), role
        assert not sees("360200", "city", role, "360100"), role
    assert not sees("360000", "province", "drc", "360100")
    assert not sees("360000", "province", "department", "360000")
    assert not sees("360100", "city", "unit", "360100")
