"""Every desk's queue, by story: what waits is told, once, to whoever may do it, and is gone when it is done."""

from __future__ import annotations

from typing import Any

from service.kit import clock
from service.kit.clock import legal_day
from service.kit.db import tenant_scope
from service.obligations.deriving import refresh
from tests.lives import APPROVAL, REASON, Thing, World, good
from tests.lives import reviews as r


async def queue(caller: Any, queue: str | None = None, **more: Any) -> list[dict[str, Any]]:
    answer = good(
        await caller("GET", "/tasks", params={**({"queue": queue} if queue else {}), "limit": "200", **more})
    )
    return list(answer.json()["items"])


def of(items: list[dict[str, Any]], case: Thing) -> list[tuple[str, str]]:
    return [(each["queue"], each["kind"]) for each in items if each["project_id"] == case.id]


async def waits(w: World, who: str, case: Thing) -> list[str]:
    return [name for name, _ in of(await queue(w.by(who)), case)]


async def test_a_city_project_goes_from_desk_to_desk(build: Any, at: Any) -> None:
    """Arts 9, 14, 23: gatekeeping by its practice day, approval, filing; a deed done is a task less at once."""
    at("2026-03-02")
    w = build()
    case = await w.submitted()
    at("2026-03-07")
    (mine,) = [each for each in await queue(w.by("city.gatekeeper")) if each["project_id"] == case.id]
    _as_the_queue_tells_it(case, mine)
    assert await waits(w, "city.approver", case) == []
    passed = await w.step(case, "city.gatekeeper", "gatekeeping/pass", case.opinions())
    assert (await waits(w, "city.gatekeeper", case), await waits(w, "city.approver", case)) == (
        [],
        ["approving"],
    )
    done = await w.step(passed, "city.approver", "approve", APPROVAL)
    assert (await waits(w, "city.approver", case), await waits(w, "city.gatekeeper", case)) == (
        [],
        ["filing"],
    )
    (filing,) = [
        each for each in await queue(w.by("city.gatekeeper"), "filing") if each["project_id"] == case.id
    ]
    assert (filing["due"], filing["basis"], filing["amount_yuan"]) == (
        "2026-02-11",
        "practice",
        "3900000.00",
    )
    assert await waits(w, "city.finance", case) == ["budget"]
    assert "start" in await waits(w, "city.portal", case)
    good(await w.by("city.gatekeeper")("POST", f"/projects/{case.id}/file", {}, etag=done.etag))
    assert await waits(w, "city.gatekeeper", case) == []


def _as_the_queue_tells_it(case: Any, mine: Any) -> None:
    """Since when, until when, on which ground, and what may be done."""
    assert (mine["queue"], mine["kind"], mine["id"], mine["version"]) == (
        "gatekeeping",
        "project",
        case.id,
        2,
    )
    assert (mine["since"][:10], mine["days_waiting"]) == ("2026-03-02", 5)
    assert (mine["due"], mine["days_left"], mine["late"]) == ("2026-03-12", 5, False)
    assert (mine["basis"], mine["ground"]) == ("practice", "管理惯例，参照第九条")
    assert (mine["route"], mine["amount_yuan"], mine["owner_name"]) == (
        "city_filing",
        "4000000.00",
        "南昌市政府办公室",
    )
    assert mine["operation_ids"] == ["projects_gatekeep_pass", "projects_gatekeep_return"]


async def test_what_was_returned_waits_for_its_owner_alone(build: Any, as_user: Any) -> None:
    """Art. 14: the county's unit has it, neither its neighbour nor another city; a county's user has none."""
    w = build(owner="county.unit")
    case = await w.submitted(reuse_check="checked")
    await w.step(case, "city.gatekeeper", "gatekeeping/return", REASON)
    (mine,) = await queue(w.by("county.unit"), "returned")
    assert (mine["project_id"], mine["operation_ids"][0]) == (case.id, "projects_edit")
    assert await queue(as_user("360100", "360103.unit"), "returned") == []
    assert await queue(as_user("360200", "gatekeeper")) == []
    assert await queue(w.by("county.user")) == []


async def test_opinions_awaited_cost_one_call(build: Any) -> None:
    """Art. 19: each organ of a joint review, the invited one too, sees in one call what it has not said."""
    w = build()
    cases = [await r.in_review(w, await r.to_appraised(w), invited=["crypto"]) for _ in range(3)]
    ids = {case.id for case in cases}
    for who, slot in (("province.finance", "finance"), ("province.crypto_organ", "crypto")):
        items = await queue(w.by(who), "joint_review_opinion")
        assert {each["project_id"] for each in items} == ids
        assert all(each["tenant_name"] == "南昌市" and each["basis"] == "practice" for each in items)
        opinion = {"slot": slot, "opinion": "agree", "text": "同意"}
        good(await w.by(who)("POST", f"/projects/{cases[0].id}/joint-review/opinions", opinion))
        left = await queue(w.by(who), "joint_review_opinion")
        assert {each["project_id"] for each in left} == ids - {cases[0].id}
        (count,) = good(await w.by(who)("GET", "/tasks/summary")).json()["items"]
        assert (count["queue"], count["label"], count["count"]) == (
            "joint_review_opinion",
            "出具联合会审意见",
            2,
        )
    assert await queue(w.by("province.cyber")) == []
    assert {each["project_id"] for each in await queue(w.by("province.office"), "joint_review")} >= ids


async def test_the_road_through_the_province(build: Any) -> None:
    """Arts 18-20: office, agency, expert, secretary, reform commission: each has it when it is theirs."""
    w = build()
    case = await w.with_province()
    assert await waits(w, "province.office", case) == ["provincial_review"]
    given = await r.drawn(w, case)
    assert await waits(w, "province.office", case) == []
    assert await waits(w, "province.agency", case) == ["appraisal"]
    seats = await r.assigned(w, case)
    login, assignment = next(iter(seats.items()))
    expert = await r.as_expert(w, "province", login)
    (task,) = [each for each in await queue(expert) if each["project_id"] == case.id]
    assert (task["queue"], task["id"], task["due"] is not None) == ("assignment", assignment, True)
    good(await expert("POST", f"/assignments/{assignment}/score", r.sheet()))
    assert of(await queue(expert), case) == []
    assert given.data["number"] == 1


async def test_conditions_are_asked_of_the_whole_queue(build: Any) -> None:
    """Not of a page: one row at a time, each condition gives all that fit it, and the counts are of them all."""
    w = build()
    made = [
        await w.submitted(),
        await w.submitted(investment_yuan="4900000.00", negative={}),
        await w.submitted(provincial=True),
    ]
    keeper = w.by("city.gatekeeper")
    told = good(
        await keeper("GET", "/tasks", params={"queue": "gatekeeping", "limit": "1", "counts": "true"})
    )
    counts, (first,) = told.json()["counts"], told.json()["items"]
    everything = await queue(keeper, "gatekeeping")
    assert (counts["count"], counts["capped"], first["id"]) == (len(everything), False, everything[0]["id"])
    for asked, count, fits in (
        (
            {"route": "provincial_review"},
            "provincial_review",
            lambda each: each["route"] == "provincial_review",
        ),
        ({"near_line": "true"}, "near_line", lambda each: each["near_line"]),
        ({"to_judge": "false"}, "without_reasons", lambda each: not each["reasons_to_judge"]),
    ):
        wanted = [each["id"] for each in everything if fits(each)]
        assert [each["id"] for each in await queue(keeper, "gatekeeping", **asked)] == wanted
        assert counts[count] == len(wanted) > 0, (asked, counts)
        seen, cursor = [], None
        while True:
            given = {"queue": "gatekeeping", "limit": "1", **asked, **({"cursor": cursor} if cursor else {})}
            page = good(await keeper("GET", "/tasks", params=given)).json()
            seen, cursor = seen + [each["id"] for each in page["items"]], page["next_cursor"]
            if cursor is None:
                break
        assert seen == wanted
    assert {each.id for each in made} <= {each["id"] for each in everything}
    assert await queue(keeper, "gatekeeping", division="360102") == []
    here = {each["id"] for each in await queue(keeper, "gatekeeping", division="360100")}
    assert {each.id for each in made} <= here


async def test_duties_of_a_division_are_those_of_its_offices_cases(build: Any) -> None:
    """Read office by office: nobody's is missed, none comes twice, and page follows page as in the whole queue."""
    city, county = build(), build("county.unit")
    made = [await city.approved(), await county.approved(), await city.approved(), await county.approved()]
    for who in ("city.gatekeeper", "city.portal", "city.supervisor", "city.finance"):
        reader, seen = city.by(who), dict[str, list[str]]()
        everything = await queue(reader)
        found = good(await reader("GET", "/projects", params={"limit": "200"})).json()["items"]
        divisions = {each["id"]: each["division"] for each in found}
        for division in {"360100", divisions[made[1].id]}:
            wanted = [each["id"] for each in everything if divisions.get(each["project_id"]) == division]
            assert [each["id"] for each in await queue(reader, division=division)] == wanted
            asked = {"division": division, "limit": "2"}
            first = good(await reader("GET", "/tasks", params=asked)).json()
            assert [each["id"] for each in first["items"]] == wanted[:2]
            if first["next_cursor"]:
                asked["cursor"] = first["next_cursor"]
                then = good(await reader("GET", "/tasks", params=asked)).json()
                assert [each["id"] for each in then["items"]] == wanted[2:4]
            seen[division] = wanted
        assert who == "city.supervisor" or all(seen.values()), (who, seen)


async def test_duties_of_one_way_in_a_division_are_all_found_also_while_some_tell_none(
    build: Any, superuser: Any, door: Any
) -> None:
    """A duty says which way its case goes; of what was derived before it did, or by the version before, the case is
    asked, until the worker's daily look.
    """
    city, county = build(), build("county.unit")
    made = [await city.approved(), await county.approved(), await city.submitted(provincial=True)]
    ids = [case.id.partition("-")[2] for case in made]
    reader, ways = city.by("city.portal"), ("city_filing", "provincial_review")
    everything = await queue(reader)
    found = good(await reader("GET", "/projects", params={"limit": "200"})).json()["items"]
    places = {each["id"]: (each["route"], each["division"]) for each in found}
    for told in (True, False):
        if not told:
            await superuser.execute(
                "UPDATE obligations SET route = '' WHERE project_id = ANY($1::uuid[])", ids[:2]
            )
        for place in {(way, division) for way in ways for _, division in places.values()}:
            wanted = [each["id"] for each in everything if places.get(each["project_id"]) == place]
            asked = {"route": place[0], "division": place[1]}
            assert [each["id"] for each in await queue(reader, **asked)] == wanted, (place, told)
    async with door.transaction(tenant_scope("360100")) as tx:
        await refresh(tx, "360100", ids, legal_day(clock.now()))
    told = "SELECT count(*) FROM obligations WHERE project_id = ANY($1::uuid[]) AND state = 'open' AND route = ''"
    assert await superuser.fetchval(told, ids) == 0
