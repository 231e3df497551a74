"""A provider narrows what the administrators granted and gives nothing; two people decide on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.signin.provider import Provider, confirmed
from tests.signin.test_sign_in import inside, signed_in


async def roles_of(browser: Any) -> str:
    return str((await browser.go("/console")).text)


async def test_claims_narrow_and_never_give(
    visit: Callable[..., Any], provider: Provider, as_user: Any
) -> None:
    body = provider.settings_of(
        role_claim="groups",
        role_map=[{"value": "申报", "roles": ["unit"]}, {"value": "把关", "roles": ["gatekeeper"]}],
        required=[{"claim": "city", "value": "360100"}],
    )
    await confirmed(as_user, "360100", {"id": "mapped", **body})
    at = "/console/sso/360100/mapped"
    cases = (
        (
            {"sub": "unit", "groups": ["申报", "把关"], "city": "360100"},
            True,
        ),  # 把关 is not hers: it gives nothing
        ({"sub": "unit", "groups": "申报", "city": "360100"}, True),
        ({"sub": "unit", "groups": ["把关"], "city": "360100"}, False),
        ({"sub": "unit", "groups": [], "city": "360100"}, False),
        ({"sub": "unit", "groups": {"申报": 1}, "city": "360100"}, False),
        ({"sub": "unit", "groups": ["申报"], "city": "360400"}, False),
        ({"sub": "unit", "groups": ["申报"]}, False),
    )
    for person, welcome in cases:
        browser = await visit()
        provider.person = person
        answer = await signed_in(browser, provider, at)
        assert (answer.status_code == 303) is welcome is await inside(browser), person
        if welcome:
            assert (await browser.go("/console/projects/new")).status == 200
            assert "把关" not in await roles_of(browser)


async def test_managers_come_in_only_where_login_and_subject_are_named(
    visit: Callable[..., Any], provider: Provider, as_user: Any
) -> None:
    body = provider.settings_of(
        login_claim="account", managers=[{"login": "administrator", "subject": "s-1"}]
    )
    await confirmed(as_user, "360100", {"id": "named", **body})
    for person, welcome in (
        ({"sub": "s-1", "account": "administrator"}, True),
        ({"sub": "s-2", "account": "administrator"}, False),
        ({"sub": "s-1", "account": "security_admin"}, False),
    ):
        browser = await visit()
        provider.person = person
        assert (
            (await signed_in(browser, provider, "/console/sso/360100/named")).status_code == 303
        ) is welcome, person
    listed = await as_user("360100", "administrator")(
        "POST", "/issuers", {"id": "greedy", **body, "roles": ["unit", "administrator"]}
    )
    assert listed.status_code == 422 and listed.json()["errors"][0]["pointer"] == "/roles/1"


async def test_two_people_decide_and_the_end_counts_at_once(
    visit: Callable[..., Any], provider: Provider, as_user: Any
) -> None:
    admin, guard = as_user("360100", "administrator"), as_user("360100", "security_admin")
    made = await admin("POST", "/issuers", {"id": "slow", **provider.settings_of()})
    at, path = "/console/sso/360100/slow", "/issuers/360100.slow"
    assert (await (await visit()).client.get(at)).status_code == 404  # nobody comes in by what waits
    assert (await admin("POST", f"{path}/confirm", {}, etag=made.headers["etag"])).status_code == 403
    agreed = await guard("POST", f"{path}/confirm", {}, etag=made.headers["etag"])
    assert agreed.json()["settings"]["issuer"] == provider.issuer
    browser = await visit()
    assert (await signed_in(browser, provider, at)).status_code == 303 and await inside(browser)

    narrower = provider.settings_of(roles=["gatekeeper"])
    asked = await admin("PATCH", path, {"settings": narrower}, etag=agreed.headers["etag"])
    assert await inside(browser) and asked.json()["settings"]["roles"] == ["unit", "gatekeeper"]
    await guard("POST", f"{path}/confirm", {"accepted": True}, etag=asked.headers["etag"])
    assert not await inside(browser)

    now = (await admin("GET", path)).headers["etag"]
    wider = await admin("PATCH", path, {"settings": provider.settings_of()}, etag=now)
    await guard("POST", f"{path}/confirm", {}, etag=wider.headers["etag"])
    browser = await visit()
    assert (await signed_in(browser, provider, at)).status_code == 303
    assert (await guard("POST", f"{path}/lock", {"reason": "核查"})).status_code == 200
    assert not await inside(browser) and (await browser.client.get(at)).status_code == 404
    on_again = await admin(
        "PATCH", path, {"disabled": False}, etag=(await admin("GET", path)).headers["etag"]
    )
    assert on_again.json()["pending"]["enable"] and (await browser.client.get(at)).status_code == 404
    foreign = as_user("360400", "administrator")
    assert (await foreign("GET", path)).status_code == 404


async def test_addresses_of_our_own_and_outside_the_networks_are_refused(
    provider: Provider, as_user: Any
) -> None:
    admin = as_user("360100", "administrator")
    for place, (address, code) in enumerate(
        (
            ("http://sso.example.gov.cn", "invalid_url"),
            ("https://u@sso.example.gov.cn", "invalid_url"),
            ("https://sso.example.gov.cn/?a=b", "invalid_url"),
            ("https://192.0.2.7", "address_not_allowed"),
            ("https://[2001:db8::1]/x", "address_not_allowed"),
            ("https://169.254.169.254/latest", "address_not_allowed"),
        )
    ):
        asked = await admin("POST", "/issuers", {"id": f"bad{place}", **provider.settings_of(issuer=address)})
        assert asked.status_code == 422 and asked.json()["errors"][0]["code"] == code, (address, asked.text)


async def test_the_same_provider_in_two_cities_lets_each_into_its_own(
    visit: Callable[..., Any], provider: Provider, as_user: Any
) -> None:
    """A shared provider: an answer asked for in one city opens nothing in the other, whoever the person is."""
    await confirmed(as_user, "360400", {"id": "sso", **provider.settings_of(client_id="other-city")})
    here, there = "/console/sso/360100/sso", "/console/sso/360400/sso"
    browser = await visit()
    from tests.signin.test_sign_in import begin, finish

    answer = provider.agree(await begin(browser, here))
    assert (await finish(browser, answer, there)).status_code == 400
    answer = provider.agree(await begin(browser, there))
    provider.claims = {"aud": "tongjian"}  # the token of the first city
    assert (await finish(browser, answer, there)).status_code == 403
    provider.claims = {}
    assert (await signed_in(browser, provider, there)).status_code == 303
    assert browser.client.cookies["tongjian"].startswith("360400.")


async def test_a_secret_of_the_environment_proves_us_and_is_told_nobody(
    visit: Callable[..., Any], settings: Any, as_user: Any
) -> None:
    second = Provider(settings, secret="a-secret-of-the-environment")
    await second.start()
    body = second.settings_of(authentication="client_secret_basic")
    ref = await confirmed(as_user, "360100", {"id": "second", **body})
    told = await as_user("360100", "administrator")("GET", f"/issuers/{ref}")
    assert told.json()["secret_known"] is True and "a-secret" not in told.text
    assert (await signed_in(await visit(), second, "/console/sso/360100/second")).status_code == 303
    ref = await confirmed(as_user, "360100", {"id": "third", **body})
    assert (await as_user("360100", "administrator")("GET", f"/issuers/{ref}")).json()[
        "secret_known"
    ] is False
    assert (await signed_in(await visit(), second, "/console/sso/360100/third")).status_code == 503
    await second.stop()
