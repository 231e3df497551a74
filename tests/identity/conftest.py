"""The application with identity's routes, and what its tests share."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from service.kit import clock
from service.kit.ids import new_id
from service.settings import Settings
from tests import worlds
from tests.in_process import InProcess
from tests.worlds import Caller, running, world

TENANT, FOREIGN, PROVINCE = "360100", "360200", "360000"
_serial = itertools.count(1)
Make = Callable[..., Awaitable[dict[str, Any]]]


settings, app, door, client, token, as_user = world()


@pytest.fixture(autouse=True)
def fresh_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens end here in the middle of a test, and whoever comes again comes with a new one."""
    monkeypatch.setattr(worlds, "SAME_SECONDS", -1)


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """One more instance of the service and a client to it."""
    async with running(settings) as app, InProcess(app) as client:
        yield client


@pytest.fixture
def admin(client: httpx.AsyncClient, token: Callable[..., str]) -> Caller:
    return Caller(client, token(TENANT, "administrator"))


@dataclass
class Person:
    """A user made for one test."""

    id: str
    login: str
    etag: str
    token: str = ""


@pytest.fixture
def oauth(client: httpx.AsyncClient) -> Callable[..., Any]:
    """oauth(grant_type=..., ...) posts the token form; `basic=(id, secret)` adds the header."""

    async def post(*, basic: tuple[str, str] | None = None, **form: str) -> httpx.Response:
        auth = None if basic is None else httpx.BasicAuth(*basic)
        return await client.post("/api/v1/oauth/token", data=form, auth=auth)  # type: ignore[arg-type]

    return post


@pytest.fixture
def demo(oauth: Callable[..., Any]) -> Callable[..., Any]:
    """demo(tenant, login): the development grant."""

    async def post(tenant: str, login: str) -> httpx.Response:
        reply: httpx.Response = await oauth(
            grant_type="urn:tongjian:grant:development", username=f"{tenant}/{login}"
        )
        return reply

    return post


async def offices_today(admin: Caller, tier: str = "city") -> list[dict[str, Any]]:
    """The tier's offices that have not ended: other tests close some of theirs."""
    today = clock.legal_day(clock.now())
    found = (await admin("GET", f"/offices?tier={tier}&valid_on={today}&limit=2")).json()["items"]
    return list(found)


@pytest.fixture
def person(admin: Caller, demo: Callable[..., Any]) -> Callable[..., Any]:
    """person("unit"): a fresh user of an office with those roles, and a token."""

    async def make(*roles: str, office: str | None = None, tier: str = "city") -> Person:
        if office is None:
            office = (await offices_today(admin, tier))[0]["id"]
        login = f"p{next(_serial)}.{'x' if not roles else roles[0].replace('_', '-')}"
        made = await admin("POST", "/users", {"login": login, "name": "测试人员", "office_id": office})
        assert made.status_code == 201, made.text
        found = Person(made.json()["id"], login, made.headers["etag"])
        for role in roles:
            granted = await admin("PUT", f"/users/{found.id}/roles/{role}")
            assert granted.status_code == 200, granted.text
            found.etag = granted.headers["etag"]
        if roles:
            answer = await demo(TENANT, login)
            assert answer.status_code == 200, answer.text
            found.token = answer.json()["access_token"]
        return found

    return make


@pytest.fixture
def me(client: httpx.AsyncClient) -> Callable[..., Any]:
    """The status of GET /me with a token: 200 while it lives."""

    async def ask(token: str) -> int:
        return (await Caller(client, token)("GET", "/me")).status_code

    return ask


@pytest.fixture
def office(admin: Caller) -> Make:
    async def make(**changes: Any) -> dict[str, Any]:
        made = await admin(
            "POST",
            "/offices",
            {
                "name": f"撤并{new_id()[-12:]}局",
                "tier": "city",
                "division": TENANT,
                "office_kind": "administrative",
                "valid_from": "2024-01-01",
                **changes,
            },
        )
        assert made.status_code == 201, made.text
        return dict(made.json())

    return make


@pytest.fixture
def clerk(
    admin: Caller, demo: Any, client: Any
) -> Callable[..., Awaitable[tuple[str, Callable[[], Awaitable[Caller]]]]]:
    """A person of the office with roles, and how to sign in as him anew."""

    async def make(home: dict[str, Any], *roles: str) -> tuple[str, Callable[[], Awaitable[Caller]]]:
        login = f"c{new_id()[-12:]}"
        made = await admin("POST", "/users", {"login": login, "name": "经办", "office_id": home["office_id"]})
        assert made.status_code == 201, made.text
        for role in roles:
            assert (await admin("PUT", f"/users/{made.json()['id']}/roles/{role}")).status_code == 200

        async def sign_in() -> Caller:
            answer = await demo(TENANT, login)
            assert answer.status_code == 200, answer.text
            return Caller(client, answer.json()["access_token"])

        return made.json()["id"], sign_in

    return make
