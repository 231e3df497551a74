"""/deputies: who stands for whom, at which desk, on which days."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.identity import actions_deputies as actions
from service.identity.actions_deputies import TAG
from service.identity.api_pages import page
from service.identity.queries_deputies import LISTING
from service.identity.schemas_deputies import DeputyList, DeputyQuery
from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of


@operation(
    "GET",
    "/deputies",
    resource="deputy",
    action="read",
    summary="代办列表",
    tag=TAG,
    query=DeputyQuery,
    answer=DeputyList,
    paged=True,
    then=(actions.APPOINT,),
)
async def list_page(call: Call) -> Answer:
    """与本人有关的代办；管理员看到本地区的全部。"""
    every = call.services.policy.allowed(call.principal, *actions.APPOINT)
    mine = {} if every else {"me": call.principal.user}
    return await page(call, LISTING, lambda row: actions.view(call, row), DeputyList, **mine)


ROUTES: list[HTTPRouteHandler] = [
    list_page,
    *routes_of(actions),
]
