"""Registering, changing and counting existing systems (art. 6)."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from service.audit.actions import audited
from service.characters.placeholders import spelt
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.command import command, ref_of
from service.kit.db import Row, Tx, own
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.ids import Ref, new_id, parse_ref
from service.kit.money import fen, yuan_or_none
from service.kit.rows import of_row
from service.kit.tables import insert_row, update_read
from service.kit.turns import take_turn
from service.portfolio.models import systems
from service.portfolio.queries import NAMED, ONE, RUNNING
from service.portfolio.schemas import SystemEdit, SystemIn, SystemView
from service.projects.case import load, row_taken
from service.projects.drafts import owner_office

_INSERT = insert_row(systems)
_MUTABLE = (
    "name",
    "purpose",
    "on_cloud",
    "network",
    "protection_level",
    "launched_on",
    "yearly_maintenance_fen",
    "status",
    "updated_at",
)
_UPDATE = update_read(systems, _MUTABLE)


async def _only_one(tx: Tx, system: dict[str, Any]) -> None:
    """422 where the office has another running system of this name: counted twice, it would say more than there is."""
    tenant, office = system["tenant_id"], system["office_id"]
    await take_turn(tx, f"system:{tenant}/{office}")
    others = await tx.fetch(NAMED, tenant_id=tenant, office=office)
    if any(row["id"] != system["id"] and spelt(row["name"]) == spelt(system["name"]) for row in others):
        detail = "该单位已登记同名的在用系统；确系另一系统的，请在名称中区分"
        raise invalid([FieldError("/name", "already_registered", detail)])


def _launched(call: Call, day: date | None) -> None:
    """422 for a system that runs already and is to be launched some day."""
    if day is not None and day > legal_day(call.now):
        raise invalid([FieldError("/launched_on", "date_in_future", "上线日期晚于今天，请核对")])


def system_view(row: Row | dict[str, Any]) -> SystemView:
    """A row as an answer."""
    tenant = row["tenant_id"]
    project = row["project_id"]
    return of_row(
        SystemView,
        row,
        id=str(Ref(tenant, row["id"])),
        tenant=tenant,
        yearly_maintenance_yuan=yuan_or_none(row["yearly_maintenance_fen"]),
        project_id=None if project is None else str(Ref(tenant, project)),
    )


@command(
    "POST",
    "/systems",
    resource="system",
    action="manage",
    summary="登记现有系统",
    tag="systems",
    status=201,
    body=SystemIn,
    answer=SystemView,
    view=lambda _, row: system_view(row),
    made="systems",
)
async def create(call: Call, tx: Tx) -> dict[str, Any]:
    """按单位登记已在运行的系统，申报新建前可据此核对“一部门一系统”（第六条）。"""
    # A system of an office of the tenant; the project that built it may be named.
    body: SystemIn = call.body
    office = await owner_office(call, tx, body.office_id)
    project = None
    if body.project_id is not None:
        try:
            project = (await load(tx, call.principal, parse_ref(body.project_id), None)).id
        except ServiceError:
            raise invalid(
                [FieldError("/project_id", "unknown_project", "没有这个项目，或不在您的权限内")]
            ) from None
    _launched(call, body.launched_on)
    cost = body.yearly_maintenance_yuan
    row = {
        "tenant_id": call.principal.tenant,
        "office_id": office["id"],
        "id": new_id(),
        "name": body.name,
        "purpose": body.purpose,
        "on_cloud": body.on_cloud,
        "network": body.network,
        "protection_level": body.protection_level,
        "launched_on": body.launched_on,
        "yearly_maintenance_fen": None if cost is None else fen(cost),
        "project_id": project,
        "status": "running",
        "recorded_by": call.principal.actor,
        "updated_at": call.now,
        "version": 1,
    }
    await _only_one(tx, row)
    tx.batch.add(_INSERT, **row)
    _audit(call, tx, "system.create", row["id"], 1)
    return {**row, "office_name": office["name"]}


@command(
    "PATCH",
    "/systems/{ref:str}",
    resource="system",
    action="manage",
    summary="修改现有系统",
    tag="systems",
    body=SystemEdit,
    answer=SystemView,
    if_match=True,
    at=ref_of,
    view=lambda _, row: system_view(row),
)
async def edit(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """给出的部分替换原有部分；整合或停用时改变状态。"""
    # Changes under the version that was read.
    body: SystemEdit = call.body
    row = dict(await row_taken(tx, call.principal, ONE, ref))
    version = row["version"]
    call.expected.check(version)
    given = {k: v for k, v in msgspec.structs.asdict(body).items() if v is not msgspec.UNSET}
    _launched(call, given.get("launched_on"))
    if "yearly_maintenance_yuan" in given:
        cost = given.pop("yearly_maintenance_yuan")
        given["yearly_maintenance_fen"] = None if cost is None else fen(cost)
    row |= {**given, "updated_at": call.now, "version": version + 1}
    if row["status"] == "running" and not {"name", "status"}.isdisjoint(given):
        await _only_one(tx, row)
    values = {name: row[name] for name in _MUTABLE}
    tx.batch.add(_UPDATE, of_tenant=ref.tenant, of_id=ref.id, read_version=version, **values)
    _audit(call, tx, "system.edit", ref.id, version + 1)
    return row


def _audit(call: Call, tx: Tx, action: str, ident: str, version: int) -> None:
    audited(call, tx, action, ident, {"version": version}, kind="system")


async def count_of(call: Call, office: str) -> int:
    """How many systems an office of the caller's tenant runs."""
    row = await call.door.row(own(call.principal), RUNNING, tenant_id=call.principal.tenant, office=office)
    return int(row["running"]) if row is not None else 0
