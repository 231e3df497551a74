"""A world: a database of its own (a clone of the seeded one), an application on it, and callers.

`settings, app, door, client, token, as_user = world()` in a package's conftest gives that package a world of its own,
so that what it counts, drains or truncates is never another package's.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from sqlalchemy import and_, exists, false, func, literal_column, or_, select

from service.app import create_app
from service.audit.cases import check_cases
from service.audit.powers import check_powers
from service.audit.queries import TENANTS
from service.audit.verify import Finding
from service.identity.models import offices
from service.kit import clock, keys
from service.kit.authn import issue_token
from service.kit.clock import legal_day
from service.kit.db import RELAY, Door, tenant_scope
from service.kit.ids import new_id
from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.obligations.counting import DIFFERING
from service.obligations.models import obligation_cases, obligations
from service.obligations.queries import OWED
from service.obligations.watching import verify_watched
from service.projects.models import project_findings, projects
from service.projects.models_waiting import NEAR_LINE, WAITS
from service.settings import Settings
from service.setup.seed import PROVINCE, Person, office_id, people_of, user_id
from tests.answers import misfits
from tests.events import events_are_documented
from tests.in_process import InProcess

_serial = itertools.count(1)
_issued: dict[tuple[object, ...], tuple[float, str]] = {}
SAME_SECONDS = 30  # so long somebody comes with the same token; a test's clock may stand somewhere else after


def forget_tokens() -> None:
    """Every test has tokens of its own: what one revokes is not what the next comes with."""
    _issued.clear()


def on_database(settings: Settings, url: str) -> Settings:
    """The same settings on another database of the same server."""
    name = url.rpartition("/")[2]
    moved = {
        field: getattr(settings, field).rpartition("/")[0] + f"/{name}"
        for field in ("database_url", "tenant_url", "province_url", "relay_url")
    }
    anchors = Path(f"{settings.audit_anchor_dir}-{name}")
    return replace(settings, audit_anchor_dir=anchors, **moved)


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
        async with asyncio.timeout(300):
            await outbox.get()
            await task


@cache
def _people(tenant: str) -> dict[str, Person]:
    return {each.login: each for each in people_of(tenant)}


def bound_roles(roles: tuple[str, ...]) -> bool:
    return all(role in ("unit", "user", "department") for role in roles)


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
        url = path if path.startswith("/api") else f"/api/v1{path}"
        if isinstance(self.client, InProcess) and not more:
            answer = await self.client.plain(method, url, headers, body)
        else:
            if body is not None:
                more["json"] = body
            answer = await self.client.request(method, url, headers=headers, **more)
        found = misfits(answer)
        assert not found, found[:5]
        return answer


def token_maker(settings: Settings) -> Callable[..., str]:
    """token("360100", "gatekeeper") → a seeded person's access token; without a login → the portal's own."""
    assert settings.signing_keys_file is not None
    signing = keys.load(settings.signing_keys_file)

    def make(tenant: str, login: str | None = None, *, client: str | None = None, **more: Any) -> str:
        """A token, the same for the same person within one test: to sign and to verify one costs a request's time."""
        now, key = clock.timestamp(), (settings.database_url, tenant, login, client, *sorted(more.items()))
        before = _issued.get(key)
        if before is None or not 0 <= now - before[0] <= SAME_SECONDS:
            before = _issued[key] = (now, issue(tenant, login, client=client, **more))
        return before[1]

    def issue(tenant: str, login: str | None = None, *, client: str | None = None, **more: Any) -> str:
        common = {"issuer": settings.issuer, "audience": settings.audience, "now": clock.timestamp(), **more}
        tier: Any = "province" if tenant == PROVINCE else "city"
        if login is None:
            return issue_token(
                signing, tenant=tenant, tier=tier, roles=("portal",), client=client or "portal", **common
            )
        person = _people(tenant)[login]
        if person.division != tenant:
            tier = "county"
        seat = office_id(tenant, person.division, person.office)
        office = seat if bound_roles(person.roles) else None
        return issue_token(
            signing,
            tenant=tenant,
            tier=tier,
            roles=person.roles,
            user=user_id(tenant, login),
            login=login,
            client=client,
            **{"office": office, "seat": seat, **common},
        )

    return make


FORGED: set[str] = set()  # ids of the cases that tests write by hand: the check tells of them, and should


def by_hand(case: str) -> str:
    """Notes a case whose row a test writes itself; its id without the tenant."""
    ident = case[7:] if case[:7].endswith("-") else case
    FORGED.add(ident)
    return ident


async def false_alarms(door: Door, tenant: str) -> list[Finding]:
    """What the audit's check tells of cases and powers that nobody wrote by hand; there must be nothing to tell."""
    cases = await check_cases(door, tenant)
    assert not cases.not_checked, tenant
    powers = await check_powers(door, tenant)
    return [each for each in [*cases.findings, *powers] if not any(case in each.detail for case in FORGED)]


async def no_false_alarm(door: Door) -> None:
    """Whatever happened in a world, each case is as the audit trail says (audit/cases.py)."""
    for tenant in [row["tenant_id"] for row in await door.fetch(RELAY, TENANTS)]:
        alarms = await false_alarms(door, tenant)
        assert not alarms, (tenant, alarms)


async def totals_are_true(door: Door) -> None:
    """Whatever happened in a world, its running totals of duties are what counting them makes, today and before."""
    for tenant in [row["tenant_id"] for row in await door.fetch(RELAY, TENANTS)]:
        for day in (legal_day(clock.now()), date(2026, 3, 31)):
            wrong = await door.fetch(tenant_scope(tenant), DIFFERING, tenant_id=tenant, today=day)
            assert not wrong, (tenant, day, [dict(row) for row in wrong])
        assert await verify_watched(door, tenant) == 0, tenant


async def lines_are_true(door: Door) -> None:
    """What a desk finds cases and duties by: decisions say that one that waits is near the line where its findings do,
    each case stands in the division of its office, and each duty that is owed tells the way of the case as it was
    derived of.
    """
    p, f = projects.c, project_findings.c
    near = f.code == literal_column("'near_line'")
    found = exists().where(f.tenant_id == p.tenant_id, f.project_id == p.id, near)
    differs = and_(WAITS, func.coalesce(NEAR_LINE, false()) != found)
    o = offices.c
    moved = ~exists().where(o.tenant_id == p.tenant_id, o.id == p.office_id, o.division == p.division)
    w, k = obligations.c, obligation_cases.c
    derived = exists().where(k.tenant_id == p.tenant_id, k.project_id == p.id, k.derived_version == p.version)
    told = exists().where(
        w.tenant_id == p.tenant_id,
        w.project_id == p.id,
        OWED,
        w.route != func.coalesce(p.route, literal_column("''")),
    )
    wrong_way = and_(derived, told)
    other = Statement(
        select(p.id).where(p.tenant_id == TENANT_ID, or_(differs, moved, wrong_way), scope_ready())
    )
    for tenant in [row["tenant_id"] for row in await door.fetch(RELAY, TENANTS)]:
        wrong = await door.fetch(tenant_scope(tenant), other, tenant_id=tenant)
        assert not wrong, (tenant, [dict(row) for row in wrong])


class Fixtures(NamedTuple):
    """The fixtures of a world, in the order in which a conftest names them."""

    settings: Any
    app: Any
    door: Any
    client: Any
    token: Any
    as_user: Any


def world(*, forged: bool = False, **changes: Any) -> Fixtures:
    """Fixtures settings, app, door, client, token, as_user of a fresh world; `changes` of the settings.

    `forged`: its tests put whole populations of cases there in SQL, so that its end proves nothing.
    """

    @pytest.fixture(scope="session")
    def settings(seeded: Settings, clone: Callable[[str], str]) -> Settings:
        return replace(on_database(seeded, clone(f"world_{next(_serial)}")), **changes)

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
        if not forged:
            await no_false_alarm(own)
            await totals_are_true(own)
            await lines_are_true(own)
            await events_are_documented(settings.database_url)
        await own.close()

    @pytest.fixture(scope="session")
    async def client(app: Any) -> AsyncIterator[httpx.AsyncClient]:
        async with InProcess(app) as made:
            yield made

    return Fixtures(settings, app, door, client, *_callers())


def _callers() -> tuple[Any, Any]:
    """Fixtures token and as_user of the world whose settings and client are at hand."""

    @pytest.fixture(scope="session")
    def token(settings: Settings) -> Callable[..., str]:
        return token_maker(settings)

    @pytest.fixture(scope="session")
    def as_user(client: httpx.AsyncClient, token: Callable[..., str]) -> Callable[..., Caller]:
        """as_user("360100", "gatekeeper")("GET", "/projects"); as_user("360100") is the city's portal."""
        return lambda tenant, login=None, **more: Caller(client, token(tenant, login, **more))

    return token, as_user
