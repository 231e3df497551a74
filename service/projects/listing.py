"""Pages of cases: JSON rendered by PostgreSQL, keyset cursors, the same filters for lists and exports."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from service.characters.keys import words
from service.kit.api import Answer, Call
from service.kit.clock import SHANGHAI
from service.kit.errors import FieldError, ServiceError, not_found
from service.kit.paging import next_link, seal, unseal
from service.projects.queries import FILTERS, list_statement
from service.projects.schemas import ListQuery


def _context(call: Call) -> str:
    return f"projects:{call.principal.scope}:{call.scope.login}"


def _parameters(call: Call, query: ListQuery) -> dict[str, Any]:
    """The filters that were given; days are legal days in Asia/Shanghai."""
    given = {k: v for k, v in msgspec.structs.asdict(query).items() if k in FILTERS and v is not None}
    if query.text is not None:
        given["text"] = list(words(query.text))
    if query.created_from is not None:
        given["created_from"] = _midnight("created_from", query.created_from)
    if query.created_to is not None:
        given["created_to"] = _midnight("created_to", query.created_to) + timedelta(days=1)
    if query.cursor is not None:
        after_at, given["after_id"] = unseal(call.services.cursor_secret, _context(call), query.cursor)
        given["after_at"] = datetime.fromisoformat(after_at)
    return given


def _midnight(name: str, day: date) -> datetime:
    """The start of a legal day; 400 for days at the ends of the calendar, which have no neighbours."""
    if not 1900 <= day.year <= 2200:
        fault = FieldError(name, "out_of_range", "日期应在 1900 至 2200 年之间")
        raise ServiceError(400, "invalid_query", f"查询参数有误：{fault.detail}", errors=[fault])
    return datetime.combine(day, time(), SHANGHAI)


async def fetch_page(call: Call, query: ListQuery, limit: int) -> list[str]:
    """Items as JSON texts; one more than asked tells that a next page exists."""
    principal, scope = call.principal, call.scope
    if query.tenant is not None and scope.login != "province" and query.tenant != principal.tenant:
        raise not_found()
    given = _parameters(call, query)
    across = scope.login == "province" and query.tenant is None
    filters = frozenset(given) - {"after_at", "after_id"} | ({"after"} if query.cursor else frozenset())
    statement = list_statement(filters, across=across)
    if not across:
        given["tenant_id"] = query.tenant or principal.tenant
    row = await call.door.row(scope, statement, limit=limit + 1, **given)
    text: str | None = row["items"] if row is not None else None
    return text.split("\n") if text else []


class _Last(msgspec.Struct):
    """The key of a page's last item."""

    id: str
    created_at: str


def cursor_after(call: Call, items: list[str], limit: int) -> str | None:
    """The cursor of the next page, or None on the last one."""
    if len(items) <= limit:
        return None
    last = msgspec.json.decode(items[limit - 1], type=_Last)
    return seal(call.services.cursor_secret, _context(call), [last.created_at, last.id.partition("-")[2]])


async def page(call: Call) -> Answer:
    """One page as bytes, with its Link header."""
    query: ListQuery = call.query
    items = await fetch_page(call, query, query.limit)
    cursor = cursor_after(call, items, query.limit)
    body = (
        f'{{"items":[{",".join(items[: query.limit])}],"next_cursor":{msgspec.json.encode(cursor).decode()}}}'
    )
    headers = next_link("/api/v1/projects", msgspec.to_builtins(query), cursor)
    return Answer(body.encode(), headers=headers)
