"""/projects/{id}/order-rectification and what follows (arts 39, 41); /orders."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.delivery.orders_queries import LISTING
from service.delivery.orders_schemas import (
    OrderList,
    OrderQuery,
    OrderView,
)
from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.db import Row
from service.kit.ids import Ref
from service.measures.offices import Tier
from service.measures.organs import SLOT_NAMES, Slot
from service.projects.case import asked_for

TAG = "orders"


def _view(row: Row, call: Call) -> OrderView:
    tier, _, slot = row["organ"].partition(".")
    late = row["state"] == "failed" or row["due"] < (row["answered_on"] or legal_day(call.now))
    same = {
        name: row[name]
        for name in OrderView.__struct_fields__
        if name not in ("project_id", "tenant", "organ_name", "lapsed")
    }
    return OrderView(
        project_id=str(Ref(row["tenant_id"], row["project_id"])),
        tenant=row["tenant_id"],
        organ_name=SLOT_NAMES[Tier(tier)][Slot(slot)],
        lapsed=row["state"] != "closed" and late,
        **same,
    )


@operation(
    "GET",
    "/orders",
    resource="order",
    action="list",
    summary="整改要求列表",
    tag=TAG,
    where="cases",
    query=OrderQuery,
    answer=OrderList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """新的在前；可按未办结、逾期、领域、机构、单位和项目筛选（第四十一条）。"""
    query: OrderQuery = call.query
    more: dict[str, Any] = {} if query.status is None else {query.status: True}
    if query.status == "lapsed":
        more["today"] = legal_day(call.now)
    if query.project_id is not None:
        more["project_id"] = asked_for(call, query.project_id)
    return await LISTING.serve(call, lambda row: _view(row, call), OrderList, **more)


ROUTES: list[HTTPRouteHandler] = [list_page]
