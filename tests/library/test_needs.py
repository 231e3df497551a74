"""Needs (arts 8, 9, 14): unit → city → province, or department → province; what is not reported is nobody's."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories
from tests.library.conftest import BIG, Needs, good, steps


async def test_a_unit_s_need_goes_over_the_city_s_desk_to_the_province(needs: Needs) -> None:
    """Art. 9."""
    draft = await needs.draft()
    assert (draft.json()["state"], draft.json()["route"]) == ("need_draft", None)
    path = f"/projects/{draft.json()['id']}"
    sent = await steps(needs.as_user("360100"), draft, "need/submit")
    assert (sent.json()["state"], sent.json()["holder"]) == ("need_submitted", "city")
    assert sent.json()["decision"]["route"] == "provincial_review"
    assert 19 not in sent.json()["decision"]["articles"]
    passed = await steps(needs.keeper, sent, "need/gatekeep")
    told = await steps(needs.keeper, passed, "need/report", {"note": "本年第一批"})
    body = told.json()
    assert (body["state"], body["holder"], body["submissions"]) == ("need_reported", "province", 1)
    assert body["dated"]["need_reported"] == {
        "on": "2029-03-01",
        "year": 2029,
        "basis": "in_window",
        "citation": "",
    }
    assert len(body["dated"]["declared"]["substance"]) > 40
    seen = good(await needs.office("GET", path)).json()
    assert seen["name"] == "城市管理业务系统"
    sealed = good(await needs.office("GET", f"{path}/versions/1")).json()
    assert sealed["content"]["facts"]["investment_yuan"] == "50000000.00"
    kinds = [each["kind"] for each in good(await needs.office("GET", f"{path}/records")).json()["items"]]
    assert kinds == ["need_report", "need_gatekeep", "need_submit"]


async def test_nothing_of_a_need_is_seen_outside_its_city_before_it_is_reported(
    needs: Needs, as_user: Any, relay: Any
) -> None:
    """law.md, trap 13: neither draft, nor submitted, gatekept, given back or taken back."""

    async def unseen(answer: Any) -> None:
        ref = answer.json()["id"]
        for who in ("office", "supervisor", "drc"):
            outside = as_user("360000", who)
            for path in ("", "/history", "/records", "/versions/1"):
                found = await outside("GET", f"/projects/{ref}{path}")
                assert found.status_code == 404, (path, found.text)
            assert ref not in (await outside("GET", "/projects?tenant=360100&limit=200")).text
        assert (await as_user("360200", "gatekeeper")("GET", f"/projects/{ref}")).status_code == 404
        trail = (await as_user("360000", "supervisor")("GET", "/audit?tenant=360100&limit=200")).text
        assert ref.partition("-")[2] not in trail

    draft = await needs.draft()
    await unseen(draft)
    sent = await steps(needs.as_user("360100"), draft, "need/submit")
    await unseen(sent)
    passed = await steps(needs.keeper, sent, "need/gatekeep")
    await unseen(passed)
    back = await steps(needs.keeper, passed, "need/return", {"reason": "请合并同类需求"})
    assert (back.json()["state"], back.json()["holder"]) == ("need_returned", "owner")
    await unseen(back)
    await relay()
    await unseen(back)


async def test_below_the_limit_a_need_is_settled_in_the_citys_own_round(needs: Needs) -> None:
    """Arts 5, 9, R39: submitted to the city and settled there; never reported, and declared from where it stands."""
    portal = needs.as_user("360100")
    draft = await needs.draft(facts={"investment_yuan": "4999999.99"})
    path = f"/projects/{draft.json()['id']}"
    sent = await steps(portal, draft, "need/submit")
    assert (sent.json()["state"], sent.json()["holder"], sent.json()["route"]) == (
        "need_submitted",
        "city",
        "city_filing",
    )
    settled = await steps(needs.keeper, sent, "need/gatekeep")
    body = settled.json()
    assert (body["state"], body["holder"]) == ("need_gatekept", "owner")
    assert body["dated"]["need_settled"]["year"] == 2029
    refused = await needs.keeper("POST", f"{path}/need/report", {}, etag=settled.headers["etag"])
    assert (refused.status_code, refused.json()["code"], refused.json()["article"]) == (
        409,
        "action_not_allowed",
        9,
    )
    assert (await needs.office("GET", path)).status_code == 404, "nothing of it leaves the city"
    edited = good(await portal("PATCH", path, {"name": "改名的小系统"}, etag=settled.headers["etag"]))
    declared = await steps(portal, edited, "submit", {"reasons": []})
    assert (declared.json()["state"], declared.json()["name"]) == ("submitted", "改名的小系统")


async def test_a_settled_need_that_grows_over_the_limit_goes_another_way(needs: Needs) -> None:
    """Art. 9, law.md, trap 2: from the limit on it is the province's; the route never changes silently."""
    portal = needs.as_user("360100")
    draft = await needs.draft(facts={"investment_yuan": "4999999.99"})
    sent = await steps(portal, draft, "need/submit")
    back = await steps(needs.keeper, sent, "need/return", {"reason": "请核对金额"})
    facts = {k: v for k, v in back.json()["facts"].items() if k not in ("on", "declarant")}
    facts["investment_yuan"] = "50000000.00"
    grown = good(
        await portal("PATCH", f"/projects/{back.json()['id']}", {"facts": facts}, etag=back.headers["etag"])
    )
    again = await steps(portal, grown, "need/submit")
    assert (again.json()["state"], again.json()["route"]) == ("need_submitted", "provincial_review")
    passed = await steps(needs.keeper, again, "need/gatekeep")
    assert (passed.json()["state"], passed.json()["holder"]) == ("need_gatekept", "city")
    taken = await portal("POST", f"/projects/{passed.json()['id']}/submit", {}, etag=passed.headers["etag"])
    assert (taken.status_code, taken.json()["code"]) == (409, "action_not_allowed")


async def test_a_department_reports_straight_from_its_draft_whatever_the_amount(needs: Needs) -> None:
    """Art. 8, law.md, trap 4."""
    told = await needs.department_reported(facts={"investment_yuan": "10000.00"})
    assert (told.json()["state"], told.json()["holder"]) == ("need_reported", "province")
    seen = good(await needs.office("GET", f"/projects/{told.json()['id']}")).json()
    assert seen["owner"]["tier"] == "province"


async def test_the_office_gives_a_need_back_and_it_comes_again(needs: Needs) -> None:
    """Arts 8, 9: edited, resubmitted, sealed again as version 2."""
    told = await needs.reported()
    back = await steps(needs.office, told, "need/reject", {"reason": "主要任务不清"})
    assert (back.json()["state"], back.json()["holder"]) == ("need_returned", "owner")
    portal, ref = needs.as_user("360100"), told.json()["id"]
    edited = good(
        await portal("PATCH", f"/projects/{ref}", {"name": "改过的需求"}, etag=back.headers["etag"])
    )
    assert (await needs.office("GET", f"/projects/{ref}")).json()["name"] == "城市管理业务系统"
    sent = await steps(portal, edited, "need/submit")
    assert (await needs.office("GET", f"/projects/{ref}")).status_code == 404
    again = await steps(needs.keeper, await steps(needs.keeper, sent, "need/gatekeep"), "need/report")
    assert (again.json()["submissions"], again.json()["name"]) == (2, "改过的需求")
    versions = good(await needs.office("GET", f"/projects/{ref}/history")).json()["versions"]
    assert [each["number"] for each in versions] == [1, 2]


async def test_a_need_is_edited_and_deleted_like_a_draft(needs: Needs) -> None:
    portal = needs.as_user("360100")
    draft = await needs.draft()
    path = f"/projects/{draft.json()['id']}"
    facts = factories.facts(investment_yuan="80000000.00")
    edited = good(await portal("PATCH", path, {"facts": facts}, etag=draft.headers["etag"]))
    assert edited.json()["investment_yuan"] == "80000000.00"
    preview = good(await portal("POST", f"{path}/preview")).json()
    assert preview["decision"]["route"] == "provincial_review"
    assert (await portal("DELETE", path, etag=edited.headers["etag"])).status_code == 204
    assert (await portal("GET", path)).status_code == 404


@pytest.mark.parametrize(
    ("who", "verb", "status", "code"),
    [
        ("unit", "need/gatekeep", 403, "forbidden"),
        ("gatekeeper", "need/report", 404, "not_found"),
        ("gatekeeper", "need/return", 404, "not_found"),
        ("unit", "submit", 409, "action_not_allowed"),
    ],
)
async def test_wrong_organ_and_wrong_order_are_told(
    needs: Needs, who: str, verb: str, status: int, code: str
) -> None:
    draft = await needs.draft()
    caller = needs.as_user("360100", who)
    body = {"reason": "不合要求"} if verb.endswith("return") else {}
    refused = await caller("POST", f"/projects/{draft.json()['id']}/{verb}", body, etag=draft.headers["etag"])
    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
    kept = await needs.as_user("360100")("GET", f"/projects/{draft.json()['id']}")
    assert kept.headers["etag"] == draft.headers["etag"]


async def test_a_need_says_what_and_why(needs: Needs) -> None:
    """Arts 8, 9: missing content by pointer, nothing stored; stale versions refused."""
    draft = await needs.draft(materials={})
    path = f"/projects/{draft.json()['id']}/need/submit"
    portal = needs.as_user("360100")
    refused = await portal("POST", path, {}, etag=draft.headers["etag"])
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json()["errors"]] == [
        "/materials/basics/main_tasks",
        "/materials/basics/basis",
    ]
    assert (await portal("POST", path, {}, etag='"7"')).json()["code"] == "stale_version"
    assert (await portal("POST", path, {})).status_code == 428
    assert (await portal("POST", path, {"x": 1}, etag=draft.headers["etag"])).status_code == 422


async def test_classified_stays_out(needs: Needs, superuser: Any) -> None:
    """Art. 14: whom to turn to, and nothing is kept."""
    before = await superuser.fetchval("SELECT count(*) FROM projects")
    body = factories.draft("360100", facts={**BIG, "classified": True})
    refused = await needs.as_user("360100")("POST", "/needs", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "classified_material")
    assert await superuser.fetchval("SELECT count(*) FROM projects") == before


async def test_what_was_reported_with_a_need_stays_readable_and_cannot_be_taken_away(needs: Needs) -> None:
    """Arts 15, 39: the province goes on reading a need's files while the owner works on the declaration."""
    portal = needs.as_user("360100")

    async def send(caller: Any, path: str, name: str) -> str:
        answer = await caller(
            "POST",
            f"{path}/documents",
            params={"slot": "technical_plan", "name": name},
            content=name.encode(),
            headers={"content-type": "application/octet-stream"},
        )
        return str(good(answer).json()["id"])

    draft = await needs.draft()
    path = f"/projects/{draft.json()['id']}"
    kept = await send(portal, path, "need.txt")
    sent = await steps(portal, draft, "need/submit")
    passed = await steps(needs.keeper, sent, "need/gatekeep")
    assert (await needs.office("GET", f"/documents/{kept}")).status_code == 404
    reported = await steps(needs.keeper, passed, "need/report")
    theirs = await send(needs.as_user("360000", "cyber"), path, "opinion.txt")
    entered = await needs.entered(reported)
    assert entered.json()["state"] == "in_library"
    later = await send(portal, path, "later.txt")
    listed = good(await needs.office("GET", f"{path}/documents")).json()["items"]
    assert [each["id"] for each in listed] == [kept, theirs]
    for sealed in (kept, theirs):
        refused = await portal("DELETE", f"/documents/{sealed}")
        assert (refused.status_code, refused.json()["code"]) == (409, "document_sealed"), sealed
    assert (await portal("DELETE", f"/documents/{later}")).status_code == 204
