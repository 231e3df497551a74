"""Whatever a server that is gone, full, frozen or read-only makes the driver raise is 503 with Retry-After: in reads,
commands, tokens, calendars and readiness alike. A defect of ours stays 500.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import httpx
import pytest
from asyncpg import exceptions
from asyncpg.exceptions import _base

from service.identity.revoking import RevocationPoller
from service.kit.ids import new_id
from service.kit.pool import Lender, Lost
from tests.factories import draft
from tests.worlds import Caller, running, token_maker, world

settings, app, door, client, token, as_user = world()

# SQLSTATE classes and states of a server that cannot work now: connection, authorization and catalog at connecting,
# read-only and ended transactions, resources, intervention, system, snapshot, configuration and internal errors.
AWAY = (
    "08",
    "28",
    "3D",
    "53",
    "57",
    "58",
    "72",
    "F0",
    "XX",
    "25006",
    "25P03",
    "25P04",
    "26000",
    "40003",
    "55000",
)
# What a write is told of otherwise, and what is a defect: in a read, in syntax, in rights.
OTHERS = ("22", "23", "40001", "40P01", "55P03", "42", "2F", "P0")


def of_server() -> Iterator[type[Exception]]:
    for each in vars(exceptions).values():
        if (
            isinstance(each, type)
            and issubclass(each, asyncpg.PostgresError)
            and getattr(each, "sqlstate", None)
        ):
            yield each


def of_driver() -> Iterator[type[Exception]]:
    for each in vars(_base).values():
        if isinstance(each, type) and issubclass(each, _base.InterfaceError | _base.InternalClientError):
            yield each


FAULTS = [
    *(each for each in of_server() if each.sqlstate.startswith(AWAY)),  # type: ignore[attr-defined]
    exceptions.InvalidCachedStatementError,
    *of_driver(),
    OSError,
    ConnectionResetError,
    ConnectionRefusedError,
    BrokenPipeError,
    TimeoutError,
    socket.gaierror,
    ssl.SSLError,
    Lost,
]
DEFECTS = [exceptions.UndefinedColumnError, exceptions.PostgresSyntaxError, KeyError, ValueError]


def test_the_walk_meets_the_classes_it_is_for() -> None:
    names = {each.__name__ for each in FAULTS}
    assert len(FAULTS) > 50 and names >= {
        "InternalClientError",
        "InterfaceError",
        "ProtocolError",
        "OutdatedSchemaCacheError",
        "TooManyConnectionsError",
        "ConnectionDoesNotExistError",
        "CannotConnectNowError",
        "AdminShutdownError",
        "CrashShutdownError",
        "QueryCanceledError",
        "ReadOnlySQLTransactionError",
        "DiskFullError",
        "OutOfMemoryError",
        "PostgresIOError",
        "IdleInTransactionSessionTimeoutError",
        "InvalidPasswordError",
        "InvalidCatalogNameError",
    }
    assert not any(str(getattr(each, "sqlstate", "")).startswith(OTHERS) for each in FAULTS)


@pytest.fixture(scope="session")
async def breakable(settings: Any) -> AsyncIterator[Any]:
    """An application of this module's own: its connections are broken."""
    async with running(settings) as app:
        yield app


@pytest.fixture
async def service(breakable: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Its client, the revocations read just now: that they grow old while connections are broken is no matter here."""
    await breakable.app.state.services.shelf[RevocationPoller].load()
    transport = httpx.ASGITransport(app=breakable, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


async def everywhere(client: httpx.AsyncClient, settings: Any) -> dict[str, httpx.Response]:
    """One request of each kind that needs the database."""
    portal = Caller(client, token_maker(settings)("360100"))
    form = {"grant_type": "client_credentials", "client_id": "360100.portal", "client_secret": "x" * 43}
    bearer = {"authorization": f"Bearer {portal.token}"}
    return {
        "read": await portal("GET", "/projects"),
        "read by id": await portal("GET", f"/projects/360100-{new_id()}"),
        "export": await portal("GET", "/exports/projects.csv"),
        "preview": await portal(
            "POST",
            "/projects/preview",
            {"name": "名称"} | {name: draft()[name] for name in ("facts", "owner_office_id")},
        ),
        "write": await portal("POST", "/projects", draft()),
        "write without a look before": await portal("DELETE", f"/documents/360100-{new_id()}"),
        "token": await client.post("/api/v1/oauth/token", data=form),
        "revoke": await client.post("/api/v1/oauth/revoke", headers=bearer),
        "calendar": await client.get(f"/feeds/obligations/360100.{new_id()}.{'s' * 43}.ics"),
        "ready": await client.get("/readyz"),
    }


@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: each.__name__)
async def test_a_fault_of_the_database_is_unavailability(
    service: httpx.AsyncClient, settings: Any, fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(self: Lender, tenant: str) -> Any:
        raise fault("broken")

    monkeypatch.setattr(Lender, "take", broken)
    for kind, answer in (await everywhere(service, settings)).items():
        assert answer.status_code == 503, f"{kind}: {answer.status_code} {answer.text}"
        assert int(answer.headers["retry-after"]) >= 1, kind
        assert kind == "ready" or answer.json()["code"] == "unavailable", kind


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda each: each.__name__)
async def test_a_defect_of_ours_stays_one(
    service: httpx.AsyncClient, settings: Any, defect: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(self: Lender, tenant: str) -> Any:
        raise defect("broken")

    portal = Caller(service, token_maker(settings)("360100"))
    monkeypatch.setattr(Lender, "take", broken)
    assert (await portal("GET", "/projects")).status_code == 500
    assert (await portal("POST", "/projects", draft())).status_code == 500


# ---- the server itself at fault -------------------------------------------------------------------------------


async def _kick(owner: Any) -> None:
    await owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
        "AND usename IN ('tj_tenant', 'tj_province', 'tj_relay')"
    )


@pytest.mark.long
@pytest.mark.parametrize(
    ("ill", "well"),
    [
        ("ALTER DATABASE {db} SET default_transaction_read_only = on", "ALTER DATABASE {db} RESET ALL"),
        ("ALTER DATABASE {db} ALLOW_CONNECTIONS false", "ALTER DATABASE {db} ALLOW_CONNECTIONS true"),
        ("ALTER DATABASE {db} CONNECTION LIMIT 0", "ALTER DATABASE {db} CONNECTION LIMIT -1"),
    ],
    ids=["read-only", "closed", "full"],
)
async def test_a_server_that_will_not_is_unavailable_and_heals(settings: Any, ill: str, well: str) -> None:
    server, _, database = settings.database_url.rpartition("/")
    owner = await asyncpg.connect(settings.database_url)
    elsewhere = await asyncpg.connect(f"{server}/postgres")
    try:
        async with running(settings) as app:
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
                portal = Caller(client, token_maker(settings)("360100"))
                try:
                    await elsewhere.execute(ill.format(db=database))
                    await _kick(owner)
                    answers = [await portal("POST", "/projects", draft()) for _ in range(3)]
                    answers += [await portal("GET", "/projects") for _ in range(3)]
                finally:
                    await elsewhere.execute(well.format(db=database))
                    await _kick(owner)
                told = [(each.status_code, each.text) for each in answers]
                assert {status for status, _ in told} <= {503, 200}, told
                assert [status for status, _ in told[:3]] == [503] * 3, told
                assert all("retry-after" in each.headers for each in answers if each.status_code == 503)
                for _ in range(30):
                    if (answer := await portal("POST", "/projects", draft())).status_code == 201:
                        break
                assert answer.status_code == 201, answer.text
    finally:
        await owner.close()
        await elsewhere.close()


@pytest.mark.long
async def test_connections_killed_under_commands_are_unavailability(settings: Any) -> None:
    """Backends are terminated again and again while people write and read: 2xx or 503, never 500."""
    owner = await asyncpg.connect(settings.database_url)
    try:
        async with running(settings) as app:
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
                portal = Caller(client, token_maker(settings)("360100"))
                seen: list[int] = []

                async def work(one: int) -> None:
                    for _ in range(6):
                        answer = await (
                            portal("POST", "/projects", draft()) if one % 2 else portal("GET", "/projects")
                        )
                        seen.append(answer.status_code)

                working = asyncio.gather(*(work(one) for one in range(8)))
                while not working.done():
                    await _kick(owner)
                    await asyncio.sleep(0.005)
                await working
                assert set(seen) <= {200, 201, 503}, seen
    finally:
        await owner.close()
