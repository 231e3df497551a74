"""Working copies of shared apps: drafted, edited, deleted by their provider; and what publication asks for."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET
from sqlalchemy import delete as removal

from service.audit.actions import audited
from service.catalogue import further
from service.catalogue.kept import content_of
from service.catalogue.models import apps
from service.catalogue.queries import APP
from service.catalogue.schemas import AppContent, AppEdit, AppIn, AppView
from service.catalogue.views import working_view
from service.identity.queries import OFFICE, OFFICE_HELD, USER
from service.kit.api import Answer, Call, Error
from service.kit.clock import legal_day
from service.kit.command import command, ref_of
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found, or_404
from service.kit.ids import Ref, new_id
from service.kit.preconditions import Precondition
from service.kit.statements import OF_ID, OF_TENANT, READ_VERSION, Statement
from service.kit.tables import insert_row, update_read

REFUSED = Error(409, "action_not_allowed", "当前状态不允许该操作，附条款")

WORKING = "/apps/working"

TAG = "apps"

CREATE = insert_row(apps)
CREATE_ONCE = insert_row(apps, ignore_conflict=True)
_MUTABLE = (
    "name",
    "status",
    "reach",
    "offices",
    "content",
    "successor",
    "edition",
    "updated_at",
    "published_at",
)
_MINE = (
    apps.c.tenant_id == OF_TENANT,
    apps.c.id == OF_ID,
    apps.c.version == READ_VERSION,
)
_SAVE = update_read(apps, _MUTABLE)
_DELETE = Statement(removal(apps).where(*_MINE, apps.c.status == "draft"))
_FIELDS = AppContent.__struct_fields__


def changed(_: Call, app: dict[str, Any]) -> Answer:
    view = working_view(app)
    return Answer(view, version=view.version)


def made(_: Call, app: dict[str, Any]) -> Answer:
    view = working_view(app)
    return Answer(view, version=view.version, headers={"location": f"/api/v1{WORKING}/{view.id}"})


def in_own_tenant(call: Call, ref: Ref) -> None:
    """What is worked on belongs to the caller's tenant; any other id is answered like an absent one."""
    if ref.tenant != call.principal.tenant:
        raise not_found()


async def load(call: Call, tx: Tx, ref: Ref, expected: Precondition | None) -> dict[str, Any]:
    """The provider's working copy: 404 when not the tenant's own, 412 when the caller read an older one."""
    in_own_tenant(call, ref)
    row = or_404(await tx.row(APP, tenant_id=ref.tenant, id=ref.id))
    if expected is not None:
        expected.check(row["version"])
    return dict(row)


async def provider_of(call: Call, tx: Tx, office_id: str | None) -> Row:
    """The providing office: the one named, else the caller's; it must stand today."""
    wanted = office_id or call.principal.office
    if wanted is None and call.principal.user is not None:
        person = await tx.row(USER, tenant_id=call.principal.tenant, id=call.principal.user)
        wanted = person["office_id"] if person is not None else None
    unknown = invalid([FieldError("/provider_office_id", "unknown_office", "没有这个单位，或不在您的权限内")])
    if wanted is None or call.principal.office not in (None, wanted):
        raise unknown
    office = await tx.row(OFFICE_HELD, tenant_id=call.principal.tenant, id=wanted)
    today = legal_day(call.now)
    if office is None or not (
        office["valid_from"] <= today and (office["valid_to"] is None or today < office["valid_to"])
    ):
        raise unknown
    return office


async def seen_by(call: Call, tx: Tx, reach: str, office_ids: list[str]) -> list[str]:
    """The named offices, checked; naming some and not reaching offices (or the reverse) is a fault."""
    if (reach == "offices") != bool(office_ids):
        detail = "可见范围为指定单位时须列出单位，其他范围不列"
        raise invalid([FieldError("/office_ids", "offices_and_reach", detail)])
    faults = []
    for index, each in enumerate(office_ids):
        if await tx.row(OFFICE, tenant_id=call.principal.tenant, id=each) is None:
            faults.append(FieldError(f"/office_ids/{index}", "unknown_office", "本地区没有这个单位"))
    if faults:
        raise invalid(faults)
    return sorted(set(office_ids))


def fresh(call: Call, office_id: str, name: str, content: AppContent, **more: Any) -> dict[str, Any]:
    """A new draft's row."""
    return {
        "tenant_id": call.principal.tenant,
        "office_id": office_id,
        "id": new_id(),
        "name": name,
        "status": "draft",
        "reach": "tenant",
        "offices": [],
        "content": content,
        "source_project": None,
        "successor": None,
        "edition": 0,
        "created_by": call.principal.actor,
        "created_at": call.now,
        "updated_at": call.now,
        "published_at": None,
        "version": 1,
        **more,
    }


def add(call: Call, tx: Tx, app: dict[str, Any], summary: dict[str, Any] | None = None) -> dict[str, Any]:
    """Adds the draft and its audit row."""
    tx.batch.add(CREATE, **app)
    app_audited(call, tx, "create", app, summary or {})
    return app


@command(
    "POST",
    "/apps",
    resource="app",
    action="manage",
    summary="新建应用草稿",
    tag=TAG,
    body=AppIn,
    answer=AppView,
    status=201,
    view=made,
)
async def create(call: Call, tx: Tx) -> dict[str, Any]:
    """草稿只在本地区的提供方可见，发布前可以不完整。"""
    # A new draft; what publication asks for may still be missing.
    body: AppIn = call.body
    office = await provider_of(call, tx, body.provider_office_id)
    offices = await seen_by(call, tx, body.reach, body.office_ids)
    content = AppContent(**{name: getattr(body, name) for name in _FIELDS})
    await further.check(call, content.further)
    return add(call, tx, fresh(call, office["id"], body.name, content, reach=body.reach, offices=offices))


@command(
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
    at=ref_of,
    view=changed,
)
async def edit(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """给出的字段替换原值；已发布的应用再次发布后读者才看到修改。"""
    # Changes the working copy; readers see it at the next publication.
    body: AppEdit = call.body
    app = await load(call, tx, ref, call.expected)
    if app["status"] == "retired":
        raise ServiceError(409, "action_not_allowed", "已停用的应用不能修改（本系统规定）")
    changes = {name: getattr(body, name) for name in _FIELDS if getattr(body, name) is not UNSET}
    await further.check(call, changes.get("further", ""))
    app["content"] = msgspec.structs.replace(content_of(app), **changes)
    app["name"] = body.name if body.name is not UNSET else app["name"]
    reach = body.reach if body.reach is not UNSET else app["reach"]
    named = (
        body.office_ids if body.office_ids is not UNSET else (app["offices"] if reach == "offices" else [])
    )
    if body.reach is not UNSET or body.office_ids is not UNSET:
        app["offices"] = await seen_by(call, tx, reach, named)
    app["reach"] = reach
    save(call, tx, app)
    app_audited(call, tx, "edit", app, {"version": app["version"]})
    return app


@command(
    "DELETE",
    WORKING + "/{ref:str}",
    resource="app",
    action="manage",
    summary="删除应用草稿",
    tag=TAG,
    status=204,
    if_match=True,
    errors=(REFUSED,),
    at=ref_of,
)
async def delete(call: Call, tx: Tx, ref: Ref) -> None:
    """只能删除从未发布的草稿。"""
    # Deletes a draft that was never published.
    app = await load(call, tx, ref, call.expected)
    if app["status"] != "draft":
        raise ServiceError(409, "action_not_allowed", "已发布的应用不能删除，请改为停用（本系统规定）")
    tx.batch.add(_DELETE, of_tenant=ref.tenant, of_id=ref.id, read_version=app["version"])
    app_audited(call, tx, "delete", app, {})


def save(call: Call, tx: Tx, app: dict[str, Any]) -> None:
    """Adds the guarded update of the working copy; the version goes up by one."""
    read, app["version"], app["updated_at"] = app["version"], app["version"] + 1, call.now
    values = {name: app[name] for name in _MUTABLE}
    tx.batch.add(
        _SAVE,
        of_tenant=app["tenant_id"],
        of_id=app["id"],
        read_version=read,
        **values,
    )


def app_audited(call: Call, tx: Tx, action: str, app: dict[str, Any], summary: dict[str, Any]) -> None:
    """The audit row of a command on an app."""
    audited(call, tx, f"app.{action}", app["id"], summary, tenant=app["tenant_id"])
