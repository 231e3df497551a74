"""One's own settings: an address is proved before it is used; wrong codes and codes asked for are counted."""

from __future__ import annotations

import asyncio
from typing import Any

from service.kit import clock
from service.settings import Settings
from service.setup.seed import user_id
from tests.notifications.events import query

AT = "/me/notifications"
CITY = "360400"


def digits(text: str) -> str:
    return text.partition("验证码 ")[2][:6]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


async def test_an_address_is_proved_before_it_is_used(as_user: Any, worker: Any) -> None:
    person = as_user(CITY, "finance")
    fresh = (await person("GET", AT)).json()
    assert (fresh["channels"], fresh["mode"], fresh["address"]) == (["mail", "gateway"], "none", None)
    asked = {"channel": "mail", "address": "li@example.gov.cn", "mode": "digest", "hour": 8, "kinds": ["due"]}
    changed = (await person("PATCH", AT, asked)).json()
    assert changed["verified_at"] is None and changed["code_until"]
    await worker.send()
    (text,) = worker.post.texts("li@example.gov.cn")
    code = digits(text)
    assert text.startswith("统建：") and code.isdigit()
    no = await person("POST", f"{AT}/verify", {"code": wrong(code)})
    assert (no.status_code, no.json()["errors"][0]["code"]) == (422, "wrong_code")
    yes = await person("POST", f"{AT}/verify", {"code": code})
    assert yes.status_code == 200 and yes.json()["verified_at"]
    again = await person("POST", f"{AT}/verify", {"code": code})
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_verify")
    kept = (await person("PATCH", AT, {"hour": 10})).json()
    assert kept["verified_at"] and kept["hour"] == 10 and kept["kinds"] == ["due"]
    moved = (await person("PATCH", AT, {"address": "li2@example.gov.cn"})).json()
    assert moved["verified_at"] is None, "another address is proved anew"
    assert (await person("DELETE", AT)).status_code == 204
    gone = (await person("GET", AT)).json()
    assert gone["address"] is None
    worker.post.got.clear()
    await worker.send()
    assert worker.post.got == [], "what was on its way is dropped"


async def test_guessing_ends_after_five_tries_whoever_tries_at_once(as_user: Any, worker: Any) -> None:
    person = as_user(CITY, "supervisor")
    await person("PATCH", AT, {"channel": "gateway", "address": "13800000000", "mode": "at_once"})
    await worker.send()
    code = digits(worker.gateway.got[-1].body.decode())
    guesses = [person("POST", f"{AT}/verify", {"code": wrong(code)}) for _ in range(12)]
    codes = sorted(each.json()["code"] for each in await asyncio.gather(*guesses))
    assert codes.count("invalid_body") <= 5, codes
    late = await person("POST", f"{AT}/verify", {"code": code})
    assert (late.status_code, late.json()["code"]) == (409, "nothing_to_verify")
    often = await person("POST", f"{AT}/code", {})
    assert (often.status_code, often.json()["code"]) == (409, "too_many_codes"), "not twice in a minute"


async def test_codes_are_few_a_day_and_short_lived(as_user: Any, worker: Any, at: Any) -> None:
    person = as_user(CITY, "cyber")
    at("2026-03-02 09:00")
    await person("PATCH", AT, {"channel": "mail", "address": "w@example.gov.cn"})
    for minute in range(1, 5):
        at(f"2026-03-02 09:{10 * minute}")
        assert (await person("POST", f"{AT}/code", {})).status_code == 200
    at("2026-03-02 09:50")
    assert (await person("POST", f"{AT}/code", {})).json()["code"] == "too_many_codes"
    await worker.send()
    texts = worker.post.texts("w@example.gov.cn")
    assert len(texts) == 1, "only the newest goes out"
    at("2026-03-02 10:11")
    late = await person("POST", f"{AT}/verify", {"code": digits(texts[0])})
    assert late.json()["code"] == "nothing_to_verify"
    at("2026-03-03 09:00")
    assert (await person("POST", f"{AT}/code", {})).status_code == 200


async def test_stopping_and_beginning_again_does_not_begin_the_count_again(
    as_user: Any, worker: Any, at: Any, settings: Settings
) -> None:
    """Neither for codes sent to others' addresses nor for tries; and of the address nothing is kept meanwhile."""
    person = as_user(CITY, "archives")
    at("2026-03-02 09:00")
    sent = []
    for minute in range(8):
        at(f"2026-03-02 09:{2 * minute:02}")
        asked = {"channel": "mail", "address": f"somebody{minute}@example.gov.cn"}
        sent.append((await person("PATCH", AT, asked)).status_code)
        assert (await person("DELETE", AT)).status_code == 204
        none = await person("POST", f"{AT}/verify", {"code": "000000"})
        assert none.json()["code"] == "nothing_to_verify"
        assert (await person("POST", f"{AT}/code", {})).json()["code"] == "nothing_to_verify"
        assert (await person("GET", AT)).json()["address"] is None
    assert sent == [200] * 5 + [409] * 3
    kept = "SELECT address, codes FROM reminder_settings WHERE tenant_id = $1 AND user_id = $2"
    mine = (CITY, user_id(CITY, "archives"))
    assert [tuple(row) for row in await query(settings.database_url, kept, *mine)] == [("", 5)]
    await worker.reminders.forget()
    assert await query(settings.database_url, kept, *mine), "counted for its day"
    at("2026-03-03 09:00")
    await worker.reminders.forget()
    assert await query(settings.database_url, kept, *mine) == []


async def test_first_requests_at_once_are_counted_one_after_the_other(as_user: Any, worker: Any) -> None:
    person = as_user(CITY, "data_office")
    asked = [{"channel": "mail", "address": f"at-once{at}@example.gov.cn"} for at in range(6)]
    answers = await asyncio.gather(*(person("PATCH", AT, each) for each in asked))
    assert sorted(each.status_code for each in answers) == [200] + [409] * 5


async def test_what_cannot_be_reached_is_refused(as_user: Any, settings: Settings) -> None:
    person = as_user(CITY, "approver")
    for channel, address, code in (
        ("mail", "13800000000", "other_channel"),
        ("gateway", "a@example.gov.cn", "other_channel"),
    ):
        answer = await person("PATCH", AT, {"channel": channel, "address": address})
        assert answer.json()["errors"][0]["code"] == code
    for address in (
        "a@b",
        "a b@example.cn",
        "a@example.cn\nbcc: x@example.cn",
        "a@example.cn,b@example.cn",
        "<a@x.cn>",
        "",
    ):
        assert (await person("PATCH", AT, {"channel": "mail", "address": address})).status_code == 422, (
            address
        )
    missing = await person("PATCH", AT, {"mode": "digest"})
    assert [each["pointer"] for each in missing.json()["errors"]] == ["/channel", "/address"]
    assert (await as_user(CITY)("GET", AT)).status_code == 403, "a portal is nobody to be reminded"
    told = await query(
        settings.database_url, "SELECT summary FROM audit_entries WHERE object_kind = 'reminder'"
    )
    assert told and not any("@" in str(row["summary"]) for row in told), "never an address in the trail"
    assert clock.moved().total_seconds() == 0
