"""Adoption over HTTP: who may ask, who confirms, who answers."""

from __future__ import annotations

from typing import Any

import pytest

from service.kit import clock
from service.kit.clock import legal_day
from service.setup.seed import office_id
from tests.catalogue.sides import CITY, OTHER, PROVINCE, Side, wish

COST = {"amount_yuan": "1200.00", "basis": "每年每单位"}


async def test_a_free_app_of_the_province_goes_by_itself(
    as_user: Any, publish: Any, adopt: Any, relay: Any
) -> None:
    app = await publish(PROVINCE, "自动确认的应用", reach="province")
    mine, theirs = await adopt(app)
    asked = await mine.now()
    assert (asked["state"], asked["holder"], asked["automatic"]) == ("confirmed", "provider", True)
    assert asked["adopter_name"] == "东湖区政府办公室"
    seen = await theirs.now()
    assert (seen["state"], seen["adopter_tenant"], seen["users"]) == ("confirmed", CITY, 40)
    assert {each["action"]: each["allowed"] for each in seen["actions"]} == {
        "provision": True,
        "decline": True,
        "suspend": False,
        "resume": False,
        "end": False,
    }
    opened = await theirs.do("provision")
    assert (opened.status_code, opened.json()["state"]) == (200, "active")
    assert (await mine.now())["state"] == "confirmed", (
        "the adopter follows by the event, never by a read across"
    )
    await relay()
    done = await mine.now()
    assert (done["state"], done["holder"]) == ("active", "adopter")
    assert done["activated_at"] is not None
    history = (await mine.caller("GET", f"{mine.path}/history")).json()["steps"]
    assert [(each["action"], each["actor_tenant"]) for each in history] == [
        ("request", CITY),
        ("provision", PROVINCE),
    ]
    inbox = (await as_user(CITY, "360102.user")("GET", "/inbox?limit=20")).text
    assert "应用已开通：自动确认的应用" in inbox
    told = (await as_user(PROVINCE, "app_provider")("GET", "/inbox?limit=20")).text
    assert "应用申请已确认，待开通：自动确认的应用" in told
    used = (await as_user(OTHER, "360202.user")("GET", f"/apps/{app}")).json()
    assert used["used_by"] == [{"tenant": CITY, "tenant_name": "南昌市", "offices": 1}]


@pytest.mark.parametrize(
    ("provider", "changes"),
    [(PROVINCE, {"reach": "province", "cost": COST}), (CITY, {"reach": "tenant"})],
    ids=["priced", "the city's own"],
)
async def test_everything_else_waits_for_the_city(
    as_user: Any, publish: Any, adopt: Any, relay: Any, provider: str, changes: dict[str, Any]
) -> None:
    app = await publish(provider, f"等确认的应用{provider}", **changes)
    mine, theirs = await adopt(app)
    asked = await mine.now()
    assert (asked["state"], asked["holder"], asked["automatic"]) == ("requested", "city", False)
    assert (await theirs.caller("GET", theirs.path)).status_code == 404, (
        "the provider hears of what is confirmed"
    )
    assert (await mine.do("confirm")).status_code == 403
    keeper = Side(as_user(CITY, "gatekeeper"), mine.path)
    assert "应用申请待确认" in (await keeper.caller("GET", "/inbox?limit=20")).text
    assert (await Side(as_user(OTHER, "gatekeeper"), mine.path).caller("GET", mine.path)).status_code == 404
    confirmed = await keeper.do("confirm")
    assert (confirmed.json()["state"], confirmed.json()["holder"]) == ("confirmed", "provider")
    await relay()
    assert (await theirs.do("provision")).status_code == 200
    await relay()
    assert (await mine.now())["state"] == "active"


async def test_the_city_refuses_with_a_reason(as_user: Any, publish: Any, adopt: Any, relay: Any) -> None:
    app = await publish(PROVINCE, "不予确认的应用", reach="province", cost=COST)
    mine, theirs = await adopt(app)
    keeper = Side(as_user(CITY, "gatekeeper"), mine.path)
    bare = await keeper.do("refuse")
    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert (await keeper.do("refuse", {"reason": "已有同类应用"})).json()["state"] == "refused"
    await relay()
    assert (await theirs.caller("GET", theirs.path)).status_code == 404
    assert "已有同类应用" in (await mine.caller("GET", "/inbox?limit=20")).text
    late = await keeper.do("confirm")
    assert (late.status_code, late.json()["code"], late.json()["article"]) == (409, "action_not_allowed", 23)
    again = await mine.caller("POST", "/adoptions", wish(app))
    assert again.status_code == 201, "a refusal is not for ever"


async def test_a_city_may_ask_to_confirm_itself(as_user: Any, publish: Any, adopt: Any) -> None:
    free = await publish(PROVINCE, "本市要确认的应用", reach="province")
    keeper = as_user("360300", "gatekeeper")
    overlay = {
        "key": "adoption.city_confirmation",
        "value": "city",
        "effective_from": legal_day(clock.now()).isoformat(),
    }
    shown = await keeper("POST", "/rulebook/overlays/preview", overlay)
    assert shown.status_code == 200, shown.text
    version = shown.json()["rulebook_version"]
    body = {**overlay, "reason": "本市统一把关", "expected_version": version}
    recorded = await keeper("POST", "/rulebook/overlays", body)
    assert recorded.status_code == 201, recorded.text
    waiting, _ = await adopt(free, "360302.user", "360300")
    assert (await waiting.now())["state"] == "requested"
    at_once, _ = await adopt(free, "360202.user", OTHER)
    assert (await at_once.now())["state"] == "confirmed", "another city's rules are its own"


async def test_a_provider_of_another_city_answers(as_user: Any, publish: Any, adopt: Any, relay: Any) -> None:
    app = await publish("360400", "九江共享的应用", reach="province")
    mine, theirs = await adopt(app)
    assert theirs.path.startswith("/provisions/360400-")
    declined = await theirs.do("decline", {"reason": "容量不足"})
    assert declined.json()["state"] == "declined"
    await relay()
    now = await mine.now()
    assert (now["state"], now["reason"]) == ("declined", "容量不足")
    assert (await as_user(CITY, "app_provider")("GET", theirs.path)).status_code == 404
    assert (await as_user(PROVINCE, "app_provider")("GET", theirs.path)).status_code == 404
    own = f"/provisions/{CITY}{theirs.path[-37:]}"
    assert (await as_user(CITY, "app_provider")("GET", own)).status_code == 404


async def test_one_live_adoption_per_office_and_app(as_user: Any, publish: Any, adopt: Any) -> None:
    app = await publish(PROVINCE, "只申请一次的应用", reach="province")
    mine, _ = await adopt(app)
    again = await mine.caller("POST", "/adoptions", wish(app))
    assert (again.status_code, again.json()["code"]) == (409, "already_adopted")
    other = await as_user(CITY, "360103.user")("POST", "/adoptions", wish(app))
    assert other.status_code == 201
    city = await as_user(CITY, "unit")("POST", "/adoptions", wish(app))
    assert (city.status_code, city.json()["division"]) == (201, CITY)


async def test_requests_are_refused_for_what_is_hidden_or_closed(
    as_user: Any, publish: Any, relay: Any
) -> None:
    hidden = await publish(OTHER, "外市的应用")
    offices = await publish(
        CITY, "别的单位的应用", reach="offices", office_ids=[office_id(CITY, "360104", "青云谱区政府办公室")]
    )
    county = as_user(CITY, "360102.user")
    absent = f"{OTHER}-018f0000-0000-7000-8000-00000000abcd"
    answers = [await county("POST", "/adoptions", wish(each)) for each in (hidden, offices, absent)]
    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.json()["errors"][0]["detail"] for answer in answers}) == 1
    for change, pointer in (
        ({"users": 0}, "/users"),
        ({"scope": " "}, "/scope"),
        ({"data_needs": [""]}, "/data_needs/0"),
    ):
        refused = await county("POST", "/adoptions", wish(hidden, **change))
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    old = await publish(PROVINCE, "将停用的旧应用", reach="province")
    new = await publish(PROVINCE, "接替的新应用", reach="province")
    provider = Side(as_user(PROVINCE, "app_provider"), f"/apps/working/{old}")
    await provider.do("status", {"status": "deprecated", "reason": "换代", "successor": new})
    await relay()
    closed = await county("POST", "/adoptions", wish(old))
    assert (closed.status_code, closed.json()["code"], closed.json()["successor"]) == (
        409,
        "app_not_available",
        new,
    )


async def test_a_stale_version_moves_nothing(as_user: Any, publish: Any, adopt: Any) -> None:
    app = await publish(PROVINCE, "版本应用", reach="province")
    mine, theirs = await adopt(app)
    for side, verb in ((mine, "withdraw"), (theirs, "decline")):
        stale = await side.caller("POST", f"{side.path}/{verb}", {"reason": "试一试"}, etag='"99"')
        assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
        missing = await side.caller("POST", f"{side.path}/{verb}", {"reason": "试一试"})
        assert missing.status_code == 428
    assert (await mine.now())["state"] == (await theirs.now())["state"] == "confirmed"
