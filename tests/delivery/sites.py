"""Projects under construction, made over HTTP by the people who make them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

import tests.contract.recipes  # noqa: F401 - first: it loads the recipes of every feature
from service.kit.db import Door
from service.kit.ids import new_id
from service.kit.telemetry import Telemetry
from service.measures.citations import articles_label
from tests.conftest import Caller
from tests.factories import draft
from tests.lives import World, people
from tests.lives.reviews import approval, to_decided

DIGEST = "b" * 64
DOCUMENT = {"name": "文件.pdf", "digest": DIGEST}
APPROVED_ON, TOTAL = "2026-02-01", "3900000.00"
APPROVAL = {
    "approved_amount_yuan": TOTAL,
    "document_number": "洪发改〔2026〕12号",
    "document_date": APPROVED_ON,
    "document_digest": "a" * 64,
}
FINANCE, PROVINCE_FINANCE = ("360100", "finance"), ("360000", "finance")
RECALL = {"reason": "批复满半年未开工，且没有不可抗力", "document": DOCUMENT}
RESPONSIBLE = {"implementing_body": "市数据中心", "person": "张三", "title": "主任", "named_on": "2026-02-03"}
CLAUSE = {"reference": "第十二条", "quote": "项目成果及知识产权归采购人所代表的政府所有"}


def contract(**changes: Any) -> dict[str, Any]:
    return {
        "number": "HT-2026-01",
        "parties": ["市数据中心", "某软件公司"],
        "amount_yuan": "3000000.00",
        "signed_on": "2026-03-01",
        "ownership_clause": CLAUSE,
        "document": DOCUMENT,
        **changes,
    }


def payment(amount: str = "1000000.00", number: str | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "treasury_document": number or f"国库{new_id()}",
        "payee": "某软件公司",
        "paid_on": "2026-05-01",
        "amount_yuan": amount,
        "purpose": "合同首付款",
        **changes,
    }


@dataclass
class Site:
    """One project with its latest ETag; `act` is a POST by somebody, and the ETag follows what succeeded."""

    as_user: Callable[..., Caller]
    owner: tuple[str, str | None]
    ref: str
    etag: str
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def tenant(self) -> str:
        return self.ref[:6]

    async def act(
        self, verb: str, body: Any, by: tuple[str, str | None] | None = None, *, etag: str | None = None
    ) -> httpx.Response:
        caller = self.as_user(*(by or self.owner))
        answer = await caller("POST", f"/projects/{self.ref}/{verb}", body, etag=etag or self.etag)
        if answer.is_success:
            self.etag, self.data = answer.headers["etag"], answer.json()
        return answer

    async def done(self, verb: str, body: Any, by: tuple[str, str | None] | None = None) -> dict[str, Any]:
        answer = await self.act(verb, body, by)
        assert answer.is_success, f"{verb}: {answer.status_code} {answer.text}"
        return self.data

    async def read(self, suffix: str = "", by: tuple[str, str | None] | None = None) -> Any:
        answer = await self.as_user(*(by or self.owner))("GET", f"/projects/{self.ref}{suffix}")
        assert answer.is_success, answer.text
        return answer.json()

    async def records(self, kind: str) -> list[dict[str, Any]]:
        found = await self.read(f"/records?kind={kind}&limit=200")
        return list(found["items"])

    async def refused(
        self,
        verb: str,
        body: Any,
        status: int,
        code: str,
        pointer: str | None = None,
        by: tuple[str, str | None] | None = None,
        *,
        field_code: str | None = None,
        article: int | None = None,
    ) -> dict[str, Any]:
        """Refused with this status and code (and pointer), and nothing of the case has changed."""
        before = (await self.read(), (await self.read("/records?limit=200"))["items"])
        answer = await self.act(verb, body, by)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        problem: dict[str, Any] = answer.json()
        if pointer is not None:
            found = {each["pointer"]: each["code"] for each in problem["errors"]}
            assert pointer in found, problem
            assert field_code is None or found[pointer] == field_code, problem
        if article is not None:
            named = f"第{article}条" in answer.text or articles_label((article,)) in answer.text
            assert problem.get("article") == article or named, problem
        assert (await self.read(), (await self.read("/records?limit=200"))["items"]) == before
        return problem


async def approved(
    as_user: Callable[..., Caller], tenant: str = "360100", login: str | None = None, **changes: Any
) -> Site:
    """Approved by the city on 1 February 2026 over 3.9 million. `login`: the owner; the portal if None."""
    owner, made = as_user(tenant, login), draft(tenant, **changes)
    if login is not None:
        del made["owner_office_id"]
    first = await owner("POST", "/projects", made)
    assert first.status_code == 201, first.text
    site = Site(as_user, (tenant, login), first.json()["id"], first.headers["etag"])
    reasons = (await owner("POST", f"/projects/{site.ref}/preview")).json()["reasons_required"]
    await site.done("submit", {"reasons": [{"code": code, "reason": "上级部署"} for code in reasons]})
    opinions = {"opinions": [{"code": code, "accepted": True} for code in reasons]}
    await site.done("gatekeeping/pass", opinions, (tenant, "gatekeeper"))
    await site.done("approve", APPROVAL, (tenant, "approver"))
    return site


async def filed(
    as_user: Callable[..., Caller], tenant: str = "360100", login: str | None = None, **changes: Any
) -> Site:
    """Approved, and filed."""
    site = await approved(as_user, tenant, login, **changes)
    answer = await as_user(tenant)("POST", f"/projects/{site.ref}/file", {}, etag=site.etag)
    assert answer.status_code == 201, answer.text
    site.etag, site.data = answer.headers["etag"], answer.json()["project"]
    return site


async def started(as_user: Callable[..., Caller], tenant: str = "360100", **more: Any) -> Site:
    """Filed, its responsible person named, building since 1 March 2026."""
    site = await filed(as_user, tenant, **more)
    await site.done("responsible", RESPONSIBLE)
    await site.done("start", {"started_on": "2026-03-01", "note": ""})
    return site


async def issue(site: Site, amount: str, on: str = "2026-03-10") -> None:
    """The city's treasury issues so much more of the budget (arts 20, 34)."""
    document = {"number": "洪财预〔2026〕8号", "date": on, "digest": DIGEST}
    body = {"document": document, "lines": [{"source": "city", "amount_yuan": amount}]}
    await site.done("budget", body, (site.tenant, "finance"))


async def trial_run(site: Site, on: str = "2026-04-01") -> None:
    await site.done("begin-trial-run", {"on": on, "note": "全部功能上线"})


async def inspected(site: Site) -> None:
    """Half a year's trial run and the final inspection are over (art. 30)."""
    await trial_run(site)
    await site.done("final-inspect", {"on": "2026-10-10", "conclusion": "达到合同要求", "report": DOCUMENT})


async def provincially_approved(
    as_user: Callable[..., Caller], door: Door, owner: str = "city.portal", tenant: str = "360100"
) -> Site:
    """Appraised, reviewed and approved by the province today: a city's 5 million, or a department's 4 million."""
    home = "360000" if owner == "province.department" else tenant
    world = World(people(as_user), door, Telemetry(), "", home, owner)
    case = await to_decided(world)
    body = {**approval(), "approved_amount_yuan": case.data["investment_yuan"]}
    case = await world.made("province.drc", f"/projects/{case.id}/province-approve", body, etag=case.etag)
    login = None if owner.endswith(".portal") else owner.partition(".")[2]
    return Site(as_user, (home, login), case.id, case.etag, case.data)
