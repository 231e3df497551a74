"""A world of its own, a clock that moves, needs on their way into the library."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime
from typing import Any

import asyncpg
import httpx
import pytest

from service.kit import clock, keys
from service.kit.authn import issue_token
from service.kit.clock import SHANGHAI
from service.kit.db import Door
from service.kit.ids import new_id
from service.kit.relay import drain, sweep
from service.kit.telemetry import Telemetry
from service.settings import Settings
from service.worker import SUBSCRIBERS
from tests import factories
from tests.contract import recipes  # noqa: F401 - recipes is loaded first, it joins the others
from tests.lives import World, people
from tests.lives import reviews as review_steps
from tests.worlds import Caller, world

settings, app, door, client, token, as_user = world()

BIG = {"investment_yuan": "50000000.00"}  # over any limit that an amendment may bring


@pytest.fixture
def travel() -> Iterator[Callable[..., None]]:
    """travel(2027, 3, 1): it is ten in the morning of that day in Jiangxi."""

    def go(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> None:
        clock.travel(datetime(year, month, day, hour, minute, tzinfo=SHANGHAI))

    yield go
    clock.travel(None)


@pytest.fixture(autouse=True)
def _march(travel: Callable[..., None]) -> None:
    """Every test begins within the legal window of a year without a round."""
    travel(2029, 3, 1)


@pytest.fixture
async def superuser(settings: Settings) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


def good(answer: httpx.Response) -> httpx.Response:
    assert answer.is_success, f"{answer.request.url} {answer.status_code} {answer.text}"
    return answer


async def steps(caller: Any, answer: httpx.Response, verb: str, body: Any = None) -> httpx.Response:
    """The next deed on the case of an answer, under its ETag."""
    path = f"/projects/{answer.json()['id']}/{verb}"
    return good(await caller("POST", path, {} if body is None else body, etag=answer.headers["etag"]))


class Needs:
    """Needs of the city 360100 and of a provincial department, step by step over HTTP."""

    def __init__(self, as_user: Any, world: World) -> None:
        self.as_user, self.world = as_user, world
        self.office = as_user("360000", "office")
        self.keeper = as_user("360100", "gatekeeper")
        self.unit = as_user("360100", "unit")
        self.department = as_user("360000", "department")

    async def draft(self, tenant: str = "360100", **changes: Any) -> httpx.Response:
        facts = {**BIG, **changes.pop("facts", {})}
        body = factories.draft(tenant, facts=facts, **changes)
        made = good(await self.as_user(tenant)("POST", "/needs", body))
        if facts.get("national_or_provincial_deployment"):
            await factories.attach(self.as_user(tenant), made.json()["id"], "deployment_basis")
        return made

    async def submitted(self, **changes: Any) -> httpx.Response:
        return await steps(self.as_user("360100"), await self.draft(**changes), "need/submit")

    async def gatekept(self, **changes: Any) -> httpx.Response:
        return await steps(self.keeper, await self.submitted(**changes), "need/gatekeep")

    async def reported(self, body: Any = None, **changes: Any) -> httpx.Response:
        return await steps(self.keeper, await self.gatekept(**changes), "need/report", body)

    async def department_draft(self, **changes: Any) -> httpx.Response:
        facts = {**BIG, **changes.pop("facts", {})}
        body = factories.draft("360100", facts=facts, **changes)
        del body["owner_office_id"]
        return good(await self.department("POST", "/needs", body))

    async def department_reported(self, **changes: Any) -> httpx.Response:
        return await steps(self.department, await self.department_draft(**changes), "need/report")

    async def joint(self, **facts: Any) -> httpx.Response:
        """Built together with the police (art. 12)."""
        return await self.department_reported(facts={"participating_offices": ["省公安厅"], **facts})

    async def appraised(self, need: httpx.Response, verdict: str = "pass") -> httpx.Response:
        """Commissioned, drawn, scored and concluded (art. 18); the answer is the office's view."""
        case = self.world.case(need.json()["id"], need.headers["etag"])
        await review_steps.appraised(self.world, case, verdict=verdict)
        return good(await self.office("GET", f"/projects/{case.id}"))

    async def entered(self, need: httpx.Response | None = None, body: Any = None) -> httpx.Response:
        """Enters the library and reads the case as its owner does."""
        need = need or await self.reported()
        appraised = await self.appraised(need)
        await steps(self.office, appraised, "library/enter", body)
        owner = self.department if need.json()["tenant"] == "360000" else self.as_user("360100")
        return good(await owner("GET", f"/projects/{need.json()['id']}"))


@pytest.fixture
def needs(as_user: Any, door: Door, settings: Settings) -> Needs:
    return Needs(as_user, World(people(as_user), door, Telemetry(), settings.database_url))


@pytest.fixture
def relay(door: Door) -> Callable[[], Awaitable[int]]:
    """Drains every tenant's outbox as the worker does, until nothing more comes of it."""

    async def run() -> int:
        telemetry, done = Telemetry(), 0
        while True:
            tenants: set[str] = set()
            await sweep(door, tenants.add, telemetry)
            carried = sum([await drain(door, tenant, SUBSCRIBERS, telemetry) for tenant in sorted(tenants)])
            done += carried
            if not carried:
                return done

    return run


@pytest.fixture
def officer(client: Any, settings: Settings) -> Any:
    """officer(office): a declarer of another provincial department; officer(office, "360100"): of a city's office."""

    def make(office: str, tenant: str = "360000") -> Caller:
        tier, role = ("province", "department") if tenant == "360000" else ("city", "unit")
        return Caller(
            client,
            issue_token(
                keys.load(settings.signing_keys_file),
                issuer=settings.issuer,
                audience=settings.audience,  # type: ignore[arg-type]
                now=clock.timestamp(),
                tenant=tenant,
                tier=tier,
                roles=(role,),
                user=new_id(),
                login=f"officer.{office[:8]}",
                office=office,
            ),
        )

    return make
