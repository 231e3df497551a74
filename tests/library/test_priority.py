"""Arts 8, 16, R14: priority is claimed with a paper and counts when the first deciding desk accepts it by name."""

from __future__ import annotations

from typing import Any

from tests import factories
from tests.lives import Life, World, good, needs
from tests.lives.needs import KEEPER, OFFICE

CLAIM = {
    "item": 1,
    "evidence": "列入国家重大工程清单",
    "issuer": "国务院办公厅",
    "document_number": "国办发〔2034〕9号",
    "document_date": "2034-12-20",
}
CODE = "priority_1_evidenced"
ACCEPTED = {"opinions": [{"code": CODE, "accepted": True}]}


async def claimed(case: Life, body: Any = CLAIM, *, paper: bool = True) -> Life:
    await case.does("owner", "priority", body)
    if paper:
        await factories.attach(case.world.by("owner"), case.id, "priority_evidence")
    return case


async def test_a_citys_desk_accepts_the_claim_of_a_need_and_the_list_follows(
    city: World, travel: Any
) -> None:
    """Plan items first, then priority, then date; pages keep the order; filters filter."""
    travel(2035, 3, 1)
    plain = await needs.entered(city)
    need = await needs.drafted(city)
    await _refused_by_pointer(need)
    await claimed(need)
    assert (await city.by(OFFICE)("GET", f"/projects/{need.id}")).status_code == 404
    await need.does("owner", "priority", {"item": 3, "evidence": "整合八套系统"})
    fact = need.data["dated"]["priority"]
    assert (sorted(fact["claimed"]), fact["items"]) == (["1", "3"], []), "claimed, and nobody has looked"
    await need.does("owner", "need/submit")
    codes = {each["code"] for each in need.data["decision"]["findings"]}
    assert {CODE, "priority_3_unproven"} <= codes
    await _accepted_by_name(need)
    travel(2035, 3, 2)
    await need.does(KEEPER, "need/report")
    await needs.appraised(need)
    again = await need.tried(OFFICE, "library/enter", ACCEPTED)
    assert again.status_code == 422, "a city's claim is its own desk's"
    first = await needs.enter(need)
    assert first["priority"] == [1]
    await _listed_in_order(city, plain, first)


async def _refused_by_pointer(need: Life) -> None:
    """A claim names its document and an item that is there."""
    for body, pointer in (
        ({**CLAIM, "document_number": None}, "/document_number"),
        ({**CLAIM, "document_date": "2035-03-02"}, "/document_date"),
        ({**CLAIM, "item": 4}, "/item"),
    ):
        refused = await need.tried("owner", "priority", body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


async def _accepted_by_name(need: Life) -> None:
    """Only what was claimed and is proven is accepted."""
    for bad in ("priority_3_unproven", "priority_2_evidenced", "not_in_library"):
        told = await need.tried(KEEPER, "need/gatekeep", {"opinions": [{"code": bad, "accepted": True}]})
        assert told.json()["errors"][0]["code"] == "unknown_opinion", bad
    await need.does(KEEPER, "need/gatekeep", ACCEPTED)
    assert need.data["dated"]["priority"]["items"] == [1]


async def _listed_in_order(city: World, plain: Life, first: Any) -> None:
    """Pages keep the order, filters filter."""
    listed = good(await city.by(OFFICE)("GET", "/library?year=2035&limit=1"))
    assert [each["project_id"] for each in listed.json()["items"]] == [first["project_id"]]
    following = good(
        await city.by(OFFICE)("GET", f"/library?year=2035&limit=1&cursor={listed.json()['next_cursor']}")
    )
    assert [each["project_id"] for each in following.json()["items"]] == [plain.id]
    assert following.json()["next_cursor"] is None
    assert good(await city.by(OFFICE)("GET", "/library?year=2035&in_plan=true")).json()["items"] == []
    assert (
        len(good(await city.by(OFFICE)("GET", "/library?valid_on=2035-03-01&year=2035")).json()["items"]) == 1
    )
    assert (await city.by("city.unit")("GET", "/library?tenant=360200")).status_code == 404


async def test_what_nobody_accepted_or_nobody_could_look_at_ranks_nothing(city: World, travel: Any) -> None:
    travel(2044, 3, 1)
    for paper, opinions in ((False, None), (True, None), (True, [{"code": CODE, "accepted": False}])):
        need = await claimed(await needs.drafted(city), paper=paper)
        await need.does("owner", "need/submit")
        await need.does(KEEPER, "need/gatekeep", {"opinions": opinions or []})
        await need.does(KEEPER, "need/report")
        await needs.appraised(need)
        others = await need.tried(OFFICE, "library/enter", ACCEPTED)
        assert others.status_code == 422, "what the city's desk left open is not another desk's to accept"
        entry = await needs.enter(need)
        assert entry["priority"] == [], (paper, opinions)


async def test_a_departments_claim_is_the_leading_groups_offices(department: World, travel: Any) -> None:
    travel(2045, 3, 1)
    need = await claimed(await needs.drafted(department))
    await need.does("owner", "need/report")
    await needs.appraised(need)
    assert (await needs.enter(need, ACCEPTED))["priority"] == [1]


async def test_at_the_declaration_the_gatekeeper_answers_it_by_name(city: World) -> None:
    """Like every claim that a paper shows (decision 95); one that the desk does not share may be taken back."""
    case = await city.draft()
    claim = {**CLAIM, "document_date": "2026-01-20"}
    await claimed(case, claim)
    await case.submit()
    (finding,) = [each for each in case.data["findings"] if each["code"] == CODE]
    assert (finding["severity"], finding["article"]) == ("in_principle", 16)
    assert "国办发〔2034〕9号" in finding["reason"], "the paper is the reason: nobody types it twice"
    silent = await case.tried(KEEPER, "gatekeeping/pass", {})
    assert (silent.status_code, silent.json()["code"]) == (409, "opinion_required")
    refusal = {"opinions": [{"code": CODE, "accepted": False}]}
    shut = await case.tried(KEEPER, "gatekeeping/pass", refusal)
    assert shut.json()["code"] == "reason_refused"
    await case.does(KEEPER, "gatekeeping/return", {"reason": "依据不符", **refusal})
    await case.does("owner", "priority", {**claim, "claimed": False})
    assert case.data["dated"]["priority"]["claimed"] == {}
    await claimed(case, claim, paper=False)
    await case.does("owner", "submit", {"reasons": []})
    await case.does(KEEPER, "gatekeeping/pass", ACCEPTED)
    assert case.data["dated"]["priority"]["items"] == [1]
