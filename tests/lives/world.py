"""Where lives are lived: a tenant, its people, and who declares; and what its worker does meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import asyncpg
import httpx
from sqlalchemy import ARRAY, Text, bindparam, func, update

from service.kit.db import RELAY, Door
from service.kit.outbox import outbox
from service.kit.statements import Statement
from service.kit.telemetry import Telemetry
from service.settings import Settings
from service.worker import SUBSCRIBERS
from tests.lives.life import Life
from tests.lives.people import PROVINCE, TENANT, People, Thing, good, people
from tests.lives.said import REASON
from tests.worlds import Caller

DEPARTMENT = "province.department"
_FORGET = Statement(
    update(outbox)
    .where(
        outbox.c.tenant_id == func.any(bindparam("tenants", type_=ARRAY(Text))), outbox.c.done_at.is_(None)
    )
    .values(done_at=func.now())
    .returning(outbox.c.id)
)


@dataclass
class World:
    """Builds in one tenant, for one kind of owner."""

    find: People
    door: Door
    telemetry: Telemetry
    owner_url: str
    tenant: str = TENANT
    owner: str = "city.portal"
    above: str = "5000000.00"  # yuan: what the province reviews

    def by(self, who: str) -> Caller:
        """A desk as a caller: "city.gatekeeper", "province.office"; "owner": whoever declares here; "360200:city.unit":
        another tenant's."""
        elsewhere, _, desk = who.rpartition(":")
        return self.find(elsewhere or self.tenant, self.owner if desk == "owner" else desk)

    def organ(self, name: str) -> str:
        """Who holds a power over what is declared here: the city's own, or the province's over a department's."""
        if self.owner != DEPARTMENT:
            return f"city.{name}"
        return {"gatekeeper": "province.office", "approver": "province.drc"}.get(name, f"province.{name}")

    def life(self, **said: Any) -> Life:
        """A project that is still to be declared; `said`: as for factories.draft, single materials in `materials`."""
        return Life(world=self, said=said)

    def _thing(self, answer: httpx.Response, key: str = "id") -> Thing:
        data = good(answer).json()
        return Thing(data[key], answer.headers.get("etag", ""), data)

    async def made(self, who: str, path: str, body: Any, **more: Any) -> Thing:
        """Whatever is no act on a case of its own: what this desk made there."""
        return self._thing(await self.by(who)("POST", path, body, **more))

    async def read(self, who: str, path: str) -> Thing:
        return self._thing(await self.by(who)("GET", path))

    def case(self, ref: str, etag: str = "", data: dict[str, Any] | None = None) -> Life:
        """A case that was made otherwise: of a need, of a workbook."""
        return Life(ref, etag, data or {}, world=self)

    async def step(self, case: Thing, who: str, verb: str, body: Any) -> Life:
        """The case as it is after this act; the one before keeps its version."""
        codes = case.codes if isinstance(case, Life) else []
        then = Life(case.id, case.etag, case.data, world=self, codes=codes)
        await then.does(who, verb, body)
        return then

    # ---- waypoints by name, as most tests want them ----------------------------------------------------------

    async def draft(self, *, materials: dict[str, Any] | None = None, **facts: Any) -> Life:
        return await self.life(facts=facts, materials=materials or {}).at("drafted")

    async def submitted(
        self, *, provincial: bool = False, materials: dict[str, Any] | None = None, **facts: Any
    ) -> Life:
        case = await self.draft(
            materials=materials, **({"investment_yuan": self.above} if provincial else {}), **facts
        )
        return await case.at("submitted")

    async def gatekept(self, **more: Any) -> Life:
        return await (await self.submitted(**more)).at("gatekept")

    async def approved(self, **more: Any) -> Life:
        return await (await self.submitted(**more)).at("approved")

    async def filed(self) -> Thing:
        """The filing; its project's id is data["project"]["id"]."""
        return await (await self.approved()).file()

    async def with_province(self) -> Life:
        case = await self.submitted(provincial=self.owner != DEPARTMENT)
        if self.owner != DEPARTMENT:
            await case.gatekeep()
            await case.hand_over()
        return case

    async def withdrawable(self) -> Life:
        """Submitted; a department's goes to the province at once and is withdrawn after its return."""
        if self.owner != DEPARTMENT:
            return await self.submitted()
        return await self.step(await self.with_province(), "province.office", "province-return", REASON)

    async def asked(self) -> tuple[Thing, str]:
        filing = await self.filed()
        query = await self.made(
            "province.office", f"/filings/{filing.id}/queries", {"question": "如何对接？"}
        )
        return filing, query.id

    # ---- and around them -------------------------------------------------------------------------------------

    async def delivered(self) -> None:
        """What the worker does: events become messages, feed entries and deliveries."""
        from service.kit.relay import drain

        for tenant in (self.tenant, PROVINCE):
            await drain(self.door, tenant, SUBSCRIBERS, self.telemetry)

    async def forgotten(self) -> None:
        """Events that nobody carried are done with: whoever has some of its own carried waits for no others."""
        await self.door.fetch(RELAY, _FORGET, tenants=[self.tenant, PROVINCE])

    async def tidied(self, *tables: str) -> None:
        """Empties tables of this tenant where a limit would end a long test."""
        connection = await asyncpg.connect(self.owner_url)
        for table in tables:
            await connection.execute(f"DELETE FROM {table} WHERE tenant_id = $1", self.tenant)
        await connection.close()


def builder(
    as_user: Callable[..., Caller], door: Door | None = None, settings: Settings | None = None
) -> Callable[..., World]:
    """build() → a world where a city's portal declares; build("province.department") → where a department does.

    Without door and settings its people act, and nobody carries their events or looks into the database.
    """
    url = "" if settings is None else settings.database_url

    def build(owner: str = "city.portal", tenant: str = TENANT, kind: type[World] = World) -> World:
        home = PROVINCE if owner == DEPARTMENT else tenant
        return kind(people(as_user), cast("Door", door), Telemetry(), url, home, owner)

    return build


def lives(as_user: Callable[..., Caller], door: Door, settings: Settings) -> Callable[..., Life]:
    """life() → a city's project that is still to be declared, in a world of its own; `said` as for World.life."""
    build = builder(as_user, door, settings)

    def life(owner: str = "city.portal", tenant: str = TENANT, **said: Any) -> Life:
        return build(owner, tenant).life(**said)

    return life
