"""Adoption over HTTP, both sides: who confirms, who provides, what the other side learns, and how often."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from service.catalogue.spreading import spread
from service.kit import clock
from service.kit.clock import legal_day
from service.kit.relay import drain
from service.kit.telemetry import Telemetry
from service.seed import office_id
from service.worker import SUBSCRIBERS

CITY, OTHER, PROVINCE = "360100", "360200", "360000"
COST = {"amount_yuan": "1200.00", "basis": "每年每单位"}


def wish(app: str, **changes: Any) -> dict[str, Any]:
    return {"app_id": app, "users": 40, "scope": "窗口人员办件核验", "data_needs": ["地名地址库"], **changes}


class Side:
    """An adoption (or its provision) as one caller sees it; every step reads the newest version first."""

    def __init__(self, caller: Any, path: str) -> None:
        self.caller, self.path = caller, path

    async def now(self) -> dict[str, Any]:
        answer = await self.caller("GET", self.path)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def do(self, verb: str, body: dict[str, Any] | None = None, method: str = "POST") -> Any:
        etag = (await self.caller("GET", self.path)).headers["etag"]
        return await self.caller(method, f"{self.path}/{verb}", body or {}, etag=etag)


@pytest.fixture
def adopt(as_user: Any, relay: Any) -> Callable[..., Awaitable[tuple[Side, Side]]]:
    """adopt(app, "360102.user") → the adopter's side and the provider's, once requested."""

    async def run(app: str, login: str = "360102.user", tenant: str = CITY) -> tuple[Side, Side]:
        caller, provider = as_user(tenant, login), app[:6]
        made = await caller("POST", "/adoptions", wish(app))
        assert made.status_code == 201, made.text
        await relay()
        ref = made.json()["id"]
        mirror = f"/provisions/{provider}{ref[6:]}"
        return Side(caller, f"/adoptions/{ref}"), Side(as_user(provider, "app_provider"), mirror)

    return run


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
        "provision": True, "decline": True, "suspend": False, "resume": False, "end": False,
    }  # fmt: skip
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
        ("request", CITY), ("provision", PROVINCE),
    ]  # fmt: skip
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
        "key": "adoption.city_confirmation", "value": "city", "effective_from": legal_day(clock.now()).isoformat(),
    }  # fmt: skip
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


async def test_suspended_resumed_ended_and_told(as_user: Any, publish: Any, adopt: Any, relay: Any) -> None:
    app = await publish(PROVINCE, "会暂停的应用", reach="province")
    mine, theirs = await adopt(app)
    used = Side(as_user(OTHER, "360202.user"), f"/apps/{app}")
    states = []
    for verb, body in (
        ("provision", {}), ("suspend", {"reason": "安全加固"}), ("resume", {}), ("end", {"reason": "不再提供"}),
    ):  # fmt: skip
        answer = await theirs.do(verb, body)
        assert answer.status_code == 200, answer.text
        await relay()
        now = await mine.now()
        states.append((now["state"], now["holder"], (await used.now())["used_by_offices"]))
    assert states == [
        ("active", "adopter", 1), ("suspended", "provider", 0), ("active", "adopter", 1), ("ended", "adopter", 0),
    ]  # fmt: skip
    inbox = (await mine.caller("GET", "/inbox?limit=50")).text
    for heading in ("应用已开通", "应用已暂停", "应用已恢复", "应用使用已终止"):
        assert f"{heading}：会暂停的应用" in inbox
    assert (await theirs.do("resume")).status_code == 409


@pytest.mark.parametrize("who", ["360102.user", "gatekeeper"])
async def test_the_adopters_end_reaches_the_provider(
    as_user: Any, publish: Any, adopt: Any, relay: Any, who: str
) -> None:
    app = await publish(PROVINCE, f"使用方终止的应用{who}", reach="province")
    mine, theirs = await adopt(app)
    await theirs.do("provision")
    await relay()
    ended = await Side(as_user(CITY, who), mine.path).do("end", {"reason": "业务撤并"})
    assert ended.json()["state"] == "ended"
    await relay()
    seen = await theirs.now()
    assert (seen["state"], seen["reason"]) == ("ended", "业务撤并")
    assert (await Side(as_user(OTHER, "360202.user"), f"/apps/{app}").now())["used_by"] == []
    assert (await mine.caller("POST", "/adoptions", wish(app))).status_code == 201


async def test_both_sides_act_at_once_and_agree_in_the_end(
    as_user: Any, publish: Any, adopt: Any, relay: Any
) -> None:
    app = await publish(PROVINCE, "两边同时办的应用", reach="province")
    for verb, body in (("provision", {}), ("decline", {"reason": "容量不足"})):
        mine, theirs = await adopt(app)
        withdrawn = await mine.do("withdraw", {"reason": "填错了"})
        assert withdrawn.json()["state"] == "withdrawn"
        assert (await theirs.do(verb, body)).status_code == 200, "the provider has not heard of it yet"
        await relay()
        assert (await mine.now())["state"] == (await theirs.now())["state"] == "withdrawn"
        assert (await Side(as_user(OTHER, "360202.user"), f"/apps/{app}").now())["used_by_offices"] == 0
        steps = (await mine.caller("GET", f"{mine.path}/history")).json()["steps"]
        assert {each["action"] for each in steps} == {"request", "withdraw", verb}, (
            "what was done is on record"
        )


async def test_events_delivered_again_or_out_of_order_change_nothing(
    as_user: Any, publish: Any, adopt: Any, relay: Any, superuser: Any
) -> None:
    app = await publish(PROVINCE, "重复投递的应用", reach="province")
    mine, theirs = await adopt(app)
    for verb, body in (("provision", {}), ("suspend", {"reason": "加固"}), ("resume", {})):
        await theirs.do(verb, body)
        await relay()
    await mine.do("feedback", {"score": 4, "text": "好用"}, "PUT")
    await theirs.do(
        "usage", {"month": legal_day(clock.now()).isoformat()[:7], "active_users": 9, "calls": 90}, "PUT"
    )
    await relay()
    ref = mine.path.rpartition("/")[2]

    async def everything() -> list[Any]:
        rows = [
            await superuser.fetch(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
            for table in ("adoptions", "adoption_steps", "adoption_usage", "provisions", "app_uses", "inbox")
        ]
        events = await superuser.fetchval("SELECT count(*) FROM outbox")
        return [*rows, events, await mine.now(), await theirs.now()]

    before = await everything()
    # All of it again, the newest first.
    count = await superuser.fetchval(
        "WITH again AS (UPDATE outbox SET done_at = NULL, next_attempt_at = now(), "
        "created_at = timestamptz '2020-01-01' + (timestamptz '2030-01-01' - created_at) "
        "WHERE snapshot->'subject'->>'id' = ANY($1) RETURNING 1) SELECT count(*) FROM again",
        [ref, app],
    )
    assert count >= 8
    assert await relay() >= count  # an event counts once for each lane it goes through
    after = await everything()
    assert after == before
    steps = await superuser.fetchval(
        "SELECT count(*) FROM adoption_steps WHERE adoption_id::text = $1", ref[7:]
    )
    assert steps == 4


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


async def test_an_app_in_use_is_not_retired(as_user: Any, publish: Any, adopt: Any, relay: Any) -> None:
    app = await publish(PROVINCE, "有人用的应用", reach="province", status="pilot")
    _, theirs = await adopt(app)
    working = Side(as_user(PROVINCE, "app_provider"), f"/apps/working/{app}")
    refused = await working.do("status", {"status": "retired", "reason": "试点结束"})
    assert (refused.status_code, refused.json()["code"]) == (409, "still_adopted")
    await theirs.do("decline", {"reason": "试点结束"})
    assert (await working.do("status", {"status": "retired", "reason": "试点结束"})).status_code == 200


async def test_use_is_reported_by_month_and_corrected(
    as_user: Any, publish: Any, adopt: Any, relay: Any
) -> None:
    app = await publish(PROVINCE, "有使用量的应用", reach="province")
    mine, theirs = await adopt(app)
    month = legal_day(clock.now()).isoformat()[:7]
    body = {"month": month, "active_users": 12, "calls": 3400}
    early = await theirs.do("usage", body, "PUT")
    assert (early.status_code, early.json()["article"]) == (409, 23)
    await theirs.do("provision")
    for bad in ("2023-01", "2099-12"):
        refused = await theirs.do("usage", {**body, "month": bad}, "PUT")
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/month")
    assert (await theirs.do("usage", {**body, "month": "2026-13"}, "PUT")).status_code == 422
    assert (await theirs.do("usage", {**body, "calls": -1}, "PUT")).status_code == 422
    assert (await theirs.do("usage", body, "PUT")).json()["revision"] == 1
    corrected = await theirs.do("usage", {**body, "active_users": 13}, "PUT")
    assert corrected.json()["revision"] == 2
    await relay()
    kept = (await theirs.caller("GET", f"{theirs.path}/usage")).json()["items"]
    assert [(each["month"], each["active_users"], each["revision"]) for each in kept] == [(month, 13, 2)]
    history = (await mine.caller("GET", f"{mine.path}/history")).json()
    assert history["usage"] == kept


async def test_adopters_say_what_they_think(as_user: Any, publish: Any, adopt: Any, relay: Any) -> None:
    app = await publish(PROVINCE, "被评价的应用", reach="province")
    mine, theirs = await adopt(app)
    assert (await mine.do("feedback", {"score": 5}, "PUT")).status_code == 409
    await theirs.do("provision")
    await relay()
    for score in (0, 6):
        assert (await mine.do("feedback", {"score": score}, "PUT")).status_code == 422
    for score, text in ((5, "很好"), (2, "变慢了")):
        assert (await mine.do("feedback", {"score": score, "text": text}, "PUT")).status_code == 200
    await relay()
    seen = await theirs.now()
    assert (seen["score"], seen["feedback"], seen["state"]) == (2, "变慢了", "active")


async def test_coverage_shows_use_and_gaps(as_user: Any, publish: Any, adopt: Any, relay: Any) -> None:
    app = await publish(PROVINCE, "覆盖面应用", reach="province", category="other")
    city_only = await publish(CITY, "覆盖面本市应用", category="other")
    for login, tenant in (("360102.user", CITY), ("360202.user", OTHER)):
        _, theirs = await adopt(app, login, tenant)
        await theirs.do("provision")
    await adopt(app, "360103.user", CITY)
    await adopt(city_only, "360103.user", CITY)
    await relay()
    whole = (await as_user(PROVINCE, "office")("GET", "/apps/coverage?category=other")).json()
    assert [row["app_id"] for row in whole["items"]] == [app], (
        "a city's own app is not the province's business"
    )
    row = whole["items"][0]
    assert row["cells"] == {"360102": "active", "360103": "confirmed", "360202": "active"}
    assert row["active"] == 2
    assert set(row["gaps"]) == {each["division"] for each in whole["counties"]} - set(row["cells"])
    assert len(whole["counties"]) > 100
    part = (
        await as_user(PROVINCE, "supervisor")("GET", f"/apps/coverage?category=other&tenant={OTHER}")
    ).json()
    assert {each["tenant"] for each in part["counties"]} == {OTHER}
    assert part["items"][0]["cells"] == {"360202": "active"}
    own = (await as_user(CITY, "gatekeeper")("GET", "/apps/coverage?category=other")).json()
    assert {each["tenant"] for each in own["counties"]} == {CITY}
    assert {each["app_id"]: each["cells"] for each in own["items"]} == {
        app: {"360102": "active", "360103": "confirmed"}, city_only: {"360103": "requested"},
    }  # fmt: skip
    assert (await as_user(CITY, "gatekeeper")("GET", f"/apps/coverage?tenant={OTHER}")).status_code == 404


async def test_lists_show_each_side_its_own(as_user: Any, publish: Any, adopt: Any, relay: Any) -> None:
    app = await publish(PROVINCE, "列表里的应用", reach="province")
    local = await publish(CITY, "列表里的本市应用")
    mine, _ = await adopt(app)
    secret, _ = await adopt(local)
    neighbour, _ = await adopt(app, "360103.user")
    ids = {
        name: side.path.rpartition("/")[2]
        for name, side in (("mine", mine), ("local", secret), ("next", neighbour))
    }

    async def listed(caller: Any, **params: Any) -> set[str]:
        found, cursor = set[str](), None
        while True:
            given = {"limit": 5, **params, **({"cursor": cursor} if cursor else {})}
            page = (await caller("GET", "/adoptions", params=given)).json()
            assert not found & {each["id"] for each in page["items"]}
            found |= {each["id"] for each in page["items"]}
            cursor = page["next_cursor"]
            if cursor is None:
                return found & set(ids.values())

    assert await listed(mine.caller) == {ids["mine"], ids["local"]}
    assert await listed(as_user(CITY, "gatekeeper")) == set(ids.values())
    assert await listed(as_user(CITY, "gatekeeper"), state="requested") == {ids["local"]}
    assert await listed(as_user(CITY, "gatekeeper"), app_id=app) == {ids["mine"], ids["next"]}
    assert await listed(as_user(PROVINCE, "office")) == {ids["mine"], ids["next"]}
    assert await listed(as_user(OTHER, "gatekeeper")) == set()
    for path in (secret.path, f"{secret.path}/history"):
        assert (await as_user(PROVINCE, "office")("GET", path)).status_code == 404
    assert (await as_user(CITY, "360103.user")("GET", mine.path)).status_code == 404
    assert (await as_user(CITY, "gatekeeper")("GET", f"/adoptions?tenant={OTHER}")).status_code == 404
    provided = (await as_user(PROVINCE, "app_provider")("GET", f"/provisions?app_id={app}&limit=1")).json()
    assert provided["next_cursor"] is not None
    assert (await as_user(PROVINCE, "app_provider")("GET", f"/provisions?app_id={local}")).status_code == 404


async def test_a_stale_version_moves_nothing(as_user: Any, publish: Any, adopt: Any) -> None:
    app = await publish(PROVINCE, "版本应用", reach="province")
    mine, theirs = await adopt(app)
    for side, verb in ((mine, "withdraw"), (theirs, "decline")):
        stale = await side.caller("POST", f"{side.path}/{verb}", {"reason": "试一试"}, etag='"99"')
        assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
        missing = await side.caller("POST", f"{side.path}/{verb}", {"reason": "试一试"})
        assert missing.status_code == 428
    assert (await mine.now())["state"] == (await theirs.now())["state"] == "confirmed"


async def test_many_at_once_are_counted_exactly(
    as_user: Any, publish: Any, adopt: Any, relay: Any, door: Any
) -> None:
    app = await publish(PROVINCE, "同时开通的应用", reach="province")
    logins = ["360102.user", "360103.user", "360104.user", "360111.user", "unit"]
    sides = [(await adopt(app, login))[1] for login in logins]
    opened = await asyncio.gather(*(side.do("provision") for side in sides))
    again = [side for side, answer in zip(sides, opened, strict=True) if answer.status_code == 409]
    assert {answer.status_code for answer in opened} <= {200, 409}, [answer.text for answer in opened]
    for side in again:  # the counter's lock was held too long: told to try again
        assert (await side.do("provision")).status_code == 200
    telemetry = Telemetry()
    await asyncio.gather(*(drain(door, PROVINCE, SUBSCRIBERS, telemetry) for _ in range(3)))
    await relay()
    used = await Side(as_user(OTHER, "360202.user"), f"/apps/{app}").now()
    assert [(each["tenant"], each["offices"]) for each in used["used_by"]] == [(CITY, 5)]
    first = sides[0]
    both = await asyncio.gather(
        *(first.do(verb, {"reason": "试一试"}) for verb in ("suspend", "end")), return_exceptions=False
    )
    assert sorted(answer.status_code for answer in both)[0] == 200
    assert sorted(answer.status_code for answer in both)[1] in (200, 409, 412), (
        "one after the other, or refused"
    )
    await relay()
    used = await Side(as_user(OTHER, "360202.user"), f"/apps/{app}").now()
    assert used["used_by_offices"] == 4


async def test_an_app_that_becomes_province_wide_takes_its_use_along(
    as_user: Any, publish: Any, adopt: Any, relay: Any, door: Any
) -> None:
    app = await publish(CITY, "后来全省公开的应用", category="other")
    mine, theirs = await adopt(app)
    keeper, office = Side(as_user(CITY, "gatekeeper"), mine.path), as_user(PROVINCE, "office")
    await keeper.do("confirm")
    await relay()
    await theirs.do("provision")
    await relay()
    assert app not in (await office("GET", "/apps/coverage?category=other")).text
    assert (await office("GET", mine.path)).status_code == 404
    working = Side(as_user(CITY, "app_provider"), f"/apps/working/{app}")
    etag = (await working.caller("GET", working.path)).headers["etag"]
    edited = await working.caller("PATCH", working.path, {"reach": "province"}, etag=etag)
    assert edited.status_code == 200, edited.text
    assert app not in (await office("GET", "/apps/coverage?category=other")).text, "not published yet"
    assert (await working.do("publish")).status_code == 200
    await relay()
    rows = (await office("GET", "/apps/coverage?category=other")).json()["items"]
    assert next(row["cells"] for row in rows if row["app_id"] == app) == {"360102": "active"}
    assert (await office("GET", f"{mine.path}/history")).json()["steps"][0]["action"] == "request"
    await spread(door)
    used = await Side(as_user(OTHER, "360202.user"), f"/apps/{app}").now()
    assert used["used_by"] == [{"tenant": CITY, "tenant_name": "南昌市", "offices": 1}]
    await theirs.do("suspend", {"reason": "维护"})
    await relay()
    assert (await Side(as_user(OTHER, "360202.user"), f"/apps/{app}").now())["used_by"] == []
