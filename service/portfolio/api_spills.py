"""/spills: a state secret that slipped in is erased when two people say so (art. 14)."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.portfolio import spills
from service.portfolio.queries import SPILL, SPILLS
from service.portfolio.schemas_spills import SpillList, SpillQuery, SpillView
from service.portfolio.spills import TAG
from service.projects.case import row_seen


@operation(
    "GET",
    "/spills/{ref:str}",
    resource="spill",
    action="read",
    summary="读取清除申请",
    tag=TAG,
    where="cases",
    answer=SpillView,
)
async def read(call: Call) -> Answer:
    """办到哪一步：erased_at 为首次清除，purged_at 为复查后办结。"""
    row = await row_seen(call, SPILL)
    return Answer(spills.spill_view(row))


@operation(
    "GET",
    "/spills",
    resource="spill",
    action="read",
    summary="清除申请列表",
    tag=TAG,
    where="cases",
    query=SpillQuery,
    answer=SpillList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """新的在前；省级看到各地区的申请。"""
    return await SPILLS.serve(call, spills.spill_view, SpillList)


SPILL_ROUTES: list[HTTPRouteHandler] = [*routes_of(spills), read, list_page]
