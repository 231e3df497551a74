"""Sign-ins in the audit trail: good ones each, failed ones counted, strangers' in nobody's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from service.audit.seal import seal_tenant
from service.identity.journal import LoginJournal, settle
from service.kit import clock
from service.kit.db import Door
from service.kit.ids import new_id
from service.kit.telemetry import Telemetry
from service.settings import Settings
from service.setup.seed import demo_client_secret
from tests.conftest import Caller
from tests.identity.conftest import FOREIGN, TENANT, serving
from tests.seeding import SECRET

PORTAL, RIGHT = f"{TENANT}.portal", demo_client_secret(SECRET, TENANT)
WRONG = "tjs_wrong-secret-that-must-stand-nowhere"


@pytest.fixture
async def sql(settings: Settings) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(settings.database_url)
    yield connection.fetch
    await connection.close()


@pytest.fixture
def come(app: Any) -> Any:
    """come("192.0.2.7", client_id=…) asks for a token from that address."""

    async def ask(address: str, **form: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            form.setdefault("grant_type", "client_credentials")
            return await client.post("/api/v1/oauth/token", data=form)

    return ask


async def entries(admin: Caller, address: str, action: str) -> list[dict[str, Any]]:
    found = (await admin("GET", f"/audit?action={action}&limit=200")).json()["items"]
    return [each for each in found if each["address"] == address]


async def test_a_good_login_is_one_entry_with_tenant_client_person_and_address(
    admin: Caller, come: Any
) -> None:
    assert (await come("192.0.2.1", client_id=PORTAL, client_secret=RIGHT)).status_code == 200
    development = "urn:tongjian:grant:development"
    assert (
        await come("2001:db8::5", grant_type=development, username=f"{TENANT}/gatekeeper")
    ).status_code == 200
    (client,) = await entries(admin, "192.0.2.1", "login.granted")
    assert (client["actor"], client["client"], client["object_id"]) == (
        f"client:{TENANT}:portal",
        "portal",
        "portal",
    )
    assert client["summary"] == {"address": "192.0.2.1", "grant": "client_credentials"}
    (person,) = await entries(admin, "2001:db8::5", "login.granted")
    assert (person["actor"], person["client"]) == (f"user:{TENANT}:gatekeeper", None)
    assert RIGHT not in str(client) + str(person)


async def test_failures_are_one_entry_per_client_address_and_ten_minutes(
    admin: Caller, come: Any, app: Any, door: Door, sql: Any
) -> None:
    journal = app.app.state.services.shelf[LoginJournal]
    # Two minutes into the next ten: what failed before, at whatever minute of the hour, is over by then.
    now = clock.now().replace(second=0, microsecond=0)
    begun = now + timedelta(minutes=12 - now.minute % 10)
    clock.travel(begun)
    for _ in range(7):
        assert (await come("192.0.2.11", client_id=PORTAL, client_secret=WRONG)).status_code == 401
    await journal.flush()
    clock.travel(begun + timedelta(minutes=7))
    for _ in range(2):
        await come("192.0.2.11", client_id=PORTAL, client_secret=WRONG)
    await come("192.0.2.12", client_id=PORTAL, client_secret=WRONG)
    await journal.flush()
    await settle(door)
    assert await entries(admin, "192.0.2.11", "login.failed") == [], "the ten minutes are not over"
    clock.travel(begun + timedelta(minutes=7, seconds=50))
    await come("192.0.2.11", client_id=PORTAL, client_secret=WRONG)
    await journal.flush()
    clock.travel(begun + timedelta(minutes=19, seconds=31))
    await asyncio.gather(settle(door), settle(door))  # as two workers do
    first = await entries(admin, "192.0.2.11", "login.failed")
    assert [each["summary"]["count"] for each in first] == [10]
    assert (first[0]["actor"], first[0]["client"], first[0]["object_id"]) == ("unproven", "portal", "portal")
    assert first[0]["summary"]["from"] < first[0]["summary"]["to"]
    assert [each["summary"]["count"] for each in await entries(admin, "192.0.2.12", "login.failed")] == [1]
    await come("192.0.2.11", client_id=PORTAL, client_secret=WRONG)
    await journal.flush()
    clock.travel(begun + timedelta(minutes=40))
    await settle(door)
    assert len(await entries(admin, "192.0.2.11", "login.failed")) == 2
    assert not await sql("SELECT 1 FROM login_failures WHERE window_at < $1", begun + timedelta(minutes=28))
    sealed = await seal_tenant(door, TENANT, clock.now() + timedelta(seconds=5))
    assert sealed.entries > 0


async def test_every_failure_of_a_known_client_counts_and_none_of_a_stranger(
    come: Any, app: Any, door: Door, sql: Any, admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, told = app.app.state.services.shelf[LoginJournal], []
    monkeypatch.setattr(Telemetry, "security", lambda _self, event, **more: told.append((event, more)))
    bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    await come("192.0.2.21", client_id=f"{TENANT}.nobody", client_secret=WRONG)
    await come("192.0.2.21", client_id=WRONG, client_secret=WRONG)
    await come("192.0.2.21", grant_type=bearer, assertion="eyJhbGciOiJFZERTQSJ9.e30." + WRONG)
    for tenant in (TENANT, FOREIGN):
        await come("192.0.2.22", client_id=f"{tenant}.portal", client_secret=WRONG)
    assert [each[0] for each in told] == ["login_unknown_client"] * 3
    assert [each[1] for each in told] == [
        {"client": f"{TENANT}.nobody", "address": "192.0.2.21"},
        {"client": "", "address": "192.0.2.21"},
        {"client": "", "address": "192.0.2.21"},
    ]
    await journal.flush()
    rows = await sql("SELECT tenant_id, client, address, count FROM login_failures ORDER BY 1")
    mine = [tuple(row) for row in rows if row["address"] == "192.0.2.22"]
    assert mine == [(TENANT, "portal", "192.0.2.22", 1), (FOREIGN, "portal", "192.0.2.22", 1)]
    assert not [row for row in rows if row["address"] == "192.0.2.21"]


async def test_nothing_of_a_secret_or_an_assertion_is_kept(
    come: Any, settings: Settings, app: Any, door: Door, capfd: Any, sql: Any
) -> None:
    bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assertion = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiIzNjAxMDAucG9ydGFsIn0." + WRONG
    await come("192.0.2.31", client_id=PORTAL, client_secret=WRONG)
    await come("192.0.2.31", client_id=WRONG, client_secret=WRONG)
    await come("192.0.2.31", grant_type=bearer, assertion=assertion)
    await app.app.state.services.shelf[LoginJournal].flush()
    clock.travel(clock.now() + timedelta(hours=1))
    await settle(door)
    for table in ("audit_entries", "login_failures"):
        for row in await sql(f"SELECT t::text AS whole FROM {table} t"):
            assert WRONG not in row["whole"]
            assert "eyJ" not in row["whole"]
    written = capfd.readouterr().err
    assert WRONG not in written
    assert "eyJ" not in written


async def test_what_cannot_be_written_is_kept_and_a_stop_writes_what_is_left(
    settings: Settings, sql: Any
) -> None:
    ident = f"c{new_id()[-10:]}"
    async with serving(settings) as client:
        journal = client._transport.app.app.state.services.shelf[LoginJournal]  # type: ignore[attr-defined]
        door, journal._door = journal._door, None
        journal.failed(TENANT, ident, "192.0.2.41")
        await journal.flush()
        journal._door = door
        journal.failed(TENANT, ident, "192.0.2.41")
        for n in range(300):
            journal.failed(TENANT, ident, f"198.51.{n // 200}.{n % 200}")
    rows = await sql("SELECT address, count FROM login_failures WHERE client = $1", ident)
    counts = {row["address"]: row["count"] for row in rows}
    assert counts["192.0.2.41"] == 2
    assert len(counts) == 201
    assert counts["others"] == 101
