"""Arts 8, 16, R14: priority is claimed with a paper and counts when the first deciding desk accepts it by name."""

from __future__ import annotations

from typing import Any

from tests import factories
from tests.library.conftest import Needs, good, steps

CLAIM = {
    "item": 1,
    "evidence": "列入国家重大工程清单",
    "issuer": "国务院办公厅",
    "document_number": "国办发〔2034〕9号",
    "document_date": "2034-12-20",
}
CODE = "priority_1_evidenced"
ACCEPTED = {"opinions": [{"code": CODE, "accepted": True}]}


async def claimed(caller: Any, made: Any, body: Any = CLAIM, *, paper: bool = True) -> Any:
    tagged = await steps(caller, made, "priority", body)
    if paper:
        await factories.attach(caller, tagged.json()["id"], "priority_evidence")
    return tagged


async def test_a_citys_desk_accepts_the_claim_of_a_need_and_the_list_follows(
    needs: Needs, travel: Any
) -> None:
    """Plan items first, then priority, then date; pages keep the order; filters filter."""
    travel(2035, 3, 1)
    plain = await needs.entered()
    portal, draft = needs.as_user("360100"), await needs.draft()
    path, tag = f"/projects/{draft.json()['id']}/priority", draft.headers["etag"]
    await _refused_by_pointer(portal, path, tag)
    tagged = await claimed(portal, draft)
    assert (await needs.office("GET", f"/projects/{tagged.json()['id']}")).status_code == 404
    both = await steps(portal, tagged, "priority", {"item": 3, "evidence": "整合八套系统"})
    fact = both.json()["dated"]["priority"]
    assert (sorted(fact["claimed"]), fact["items"]) == (["1", "3"], []), "claimed, and nobody has looked"
    sent = await steps(portal, both, "need/submit")
    codes = {each["code"] for each in sent.json()["decision"]["findings"]}
    assert {CODE, "priority_3_unproven"} <= codes
    kept = await _accepted_by_name(needs, sent)
    travel(2035, 3, 2)
    reported = await steps(needs.keeper, kept, "need/report")
    appraised = await needs.appraised(reported)
    again = await needs.office(
        "POST", f"/projects/{appraised.json()['id']}/library/enter", ACCEPTED, etag=appraised.headers["etag"]
    )
    assert again.status_code == 422, "a city's claim is its own desk's"
    first = (await steps(needs.office, appraised, "library/enter")).json()["entry"]
    assert first["priority"] == [1]
    await _listed_in_order(needs, plain, first)


async def _refused_by_pointer(portal: Any, path: Any, tag: Any) -> None:
    """A claim names its document and an item that is there."""
    for body, pointer in (
        ({**CLAIM, "document_number": None}, "/document_number"),
        ({**CLAIM, "document_date": "2035-03-02"}, "/document_date"),
        ({**CLAIM, "item": 4}, "/item"),
    ):
        refused = await portal("POST", path, body, etag=tag)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


async def _accepted_by_name(needs: Needs, sent: Any) -> Any:
    """Only what was claimed and is proven is accepted."""
    for bad in ("priority_3_unproven", "priority_2_evidenced", "not_in_library"):
        told = await needs.keeper(
            "POST",
            f"/projects/{sent.json()['id']}/need/gatekeep",
            {"opinions": [{"code": bad, "accepted": True}]},
            etag=sent.headers["etag"],
        )
        assert told.json()["errors"][0]["code"] == "unknown_opinion", bad
    kept = await steps(needs.keeper, sent, "need/gatekeep", ACCEPTED)
    assert kept.json()["dated"]["priority"]["items"] == [1]
    return kept


async def _listed_in_order(needs: Needs, plain: Any, first: Any) -> None:
    """Pages keep the order, filters filter."""
    listed = good(await needs.office("GET", "/library?year=2035&limit=1"))
    assert [each["project_id"] for each in listed.json()["items"]] == [first["project_id"]]
    following = good(
        await needs.office("GET", f"/library?year=2035&limit=1&cursor={listed.json()['next_cursor']}")
    )
    assert [each["project_id"] for each in following.json()["items"]] == [plain.json()["id"]]
    assert following.json()["next_cursor"] is None
    assert good(await needs.office("GET", "/library?year=2035&in_plan=true")).json()["items"] == []
    assert len(good(await needs.office("GET", "/library?valid_on=2035-03-01&year=2035")).json()["items"]) == 1
    assert (await needs.unit("GET", "/library?tenant=360200")).status_code == 404


async def test_what_nobody_accepted_or_nobody_could_look_at_ranks_nothing(needs: Needs, travel: Any) -> None:
    travel(2044, 3, 1)
    portal = needs.as_user("360100")
    for paper, opinions in ((False, None), (True, None), (True, [{"code": CODE, "accepted": False}])):
        sent = await steps(portal, await claimed(portal, await needs.draft(), paper=paper), "need/submit")
        kept = await steps(needs.keeper, sent, "need/gatekeep", {"opinions": opinions or []})
        case = await needs.appraised(await steps(needs.keeper, kept, "need/report"))
        path = f"/projects/{case.json()['id']}/library/enter"
        others = await needs.office("POST", path, ACCEPTED, etag=case.headers["etag"])
        assert others.status_code == 422, "what the city's desk left open is not another desk's to accept"
        entry = (await steps(needs.office, case, "library/enter")).json()["entry"]
        assert entry["priority"] == [], (paper, opinions)


async def test_a_departments_claim_is_the_leading_groups_offices(needs: Needs, travel: Any) -> None:
    travel(2045, 3, 1)
    department = needs.department
    need = await steps(department, await claimed(department, await needs.department_draft()), "need/report")
    appraised = await needs.appraised(need)
    entered = await steps(needs.office, appraised, "library/enter", ACCEPTED)
    assert entered.json()["entry"]["priority"] == [1]


async def test_at_the_declaration_the_gatekeeper_answers_it_by_name(needs: Needs, as_user: Any) -> None:
    """Like every claim that a paper shows (decision 95); one that the desk does not share may be taken back."""
    portal = as_user("360100")
    made = good(await portal("POST", "/projects", factories.draft("360100")))
    claim = {**CLAIM, "document_date": "2026-01-20"}
    tagged = await claimed(portal, made, claim)
    ready = await factories.answered(portal, tagged.json()["id"], tagged.headers["etag"])
    path = f"/projects/{tagged.json()['id']}"
    sent = good(await portal("POST", f"{path}/submit", {"reasons": []}, etag=ready))
    (finding,) = [each for each in sent.json()["findings"] if each["code"] == CODE]
    assert (finding["severity"], finding["article"]) == ("in_principle", 16)
    assert "国办发〔2034〕9号" in finding["reason"], "the paper is the reason: nobody types it twice"
    silent = await needs.keeper("POST", f"{path}/gatekeeping/pass", {}, etag=sent.headers["etag"])
    assert (silent.status_code, silent.json()["code"]) == (409, "opinion_required")
    refusal = {"opinions": [{"code": CODE, "accepted": False}]}
    shut = await needs.keeper("POST", f"{path}/gatekeeping/pass", refusal, etag=sent.headers["etag"])
    assert shut.json()["code"] == "reason_refused"
    back = await steps(needs.keeper, sent, "gatekeeping/return", {"reason": "依据不符", **refusal})
    back = good(await portal("GET", path))
    gone = await steps(portal, back, "priority", {**claim, "claimed": False})
    assert gone.json()["dated"]["priority"]["claimed"] == {}
    anew = await claimed(portal, gone, claim, paper=False)
    sent = await steps(portal, anew, "submit", {"reasons": []})
    passed = await steps(needs.keeper, sent, "gatekeeping/pass", ACCEPTED)
    assert passed.json()["dated"]["priority"]["items"] == [1]
