"""GET /projects/{id}/records: what the phases recorded of a case, whichever phase it was."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from service.kit.api import Answer, Call
from service.kit.db import Row
from service.kit.ids import parse_ref
from service.kit.naming import By
from service.kit.paging import next_link, seal, unseal
from service.kit.text import Cursor
from service.projects.queries import records_statement


class RecordQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters, newest first."""

    kind: Annotated[str, Meta(pattern=r"^[a-z_]{1,60}$(?!\n)")] | None = None
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
    query: RecordQuery = call.query
    ref = parse_ref(call.path("ref"))
    context = f"records:{ref}:{call.principal.scope}:{call.scope.login}"
    given: dict[str, Any] = {} if query.kind is None else {"kind": query.kind}
    filters = set(given)
    if query.cursor is not None:
        after_at, given["after_id"] = unseal(call.services.cursor_secret, context, query.cursor)
        given["after_at"] = datetime.fromisoformat(after_at)
        filters.add("after")
    rows = await call.door.fetch(
        call.scope,
        records_statement(frozenset(filters)),
        tenant_id=ref.tenant,
        id=ref.id,
        limit=query.limit + 1,
        **given,
    )
    cursor = None
    if len(rows) > query.limit:
        last = rows[query.limit - 1]
        cursor = seal(call.services.cursor_secret, context, [last["at"].isoformat(), last["id"]])
    headers = next_link(f"/api/v1/projects/{ref}/records", msgspec.to_builtins(query), cursor)
    items = [record_view(row) for row in rows[: query.limit]]
    return Answer(RecordList(items, cursor), headers=headers)
