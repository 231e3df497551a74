"""Drafts that come from elsewhere: an accepted project's artefacts (art. 31), or a publiccode.yml-like file."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from service.catalogue import publiccode_reading, publiccode_yaml
from service.catalogue.actions import TAG, WORKING, add, fresh, made, provider_of
from service.catalogue.queries import OF_PROJECT
from service.catalogue.schemas import AppContent, AppView, ArtefactsIn, FromProjectIn, ImportedView, ImportIn
from service.catalogue.views import working_view
from service.kit.api import Answer, Call, Error
from service.kit.command import command
from service.kit.db import Tx
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.ids import Ref, parse_ref
from service.kit.outbox import Recipient, emitted
from service.kit.text import clean_value
from service.measures.lifecycle import COMPLETED
from service.measures.secrecy import is_classified
from service.projects.case import Case, case_of, in_reach
from service.projects.deciding import classified
from service.projects.queries import CASE
from service.rulebook.book import RuleBooks

NOT_ACCEPTED = Error(409, "project_not_accepted", "项目尚未通过竣工验收")

EXISTS = Error(409, "draft_exists", "该项目已有对应的共享应用")

ABSENT = Error(404, "not_found", "没有该应用，或当前身份不可见，两者答复相同")


def _imported(_: Call, done: Any) -> Answer:
    app, unread = done
    view = ImportedView(**msgspec.structs.asdict(working_view(app)), unread=unread)
    return Answer(view, version=view.version, headers={"location": f"/api/v1{WORKING}/{view.id}"})


@command(
    "POST",
    "/apps/import",
    resource="app",
    action="manage",
    summary="导入应用说明文件",
    tag=TAG,
    body=ImportIn,
    answer=ImportedView,
    status=201,
    view=_imported,
)
async def import_draft(call: Call, tx: Tx) -> tuple[dict[str, Any], list[str]]:
    """publiccode.yml 0 至 0.7 导入为草稿；unread 列出没有对应字段的内容；errors 的指针从 /publiccode 进入文件内部。"""
    # A draft of what a file says, and pointers to what has no place in it.
    #
    # The text is decoded first, so that secrecy marks hide behind no escape.
    body: ImportIn = call.body
    value = await asyncio.to_thread(publiccode_yaml.load, body.publiccode)
    if is_classified(msgspec.json.encode(value, enc_hook=str)):
        raise classified(call.service(RuleBooks))
    read = publiccode_reading.read(clean_value(value, "/publiccode"))
    office = await provider_of(call, tx, body.provider_office_id)
    app = fresh(call, office["id"], read.name, read.content, reach=read.reach)
    return add(call, tx, app, {"imported": True}), read.unread


@command(
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
    view=made,
)
async def from_project(call: Call, tx: Tx) -> dict[str, Any]:
    """项目成果归政府所有（第三十一条），由提供方补充后发布；每个项目一份。"""
    # A draft from an accepted project of the caller's reach.
    body: FromProjectIn = call.body
    ref = parse_ref(body.project_id)
    in_reach(call.principal, ref, tx.scope)
    row = await tx.row(CASE, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise invalid([FieldError("/project_id", "unknown_project", "没有这个项目，或不在您的权限内")])
    case = case_of(row)
    if case.stage not in COMPLETED:
        raise ServiceError(
            409,
            "project_not_accepted",
            "项目通过竣工验收后，其成果方可转入目录（本系统规定，参照第三十一条）",
            article=31,
        )
    if await tx.row(OF_PROJECT, tenant_id=ref.tenant, project=ref.id) is not None:
        raise ServiceError(409, "draft_exists", "该项目已有对应的共享应用")
    return draft_from_project(call, tx, case, body)


def draft_from_project(call: Call, tx: Tx, case: Case, artefacts: ArtefactsIn) -> dict[str, Any]:
    """A draft that tells of a project's artefacts, in the transaction of whoever accepts or asks (art. 31).

    At most one per project: a second one collides (409). The province's login, which accepts provincial projects,
    writes no apps into a tenant: there the event alone brings the draft (jobs.py). The catalogue's desk of the
    project's tenant completes and publishes it.
    """
    basics = (case.text.get("materials") or {}).get("basics") or {}
    content = AppContent(
        summary=str(basics.get("main_tasks", ""))[:200],
        description=_described(case, artefacts),
        data_items=artefacts.data_resources,
        interfaces=artefacts.interfaces,
    )
    app = fresh(call, case.office_id, case.name, content, source_project=case.id)
    app["tenant_id"] = case.tenant_id
    _told(call, tx, case, app)
    if tx.scope.login == "province":
        return app
    return add(call, tx, app, {"project": case.id})


def _told(call: Call, tx: Tx, case: Case, app: dict[str, Any]) -> None:
    """The catalogue's desk hears of it; the event carries the whole draft."""
    emitted(
        call,
        tx,
        "app.drafted",
        [Recipient(case.tenant_id, "app_provider")],
        {
            "subject": {
                "id": str(Ref(case.tenant_id, app["id"])),
                "name": case.name,
                "owner_name": case.owner_name,
            },
            "message": "已验收项目的成果转入共享应用草稿。",
            "steps": {"app_provider": "请补充成果的功能和服务信息后发布（第三十一条）。"},
            "project_id": str(case.ref),
            "app": app,
            "actor": call.principal.actor,
        },
        tenant=case.tenant_id,
    )


def _described(case: Case, artefacts: ArtefactsIn) -> str:
    kinds = (
        ("设计文件", artefacts.design_documents),
        ("源代码", artefacts.source),
        ("测试文档", artefacts.test_documents),
    )
    lines = [f"由{case.owner_name}的已验收项目“{case.name}”形成。"]
    lines += [f"{name}：{'、'.join(names)}" for name, names in kinds if names]
    return "\n".join(lines)[:8000]
