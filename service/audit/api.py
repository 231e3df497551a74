"""/audit: reading a tenant's audit trail, and checking its chain against entries and anchors."""

from __future__ import annotations

import asyncio
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.audit.check import anchor_state, check_tenant, missing_file, trusted_anchors
from service.audit.queries import LISTING, TENANT
from service.audit.schemas import (
    AnchorView,
    AuditEntry,
    AuditFinding,
    AuditPage,
    AuditQuery,
    VerifyQuery,
    VerifyView,
)
from service.audit.verify import Finding, Verdict
from service.kit.api import Answer, Call, operation
from service.kit.db import RELAY, Row, Scope, own
from service.kit.errors import not_found
from service.kit.wire import spelt
from service.settings import Settings

TAG = "audit"


def _reach(call: Call, tenant: str | None) -> tuple[Scope, str]:
    """Everybody reads their own tenant's trail; the province's supervisor any tenant's (art. 39)."""
    principal = call.principal
    if tenant is None or tenant == principal.tenant:
        return own(principal), principal.tenant
    if call.scope.login == "province" and "supervisor" in principal.roles:
        return call.scope, tenant
    raise not_found()


@operation(
    "GET",
    "/audit",
    resource="audit",
    action="read",
    summary="审计记录",
    tag=TAG,
    where="cases",
    query=AuditQuery,
    answer=AuditPage,
    paged=True,
)
async def list_entries(call: Call) -> Answer:
    """新的在前；管理员看本地区，省级监督人员可用 tenant 查看任一地区。"""
    query: AuditQuery = call.query
    scope, tenant = _reach(call, query.tenant)
    more: dict[str, Any] = {
        name: each for name in ("at_from", "at_to") if (each := getattr(query, name)) is not None
    }
    if query.object_id is not None:
        more["object_id"] = query.object_id.removeprefix(f"{tenant}-")
    listing = replace(LISTING, name=f"audit:{tenant}")
    reader = copy(call)
    reader.scope = scope
    return await listing.serve(reader, _entry, AuditPage, tenant_id=tenant, **more)


def _entry(row: Row) -> AuditEntry:
    values = {name: row[name] for name in AuditEntry.__struct_fields__ if name not in ("tenant", "address")}
    return AuditEntry(tenant=row["tenant_id"], address=_address(row), **values)


def _address(row: Row) -> str | None:
    """Where a sign-in came from."""
    return row["summary"].get("address") if row["object_kind"] == "login" else None


@operation(
    "GET",
    "/audit/verify",
    resource="audit",
    action="verify",
    summary="验证审计链",
    tag=TAG,
    where="cases",
    query=VerifyQuery,
    answer=VerifyView,
)
async def verify(call: Call) -> Answer:
    """逐条核对链、记录和库外锚点：改动、删除、调换、补入、截尾；并按审计中的摘要核对案卷、版本、批复、备案和经办记录。"""
    scope, tenant = _reach(call, call.query.tenant)
    if await call.door.row(scope, TENANT, tenant_id=tenant) is None:
        raise not_found()
    settings = call.service(Settings)
    anchors, faults = await asyncio.to_thread(trusted_anchors, settings)
    # As the sealer's login: the province cannot read entries of what was not declared, and need not to verify.
    verdict = await check_tenant(call.door, RELAY, tenant, anchors)
    # A line of nobody's concerns everybody; another tenant's line is not this caller's to see.
    concerned = [fault for fault in faults if fault.tenant in (None, tenant)]
    return Answer(_verdict(verdict, concerned + missing_file(settings, [verdict]), settings))


def _anchor(seq: int, head: str, at: str) -> AnchorView:
    """As it stands in the anchor file, its time spelt as everywhere on the wire."""
    return AnchorView(seq, head, spelt(datetime.fromisoformat(at)))


def _verdict(verdict: Verdict, faults: list[Finding], settings: Settings) -> VerifyView:
    anchor = verdict.last_anchor
    problems = verdict.problems + len(faults)
    return VerifyView(
        tenant=verdict.tenant,
        intact=problems == 0,
        sealed=verdict.sealed,
        unsealed=verdict.unsealed,
        head=verdict.head,
        anchors=anchor_state(settings),
        last_anchor=_anchor(anchor.seq, anchor.head, anchor.at) if anchor else None,
        cases=verdict.cases,
        cases_not_checked=verdict.cases_not_checked,
        problems=problems,
        findings=[
            AuditFinding(each.code, each.detail, each.seq, each.entry_id, each.line)
            for each in [*faults, *verdict.findings]
        ],
    )


ROUTES: list[HTTPRouteHandler] = [list_entries, verify]
