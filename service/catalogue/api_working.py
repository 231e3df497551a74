"""/apps/working: the provider's side of the catalogue."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.catalogue import actions, actions_artefacts, publishing
from service.catalogue.queries import APP
from service.catalogue.queries import WORKING as WORKING_COPIES
from service.catalogue.schemas import (
    AppEdit,
    AppIn,
    AppView,
    FromProjectIn,
    ImportedView,
    ImportIn,
    PublishIn,
    StatusIn,
    WorkingList,
    WorkingQuery,
)
from service.catalogue.views import working_view
from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.errors import not_found
from service.kit.ids import parse_ref

TAG = "apps"
ABSENT = Error(404, "not_found", "没有该应用，或当前身份不可见，两者答复相同")
REFUSED = Error(409, "action_not_allowed", "当前状态不允许该操作，附条款")
NARROWED = Error(409, "reach_narrowed", "已全省公开的应用不能缩小可见范围")
STILL_USED = Error(409, "still_adopted", "仍有单位在用或待开通")
NOT_ACCEPTED = Error(409, "project_not_accepted", "项目尚未通过竣工验收")
EXISTS = Error(409, "draft_exists", "该项目已有对应的共享应用")
WORKING = "/apps/working"


def _made(app: dict[str, Any]) -> Answer:
    view = working_view(app)
    return Answer(view, version=view.version, headers={"location": f"/api/v1{WORKING}/{view.id}"})


def _changed(app: dict[str, Any]) -> Answer:
    view = working_view(app)
    return Answer(view, version=view.version)


@operation(
    "GET",
    WORKING,
    resource="app",
    action="manage",
    summary="本租户的应用底稿",
    tag=TAG,
    query=WorkingQuery,
    answer=WorkingList,
    paged=True,
)
async def working(call: Call) -> Answer:
    """含草稿，最近修改的在前。"""
    return await WORKING_COPIES.serve(call, working_view, WorkingList, tenant_id=call.principal.tenant)


@operation(
    "GET",
    WORKING + "/{ref:str}",
    resource="app",
    action="manage",
    summary="读取应用底稿",
    tag=TAG,
    answer=AppView,
)
async def read_working(call: Call) -> Answer:
    """提供方的底稿，ETag 用于修改和发布；moves 为可改的状态。"""
    ref = parse_ref(call.path("ref"))
    actions.in_own_tenant(call, ref)
    row = await call.door.row(call.scope, APP, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    return _changed(dict(row))


@operation(
    "POST",
    "/apps",
    resource="app",
    action="manage",
    summary="新建应用草稿",
    tag=TAG,
    body=AppIn,
    answer=AppView,
    status=201,
)
async def create(call: Call, tx: Tx) -> Answer:
    """草稿只在本租户的提供方可见，发布前可以不完整。"""
    return _made(await actions.create(call, tx))


@operation(
    "POST",
    "/apps/import",
    resource="app",
    action="manage",
    summary="导入应用说明文件",
    tag=TAG,
    body=ImportIn,
    answer=ImportedView,
    status=201,
)
async def import_draft(call: Call, tx: Tx) -> Answer:
    """publiccode.yml 0 至 0.7 导入为草稿；unread 列出没有对应字段的内容；errors 的指针从 /publiccode 进入文件内部。"""
    app, unread = await actions_artefacts.import_draft(call, tx)
    view = ImportedView(**msgspec.structs.asdict(working_view(app)), unread=unread)
    return Answer(view, version=view.version, headers={"location": f"/api/v1{WORKING}/{view.id}"})


@operation(
    "POST",
    "/apps/from-project",
    resource="app",
    action="draft",
    summary="由已验收项目生成草稿",
    tag=TAG,
    body=FromProjectIn,
    answer=AppView,
    status=201,
    errors=(NOT_ACCEPTED, EXISTS, ABSENT),
    conflict=EXISTS,
)
async def from_project(call: Call, tx: Tx) -> Answer:
    """项目成果归政府所有（第三十一条），由提供方补充后发布；每个项目一份。"""
    return _made(await actions_artefacts.from_project(call, tx))


@operation(
    "PATCH",
    WORKING + "/{ref:str}",
    resource="app",
    action="manage",
    summary="修改应用底稿",
    tag=TAG,
    body=AppEdit,
    answer=AppView,
    if_match=True,
    errors=(REFUSED,),
)
async def edit(call: Call, tx: Tx) -> Answer:
    """给出的字段替换原值；已发布的应用再次发布后读者才看到修改。"""
    return _changed(await actions.edit(call, tx, parse_ref(call.path("ref"))))


@operation(
    "DELETE",
    WORKING + "/{ref:str}",
    resource="app",
    action="manage",
    summary="删除应用草稿",
    tag=TAG,
    status=204,
    if_match=True,
    errors=(REFUSED,),
)
async def delete(call: Call, tx: Tx) -> Answer:
    """只能删除从未发布的草稿。"""
    await actions.remove(call, tx, parse_ref(call.path("ref")))
    return Answer(None)


@operation(
    "POST",
    WORKING + "/{ref:str}/publish",
    resource="app",
    action="publish",
    summary="发布应用",
    tag=TAG,
    body=PublishIn,
    answer=AppView,
    if_match=True,
    errors=(REFUSED, NARROWED),
)
async def publish(call: Call, tx: Tx) -> Answer:
    """首次发布为试点或可用；以后发布更新读者看到的内容，status 不再起作用。"""
    return _changed(await publishing.publish(call, tx, parse_ref(call.path("ref"))))


@operation(
    "POST",
    WORKING + "/{ref:str}/status",
    resource="app",
    action="publish",
    summary="改变应用状态",
    tag=TAG,
    body=StatusIn,
    answer=AppView,
    if_match=True,
    errors=(REFUSED, STILL_USED),
)
async def status(call: Call, tx: Tx) -> Answer:
    """即将停用须指明替代应用；仍有单位在用时不能停用（本系统规定）。"""
    return _changed(await publishing.change_status(call, tx, parse_ref(call.path("ref"))))


ROUTES: list[HTTPRouteHandler] = [
    working,
    read_working,
    create,
    import_draft,
    from_project,
    edit,
    delete,
    publish,
    status,
]
