"""A person sees where he is signed in, and ends it: at once, on the trail, and only who has just proved himself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from service.identity.own_sessions import PROOF
from service.identity.sessions import Sessions
from service.kit import clock
from tests.console.browser import Browser
from tests.signin.provider import Provider
from tests.signin.test_hand_over import assertion, code_of, handed, registered, used
from tests.signin.test_sign_in import AT, begin, finish, inside, signed_in

PAGE = "/console/sessions"


def buttons(page: Any) -> list[Any]:
    return [form for form in page.forms if "which" in form.fields or "all" in form.fields]


async def ended(as_user: Any) -> list[Any]:
    return list(
        (await as_user("360100", "administrator")("GET", "/audit?action=login.ended")).json()["items"]
    )


async def test_one_is_ended_and_the_others_go_on(visit: Callable[..., Any], as_user: Any) -> None:
    here, there, another = [await visit("360100", login) for login in ("unit", "unit", "gatekeeper")]
    before, page = len(await ended(as_user)), await here.go(PAGE)
    assert page.html.count("tag ok") == 1 and "127.0.0.1" in page.text and "演示入口" in page.text
    listed = {each.fields.get("which") for each in buttons(page)}
    assert {_id(here), _id(there)} <= listed and _id(another) not in listed
    form = buttons(page)[0]
    form.fields["which"] = _id(another)
    assert (await here.send(PAGE, form)).headers["location"] == PAGE and await inside(another)
    form.fields["which"] = _id(there)
    assert (await here.send(PAGE, form)).headers["location"] == PAGE
    assert [await inside(each) for each in (here, there, another)] == [True, False, True]
    entries = await ended(as_user)
    assert len(entries) == before + 1 and entries[0]["actor"] == "user:360100:unit"
    assert entries[0]["summary"]["count"] == 1


def _id(browser: Browser) -> str:
    return hashlib.sha256(browser.client.cookies["tongjian"].encode()).hexdigest()[:32]


async def test_whoever_proved_nobody_of_late_ends_nothing(
    app: Any, visit: Callable[..., Any], provider: Provider
) -> None:
    sessions: Sessions = app.app.state.services.shelf[Sessions]
    here, there = await visit(), await visit()
    provider.claims = {"auth_time": int(clock.timestamp())}
    for browser in (here, there):
        await signed_in(browser, provider)
    form = next(each for each in buttons(await here.go(PAGE)) if each.fields.get("which") == _id(there))
    begun = clock.timestamp()
    try:
        sessions.clock = lambda: begun + (PROOF + timedelta(seconds=5)).total_seconds()
        page = await here.go(PAGE)
        assert not buttons(page) and "再证明一次身份" in page.text and "市统一身份认证" in page.text
        refused = await here.send(PAGE, form)
        assert refused.status_code == 403 and "再证明一次身份" in refused.text and await inside(there)
    finally:
        sessions.clock = clock.timestamp


async def test_the_provider_is_asked_to_prove_him_anew(visit: Callable[..., Any], provider: Provider) -> None:
    browser = await visit()
    now = int(clock.timestamp())
    asked = parse_qs(urlsplit(await begin(browser, to="/console/apps")).query)
    assert "prompt" not in asked and "max_age" not in asked
    for proved, welcome in ((None, False), (now - 3600, False), (True, False), (now, True)):
        provider.claims = {"auth_time": proved}
        address = await begin(browser, to=PAGE)
        asked = parse_qs(urlsplit(address).query)
        assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
        answer = await finish(browser, provider.agree(address))
        assert (answer.status_code == 303) is welcome is await inside(browser), proved
        assert welcome or "没有重新核实" in answer.text
    assert buttons(await browser.go(answer.headers["location"]))
    provider.claims = {}  # a provider that says nothing of when
    await signed_in(browser, provider)
    page = await browser.go(PAGE)
    assert not buttons(page) and f'href="{AT}?to=/console/sessions"' in page.html


async def test_a_portals_word_counts_and_its_codes_are_no_sessions(
    visit: Callable[..., Any], client: Any, as_user: Any, settings: Any
) -> None:
    await registered(as_user)
    browser = await visit()
    await used(browser, code_of(await handed(client, assertion(settings, "unit"))))
    code = code_of(await handed(client, assertion(settings, "unit")))
    page = await browser.go(PAGE)
    assert "政务门户" in page.text and _id(browser) in {each.fields.get("which") for each in buttons(page)}
    assert len(buttons(page)) == page.html.count("<tr>")  # a row each, the head's for the button of all
    everywhere = next(each for each in buttons(page) if "all" in each.fields)
    answer = await browser.send(PAGE, everywhere)
    assert answer.headers["clear-site-data"] == '"storage"' and not await inside(browser)
    assert (await used(await visit(), code)).status_code == 410
