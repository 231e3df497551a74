"""/deputies: who stands for whom, at which desk, on which days."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.identity import actions_deputies as actions
from service.identity.api_pages import own_ref, page
from service.identity.schemas_deputies import DeputyIn, DeputyList, DeputyQuery, DeputyView
from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx

TAG = "deputies"
UNFIT = Error(422, "invalid_body", "角色、人员或日期不合适，errors 指明")
EXCLUDED = Error(409, "roles_exclude_each_other", "与代办人的角色不能由同一人担任，附 role 和 other")
NAMED = Error(409, "deputy_named", "这些日子里该岗位已有代办人")
AWAY = Error(409, "deputy_away", "代办人或缺席人这些日子里自己在代办关系中")
OVER = Error(409, "deputation_over", "该代办已经结束")


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
    """与本人有关的代办；管理员看到本租户的全部。"""
    every = call.services.policy.allowed(call.principal, *actions.APPOINT)
    mine = {} if every else {"me": call.principal.user}
    return await page(call, actions.LISTING, lambda row: actions.view(call, row), DeputyList, **mine)


@operation(
    "POST",
    "/deputies",
    resource="deputy",
    action="name",
    summary="指定代办人",
    tag=TAG,
    status=201,
    body=DeputyIn,
    answer=DeputyView,
    then=(actions.APPOINT,),
    errors=(UNFIT, EXCLUDED, NAMED, AWAY),
)
async def name(call: Call, tx: Tx) -> Answer:
    """本人指定，或由管理员为缺席的人指定。代办期间该岗位的权限、待办和消息同样归代办人，到期自行结束（北京时间）。

    代办人以本人的名义办理，记录写明“李四（代张三）”；互相制约的角色不能代办，本人和所代的人经手过的案件按二人合并判断。
    """
    made = await actions.name(call, tx)
    return Answer(made)


@operation(
    "POST",
    "/deputies/{ref:str}/end",
    resource="deputy",
    action="name",
    summary="提前结束代办",
    tag=TAG,
    answer=DeputyView,
    then=(actions.APPOINT,),
    errors=(OVER,),
)
async def end(call: Call, tx: Tx) -> Answer:
    """由缺席人、代办人或管理员办理，代办人的令牌随即失效。"""
    return Answer(await actions.end(call, tx, own_ref(call)))


ROUTES: list[HTTPRouteHandler] = [list_page, name, end]
