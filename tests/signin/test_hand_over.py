"""A portal hands over a person it has signed in: once, within a minute, as nobody else and with no other role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from service.identity.sessions import HANDED, Sessions
from service.kit import clock
from service.kit.ids import new_id
from tests.console.browser import Browser
from tests.signin.test_sign_in import inside

KEY = Ed25519PrivateKey.generate()
PORTAL = "handing"


async def registered(as_user: Any, tenant: str = "360100") -> None:
    """A portal whose assertions may speak for units and gatekeepers."""
    admin, guard = as_user(tenant, "administrator"), as_user(tenant, "security_admin")
    body = {
        "id": PORTAL,
        "name": "政务门户",
        "public_jwk": OKPAlgorithm.to_jwk(KEY.public_key(), as_dict=True),
        "vouch_roles": ["unit", "gatekeeper"],
    }
    made = await admin("POST", "/clients", body)
    if made.status_code != 409:
        await guard("POST", f"/clients/{tenant}.{PORTAL}/confirm", {}, etag=made.headers["etag"])


def assertion(settings: Any, login: str, **changes: Any) -> str:
    now = int(clock.timestamp())
    claims = {
        "iss": f"360100.{PORTAL}",
        "sub": login,
        "aud": settings.issuer,
        "exp": now + 120,
        "jti": new_id(),
        **changes,
    }
    return jwt.encode(claims, KEY, "EdDSA")


async def handed(client: Any, token: str, **more: str) -> Any:
    return await client.post("/api/v1/oauth/hand-over", data={"assertion": token, **more})


def code_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    return dict(parse_qsl(urlsplit(answer.json()["address"]).query))["code"]


async def used(browser: Browser, code: str, to: str = "") -> Any:
    return await browser.client.post(
        "/console/hand-over", data={"code": code, "to": to}, headers={"sec-fetch-site": "same-origin"}
    )


async def test_a_person_is_handed_over_sees_who_that_is_and_goes_in_once(
    visit: Callable[..., Any], client: Any, as_user: Any, settings: Any
) -> None:
    await registered(as_user)
    told = await handed(client, assertion(settings, "unit"), to="/console/apps")
    assert told.json()["expires_in"] == 60 and told.json()["address"].endswith("&to=/console/apps")
    browser, other = await visit("360100", "gatekeeper"), await visit()
    address = urlsplit(told.json()["address"])
    landing = await browser.go(f"{address.path}?{address.query}")
    assert "以此身份进入" in landing.text and "现在登录的是" in landing.text
    assert (await other.go(f"{address.path}?{address.query}")).status == 200  # looking uses nothing
    form = next(each for each in landing.forms if each.action == "/console/hand-over")
    foreign = await browser.send("/console/hand-over", form, **{"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403
    assert (await browser.send("/console/hand-over", form)).headers["location"] == "/console/apps"
    assert await inside(browser)
    assert (await used(other, form.fields["code"])).status_code == 410 and not await inside(other)
    entries = (await as_user("360100", "administrator")("GET", "/audit?action=login.granted")).json()["items"]
    assert any(each["actor"] == f"user:360100:unit via {PORTAL}" for each in entries)


async def test_a_code_is_no_cookie_and_ends_with_its_minute_its_client_and_its_roles(
    visit: Callable[..., Any], client: Any, as_user: Any, settings: Any, app: Any
) -> None:
    await registered(as_user)
    guard, admin = as_user("360100", "security_admin"), as_user("360100", "administrator")
    code = code_of(await handed(client, assertion(settings, "unit")))
    thief = await visit()
    thief.client.cookies.set("tongjian", code)
    assert not await inside(thief)
    sessions: Sessions = app.app.state.services.shelf[Sessions]
    begun = clock.timestamp()
    try:
        sessions.clock = lambda: begun + (HANDED + timedelta(seconds=5)).total_seconds()
        assert (await used(await visit(), code)).status_code == 410
    finally:
        sessions.clock = clock.timestamp
    code = code_of(await handed(client, assertion(settings, "unit")))
    browser = await visit()
    await used(browser, code_of(await handed(client, assertion(settings, "gatekeeper"))))
    assert await inside(browser)
    assert (await guard("POST", f"/clients/360100.{PORTAL}/lock", {"reason": "核查"})).status_code == 200
    assert not await inside(browser) and (await used(await visit(), code)).status_code == 410
    again = await admin(
        "PATCH",
        f"/clients/360100.{PORTAL}",
        {"disabled": False},
        etag=(await admin("GET", f"/clients/360100.{PORTAL}")).headers["etag"],
    )
    await guard("POST", f"/clients/360100.{PORTAL}/confirm", {}, etag=again.headers["etag"])


async def test_nobody_else_and_no_other_role_is_handed_over(
    client: Any, as_user: Any, settings: Any, visit: Callable[..., Any]
) -> None:
    await registered(as_user)
    once = assertion(settings, "unit")
    assert (await handed(client, once)).status_code == 200
    refused = {
        "replayed": once,
        "a manager": assertion(settings, "administrator"),
        "a role not listed": assertion(settings, "approver"),
        "nobody": assertion(settings, "stranger"),
        "another city's client": assertion(settings, "unit", iss=f"360400.{PORTAL}"),
        "another audience": assertion(settings, "unit", aud="http://elsewhere"),
        "too long": assertion(settings, "unit", exp=int(clock.timestamp()) + 900),
        "another key": jwt.encode(
            {"iss": f"360100.{PORTAL}", "sub": "unit", "aud": settings.issuer, "jti": new_id(),
             "exp": int(clock.timestamp()) + 60}, Ed25519PrivateKey.generate(), "EdDSA",
        ),
    }  # fmt: skip
    for what, token in refused.items():
        assert (await handed(client, token)).status_code == 400, what
    # An assertion burnt for a hand-over gets no token either.
    grant = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": once}
    assert (await client.post("/api/v1/oauth/token", data=grant)).status_code == 400
    browser = await visit()
    code = code_of(await handed(client, assertion(settings, "unit"), to="//evil.test"))
    assert (await used(browser, code, "https://evil.test")).headers["location"] == "/console"
