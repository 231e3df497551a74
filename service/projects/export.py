"""/exports/projects.csv: the list as CSV, page by page, with its own filters; and what every export shares."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, TypeVar

import msgspec
from litestar.handlers import HTTPRouteHandler
from msgspec.structs import fields, replace
from sqlalchemy import (
    select,
)

from service.identity.models import tenant_local, tenants
from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.csvout import MEDIA_TYPE, Columns, Plain
from service.kit.db import Row
from service.kit.errors import not_found
from service.kit.exporting import Export
from service.kit.statements import Statement, scope_ready
from service.projects.listing import cursor_after, fetch_page
from service.projects.schemas import ListQuery
from service.projects.schemas_out import ProjectItem
from service.vocabulary import label

TAG = "exports"
PAGE = 2000
MAX_ROWS = 100_000
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
    return label("state", state)


async def download(
    call: Call, name: str, title: str, columns: Columns[Item], pages: AsyncIterator[list[Item]]
) -> Answer:
    """The pages as one file of at most MAX_ROWS rows; headers tell the count and whether rows were left out."""
    sheet = Export(call, columns)
    truncated = False
    async for items in pages:
        room = MAX_ROWS - sheet.rows
        await sheet.add(items[:room])
        if len(items) > room:
            truncated = True
            break
    headers = {"x-row-count": str(sheet.rows), "x-truncated": "true" if truncated else "false"}
    return await sheet.answer(name, title, legal_day(call.now), headers)


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
        ("经办环节", lambda p: label("holder", p.holder)),
        ("审批路径", lambda p: label("route", p.route)),
        ("项目类别", lambda p: label("project_class", p.project_class)),
        ("建设性质", lambda p: label("kind", p.kind)),
        ("总投资（元）", lambda p: Plain(p.investment_yuan)),
        ("批复金额（元）", lambda p: Plain(p.approved_amount_yuan or "")),
        ("建档时间", lambda p: p.created_at),
        ("申报时间", lambda p: p.submitted_at),
        ("备案时间", lambda p: p.filed_at),
        ("其他平台项目代码", lambda p: "；".join(p.project_codes)),
    )


def in_turn(tenant: str | None, names: Mapping[str, str]) -> list[str]:
    """One tenant after the other: a merged page of 2,000 would read 2,000 rows of every tenant each time."""
    if tenant is None:
        return list(names)
    if tenant not in names:
        raise not_found()
    return [tenant]


async def _project_pages(
    call: Call, query: ListQuery, names: Mapping[str, str]
) -> AsyncIterator[list[ProjectItem]]:
    for tenant in in_turn(query.tenant, names):
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


ROUTES: list[HTTPRouteHandler] = [projects_csv]
