"""/suspicions: what looks like one project in parts, or like a label chosen for its limit; who decides.

Their figures by month stand in monitoring/api_watched.py.
"""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.db import Row
from service.kit.ids import Ref, parse_ref
from service.kit.money import yuan
from service.kit.rows import of_row
from service.projects.case import asked_for, row_seen
from service.suspicions import actions
from service.suspicions.actions import TAG
from service.suspicions.queries import LISTING, MEMBERS, SUSPICION
from service.suspicions.schemas import (
    Member,
    SuspicionDetail,
    SuspicionList,
    SuspicionQuery,
)
from service.suspicions.views import own_of, suspicion_view


def _member(row: Row) -> Member:
    return of_row(
        Member,
        row,
        project_id=str(Ref(row["tenant_id"], row["project_id"])),
        amount_yuan=yuan(row["counted_fen"]),
        score=row["score"] / 1000,
        declared_on=row["day"],
    )


@operation(
    "GET",
    "/suspicions",
    resource="suspicion",
    action="read",
    summary="疑点列表",
    tag=TAG,
    where="cases",
    query=SuspicionQuery,
    answer=SuspicionList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """拆分和类别疑点，新的在前；省级角色看到各地区的，项目单位只看到自己的。"""
    query: SuspicionQuery = call.query
    cases = {} if query.project_id is None else {"project_id": asked_for(call, query.project_id)}
    return await LISTING.serve(call, lambda row: suspicion_view(row, call), SuspicionList, **cases)


@operation(
    "GET",
    "/suspicions/{ref:str}",
    resource="suspicion",
    action="read",
    summary="读取疑点",
    tag=TAG,
    where="cases",
    answer=SuspicionDetail,
)
async def read(call: Call) -> Answer:
    """相似的项目、合计金额、所比的限额和相同的词句。"""
    ref = parse_ref(call.path("ref"))
    row = await row_seen(call, SUSPICION, ref)
    members = await call.door.fetch(call.scope, MEMBERS, tenant_id=ref.tenant, id=ref.id)
    detail = of_row(SuspicionDetail, row, **own_of(row, call), members=list(map(_member, members)))
    return Answer(detail, version=row["version"])


ROUTES: list[HTTPRouteHandler] = [
    list_page,
    read,
    *routes_of(actions),
]
