"""Projects under construction, made over HTTP by the people who make them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx

from service.kit import clock
from service.kit.authn import Principal
from service.kit.db import Door, cases
from service.kit.ids import new_id, parse_ref
from service.measures.lifecycle import Action
from service.projects.case import load
from service.projects.phases import Deed, perform
from service.projects.state import Actor
from service.rulebook.book import RuleBooks
from service.rulebook.loader import base_divisions, base_rulebook
from tests.conftest import Caller
from tests.factories import draft

DIGEST = "b" * 64
DOCUMENT = {"name": "文件.pdf", "digest": DIGEST}
APPROVED_ON, TOTAL = "2026-02-01", "3900000.00"
APPROVAL = {
    "approved_amount_yuan": TOTAL, "document_number": "洪发改〔2026〕12号", "document_date": APPROVED_ON,
    "document_digest": "a" * 64,
}  # fmt: skip
RESPONSIBLE = {"implementing_body": "市数据中心", "person": "张三", "title": "主任", "named_on": "2026-02-03"}
CLAUSE = {"reference": "第十二条", "quote": "项目成果及知识产权归采购人所代表的政府所有"}


def contract(**changes: Any) -> dict[str, Any]:
    return {
        "number": "HT-2026-01", "parties": ["市数据中心", "某软件公司"], "amount_yuan": "3000000.00",
        "signed_on": "2026-03-01", "ownership_clause": CLAUSE, "document": DOCUMENT, **changes,
    }  # fmt: skip


def payment(amount: str = "1000000.00", number: str | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "treasury_document": number or f"国库{new_id()}", "payee": "某软件公司", "paid_on": "2026-05-01",
        "amount_yuan": amount, "purpose": "合同首付款", **changes,
    }  # fmt: skip


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
        self, verb: str, body: Any, status: int, code: str, pointer: str | None = None,
        by: tuple[str, str | None] | None = None, *, field_code: str | None = None, article: int | None = None,
    ) -> dict[str, Any]:  # fmt: skip
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
            assert problem.get("article") == article or f"第{article}条" in answer.text, problem
        assert (await self.read(), (await self.read("/records?limit=200"))["items"]) == before
        return problem


async def filed(
    as_user: Callable[..., Caller], tenant: str = "360100", login: str | None = None, **changes: Any
) -> Site:
    """Approved on 1 February 2026 over 3.9 million, and filed. `login`: the owner; the portal if None."""
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


async def perform_as(
    door: Door, ref: str, who: str, action: Action, on: str, facts: dict[str, dict[str, Any]], **more: Any
) -> str:
    """A deed of `<tier>.<role>` through the one way to do a deed, for what other phases do; the new ETag."""
    tier, _, role = who.partition(".")
    tenant = "360000" if tier == "province" else ref[:6]
    person = Principal(tenant, tier, new_id(), role, None, None, (role,), 2.0, "deed-of-test", 1.0)  # type: ignore[arg-type]
    actor = Actor(person, clock.now(), new_id(), RuleBooks(base_rulebook(), base_divisions()))
    async with door.transaction(cases(person)) as tx:
        case = await load(tx, person, parse_ref(ref), None)
        told = Deed(action, date.fromisoformat(on), "delivery.funding_set", [], facts=facts, **more)
        perform(tx, case, told, actor)
        return f'"{case.version}"'


async def issue(door: Door, site: Site, issued_fen: int, on: str = "2026-03-10") -> None:
    """The city's treasury issues the budget (arts 20, 34)."""
    facts = {"budget": {"issued_fen": issued_fen}}
    site.etag = await perform_as(door, site.ref, "city.finance", Action.ISSUE_SHARE, on, facts)


async def inspected(door: Door, site: Site) -> None:
    """Half a year's trial run and the final inspection are over (art. 30)."""
    await perform_as(door, site.ref, "city.unit", Action.BEGIN_TRIAL_RUN, "2026-04-01", {"trial_run": {}})
    site.etag = await perform_as(
        door, site.ref, "city.unit", Action.FINAL_INSPECT, "2026-10-10", {"final_inspected": {}}
    )


async def provincially_approved(as_user: Callable[..., Caller], door: Door) -> Site:
    """A city's project of 5 million, handed over, appraised, reviewed and approved by the province on 1 February."""
    tenant = "360100"
    made = draft(tenant, facts={"investment_yuan": "5000000.00"})
    first = await as_user(tenant)("POST", "/projects", made)
    site = Site(as_user, (tenant, None), first.json()["id"], first.headers["etag"])
    await site.done("submit", {"reasons": [{"code": "not_in_library", "reason": "上级部署"}]})
    opinions = {"opinions": [{"code": "not_in_library", "accepted": True}]}
    await site.done("gatekeeping/pass", opinions, (tenant, "gatekeeper"))
    await site.done("hand-over", {}, (tenant, "gatekeeper"))
    substance = site.data["dated"]["declared"]["substance"]

    def approve(case: Any) -> None:
        case.approved_fen, case.approved_at = 5_000_000_00, clock.now()

    steps: list[tuple[str, Action, dict[str, dict[str, Any]], dict[str, Any]]] = [
        ("office", Action.CONCLUDE_APPRAISAL, {"appraised": {"verdict": "pass", "substance": substance}}, {}),
        ("office", Action.OPEN_JOINT_REVIEW, {}, {}),
        ("office", Action.CLOSE_JOINT_REVIEW, {"joint_review": {"agreed": True}}, {}),
        ("leading_group_secretary", Action.RECORD_LEADING_GROUP, {"leading_group": {"decision": "approve"}}, {}),
        ("drc", Action.PROVINCE_APPROVE, {"approved": {"number": "赣发改〔2026〕1号", "amount_fen": 5_000_000_00}},
         {"revise": approve}),
    ]  # fmt: skip
    for role, action, facts, more in steps:
        site.etag = await perform_as(door, site.ref, f"province.{role}", action, APPROVED_ON, facts, **more)
    return site
