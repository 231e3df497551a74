"""Whoever acted is told with name and office, machines as what they are; experts and who is gone by a word."""

from __future__ import annotations

from typing import Any

from service.identity.people import EXPERT, GONE, People, parted
from service.kit.db import Door
from service.setup.seed import people_of
from tests.factories import draft
from tests.lives import World, good

KEEPER = next(each for each in people_of("360100") if each.login == "gatekeeper")


async def test_history_names_people_and_clients(city: World) -> None:
    passed = await city.gatekept()
    steps = (await passed.sees("history", "city.approver"))["transitions"]
    who = {step["action"]: (step["actor"], step["actor_person"]) for step in steps}
    code, keeper = who["gatekeep_pass"]
    assert code == "user:360100:gatekeeper"
    assert (keeper["kind"], keeper["name"], keeper["client_name"]) == ("person", KEEPER.name, None)
    assert keeper["office_name"]
    assert who["submit"][1]["kind"] == "client"
    assert who["submit"][1]["name"]


async def test_a_repeat_is_named_and_its_stored_bytes_are_not(as_user: Any, door: Door) -> None:
    headers = {"idempotency-key": "named-once"}
    portal = as_user("360100")
    first = await portal("POST", "/projects", draft(), headers=headers)
    again = await portal("POST", "/projects", draft(), headers=headers)
    assert again.headers["idempotent-replayed"] == "true"
    assert first.content == again.content
    assert first.json()["tenant_name"] == "南昌市"
    assert first.json()["created_by_person"]["kind"] == "client"


async def test_another_tenants_reader_is_told_who_did_what_is_shown(city: World, as_user: Any) -> None:
    """The deed is shown, so its hand is; the tenant that does not see the case sees neither."""
    passed = await city.gatekept()
    assert (await as_user("360200", "gatekeeper")("GET", f"/projects/{passed.id}")).status_code == 404
    trail = good(await city.by("province.supervisor")("GET", f"/audit?tenant=360100&object_id={passed.id}"))
    names = {each["actor_person"]["name"] for each in trail.json()["items"]}
    assert KEEPER.name in names


async def test_words_for_experts_and_for_who_is_gone(door: Door) -> None:
    expert = next(each for each in people_of("360000") if each.roles == ("expert",))
    codes = [f"user:360000:{expert.login}", "user:360100:nobody.there", "client:360100:system:purge", "导入"]
    found = await People().named(door, frozenset(codes))
    assert [found[code].name for code in codes] == [EXPERT, GONE, "系统", "系统"]
    assert found[codes[0]].office_name is None
    assert [found[code].kind for code in codes] == ["person", "person", "system", "system"]


async def test_one_look_up_per_tenant_and_then_none(door: Door) -> None:
    """However many people an answer names."""
    people = People()
    codes = frozenset(f"user:360100:{each.login}" for each in people_of("360100"))
    before = door.round_trips
    assert len({each.name for each in (await people.named(door, codes)).values()}) > 5
    assert door.round_trips == before + 1
    await people.named(door, codes)
    assert door.round_trips == before + 1


def test_an_actor_is_taken_apart() -> None:
    assert parted("user:360100:zhang:san via 360100.portal") == (
        "user",
        "360100",
        "zhang:san",
        "360100.portal",
        "",
    )
    assert parted("client:360100:system:lapse").kind == "system"


async def test_an_older_version_is_told_who_made_the_newer_one(city: World, as_user: Any) -> None:
    passed = await city.gatekept()
    late = await passed.tried("city.gatekeeper", "gatekeeping/pass", {}, etag='"2"')
    told = late.json()
    assert (late.status_code, told["code"], told["current_etag"]) == (
        412,
        "stale_version",
        passed.etag,
    )
    assert told["changed_by"]["name"] == KEEPER.name
    assert told["changed_by"]["office_name"]
    assert told["deed"] == {"code": "project.gatekeep_pass", "label": "统筹把关通过"}
    assert told["changed_at"].endswith("Z")
    assert KEEPER.name in told["detail"] and "统筹把关通过" in told["detail"]
    path = f"/projects/{passed.id}/gatekeeping/pass"
    elsewhere = await as_user("360200", "gatekeeper")("POST", path, {}, etag='"2"')
    assert elsewhere.status_code == 404
    assert KEEPER.name not in elsewhere.text
