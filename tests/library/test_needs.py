"""Needs (arts 8, 9, 14): unit → city → province, or department → province; what is not reported is nobody's."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories
from tests.lives import Life, World, good, needs
from tests.lives.needs import BIG, KEEPER, OFFICE


async def test_a_unit_s_need_goes_over_the_city_s_desk_to_the_province(city: World) -> None:
    """Art. 9."""
    need = await needs.drafted(city)
    assert (need.data["state"], need.data["route"]) == ("need_draft", None)
    path = f"/projects/{need.id}"
    await need.does("owner", "need/submit")
    assert (need.data["state"], need.data["holder"]) == ("need_submitted", "city")
    assert need.data["decision"]["route"] == "provincial_review"
    assert 19 not in need.data["decision"]["articles"]
    await need.does(KEEPER, "need/gatekeep")
    await need.does(KEEPER, "need/report", {"note": "本年第一批"})
    body = need.data
    assert (body["state"], body["holder"], body["submissions"]) == ("need_reported", "province", 1)
    assert body["dated"]["need_reported"] == {
        "on": "2029-03-01",
        "year": 2029,
        "basis": "in_window",
        "citation": "",
    }
    assert len(body["dated"]["declared"]["substance"]) > 40
    seen = await need.read(OFFICE)
    assert seen["name"] == "城市管理业务系统"
    sealed = good(await city.by(OFFICE)("GET", f"{path}/versions/1")).json()
    assert sealed["content"]["facts"]["investment_yuan"] == "50000000.00"
    kinds = [each["kind"] for each in good(await city.by(OFFICE)("GET", f"{path}/records")).json()["items"]]
    assert kinds == ["need_report", "need_gatekeep", "need_submit"]


async def test_nothing_of_a_need_is_seen_outside_its_city_before_it_is_reported(
    city: World, as_user: Any, relay: Any
) -> None:
    """law.md, trap 13: neither draft, nor submitted, gatekept, given back or taken back."""

    async def unseen(need: Life) -> None:
        ref = need.id
        for who in ("office", "supervisor", "drc"):
            outside = as_user("360000", who)
            for path in ("", "/history", "/records", "/versions/1"):
                found = await outside("GET", f"/projects/{ref}{path}")
                assert found.status_code == 404, (path, found.text)
            assert ref not in (await outside("GET", "/projects?tenant=360100&limit=200")).text
        assert (await as_user("360200", "gatekeeper")("GET", f"/projects/{ref}")).status_code == 404
        trail = (await as_user("360000", "supervisor")("GET", "/audit?tenant=360100&limit=200")).text
        assert ref.partition("-")[2] not in trail

    need = await needs.drafted(city)
    await unseen(need)
    await need.does("owner", "need/submit")
    await unseen(need)
    await need.does(KEEPER, "need/gatekeep")
    await unseen(need)
    await need.does(KEEPER, "need/return", {"reason": "请合并同类需求"})
    assert (need.data["state"], need.data["holder"]) == ("need_returned", "owner")
    await unseen(need)
    await relay()
    await unseen(need)


async def test_below_the_limit_a_need_is_settled_in_the_citys_own_round(city: World) -> None:
    """Arts 5, 9, R39: submitted to the city and settled there; never reported, and declared from where it stands."""
    need = await needs.drafted(city, investment_yuan="4999999.99")
    path = f"/projects/{need.id}"
    await need.does("owner", "need/submit")
    assert (need.data["state"], need.data["holder"], need.data["route"]) == (
        "need_submitted",
        "city",
        "city_filing",
    )
    await need.does(KEEPER, "need/gatekeep")
    body = need.data
    assert (body["state"], body["holder"]) == ("need_gatekept", "owner")
    assert body["dated"]["need_settled"]["year"] == 2029
    refused = await need.tried(KEEPER, "need/report", {})
    assert (refused.status_code, refused.json()["code"], refused.json()["article"]) == (
        409,
        "action_not_allowed",
        9,
    )
    assert (await city.by(OFFICE)("GET", path)).status_code == 404, "nothing of it leaves the city"
    await need.edit(name="改名的小系统")
    await need.does("owner", "submit", {"reasons": []})
    assert (need.data["state"], need.data["name"]) == ("submitted", "改名的小系统")


async def test_a_settled_need_that_grows_over_the_limit_goes_another_way(city: World) -> None:
    """Art. 9, law.md, trap 2: from the limit on it is the province's; the route never changes silently."""
    need = await needs.drafted(city, investment_yuan="4999999.99")
    await need.does("owner", "need/submit")
    await need.does(KEEPER, "need/return", {"reason": "请核对金额"})
    facts = {k: v for k, v in need.data["facts"].items() if k not in ("on", "declarant")}
    facts["investment_yuan"] = "50000000.00"
    await need.edit(facts=facts)
    await need.does("owner", "need/submit")
    assert (need.data["state"], need.data["route"]) == ("need_submitted", "provincial_review")
    await need.does(KEEPER, "need/gatekeep")
    assert (need.data["state"], need.data["holder"]) == ("need_gatekept", "city")
    taken = await need.tried("owner", "submit", {})
    assert (taken.status_code, taken.json()["code"]) == (409, "action_not_allowed")


async def test_a_department_reports_straight_from_its_draft_whatever_the_amount(department: World) -> None:
    """Art. 8, law.md, trap 4."""
    told = await needs.reported(department, investment_yuan="10000.00")
    assert (told.data["state"], told.data["holder"]) == ("need_reported", "province")
    seen = await told.read(OFFICE)
    assert seen["owner"]["tier"] == "province"


async def test_the_office_gives_a_need_back_and_it_comes_again(city: World) -> None:
    """Arts 8, 9: edited, resubmitted, sealed again as version 2."""
    told = await needs.reported(city)
    await told.does(OFFICE, "need/reject", {"reason": "主要任务不清"})
    assert (told.data["state"], told.data["holder"]) == ("need_returned", "owner")
    ref = told.id
    await told.edit(name="改过的需求")
    assert (await city.by(OFFICE)("GET", f"/projects/{ref}")).json()["name"] == "城市管理业务系统"
    await told.does("owner", "need/submit")
    assert (await city.by(OFFICE)("GET", f"/projects/{ref}")).status_code == 404
    await told.does(KEEPER, "need/gatekeep")
    await told.does(KEEPER, "need/report")
    assert (told.data["submissions"], told.data["name"]) == (2, "改过的需求")
    versions = good(await city.by(OFFICE)("GET", f"/projects/{ref}/history")).json()["versions"]
    assert [each["number"] for each in versions] == [1, 2]


async def test_a_need_is_edited_and_deleted_like_a_draft(city: World) -> None:
    portal = city.by("owner")
    need = await needs.drafted(city)
    path = f"/projects/{need.id}"
    facts = factories.facts(investment_yuan="80000000.00")
    await need.edit(facts=facts)
    assert need.data["investment_yuan"] == "80000000.00"
    preview = good(await portal("POST", f"{path}/preview")).json()
    assert preview["decision"]["route"] == "provincial_review"
    assert (await portal("DELETE", path, etag=need.etag)).status_code == 204
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
    city: World, who: str, verb: str, status: int, code: str
) -> None:
    need = await needs.drafted(city)
    body = {"reason": "不合要求"} if verb.endswith("return") else {}
    refused = await need.tried(f"city.{who}", verb, body)
    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
    kept = await city.by("owner")("GET", f"/projects/{need.id}")
    assert kept.headers["etag"] == need.etag


async def test_a_need_says_what_and_why(city: World) -> None:
    """Arts 8, 9: missing content by pointer, nothing stored; stale versions refused."""
    need = await city.made("owner", "/needs", needs.need(city) | {"materials": {}})
    path = f"/projects/{need.id}/need/submit"
    portal = city.by("owner")
    refused = await portal("POST", path, {}, etag=need.etag)
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json()["errors"]] == [
        "/materials/basics/main_tasks",
        "/materials/basics/basis",
    ]
    assert (await portal("POST", path, {}, etag='"7"')).json()["code"] == "stale_version"
    assert (await portal("POST", path, {})).status_code == 428
    assert (await portal("POST", path, {"x": 1}, etag=need.etag)).status_code == 422


async def test_classified_stays_out(city: World, superuser: Any) -> None:
    """Art. 14: whom to turn to, and nothing is kept."""
    before = await superuser.fetchval("SELECT count(*) FROM projects")
    body = factories.draft("360100", facts={**BIG, "classified": True})
    refused = await city.by("owner")("POST", "/needs", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "classified_material")
    assert await superuser.fetchval("SELECT count(*) FROM projects") == before


async def test_what_was_reported_with_a_need_stays_readable_and_cannot_be_taken_away(city: World) -> None:
    """Arts 15, 39: the province goes on reading a need's files while the owner works on the declaration."""
    portal = city.by("owner")

    async def send(caller: Any, path: str, name: str) -> str:
        answer = await caller(
            "POST",
            f"{path}/documents",
            params={"slot": "technical_plan", "name": name},
            content=name.encode(),
            headers={"content-type": "application/octet-stream"},
        )
        return str(good(answer).json()["id"])

    need = await needs.drafted(city)
    path = f"/projects/{need.id}"
    kept = await send(portal, path, "need.txt")
    await need.does("owner", "need/submit")
    await need.does(KEEPER, "need/gatekeep")
    assert (await city.by(OFFICE)("GET", f"/documents/{kept}")).status_code == 404
    await need.does(KEEPER, "need/report")
    theirs = await send(city.by("province.cyber"), path, "opinion.txt")
    await needs.taken_in(need)
    assert need.data["state"] == "in_library"
    later = await send(portal, path, "later.txt")
    listed = good(await city.by(OFFICE)("GET", f"{path}/documents")).json()["items"]
    assert [each["id"] for each in listed] == [kept, theirs]
    for sealed in (kept, theirs):
        refused = await portal("DELETE", f"/documents/{sealed}")
        assert (refused.status_code, refused.json()["code"]) == (409, "document_sealed"), sealed
    assert (await portal("DELETE", f"/documents/{later}")).status_code == 204
