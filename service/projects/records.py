"""GET /projects/{id}/records: what the phases recorded of a case, whichever phase it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from service.kit.api import Answer, Call
from service.kit.db import Row
from service.kit.ids import parse_ref
from service.kit.naming import By
from service.kit.text import MOST_SAID, Cursor
from service.projects.queries import RECORDS

Kind = Annotated[str, Meta(pattern=r"^[a-z_]{1,60}$(?!\n)")]


class RecordQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters, newest first."""

    kind: Annotated[list[Kind], Meta(max_length=MOST_SAID)] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class RecordView(Struct):
    """One record: `on` is the legal day of what it tells, `at` when it was recorded."""

    id: str
    kind: str
    content: dict[str, Any]
    on: date
    supersedes: str | None
    by: By
    at: datetime


class RecordList(Struct):
    """A page; the Link header leads to the next."""

    items: list[RecordView]
    next_cursor: str | None


def record_view(row: Row) -> RecordView:
    """A row of `project_records` as an answer."""
    return RecordView(*(row[name] for name in RecordView.__struct_fields__))


async def page(call: Call) -> Answer:
    """Records of one case; the caller has shown that the case is visible."""
    ref = parse_ref(call.path("ref"))
    listing = replace(RECORDS, name=f"records:{ref}", path=f"/projects/{ref}/records")
    return await listing.serve(call, record_view, RecordList, tenant_id=ref.tenant, id=ref.id)
