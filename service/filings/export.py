"""/exports/filings.csv: the filings as CSV, tenant by tenant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from functools import cache
from typing import Annotated, Any

import msgspec
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta
from sqlalchemy import ColumnElement, DateTime, Integer, Text, Uuid, bindparam, select, tuple_

from service.filings.models import filings
from service.filings.queries import IN_FORCE, WITH_CASE
from service.identity.people import People
from service.kit.api import Answer, Call, operation
from service.kit.csvout import MEDIA_TYPE, Columns, Plain
from service.kit.db import Row
from service.kit.money import yuan
from service.kit.naming import PersonView
from service.kit.office_ids import OfficeId
from service.kit.statements import Statement, scope_ready
from service.projects.export import TAG, all_pages, download, in_turn, tenant_names

F = filings.c
FILING_FILTERS: dict[str, ColumnElement[bool]] = {
    "year": F.year == bindparam("year", type_=Integer),
    "owner_office_id": F.office_id == bindparam("owner_office_id", type_=Uuid(as_uuid=False)),
    "after": tuple_(F.filed_at, F.id)
    < tuple_(
        bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid(as_uuid=False))
    ),
}


@cache
def _filing_page(filters: frozenset[str]) -> Statement:
    """A page of one tenant's filings, newest first."""
    rows = (
        select(*filings.c, *IN_FORCE)
        .select_from(WITH_CASE)
        .where(
            F.tenant_id == bindparam("tenant_id", type_=Text),
            *(FILING_FILTERS[name] for name in sorted(filters)),
            scope_ready(),
        )
    )
    return Statement(rows.order_by(F.filed_at.desc(), F.id.desc()).limit(bindparam("limit", type_=Integer)))


class FilingExportQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the exported filings."""

    tenant: Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{2,16}$(?!\n)")] | None = None
    year: Annotated[int, Meta(ge=2000, le=9999)] | None = None
    owner_office_id: OfficeId | None = None


def _filing_columns(names: Mapping[str, str], people: Mapping[str, PersonView]) -> Columns[Row]:
    return (
        ("备案号", lambda f: f["number"]),
        ("租户", lambda f: names.get(f["tenant_id"], f["tenant_id"])),
        ("项目编号", lambda f: f"{f['tenant_id']}-{f['project_id']}"),
        ("项目名称", lambda f: f["project_name"]),
        ("项目单位", lambda f: f["owner_name"]),
        ("批复金额（元）", lambda f: Plain(yuan(f["in_force_fen"]))),
        ("首次备案金额（元）", lambda f: Plain(yuan(f["approved_fen"]))),
        ("补充备案", lambda f: "应补充" if f["supplement_owed"] else f"{f['supplements']} 次"),
        ("备案时间", lambda f: f["filed_at"]),
        ("经办人", lambda f: people[f["filed_by"]].name or f["filed_by"]),
        ("经办人所在单位", lambda f: people[f["filed_by"]].office_name),
    )


async def _filing_pages(
    call: Call, query: FilingExportQuery, names: Mapping[str, str], people: dict[str, PersonView]
) -> AsyncIterator[list[Row]]:
    """`people` takes in whoever filed what a page holds, before the page is written."""
    given = {k: v for k, v in msgspec.structs.asdict(query).items() if k in FILING_FILTERS and v is not None}
    for tenant in in_turn(query.tenant, names):

        async def fetch(after: dict[str, Any] | None, limit: int, tenant: str = tenant) -> list[Row]:
            statement = _filing_page(frozenset(given) | ({"after"} if after else frozenset()))
            more = {**given, **(after or {})}
            return await call.door.fetch(call.scope, statement, tenant_id=tenant, limit=limit, **more)

        async for page in all_pages(fetch, _filing_key, lambda row: row):
            people |= await call.service(People).named(call.door, frozenset(row["filed_by"] for row in page))
            yield page


def _filing_key(row: Row) -> dict[str, Any]:
    return {"after_at": row["filed_at"], "after_id": row["id"]}


@operation(
    "GET", "/exports/filings.csv", resource="filing", action="export", summary="导出备案列表", tag=TAG,
    where="cases", query=FilingExportQuery, answer=bytes, media_type=MEDIA_TYPE,
)  # fmt: skip
async def filings_csv(call: Call) -> Answer:
    """按租户分段，新的在前，至多十万行，超出时 x-truncated 为 true。"""
    names = await tenant_names(call)
    people: dict[str, PersonView] = {}
    pages = _filing_pages(call, call.query, names, people)
    return await download(call, "filings", "备案列表", _filing_columns(names, people), pages)


ROUTES: list[HTTPRouteHandler] = [filings_csv]
