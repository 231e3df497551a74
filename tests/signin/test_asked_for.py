"""What a provider is asked for beside the person: how he proved himself, its tokens' type, its keys' length."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

from rich.console import Console

from service.kit.db import Door
from service.signin.rows import BEFORE, settings_of
from service.signin.shortfalls import report, shortfalls
from tests.signin.provider import Key, Provider, confirmed
from tests.signin.test_logout import sent
from tests.signin.test_sign_in import begin, inside, signed_in

REASON = "设备到期更换以前只有 2048 位"


async def test_whoever_has_not_shown_what_is_asked_for_does_not_come_in(
    visit: Callable[..., Any], provider: Provider, as_user: Any
) -> None:
    body = provider.settings_of(acr=["loa3", "loa4"], amr=["pwd", "otp"])
    await confirmed(as_user, "360100", {"id": "twice", **body})
    at = "/console/sso/360100/twice"
    asked = parse_qs(urlsplit(await begin(await visit(), at)).query)
    assert asked["acr_values"] == ["loa3 loa4"]
    for claims, welcome in (
        ({"acr": "loa4", "amr": ["otp", "pwd", "fpt"]}, True),
        ({"acr": "loa3", "amr": ["otp"]}, False),
        ({"acr": "loa2", "amr": ["otp", "pwd"]}, False),
        ({"acr": ["loa3"], "amr": ["otp", "pwd"]}, False),
        ({"acr": "loa3", "amr": "otp pwd"}, False),
        ({"amr": ["otp", "pwd"]}, False),
        ({"acr": "loa3"}, False),
        ({}, False),
    ):
        provider.claims, browser = claims, await visit()
        answer = await signed_in(browser, provider, at)
        assert (answer.status_code == 303) is welcome is await inside(browser), claims
        assert welcome or "用要求的方式" in answer.text
    shown = await (await visit("360100", "administrator")).go("/console/admin/issuers/360100.twice")
    assert "级别为loa3或loa4；具备pwdotp" in "".join(shown.text.split()), shown.text


async def test_a_logout_token_says_what_it_is_unless_registered_otherwise(
    visit: Callable[..., Any], provider: Provider, as_user: Any
) -> None:
    await confirmed(as_user, "360100", {"id": "plain", **provider.settings_of(plain_logout=True)})
    for at, ended in (("/console/sso/360100/sso", False), ("/console/sso/360100/plain", True)):
        for typ in ("JWT", None):
            browser = await visit()
            await signed_in(browser, provider, at)
            told = provider.logout_token(typ=typ)
            assert (await sent(browser, told, at) == 200) is ended is not await inside(browser), (at, typ)


async def test_short_keys_sign_where_a_reason_says_why(
    visit: Callable[..., Any], settings: Any, as_user: Any, door: Door
) -> None:
    old = Provider(settings)
    old.key = Key("k1", "RS256", bits=2048)
    old.behave()
    await old.start()
    for ident, reason, welcome in (("long", None, False), ("short", REASON, True)):
        await confirmed(as_user, "360100", {"id": ident, **old.settings_of(short_keys=reason)})
        browser = await visit()
        answer = await signed_in(browser, old, f"/console/sso/360100/{ident}")
        assert (answer.status_code == 303) is welcome is await inside(browser), ident
    await old.stop()
    mine = {each.what: each.reason for each in await shortfalls(door) if each.of == "360100.short"}
    assert mine["签名密钥可以不足 3072 位"] == REASON and "不核对登录方式（双因素）" in mine
    out = StringIO()
    assert await report(door, Console(file=out, width=200)) == 1 and REASON in out.getvalue()


def test_settings_of_before_fall_short_of_nothing(provider: Provider) -> None:
    kept = settings_of(provider.settings_of())
    assert kept.plain_logout and kept.short_keys == BEFORE and kept.acr == kept.amr == []
    anew = settings_of({**provider.settings_of(), "plain_logout": False, "short_keys": None})
    assert not anew.plain_logout and anew.short_keys is None
