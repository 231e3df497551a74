"""The audit trail on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from service.kit.coded import AuditFindingCode
from service.kit.naming import By, TenantNamed
from service.kit.text import MOST_SAID, Cursor, Moment, opaque

TenantId = Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{2,16}$(?!\n)")]


Action = Annotated[str, Meta(pattern=r"^[a-z_.]{1,64}$(?!\n)")]


class AuditQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters, newest first. `tenant` is for the province's supervisor; `object_id` with or without its tenant."""

    tenant: TenantId | None = None
    action: Annotated[list[Action], Meta(max_length=MOST_SAID)] | None = None
    object_id: Annotated[str, opaque(128)] | None = None
    actor: Annotated[list[Annotated[str, opaque(300)]], Meta(max_length=MOST_SAID)] | None = None
    at_from: Moment | None = None
    at_to: Moment | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class AuditEntry(Struct):
    """One entry. `seq` is its place in the tenant's chain, null until it is sealed (seconds); `address` is the
    caller's, where the entry is of a sign-in.
    """

    id: str
    tenant: TenantNamed
    seq: int | None
    at: datetime
    actor: By
    actor_tenant: TenantNamed
    client: str | None
    address: str | None
    action: str
    object_kind: str
    object_id: str
    summary: dict[str, Any]
    request_id: str
    digest: str


class AuditPage(Struct):
    """A page; the Link header leads to the next."""

    items: list[AuditEntry]
    next_cursor: str | None


class VerifyQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Whose chain; another tenant's is for the province's supervisor."""

    tenant: TenantId | None = None


class AnchorView(Struct):
    """The last signed head of this chain outside the database."""

    seq: int
    head: str
    at: str


class AuditFinding(Struct):
    """One discovery: what, where in the chain, which entry, which line of the anchor file."""

    code: AuditFindingCode
    detail: str
    seq: int | None
    entry_id: str | None
    line: int | None


class VerifyView(Struct):
    """The check of one chain and of the cases it tells of. `problems` counts all, `findings` lists the first thousand.

    `cases_not_checked`: made before digests were kept, or erased as a spill.
    """

    tenant: TenantNamed
    intact: bool
    sealed: int
    unsealed: int
    head: str
    anchors: Literal["checked", "not_checked"]
    last_anchor: AnchorView | None
    cases: int
    cases_not_checked: int
    problems: int
    findings: list[AuditFinding]
