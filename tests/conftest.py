"""Real servers for every test: one PostgreSQL and Valkey per worker, one migrated and seeded database."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
import pytest

from service.app import create_app
from service.embedded import Servers
from service.kit import clock, keys
from service.kit.authn import issue_token
from service.kit.db import Door
from service.kit.ids import new_id
from service.migrate import migrate
from service.seed import PROVINCE, office_id, people_of, seed, user_id
from service.settings import Settings

SECRET = "tests-only-secret-0123456789-abcdefghij-KLMNOPQRST"
os.environ["TZ"] = (
    "America/New_York"  # a place whose day differs from Shanghai's: legal days must not follow it
)


@pytest.fixture(scope="session")
def workdir() -> Iterator[Path]:
    """A directory that PostgreSQL's own user can reach too."""
    with tempfile.TemporaryDirectory(prefix="tj-", dir="/tmp") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture(scope="session")
def servers(workdir: Path) -> Iterator[Servers]:
    """This worker's own servers."""
    own = Servers(workdir / "servers", durable=False)
    own.start()
    yield own
    own.remove()


@pytest.fixture(scope="session")
def settings(servers: Servers, workdir: Path) -> Settings:
    """Settings of a migrated and seeded database; TONGJIAN_DATABASE_URL and _VALKEY_URL take over when set."""
    given = os.environ.get("TONGJIAN_DATABASE_URL")
    database = _on_given_server(given) if given else servers.create_database("main")
    signing = workdir / "keys.json"
    keys.generate(signing, clock.timestamp())
    made = Settings.from_env(
        {
            "TONGJIAN_ENVIRONMENT": "development",
            "TONGJIAN_DATABASE_URL": database,
            "TONGJIAN_VALKEY_URL": os.environ.get("TONGJIAN_VALKEY_URL") or servers.valkey_url,
            "TONGJIAN_SECRET_KEY": SECRET,
            "TONGJIAN_SIGNING_KEYS_FILE": str(signing),
            "TONGJIAN_AUDIT_ANCHOR_DIR": str(workdir / "anchors"),
            "TONGJIAN_LOG_LEVEL": "WARNING",
        }
    )
    migrate(made.database_url, [made.tenant_url, made.province_url, made.relay_url])
    asyncio.run(_seed(made))
    return made


def _on_given_server(url: str) -> str:
    """A fresh database of this worker on the server that TONGJIAN_DATABASE_URL names; its login may create one."""
    name = f"tj_test_{os.getpid()}"

    async def create() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            await connection.execute(f'CREATE DATABASE "{name}"')
        finally:
            await connection.close()

    asyncio.run(create())
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


async def _seed(made: Settings) -> None:
    door = Door({"tenant": made.tenant_url, "province": made.province_url, "relay": made.relay_url})
    await door.open()
    try:
        await seed(made.database_url, door, demo=True, secret_key=made.secret_key)
    finally:
        await door.close()


@asynccontextmanager
async def running(made: Settings) -> AsyncIterator[Any]:
    """An application with its lifespan run; yields the ASGI app."""
    app = create_app(made)
    inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    task = asyncio.create_task(app({"type": "lifespan", "asgi": {"version": "3.0"}}, inbox.get, outbox.put))
    await inbox.put({"type": "lifespan.startup"})
    message = await outbox.get()
    assert message["type"] == "lifespan.startup.complete", message
    try:
        yield app
    finally:
        await inbox.put({"type": "lifespan.shutdown"})
        await outbox.get()
        await task


@pytest.fixture(scope="session")
async def app(settings: Settings) -> AsyncIterator[Any]:
    async with running(settings) as made:
        yield made


@pytest.fixture(scope="session")
async def door(settings: Settings) -> AsyncIterator[Door]:
    """A door of the test's own, as the service's three logins."""
    own = Door(
        {"tenant": settings.tenant_url, "province": settings.province_url, "relay": settings.relay_url}
    )
    await own.open()
    yield own
    await own.close()


@pytest.fixture(scope="session")
async def client(app: Any) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as made:
        yield made


def bound_roles(roles: tuple[str, ...]) -> bool:
    return all(role in ("unit", "user", "department") for role in roles)


@pytest.fixture(scope="session")
def token(settings: Settings) -> Callable[..., str]:
    """token("360100", "gatekeeper") → an access token of a seeded person; `client="portal"` alone → of the portal."""
    assert settings.signing_keys_file is not None
    signing = keys.load(settings.signing_keys_file)

    def make(tenant: str, login: str | None = None, *, client: str | None = None, **more: Any) -> str:
        common = {"issuer": settings.issuer, "audience": settings.audience, "now": clock.timestamp()}
        tier = "province" if tenant == PROVINCE else "city"
        if login is None:
            return issue_token(
                signing,
                tenant=tenant,
                tier=tier,
                roles=("portal",),
                client=client or "portal",
                **common,
                **more,
            )
        person = next(each for each in people_of(tenant) if each.login == login)
        if person.division != tenant:
            tier = "county"
        return issue_token(
            signing,
            tenant=tenant,
            tier=tier,
            roles=person.roles,
            user=user_id(tenant, login),
            login=login,
            client=client,
            office=office_id(tenant, person.division, person.office) if bound_roles(person.roles) else None,
            **common,
            **more,
        )

    return make


class Caller:
    """An HTTP client as somebody: adds the token, a fresh Idempotency-Key, and If-Match where asked."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self.client = client
        self.token = token

    async def __call__(
        self, method: str, path: str, body: Any = None, *, etag: str | None = None, **more: Any
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        if method not in ("GET", "HEAD"):
            headers.setdefault("idempotency-key", new_id())
        if etag is not None:
            headers["if-match"] = etag
        if body is not None:
            more["json"] = body
        url = path if path.startswith("/api") else f"/api/v1{path}"
        return await self.client.request(method, url, headers=headers, **more)


@pytest.fixture(scope="session")
def as_user(client: httpx.AsyncClient, token: Callable[..., str]) -> Callable[..., Caller]:
    """as_user("360100", "gatekeeper")("GET", "/projects"); as_user("360100") is the city's portal."""

    def make(tenant: str, login: str | None = None, **more: Any) -> Caller:
        return Caller(client, token(tenant, login, **more))

    return make
