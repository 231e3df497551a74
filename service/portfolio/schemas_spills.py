"""Requests to erase what slipped in, on the wire: ids and a kind of slip, never words."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.kit.coded import SpillReasonCode, SpillStateCode
from service.kit.naming import By
from service.kit.text import Cursor, TenantCodes

PublicId = Annotated[str, Meta(max_length=60, pattern=r"^[0-9A-Za-z-]+$(?!\n)")]
# 正文、附件、名称、汇总后成为秘密、上级认定
Reason = Literal["text", "attachment", "name", "aggregation", "determination"]
SpillState = Literal["requested", "confirmed", "purged"]


class SpillIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """What to erase: a project with everything of it, or one attachment; and which kind of slip it was."""

    reason: Reason
    project_id: PublicId | None = None
    document_id: PublicId | None = None


class SpillView(Struct, kw_only=True):
    """A request and how far it is: `erased_at` the first pass, `purged_at` the last."""

    id: str
    project_id: str
    document_id: str | None
    reason: SpillReasonCode
    state: SpillStateCode
    requested_by: By
    requested_at: datetime
    confirmed_by: By | None
    confirmed_at: datetime | None
    erased_at: datetime | None
    purged_at: datetime | None


class SpillQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters, newest first."""

    tenant: TenantCodes | None = None
    state: list[SpillState] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class SpillList(Struct):
    """A page; the Link header leads to the next."""

    items: list[SpillView]
    next_cursor: str | None
