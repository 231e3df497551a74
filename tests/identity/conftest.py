"""The application with identity's routes, and what its tests share."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from litestar import Router

from service.app import create_app
from service.identity import api as identity
from service.identity.tokens import TokenService
from service.kit import clock
from service.kit.authn import Revocations
from service.measures.offices import Divisions
from service.rulebook import api as rulebook
from service.rulebook.book import RuleBooks
from service.settings import Settings
from tests import conftest as base
from tests.conftest import Caller

TENANT, FOREIGN, PROVINCE = "360100", "360200", "360000"
_serial = itertools.count(1)


def wired(settings: Settings) -> Any:
    """create_app, completed where it does not carry identity yet."""
    gate = create_app(settings)
    app = gate.app
    services = app.state.services
    if TokenService in services.shelf:
        return gate
    routes = [*identity.ROUTES, *rulebook.ROUTES]
    app.register(Router("/api/v1", route_handlers=routes))
    for handler in identity.ROOT_ROUTES:
        app.register(handler)
    for handler in routes:
        services.policy.register_guards(handler.guards or ())
    services.policy.compile()
    services.shelf[Divisions] = services.shelf[RuleBooks].divisions
    services.shelf[TokenService] = TokenService(
        services.door,
        gate.verifier._source,
        services.shelf[Revocations],
        gate.verifier,
        services.policy.roles,
        issuer=settings.issuer,
        audience=settings.audience,
        ttl=settings.token_ttl_s,
        development=settings.environment == "development",
        clock=clock.timestamp,
    )
    return gate


@asynccontextmanager
async def serving(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """One instance of the service and a client to it."""
    monkeypatch.setattr(base, "create_app", wired)
    async with base.running(settings) as app:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            yield client


@pytest.fixture(scope="package")
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    with pytest.MonkeyPatch.context() as patch:
        async with serving(settings, patch) as made:
            yield made


@pytest.fixture
def admin(client: httpx.AsyncClient, token: Callable[..., str]) -> Caller:
    return Caller(client, token(TENANT, "administrator"))


@pytest.fixture
def as_user(client: httpx.AsyncClient, token: Callable[..., str]) -> Callable[..., Caller]:
    return lambda tenant, login=None, **more: Caller(client, token(tenant, login, **more))


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


@pytest.fixture
def person(admin: Caller, demo: Callable[..., Any]) -> Callable[..., Any]:
    """person("unit"): a fresh user of an office with those roles, and a token."""

    async def make(*roles: str, office: str | None = None, tier: str = "city") -> Person:
        if office is None:
            listed = (await admin("GET", f"/offices?tier={tier}&limit=1")).json()
            office = listed["items"][0]["id"]
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
