"""Adoption over HTTP, from both sides: opened, suspended, ended; what the other side learns, and how often."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from service.kit import clock
from service.kit.clock import legal_day
from service.kit.relay import drain
from service.kit.telemetry import Telemetry
from service.worker import SUBSCRIBERS
from tests.catalogue.sides import CITY, OTHER, PROVINCE, Side, wish


async def test_suspended_resumed_ended_and_told(as_user: Any, publish: Any, adopt: Any, relay: Any) -> None:
    app = await publish(PROVINCE, "会暂停的应用", reach="province")
    mine, theirs = await adopt(app)
    used = Side(as_user(OTHER, "360202.user"), f"/apps/{app}")
    states = []
    for verb, body in (
        ("provision", {}),
        ("suspend", {"reason": "安全加固"}),
        ("resume", {}),
        ("end", {"reason": "不再提供"}),
    ):
        answer = await theirs.do(verb, body)
        assert answer.status_code == 200, answer.text
        await relay()
        now = await mine.now()
        states.append((now["state"], now["holder"], (await used.now())["used_by_offices"]))
    assert states == [
        ("active", "adopter", 1),
        ("suspended", "provider", 0),
        ("active", "adopter", 1),
        ("ended", "adopter", 0),
    ]
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


async def test_an_app_in_use_is_not_retired(as_user: Any, publish: Any, adopt: Any, relay: Any) -> None:
    app = await publish(PROVINCE, "有人用的应用", reach="province", status="pilot")
    _, theirs = await adopt(app)
    working = Side(as_user(PROVINCE, "app_provider"), f"/apps/working/{app}")
    refused = await working.do("status", {"status": "retired", "reason": "试点结束"})
    assert (refused.status_code, refused.json()["code"]) == (409, "still_adopted")
    await theirs.do("decline", {"reason": "试点结束"})
    assert (await working.do("status", {"status": "retired", "reason": "试点结束"})).status_code == 200


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
