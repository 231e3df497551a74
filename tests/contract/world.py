"""Real objects in the state an operation needs, made over HTTP as the people who would make them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
from sqlalchemy import ARRAY, Text, bindparam, func, update

from service.kit.db import RELAY, Door
from service.kit.outbox import outbox
from service.kit.statements import Statement
from service.kit.telemetry import Telemetry
from service.worker import SUBSCRIBERS
from tests import factories
from tests.conftest import Caller

TENANT, FOREIGN, PROVINCE = "360100", "360200", "360000"
COUNTIES = {TENANT: ("360102", "360103"), FOREIGN: ("360202", "360203")}
APPROVAL = {
    "approved_amount_yuan": "3900000.00",
    "document_number": "洪发改〔2026〕12号",
    "document_date": "2026-02-01",
    "document_digest": "a" * 64,
}
REASON = {"reason": "请补充说明"}
People = Callable[[str, str], Caller]
_FORGET = Statement(
    update(outbox)
    .where(
        outbox.c.tenant_id == func.any(bindparam("tenants", type_=ARRAY(Text))), outbox.c.done_at.is_(None)
    )
    .values(done_at=func.now())
    .returning(outbox.c.id)
)


def login_of(tenant: str, who: str, county: int = 0) -> str | None:
    """The seeded login of `<tier>.<role>`; None for the portal."""
    tier, _, role = who.partition(".")
    if role == "portal":
        return None
    return f"{COUNTIES[tenant][county]}.{role}" if tier == "county" else role


def people(as_user: Callable[..., Caller], county: int = 0) -> People:
    """people(tenant, "city.gatekeeper") as a caller; the province's people are the province's everywhere."""

    def find(tenant: str, who: str) -> Caller:
        home = PROVINCE if who.startswith("province.") else tenant
        return as_user(home, login_of(tenant, who, county))

    return find


@dataclass
class Thing:
    """Something that was made: its public id and the ETag it has now."""

    id: str
    etag: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class Ready:
    """A call that will succeed: by whom, on what, with what."""

    who: str
    path: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    etag: str | None = None
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None  # a file instead of a JSON body
    refused: int | None = None  # the status where even the owner is refused (phases not built yet)


def good(answer: httpx.Response) -> httpx.Response:
    assert answer.is_success, (
        f"{answer.request.method} {answer.request.url} {answer.status_code} {answer.text}"
    )
    return answer


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
        return self.find(self.tenant, who)

    def _thing(self, answer: httpx.Response, key: str = "id") -> Thing:
        data = good(answer).json()
        return Thing(data[key], answer.headers.get("etag", ""), data)

    async def made(self, who: str, path: str, body: Any, **more: Any) -> Thing:
        return self._thing(await self.by(who)("POST", path, body, **more))

    async def draft(self, *, materials: dict[str, Any] | None = None, **facts: Any) -> Thing:
        body = factories.draft(self.tenant, facts=facts)
        body["materials"] |= materials or {}
        if self.owner != "city.portal":
            del body["owner_office_id"]
        return await self.made(self.owner, "/projects", body)

    async def _preview(self, case: Thing) -> dict[str, Any]:
        return dict(good(await self.by(self.owner)("POST", f"/projects/{case.id}/preview")).json())

    async def submitted(self, *, provincial: bool = False, **facts: Any) -> Thing:
        case = await self.draft(**({"investment_yuan": self.above} if provincial else {}), **facts)
        preview = await self._preview(case)
        codes = list(preview["reasons_required"])
        case.etag = await factories.answered(self.by(self.owner), case.id, case.etag, preview)
        body = {"reasons": [{"code": code, "reason": "上级统一部署"} for code in codes]}
        sent = await self.made(self.owner, f"/projects/{case.id}/submit", body, etag=case.etag)
        sent.data["codes"] = codes
        return sent

    def opinions(self, case: Thing) -> dict[str, Any]:
        return {"opinions": [{"code": code, "accepted": True} for code in case.data["codes"]]}

    async def _next(self, who: str, case: Thing, verb: str, body: Any) -> Thing:
        return await self.made(who, f"/projects/{case.id}/{verb}", body, etag=case.etag)

    async def gatekept(self, *, provincial: bool = False, **facts: Any) -> Thing:
        case = await self.submitted(provincial=provincial, **facts)
        return await self._next("city.gatekeeper", case, "gatekeeping/pass", self.opinions(case))

    async def approved(self, **facts: Any) -> Thing:
        return await self._next("city.approver", await self.gatekept(**facts), "approve", APPROVAL)

    async def with_province(self) -> Thing:
        if self.owner == "province.department":
            return await self.submitted()
        return await self._next("city.gatekeeper", await self.gatekept(provincial=True), "hand-over", {})

    async def withdrawable(self) -> Thing:
        """Submitted; a department's goes to the province at once and is withdrawn after its return."""
        if self.owner != "province.department":
            return await self.submitted()
        return await self._next("province.office", await self.with_province(), "province-return", REASON)

    async def filed(self) -> Thing:
        """The filing; its project's id is data["project"]["id"]."""
        case = await self.approved()
        answer = await self.by("city.portal")("POST", f"/projects/{case.id}/file", {}, etag=case.etag)
        return self._thing(answer, "filing_id")

    async def asked(self) -> tuple[Thing, str]:
        filing = await self.filed()
        query = await self.made(
            "province.office", f"/filings/{filing.id}/queries", {"question": "如何对接？"}
        )
        return filing, query.id

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

    async def read(self, who: str, path: str) -> Thing:
        return self._thing(await self.by(who)("GET", path))
