"""What a provider says is over is over: its logout tokens end its own sessions, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.kit import clock
from tests.signin.provider import LOGOUT_EVENT, Key, Provider
from tests.signin.test_sign_in import AT, inside, signed_in


async def sent(browser: Any, token: str, at: str = AT) -> int:
    answer = await browser.client.post(f"{at}/logout", data={"logout_token": token})
    assert answer.status_code == 200 or "error" in answer.json()
    assert "no-store" in answer.headers["cache-control"]
    return int(answer.status_code)


async def test_a_logout_token_ends_the_subjects_sessions_and_no_others(
    visit: Callable[..., Any], provider: Provider
) -> None:
    mine, other, demo, stranger = await visit(), await visit(), await visit("360100", "unit"), await visit()
    await signed_in(mine, provider)
    provider.person = {"sub": "gatekeeper"}
    await signed_in(other, provider)
    assert await sent(stranger, provider.logout_token()) == 200
    assert [await inside(each) for each in (mine, other, demo)] == [False, True, True]


async def test_a_logout_token_with_sid_ends_that_session_alone(
    visit: Callable[..., Any], provider: Provider
) -> None:
    one, two = await visit(), await visit()
    for browser, sid in ((one, "s-one"), (two, "s-two")):
        provider.claims = {"sid": sid}
        await signed_in(browser, provider)
    assert await sent(one, provider.logout_token(sub=None, sid="s-one")) == 200
    assert (await inside(one), await inside(two)) == (False, True)


def _no_logout_tokens(provider: Provider, used: str) -> dict[str, str]:
    """What lacks or carries something that no logout token lacks or carries."""
    now = int(clock.timestamp())
    return {
        "replayed": used,
        "no event": provider.logout_token(events={}),
        "another event": provider.logout_token(events={"urn:x": {}}),
        "an event that is no object": provider.logout_token(events={LOGOUT_EVENT: "yes"}),
        "with a nonce": provider.logout_token(nonce="n"),
        "for nobody": provider.logout_token(sub=None),
        "no id": provider.logout_token(jti=None),
        "another issuer": provider.logout_token(iss="http://127.0.0.1:1"),
        "another audience": provider.logout_token(aud="other"),
        "expired": provider.logout_token(iat=now - 300, exp=now - 61),
        "old": provider.logout_token(iat=now - 900),
        "an ID token": provider.key.sign(
            {
                "iss": provider.issuer,
                "aud": "tongjian",
                "sub": "unit",
                "iat": now,
                "exp": now + 60,
                "jti": "x",
            }
        ),
        "another key": Key("k1").sign(
            {
                "iss": provider.issuer,
                "aud": "tongjian",
                "sub": "unit",
                "iat": now,
                "exp": now + 60,
                "jti": "y",
                "events": {LOGOUT_EVENT: {}},
            }
        ),
        "nothing": "",
        "noise": "a.b.c",
    }


async def test_what_is_no_logout_token_ends_nothing(visit: Callable[..., Any], provider: Provider) -> None:
    browser = await visit()
    await signed_in(browser, provider)
    used = provider.logout_token(sub="nobody-here")
    assert await sent(browser, used) == 200
    for what, token in _no_logout_tokens(provider, used).items():
        assert await sent(browser, token) == 400, what
    assert await sent(browser, provider.logout_token(), "/console/sso/360400/nowhere") == 404
    assert await inside(browser)
