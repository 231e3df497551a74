"""A person signs in by the city's identity provider; every known way to get in otherwise is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from service.kit import clock
from tests.console.browser import Browser
from tests.signin.provider import Key, Provider, confirmed, unsigned

AT = "/console/sso/360100/sso"


async def begin(browser: Browser, at: str = AT, to: str = "") -> str:
    """Where the browser is sent."""
    answer = await browser.client.get(at, params={"to": to} if to else {})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def finish(browser: Browser, answer: dict[str, str], at: str = AT) -> Any:
    return await browser.client.get(f"{at}/back?{urlencode(answer)}")


async def signed_in(browser: Browser, provider: Provider, at: str = AT, to: str = "") -> Any:
    return await finish(browser, provider.agree(await begin(browser, at, to)), at)


async def inside(browser: Browser) -> bool:
    return int((await browser.go("/console/messages")).status) == 200


async def test_another_sites_page_signs_nobody_in(visit: Callable[..., Any], provider: Provider) -> None:
    browser = await visit()
    for site in ("cross-site", "same-site"):
        sent = await browser.client.get(AT, params={"to": "/console/apps"}, headers={"sec-fetch-site": site})
        assert sent.headers["location"] == "/console/enter?tenant=360100&to=%2Fconsole%2Fapps"
        assert "set-cookie" not in sent.headers
    assert f'href="{AT}?to=/console/apps"' in (await browser.go(sent.headers["location"])).html


async def test_a_person_signs_in_reads_and_leaves_both_places(
    visit: Callable[..., Any], provider: Provider
) -> None:
    browser = await visit()
    shown = await browser.go("/console/enter?tenant=360100")
    assert "市统一身份认证" in shown.text and f'href="{AT}"' in shown.html
    answer = await signed_in(browser, provider, to="/console/apps?text=a")
    assert answer.status_code == 303 and answer.headers["location"] == "/console/apps?text=a", answer.text
    assert await inside(browser)
    page = await browser.go("/console/apps")
    left = await browser.send("/console/apps", next(f for f in page.forms if f.action == "/console/leave"))
    away = await browser.go(left.headers["location"])
    assert f'href="{AT}/out"' in away.html and not await inside(browser)
    out = await browser.client.get(f"{AT}/out")
    assert out.headers["location"].startswith(
        f"{provider.issuer}/out?client_id=tongjian&post_logout_redirect_uri="
    )


def _other_key(provider: Provider) -> None:
    provider.signer = Key("k1").sign  # the same name, another key


def _hmac(provider: Provider) -> None:
    """The public key taken for a shared secret."""
    provider.signer = lambda claims: jwt.encode(
        claims, str(provider.key.jwk).ljust(64, "x"), "HS256", {"kid": "k1"}
    )


def _claims(**changes: Any) -> Callable[[Provider], None]:
    return lambda provider: provider.claims.update(changes)


def _now(seconds: float) -> int:
    return int(clock.timestamp() + seconds)


LIES: dict[str, Callable[[Provider], None]] = {
    "nonce of another sign-in": _claims(nonce="another"),
    "no nonce": _claims(nonce=None),
    "another issuer": _claims(iss="http://127.0.0.1:1"),
    "another audience": _claims(aud="other"),
    "given to another of two": _claims(aud=["tongjian", "other"], azp="other"),
    "two audiences, given to nobody": _claims(aud=["tongjian", "other"]),
    "expired": lambda provider: provider.claims.update(iat=_now(-400), exp=_now(-61)),
    "made too long ago": lambda provider: provider.claims.update(iat=_now(-700)),
    "made in the future": lambda provider: provider.claims.update(iat=_now(90), exp=_now(400)),
    "no end": _claims(exp=None),
    "not a number": _claims(exp=True),
    "alg none": lambda provider: setattr(provider, "signer", unsigned),
    "public key as secret": _hmac,
    "key of another issuer": _other_key,
    "a logout token": lambda provider: setattr(
        provider, "signer", lambda claims: provider.key.sign(claims, typ="logout+jwt")
    ),
    "an access token": lambda provider: setattr(
        provider, "signer", lambda claims: provider.key.sign(claims, typ="at+jwt")
    ),
    "nobody": _claims(sub=""),
    "somebody the city does not know": _claims(sub="stranger"),
    "a person of another city": _claims(sub="360400.unit"),
    "a manager who is not named": _claims(sub="administrator"),
    "a role that this provider does not open": _claims(sub="approver"),
    "no token": lambda provider: setattr(provider, "signer", lambda claims: ""),
}


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.replace(" ", "_"))
async def test_a_token_that_is_not_for_this_sign_in_opens_nothing(
    visit: Callable[..., Any], provider: Provider, lie: str
) -> None:
    browser = await visit()
    LIES[lie](provider)
    answer = await signed_in(browser, provider)
    assert answer.status_code == 403 and "set-cookie" not in answer.headers, (lie, answer.status_code)
    assert not await inside(browser)


async def test_an_answer_fits_only_the_browser_that_asked_once(
    visit: Callable[..., Any], provider: Provider
) -> None:
    mine, theirs = await visit(), await visit()
    answer = provider.agree(await begin(mine))
    assert (await finish(theirs, answer)).status_code == 400  # nobody is signed in as somebody else by a link
    await begin(theirs)
    assert (await finish(theirs, answer)).status_code == 400
    for wrong in ("", "x" * 43, answer["state"][:-1]):
        assert (await finish(mine, {**answer, "state": wrong})).status_code == 400
    trip = mine.client.cookies["tongjian-sso"]
    first = await finish(mine, answer)
    assert first.status_code == 303
    assert (await finish(mine, answer)).status_code == 403  # the code was good once
    forged = trip.replace("360100.sso", "360400.sso")
    theirs.client.cookies.set("tongjian-sso", forged)
    assert (await finish(theirs, answer, "/console/sso/360400/sso")).status_code in (400, 404)


async def test_a_lax_provider_cannot_make_one_answer_open_two_sessions(
    visit: Callable[..., Any], provider: Provider
) -> None:
    browser = await visit()
    answer = provider.agree(await begin(browser))
    kept = dict(provider.codes)
    assert (await finish(browser, answer)).status_code == 303
    provider.codes |= kept
    again = await finish(browser, answer)
    assert again.status_code == 403 and "set-cookie" not in again.headers


async def test_who_answers_names_himself(visit: Callable[..., Any], provider: Provider) -> None:
    """RFC 9207: the answer of another provider, or of none, is not taken to this one's token endpoint."""
    for iss in ("http://127.0.0.1:1", None, ""):
        browser = await visit()
        answer = provider.agree(await begin(browser))
        answer = {name: value for name, value in {**answer, "iss": iss}.items() if value is not None}
        provider.asked.clear()
        assert (await finish(browser, answer)).status_code == 403 and "token" not in provider.asked
    declined = provider.agree(await begin(browser))
    refused = await finish(
        browser, {"error": "access_denied", "state": declined["state"], "iss": provider.issuer}
    )
    assert refused.status_code == 403 and "没有同意" in refused.text


async def test_a_session_is_new_whatever_the_browser_came_with(
    visit: Callable[..., Any], provider: Provider
) -> None:
    browser = await visit("360100", "gatekeeper")
    planted = browser.client.cookies["tongjian"]
    assert (await signed_in(browser, provider)).status_code == 303
    assert browser.client.cookies["tongjian"] != planted
    other = await visit()
    other.client.cookies.set("tongjian", planted)
    assert not await inside(other)  # what was there before is over


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.test",
        "//evil.test",
        "/\\evil.test",
        "/console/../evil",
        "/console//evil.test",
        "/consolex",
        "/console/\r\nset-cookie: a=b",
        "javascript:alert(1)",
        "/api/v1/me",
        "/console@evil.test",
    ],
)
async def test_nobody_is_led_elsewhere(visit: Callable[..., Any], provider: Provider, to: str) -> None:
    browser = await visit()
    answer = await signed_in(browser, provider, to=to)
    assert answer.status_code == 303 and answer.headers["location"] == "/console"


async def test_keys_are_kept_rotated_and_used_while_the_provider_is_away(
    visit: Callable[..., Any], provider: Provider, app: Any
) -> None:
    browser = await visit()
    await signed_in(browser, provider)
    provider.asked.clear()
    assert (await signed_in(await visit(), provider)).status_code == 303
    assert provider.asked == ["token"]  # discovery and keys were kept
    from service.kit.providers import AGAIN, FRESH, Providers

    providers: Providers = app.app.state.services.shelf[Providers]
    real = providers._monotonic
    try:
        providers._monotonic = lambda: real() + AGAIN + 1
        fresh = Key("k2", "RS256")
        provider.keys, provider.signer = [provider.key, fresh], fresh.sign
        assert (await signed_in(await visit(), provider)).status_code == 303
        provider.asked.clear()
        provider.signer = Key("k3").sign  # a key nobody knows: asked for once, then not for a while
        refused = [await signed_in(await visit(), provider) for _ in range(3)]
        assert [each.status_code for each in refused] == [403] * 3 and provider.asked.count("keys") == 0
        provider.signer, provider.down = fresh.sign, True
        providers._monotonic = lambda: real() + FRESH + 10 * AGAIN
        address = await begin(await visit())  # what it said of itself an hour ago serves while it is away
        assert address.startswith(provider.issuer)
    finally:
        providers._monotonic = real


async def test_a_provider_whose_word_leads_elsewhere_is_none(
    visit: Callable[..., Any], provider: Provider, as_user: Any, settings: Any
) -> None:
    for place, (name, value) in enumerate(
        (
            ("issuer", "http://127.0.0.1:9"),
            ("token_endpoint", "http://internal.example/token"),
            ("jwks_uri", "file:///etc/passwd"),
            ("authorization_endpoint", "javascript:alert(1)"),
            ("token_endpoint", "https://user@elsewhere.test/"),
        )
    ):
        liar = Provider(settings)
        await liar.start()
        liar.metadata = {name: value}
        await confirmed(as_user, "360100", {"id": f"liar{place}", **liar.settings_of()})
        answer = await (await visit()).client.get(f"/console/sso/360100/liar{place}")
        assert answer.status_code == 503 and "location" not in answer.headers, name
        await liar.stop()


async def test_many_at_once_ask_a_provider_once(
    visit: Callable[..., Any], as_user: Any, settings: Any
) -> None:
    quiet = Provider(settings)
    await quiet.start()
    await confirmed(as_user, "360100", {"id": "crowd", **quiet.settings_of()})
    browsers = [await visit() for _ in range(12)]
    await asyncio.gather(*(begin(each, "/console/sso/360100/crowd") for each in browsers))
    assert quiet.asked == ["discovery"]
    await quiet.stop()
