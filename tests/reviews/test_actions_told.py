"""`actions` of an answer tells what the desk may really do: appraisal and joint review step by step (arts 18, 19)."""

from __future__ import annotations

from typing import Any

from tests import factories
from tests.lives import Thing, World, good, needs
from tests.lives import reviews as r

REVIEW = {
    "appraise",
    "commission_appraisal",
    "conclude_appraisal",
    "open_joint_review",
    "close_joint_review",
    "record_leading_group",
}


async def told(w: World, case: Thing, who: str) -> set[str]:
    """What the answer says this desk may do of the review."""
    read = good(await w.by(who)("GET", f"/projects/{case.id}"))
    case.etag = read.headers["etag"]
    return {each["action"] for each in read.json()["actions"] if each["allowed"]} & REVIEW


async def test_art_18_a_need_is_commissioned_once_reported_on_once_and_appraised_only_then(
    build: Any,
) -> None:
    w = build()
    case = await needs.reported(w, **needs.DEPLOYED)
    office, agency = "province.office", "province.agency"
    assert await told(w, case, office) == {"commission_appraisal"}
    # An agency reads what it was commissioned for.
    assert (await w.by(agency)("GET", f"/projects/{case.id}")).status_code == 404
    shut = await case.tried(office, "appraisals/accept")
    assert (shut.status_code, shut.json()["gate"], shut.json()["article"]) == (409, "appraisal_passed", 18)
    made = await r.commissioned(w, case)
    number = made.data["number"]
    assert (await told(w, case, office), await told(w, case, agency)) == (set(), {"conclude_appraisal"})
    lapsed = await needs.again(made)
    # What was commissioned on the text before is not underway any more.
    assert (await told(w, lapsed, office), await told(w, lapsed, agency)) == ({"commission_appraisal"}, set())
    nothing = await case.tried(agency, f"appraisals/{number}/conclude", r.report(), etag=lapsed.etag)
    assert (nothing.status_code, nothing.json()["gate"]) == (409, "appraisal_underway")
    again = await needs.again(await r.appraised(w, lapsed))
    assert {"appraise", "commission_appraisal"} == await told(w, again, office)


async def test_art_19_a_closed_review_is_not_closed_again(build: Any) -> None:
    w = build()
    case = await r.in_review(w, await r.to_appraised(w))
    office, secretary = "province.office", "province.leading_group_secretary"
    assert (await told(w, case, office), await told(w, case, secretary)) == ({"close_joint_review"}, set())
    await r.reviewed(w, case)
    assert (await told(w, case, office), await told(w, case, secretary)) == (set(), {"record_leading_group"})
    twice = await case.tried(office, "joint-review/close", r.outcome())
    assert (twice.status_code, twice.json()["gate"], twice.json()["article"]) == (
        409,
        "joint_review_open",
        19,
    )


async def test_what_the_owner_may_not_see_of_a_review_is_not_in_the_records_either(build: Any) -> None:
    """Art. 19: single opinions and what the organs were asked stay between them; the outcome is told."""
    w = build()
    case = await r.reviewed(w, await r.in_review(w, await r.to_appraised(w), task="会审要点甲乙丙"))
    records = good(await w.by(w.owner)("GET", f"/projects/{case.id}/records?limit=200"))
    assert "会审意见一致" in records.text
    for hidden in ("会审要点甲乙丙", "论证必要性和技术方案", '"opinions"'):
        assert hidden not in records.text


async def test_no_slot_proposes_more_money_than_was_declared(build: Any) -> None:
    """Art. 19: amounts that do not fit are named by field, and nothing is stored."""
    w = build()
    case = await r.in_review(w, await r.to_appraised(w))
    body = {"slot": "finance", "opinion": "agree", "text": "同意", "funds_yuan": "5000000.01"}
    path = f"/projects/{case.id}/joint-review"
    dear = await w.by("province.finance")("POST", f"{path}/opinions", body)
    assert (dear.status_code, dear.json()["errors"][0]["pointer"]) == (422, "/funds_yuan")
    assert "第十九条" in dear.json()["errors"][0]["detail"]
    open_ = good(await w.by("province.office")("GET", path)).json()["items"][-1]
    assert "finance" in open_["missing"]
    body["funds_yuan"] = "5000000.00"
    good(await w.by("province.finance")("POST", f"{path}/opinions", body))


async def allowed(w: World, case: Thing, who: str) -> set[str]:
    read = good(await w.by(who)("GET", f"/projects/{case.id}"))
    return {each["action"] for each in read.json()["actions"] if each["allowed"]}


async def test_art_19_who_may_give_an_opinion_is_told_so_and_nobody_else(build: Any) -> None:
    w = build()
    case = await r.in_review(w, await r.to_appraised(w))
    opened = good(await w.by("province.office")("GET", f"/projects/{case.id}/joint-review")).json()
    invited = {each["slot"] for each in opened["slots"]} if "slots" in opened else set()
    roles = {
        "general_office": "office",
        "drc": "drc",
        "finance": "finance",
        "cyber": "cyber",
        "data": "data_office",
        "crypto": "crypto_organ",
        "public_security": "public_security",
        "archives": "archives",
    }
    offered = {
        slot for slot, role in roles.items() if "give_opinion" in await allowed(w, case, f"province.{role}")
    }
    taken = set()
    for slot, role in roles.items():
        body = {"slot": slot, "opinion": "agree", "text": "同意"}
        sent = await case.tried(f"province.{role}", "joint-review/opinions", body, etag=None)
        assert sent.status_code < 500
        if sent.is_success:
            taken.add(slot)
    assert offered == taken >= {"general_office", "drc", "finance"}, invited
    assert "give_opinion" not in await allowed(w, case, "city.approver")


async def test_art_18_the_agency_is_told_that_it_may_draw(build: Any) -> None:
    w = build()
    case = await r.commissioned(w, await w.with_province())
    assert "draw_experts" in await allowed(w, case, "province.agency")
    assert "draw_experts" not in await allowed(w, case, "province.office")
    for who in ("province.office", "city.gatekeeper"):
        listed = good(await w.by(who)("GET", f"/projects/{case.id}")).json()["actions"]
        assert not {"confirm_split", "clear_split"} & {each["action"] for each in listed}, (
            "it is in no suspicion"
        )


async def test_submission_is_not_offered_for_a_text_that_it_refuses(build: Any) -> None:
    w = build()
    whole = await w.draft()
    assert "submit" in await allowed(w, whole, w.owner)
    text = {**factories.draft(w.tenant), "materials": {}}
    if w.owner != "city.portal":
        text.pop("owner_office_id")
    made = good(await w.by(w.owner)("POST", "/projects", text))
    bare = w.case(made.json()["id"], made.headers["etag"])
    told_at_once = {each["action"]: each for each in made.json()["actions"]}["submit"]
    assert not told_at_once["allowed"] and "不完整" in told_at_once["why_not"]
    assert "submit" not in await allowed(w, bare, w.owner)
    refused = await bare.tried("owner", "submit", {})
    assert refused.status_code == 422, refused.text
