"""Limits over two instances of the service, and with Valkey away, hanging and back."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from service.kit.rates import Rate
from service.setup.seed import demo_client_secret
from tests.limits.conftest import FRESH, Instance, Middle, until
from tests.seeding import SECRET

pytestmark = pytest.mark.long  # several instances, hundreds of requests at once

PORTAL, RIGHT = "360100.portal", demo_client_secret(SECRET, "360100")


def limited(answer: httpx.Response, name: str) -> bool:
    """Whether it is a 429 as it must be, of that policy."""
    if answer.status_code != 429:
        return False
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["code"], body["title"]) == ("rate_limited", "请求过于频繁")
    wait = int(answer.headers["retry-after"])
    assert wait >= 1
    assert answer.headers["ratelimit"] == f'"{name}";r=0;t={wait}'
    assert answer.headers["ratelimit-policy"].startswith(f'"{name}";q=')
    return True


async def both(instances: list[Instance], count: int, ask: Any) -> list[httpx.Response]:
    """`count` requests at once, in turn over the instances."""
    return list(await asyncio.gather(*(ask(instances[n % len(instances)], n) for n in range(count))))


@pytest.mark.parametrize(
    "path",
    ["/api/v1/me", "/.well-known/jwks.json", "/nowhere", "/feeds/obligations", "/api/v1/oauth/token", "/"],
)
async def test_anonymous_requests_are_counted_exactly_over_instances(instances: Any, path: str) -> None:
    two = await instances(2, limit_anonymous=Rate(0.001, 20))
    answers = await both(two, 120, lambda one, _: one.call("GET", path))
    assert sum(limited(each, "anonymous") for each in answers) == 100
    assert (await two[0].call("GET", path, "192.0.2.2")).status_code != 429  # another address
    assert (await two[1].call("GET", "/livez")).status_code == 200  # probes are never refused
    assert (await two[1].call("GET", "/readyz")).status_code == 200


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/api/v1/verify", "application/json"),
        ("/api/v1/verify/file", "application/pdf"),
        ("/verify", "application/x-www-form-urlencoded"),
        ("/verify/file", "multipart/form-data; boundary=x"),
    ],
)
async def test_who_verifies_papers_is_counted_whatever_he_comes_with(
    instances: Any, path: str, media: str
) -> None:
    """Codes cannot be tried at leisure: neither by another question, nor with a cookie that is nobody's."""
    two = await instances(2, limit_anonymous=Rate(0.001, 5))
    more = {"content-type": media, "sec-fetch-site": "same-origin", "cookie": "tongjian=nobody"}

    async def ask(one: Instance, n: int) -> httpx.Response:
        return await one.call("POST", path, headers=more, content=b"%PDF-" + str(n).encode())

    answers = [await ask(two[n % 2], n) for n in range(6)]
    assert [each.status_code == 429 for each in answers] == [False] * 5 + [True]
    assert (await two[0].call("POST", path, "192.0.2.2", headers=more, content=b"{}")).status_code != 429


async def test_a_wrong_token_is_nobodys_and_a_right_one_is_not_hindered(instances: Any, token: Any) -> None:
    two = await instances(2, limit_anonymous=Rate(0.001, 20))
    wrong = {"authorization": "Bearer a.b.c"}
    answers = await both(two, 60, lambda one, _: one.call("GET", "/api/v1/me", headers=wrong))
    assert Counter(each.status_code for each in answers) == {401: 20, 429: 40}
    mine = {"authorization": f"Bearer {token('360100', 'gatekeeper')}"}
    assert (await two[0].call("GET", "/api/v1/me", headers=mine)).status_code == 200


async def test_a_refused_body_is_not_waited_for(instances: Any) -> None:
    (one,) = await instances(1, limit_anonymous=Rate(0.001, 1))
    for status in (401, 429):
        answer = await one.call("POST", "/api/v1/projects", content=b"{}")
        assert answer.status_code == status
    assert answer.headers["connection"] == "close"


async def test_600_wrong_secrets_at_once_are_few_guesses_and_lock_nobody_else_out(instances: Any) -> None:
    two = await instances(2, limit_token=FRESH, limit_token_address=FRESH)

    def guess(one: Instance, n: int) -> Any:
        return one.token(
            "198.51.100.6", grant_type="client_credentials", client_id=PORTAL, client_secret=f"x{n}"
        )

    answers = await both(two, 600, guess)
    judged = sum(each.status_code == 401 for each in answers)
    assert 10 < judged <= 128
    assert sum(limited(each, "failures") for each in answers) == 600 - judged
    right = {"grant_type": "client_credentials", "client_id": PORTAL, "client_secret": RIGHT}
    assert (await two[0].token("198.51.100.6", **right)).status_code == 429  # from there it waits too
    assert (await two[0].token("192.0.2.77", **right)).status_code == 200  # from its own address it does not


async def test_wrong_secrets_one_by_one_wait_after_ten(instances: Any) -> None:
    two = await instances(2)
    form = {"grant_type": "client_credentials", "client_id": PORTAL, "client_secret": "wrong"}
    answers = [await two[n % 2].token(**form) for n in range(60)]
    statuses = [each.status_code for each in answers]
    assert statuses[:11] == [401] * 11
    assert statuses.count(429) >= 35  # those judged after a wait, on a slow machine, are few


async def test_secrets_are_guessed_at_revocation_no_more_than_at_sign_in(instances: Any) -> None:
    two = await instances(2)
    form = {"client_id": PORTAL, "client_secret": "wrong", "token": "x.y.z"}
    answers = [await two[n % 2].call("POST", "/api/v1/oauth/revoke", data=form) for n in range(60)]
    statuses = [each.status_code for each in answers]
    assert statuses[:11] == [401] * 11
    assert statuses.count(429) >= 35


@pytest.mark.parametrize("kind", ["assertion", "unknown", "malformed"])
async def test_every_way_to_guess_is_counted(instances: Any, kind: str) -> None:
    two = await instances(2, limit_anonymous=Rate(0.001, 50))

    def guess(one: Instance, n: int) -> Any:
        if kind == "assertion":
            grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
            return one.token(grant_type=grant, assertion="eyJhbGciOiJFZERTQSJ9.e30.AAAA")
        if kind == "unknown":
            name = f"360100.no{n}"
            return one.token(grant_type="client_credentials", client_id=name, client_secret="x")
        return one.call(
            "POST", "/api/v1/oauth/token", content=b"\xff", headers={"content-type": "text/plain"}
        )

    answers = [await guess(two[n % 2], n) for n in range(150)]
    assert sum(each.status_code == 429 for each in answers) >= 60


async def test_a_known_portal_signs_in_while_others_guess_from_its_address(instances: Any) -> None:
    (one,) = await instances(1)
    right = {"grant_type": "client_credentials", "client_id": PORTAL, "client_secret": RIGHT}
    assert (await one.token(**right)).status_code == 200
    for n in range(60):
        await one.token(grant_type="client_credentials", client_id=f"360100.no{n}", client_secret="x")
    stranger = await one.token(grant_type="client_credentials", client_id="360100.late", client_secret="x")
    assert limited(stranger, "address_failures")
    assert (await one.token(**right)).status_code == 200


async def test_600_wrong_feed_addresses_are_few(instances: Any) -> None:
    two = await instances(2)
    path = "/feeds/obligations/360100.018f0000-0000-7000-8000-{:012x}.tjs_x.ics"
    answers = await both(two, 600, lambda one, n: one.call("GET", path.format(n)))
    assert {each.status_code for each in answers} == {404, 429}
    assert sum(each.status_code == 404 for each in answers) <= 250


async def test_forty_officials_sign_in_and_work_at_once(instances: Any, token: Any) -> None:
    """With the figures of a deployment, over two instances, all behind one portal's address."""
    two = await instances(2)
    right = {"grant_type": "client_credentials", "client_id": PORTAL, "client_secret": RIGHT}
    signed = await both(two, 40, lambda one, _: one.token(**right))
    assert {each.status_code for each in signed} == {200}
    mine = [{"authorization": f"Bearer {token('360100', 'gatekeeper', client='portal')}"} for _ in range(40)]
    worked = await both(two, 200, lambda one, n: one.call("GET", "/api/v1/me", headers=mine[n % 40]))
    assert {each.status_code for each in worked} == {200}


async def test_a_thousand_requests_of_a_person_cost_ten_trips(instances: Any, token: Any) -> None:
    (one,) = await instances(1, limit_person=Rate(1000, 5000))
    mine = {"authorization": f"Bearer {token('360100', 'gatekeeper', client='portal')}"}
    before = one.limits.valkey.trips
    answers = [await one.call("GET", "/api/v1/me", headers=mine) for _ in range(1000)]
    assert {each.status_code for each in answers} == {200}
    assert one.limits.valkey.trips - before <= 10


async def test_a_hundred_people_at_their_own_pace_cost_no_trip(instances: Any, token: Any) -> None:
    (one,) = await instances(1)
    before = one.limits.valkey.trips
    for login in ("gatekeeper", "approver", "administrator", "unit"):
        mine = {"authorization": f"Bearer {token('360100', login)}"}
        for _ in range(5):
            assert (await one.call("GET", "/api/v1/me", headers=mine)).status_code == 200
    assert one.limits.valkey.trips == before


@pytest.mark.parametrize("name", ["person", "client", "tenant"])
async def test_who_is_known_has_a_limit_over_instances(instances: Any, token: Any, name: str) -> None:
    """Leased in slices: never less than the burst, and at most a slice and a trickle more of each instance."""
    two = await instances(2, **{f"limit_{name}": Rate(0.001, 80)})
    mine = {"authorization": f"Bearer {token('360100', 'gatekeeper', client='portal')}"}
    answers = [await two[n % 2].call("GET", "/api/v1/me", headers=mine) for n in range(300)]
    passed = sum(each.status_code == 200 for each in answers)
    assert 80 <= passed <= 80 + 2 * (20 + 4)
    assert sum(limited(each, name) for each in answers) == 300 - passed
    other = {"authorization": f"Bearer {token('360200', 'gatekeeper', client='portal')}"}
    assert (await two[0].call("GET", "/api/v1/me", headers=other)).status_code == 200


async def gauge(one: Instance) -> float:
    return float(one.limits._telemetry.gauges["tongjian_limits_local"]._value.get())


@pytest.mark.parametrize("how", ["refusing", "silent"])
async def test_without_valkey_each_process_counts_for_itself_and_says_so(
    instances: Any, middle: Middle, how: str, token: Any
) -> None:
    two = await instances(
        2,
        valkey_url=middle.url,
        valkey_timeout_ms=300,
        limit_anonymous=Rate(0.001, 20),
        limit_person=Rate(0.001, 80),
    )
    if how == "silent":
        middle.silent = True
    else:
        await middle.stop()
    answers = await both(two, 100, lambda one, _: one.call("GET", "/api/v1/me"))
    assert Counter(each.status_code for each in answers) == {401: 40, 429: 60}
    assert [await gauge(one) for one in two] == [1.0, 1.0]
    mine = {"authorization": f"Bearer {token('360100', 'gatekeeper')}"}
    known = [await two[0].call("GET", "/api/v1/me", headers=mine) for _ in range(200)]
    assert 80 <= sum(each.status_code == 200 for each in known) <= 104
    right = {"grant_type": "client_credentials", "client_id": PORTAL, "client_secret": RIGHT}
    assert (await two[0].token(**right)).status_code == 200
    middle.silent = False
    if how == "refusing":
        await middle.start()
    await until(lambda: not any(one.limits.valkey.away for one in two))
    answers = await both(two, 100, lambda one, _: one.call("GET", "/api/v1/me", "192.0.2.9"))
    assert Counter(each.status_code for each in answers) == {401: 20, 429: 80}
    await until(lambda: True)
    assert [await gauge(one) for one in two] == [0.0, 0.0]


async def test_a_hanging_valkey_is_asked_once_and_then_left_alone(instances: Any, middle: Middle) -> None:
    (one,) = await instances(1, valkey_url=middle.url, valkey_timeout_ms=300)
    middle.silent = True
    await both([one], 50, lambda each, n: each.call("GET", "/api/v1/me", f"192.0.2.{n}"))
    trips = one.limits.valkey.trips
    assert trips <= 2
    for n in range(50):
        await one.call("GET", "/api/v1/me", f"192.0.2.{n}")
    assert one.limits.valkey.trips == trips


async def test_no_valkey_at_all_is_a_floor_too(instances: Any) -> None:
    (one,) = await instances(1, valkey_url="", limit_anonymous=Rate(0.001, 20))
    answers = await both([one], 50, lambda each, _: each.call("GET", "/api/v1/me"))
    assert Counter(each.status_code for each in answers) == {401: 20, 429: 30}
    assert await gauge(one) == 1.0
