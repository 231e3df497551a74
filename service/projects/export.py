"""/exports: the lists of projects and filings as CSV, page by page, with the lists' own filters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta
from msgspec.structs import fields, replace
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    Text,
    Uuid,
    bindparam,
    column,
    select,
    table,
    tuple_,
)

from service.identity.models import tenant_local, tenants
from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.csvout import MEDIA_TYPE, Columns, Plain, Sheet, disposition
from service.kit.db import Row, Statement, scope_ready
from service.kit.errors import not_found
from service.kit.money import yuan
from service.measures.lifecycle_states import STATE_NAMES
from service.projects.listing import cursor_after, fetch_page
from service.projects.schemas import Id, ListQuery
from service.projects.schemas_out import ProjectItem

TAG = "exports"
PAGE = 2000
MAX_ROWS = 100_000
ROUTE_LABELS = {"provincial_review": "省级论证评估和联合会审", "city_filing": "市级批复并备案"}
CLASS_LABELS = {"infrastructure": "基础设施", "integration": "跨部门跨层级集成", "other": "其他"}
KIND_LABELS = {"new": "新建", "rebuild": "改建", "expand": "扩建", "migrate": "迁移", "maintain": "运维"}
HOLDER_LABELS = {"owner": "项目单位", "city": "设区市", "province": "省级"}
_STATES = {state.value: name for state, name in STATE_NAMES.items()}
Item = TypeVar("Item")

_TENANTS = Statement(
    select(tenant_local.c.tenant_id, tenants.c.name)
    .select_from(tenant_local.join(tenants, tenants.c.id == tenant_local.c.tenant_id))
    .where(scope_ready())
    .order_by(tenant_local.c.tenant_id)
)


async def tenant_names(call: Call) -> dict[str, str]:
    """The tenants within the caller's reach and their names, in the order of their codes."""
    return {row["tenant_id"]: row["name"] for row in await call.door.fetch(call.scope, _TENANTS)}


def state_label(state: str) -> str:
    """A state's Chinese name; one that a newer version wrote stays as it is."""
    return _STATES.get(state, state)


async def download(
    call: Call, name: str, title: str, columns: Columns[Item], pages: AsyncIterator[list[Item]]
) -> Answer:
    """The pages as one file of at most MAX_ROWS rows; headers tell the count and whether rows were left out."""
    sheet = Sheet(columns)
    truncated = False
    async for items in pages:
        room = MAX_ROWS - sheet.rows
        sheet.add(items[:room])
        if len(items) > room:
            truncated = True
            break
    headers = disposition(name, title, legal_day(call.now))
    headers |= {"x-row-count": str(sheet.rows), "x-truncated": "true" if truncated else "false"}
    return Answer(sheet.bytes(), headers=headers)


async def all_pages(
    fetch: Callable[[dict[str, Any] | None, int], Awaitable[list[Row]]],
    key: Callable[[Row], dict[str, Any]],
    item: Callable[[Row], Item],
) -> AsyncIterator[list[Item]]:
    """All pages of a list: `fetch` reads those after a row's key, `item` makes what the columns read."""
    after: dict[str, Any] | None = None
    while True:
        rows = await fetch(after, PAGE)
        yield [item(row) for row in rows]
        if len(rows) < PAGE:
            return
        after = key(rows[-1])


def _without_paging() -> Any:
    """The list's filters without cursor and limit: an export is all of it."""
    kept = [field for field in fields(ListQuery) if field.name not in ("cursor", "limit")]
    query = msgspec.defstruct(
        "ProjectExportQuery",
        [(field.name, field.type, field.default) for field in kept],
        kw_only=True,
        forbid_unknown_fields=True,
        module=__name__,
    )
    query.__doc__ = "The filters of the list of projects."
    return query


ProjectExportQuery = _without_paging()


def _columns(names: Mapping[str, str]) -> Columns[ProjectItem]:
    return (
        ("项目编号", lambda p: p.id),
        ("外部编号", lambda p: p.external_ref),
        ("租户", lambda p: names.get(p.tenant, p.tenant)),
        ("项目名称", lambda p: p.name),
        ("项目单位", lambda p: p.owner_name),
        ("区划代码", lambda p: p.division),
        ("状态", lambda p: state_label(p.state)),
        ("经办环节", lambda p: HOLDER_LABELS.get(p.holder, p.holder)),
        ("审批路径", lambda p: ROUTE_LABELS.get(p.route or "", p.route)),
        ("项目类别", lambda p: CLASS_LABELS.get(p.project_class, p.project_class)),
        ("建设性质", lambda p: KIND_LABELS.get(p.kind, p.kind)),
        ("总投资（元）", lambda p: Plain(p.investment_yuan)),
        ("批复金额（元）", lambda p: Plain(p.approved_amount_yuan or "")),
        ("建档时间", lambda p: p.created_at),
        ("申报时间", lambda p: p.submitted_at),
        ("备案时间", lambda p: p.filed_at),
    )


def _in_turn(tenant: str | None, names: Mapping[str, str]) -> list[str]:
    """One tenant after the other: a merged page of 2,000 would read 2,000 rows of every tenant each time."""
    if tenant is None:
        return list(names)
    if tenant not in names:
        raise not_found()
    return [tenant]


async def _project_pages(
    call: Call, query: ListQuery, names: Mapping[str, str]
) -> AsyncIterator[list[ProjectItem]]:
    for tenant in _in_turn(query.tenant, names):
        page = replace(query, tenant=tenant)
        while True:
            rows = await fetch_page(call, page, PAGE)
            yield [msgspec.json.decode(item, type=ProjectItem) for item in rows[:PAGE]]
            cursor = cursor_after(call, rows, PAGE)
            if cursor is None:
                break
            page = replace(page, cursor=cursor)


@operation(
    "GET", "/exports/projects.csv", resource="project", action="export", summary="导出项目列表", tag=TAG,
    where="cases", query=ProjectExportQuery, answer=bytes, media_type=MEDIA_TYPE,
)  # fmt: skip
async def projects_csv(call: Call) -> Answer:
    """与项目列表相同的筛选；按租户分段，新的在前，至多十万行，超出时 x-truncated 为 true。"""
    query = ListQuery(**msgspec.structs.asdict(call.query))
    names = await tenant_names(call)
    return await download(call, "projects", "项目列表", _columns(names), _project_pages(call, query, names))


# By name only: filings stand on a higher floor, so their model cannot be imported here.
_filings = table(
    "filings",
    column("tenant_id", Text),
    column("office_id", Uuid(as_uuid=False)),
    column("id", Uuid(as_uuid=False)),
    column("project_id", Uuid(as_uuid=False)),
    column("number", Text),
    column("year", Integer),
    column("project_name", Text),
    column("owner_name", Text),
    column("approved_fen", BigInteger),
    column("filed_by", Text),
    column("filed_at", DateTime(timezone=True)),
)
F = _filings.c
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
    rows = select(*_filings.c).where(
        F.tenant_id == bindparam("tenant_id", type_=Text),
        *(FILING_FILTERS[name] for name in sorted(filters)),
        scope_ready(),
    )
    return Statement(rows.order_by(F.filed_at.desc(), F.id.desc()).limit(bindparam("limit", type_=Integer)))


class FilingExportQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the exported filings."""

    tenant: Annotated[str, Meta(pattern="^[0-9A-Za-z]{2,16}$")] | None = None
    year: Annotated[int, Meta(ge=2000, le=9999)] | None = None
    owner_office_id: Id | None = None


def _filing_columns(names: Mapping[str, str]) -> Columns[Row]:
    return (
        ("备案号", lambda f: f["number"]),
        ("租户", lambda f: names.get(f["tenant_id"], f["tenant_id"])),
        ("项目编号", lambda f: f"{f['tenant_id']}-{f['project_id']}"),
        ("项目名称", lambda f: f["project_name"]),
        ("项目单位", lambda f: f["owner_name"]),
        ("批复金额（元）", lambda f: Plain(yuan(f["approved_fen"]))),
        ("备案时间", lambda f: f["filed_at"]),
        ("经办人", lambda f: f["filed_by"]),
    )


async def _filing_pages(
    call: Call, query: FilingExportQuery, names: Mapping[str, str]
) -> AsyncIterator[list[Row]]:
    given = {k: v for k, v in msgspec.structs.asdict(query).items() if k in FILING_FILTERS and v is not None}
    for tenant in _in_turn(query.tenant, names):

        async def fetch(after: dict[str, Any] | None, limit: int, tenant: str = tenant) -> list[Row]:
            statement = _filing_page(frozenset(given) | ({"after"} if after else frozenset()))
            more = {**given, **(after or {})}
            return await call.door.fetch(call.scope, statement, tenant_id=tenant, limit=limit, **more)

        async for page in all_pages(fetch, _filing_key, lambda row: row):
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
    return await download(
        call, "filings", "备案列表", _filing_columns(names), _filing_pages(call, call.query, names)
    )


ROUTES: list[HTTPRouteHandler] = [projects_csv, filings_csv]
