"""/systems: what offices run already (art. 6)."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.portfolio import systems
from service.portfolio.api_spills import SPILL_ROUTES
from service.portfolio.evidence import EVIDENCE_ROUTES
from service.portfolio.queries import COUNTS, LISTING, ONE, OWN_COUNTS
from service.portfolio.schemas import (
    OfficeCount,
    SystemCounts,
    SystemList,
    SystemQuery,
    SystemView,
)
from service.projects.case import row_seen


@operation(
    "GET",
    "/systems/counts",
    resource="system",
    action="read",
    summary="各单位现有系统数",
    tag="systems",
    where="cases",
    answer=SystemCounts,
)
async def counts(call: Call) -> Answer:
    """在运行的系统数和其中未上云的数，多的在前（第六条）。"""
    statement = COUNTS if call.scope.login == "province" else OWN_COUNTS
    rows = await call.door.fetch(call.scope, statement, tenant_id=call.principal.tenant)
    return Answer(SystemCounts([OfficeCount(**dict(row)) for row in rows]))


@operation(
    "GET",
    "/systems/{ref:str}",
    resource="system",
    action="read",
    summary="读取现有系统",
    tag="systems",
    where="cases",
    answer=SystemView,
)
async def read(call: Call) -> Answer:
    """一个系统的登记内容。"""
    row = await row_seen(call, ONE)
    return Answer(systems.system_view(row), version=row["version"])


@operation(
    "GET",
    "/systems",
    resource="system",
    action="read",
    summary="现有系统列表",
    tag="systems",
    where="cases",
    query=SystemQuery,
    answer=SystemList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """按地区和名称排列；省级角色看到各地区。"""
    return await LISTING.serve(call, systems.system_view, SystemList)


ROUTES: list[HTTPRouteHandler] = [
    *routes_of(systems),
    counts,
    read,
    list_page,
    *EVIDENCE_ROUTES,
    *SPILL_ROUTES,
]
