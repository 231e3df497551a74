"""Who may be stood for and by whom: read before BEGIN where the caller sees no grants, judged inside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from service.identity.deputed import OF_ONE_OFFICE, deputable
from service.identity.queries import LOGIN
from service.identity.rows import stands
from service.identity.schemas_deputies import DeputyIn
from service.kit.api import Call
from service.kit.db import Row, Tx, tenant_scope
from service.kit.errors import FieldError, ServiceError, invalid

LONGEST = 92  # days; whoever is away longer hands the role over


def absent(call: Call) -> str:
    """The login of whoever is stood for: the caller's own unless another is named."""
    return call.body.person_login or call.principal.login or ""


async def held(call: Call) -> dict[str, Row]:
    """The two people by login, with their roles; asked before BEGIN: who is bound to one office sees no grants."""
    body, tenant = call.body, call.principal.tenant
    found = [
        await call.door.row(tenant_scope(tenant), LOGIN, tenant_id=tenant, login=login)
        for login in {absent(call), body.deputy_login}
    ]
    return {row["login"]: row for row in found if row is not None}


def holding(call: Call, person: Row, pointer: str) -> dict[str, Any]:
    """The person with the roles of before; a grant since then has raised the person's version."""
    before = call.found.get(person["login"])
    if before is None or before["version"] != person["version"]:
        raise invalid([FieldError(pointer, "role_not_held", "这个人的角色刚有变动，请再办一次")])
    return {**dict(person), "roles": before["roles"]}


async def person_of(tx: Tx, tenant: str, login: str, pointer: str) -> Row:
    """A person of the tenant, or 422 at `pointer`."""
    row = await tx.row(LOGIN, tenant_id=tenant, login=login)
    if row is None:
        raise invalid([FieldError(pointer, "unknown_user", "本地区没有这个登录名")])
    return row


def check_days(body: DeputyIn, today: date) -> None:
    """422 unless it begins today or later and lasts no longer than it may."""
    faults = []
    if body.from_day < today:
        faults.append(FieldError("/from_day", "date_in_past", "代办不能从过去的日期开始"))
    if body.until_day < body.from_day:
        faults.append(FieldError("/until_day", "date_order", "最后一天不能早于第一天"))
    elif body.until_day - body.from_day >= timedelta(days=LONGEST):
        faults.append(FieldError("/until_day", "too_long", f"代办至多{LONGEST}天；更久的请移交角色"))
    if faults:
        raise invalid(faults)


def check_people(
    call: Call, body: DeputyIn, person: Mapping[str, Any], deputy: Mapping[str, Any], today: date
) -> None:
    """Who may be stood for, and who may stand: in force, at desks of one kind, with nothing that is kept apart."""
    rules = call.services.policy.roles
    faults = []
    if body.role not in person["roles"]:
        faults.append(FieldError("/role", "role_not_held", "缺席人没有这个角色；代办中的角色不能再转给他人"))
    elif body.role not in deputable(rules, person["tier"]):
        faults.append(FieldError("/role", "role_not_deputable", "管理账号的角色和评审专家不设代办人"))
    if person["id"] == deputy["id"]:
        faults.append(FieldError("/deputy_login", "same_person", "代办人不能是缺席人本人"))
    elif deputy["disabled_at"] or deputy["locked_at"] or not stands(deputy, today):
        faults.append(
            FieldError("/deputy_login", "not_in_office", "代办人已停用、已锁定或所在单位不在有效期内")
        )
    elif deputy["tier"] != person["tier"]:
        faults.append(FieldError("/deputy_login", "other_tier", "代办人须与缺席人同一层级"))
    elif body.role in OF_ONE_OFFICE and deputy["office_id"] != person["office_id"]:
        faults.append(FieldError("/deputy_login", "other_office", "该角色办理本单位事项，代办人须在同一单位"))
    elif body.role in deputy["roles"]:
        faults.append(FieldError("/deputy_login", "role_held", "代办人本来就有这个角色，无须代办"))
    if faults:
        raise invalid(faults)


def check_beside(
    call: Call, role: str, person: Mapping[str, Any], deputy: Mapping[str, Any], beside: list[Row]
) -> None:
    """One deputy a desk and day; nobody stands for others while somebody stands for him; exclusions over everything."""
    mine, rules = str(deputy["id"]), call.services.policy.roles
    if any(str(each["person_id"]) == str(person["id"]) and each["role"] == role for each in beside):
        raise ServiceError(409, "deputy_named", "这些日子里该岗位已有代办人，请先结束原来的代办")
    if any(str(each["person_id"]) == mine for each in beside):
        raise ServiceError(409, "deputy_away", "代办人这些日子里自己也由他人代办")
    if any(str(each["deputy_id"]) == str(person["id"]) for each in beside):
        raise ServiceError(409, "deputy_away", "缺席人这些日子里正代他人办理，请先结束")
    held = [*deputy["roles"], *(each["role"] for each in beside if str(each["deputy_id"]) == mine)]
    for other in held:
        if rules.conflict([other, role]) is not None:
            tier = deputy["tier"]
            one, two = (rules.names.get((tier, each), each) for each in (role, other))
            detail = f"“{one}”与代办人的“{two}”不能由同一人担任，代办也不行"
            raise ServiceError(409, "roles_exclude_each_other", detail, role=role, other=other)
