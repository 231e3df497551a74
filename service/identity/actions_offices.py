"""Offices of one's own tenant: add, change, end. None is deleted: projects and history keep naming it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from msgspec import UNSET, to_builtins

from service.audit.actions import audited
from service.identity import reorganisable
from service.identity.api_pages import own_ref
from service.identity.desks import in_turn
from service.identity.errors_offices import EXCLUDED, HOLDS, LAST, OWN, TAG
from service.identity.handing_over import record, rename
from service.identity.models import offices
from service.identity.queries import LOCAL_CODE, OFFICE, OFFICE_ENDING, TENANT, USERS_OF_OFFICE
from service.identity.reorganisation import tell_renamed
from service.identity.reorganising import close
from service.identity.revoking import revoke, user_subject
from service.identity.rows import stands
from service.identity.schemas import OfficeEdit, OfficeIn, OfficeView
from service.identity.views_offices import office_view
from service.kit.api import Call, Error
from service.kit.authn import MAX_TTL, Revocations
from service.kit.clock import legal_day
from service.kit.command import command
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, or_404
from service.kit.ids import Ref, new_id
from service.kit.tables import insert_row, update_read
from service.measures.offices import Divisions, Tier

GONE = Error(409, "office_succeeded", "该单位已由其他单位承接")


EXISTS = Error(409, "office_exists", "同一区划下已有同名单位，或者该本地代码已经登记")

_CREATE = insert_row(offices)
_EDITABLE = ("name", "organ", "valid_from", "valid_to")
_EDIT = update_read(offices, _EDITABLE, "new_")
_LETTERS = re.compile(r"[0-9]{2}[A-Z]+")


async def read_office(tx: Tx, ref: Ref) -> Row:
    """The office, or 404."""
    row = or_404(await tx.row(OFFICE, tenant_id=ref.tenant, id=ref.id))
    return row


@command(
    "POST",
    "/offices",
    resource="office",
    action="manage",
    summary="新增单位",
    tag=TAG,
    status=201,
    body=OfficeIn,
    answer=OfficeView,
    conflict=EXISTS,
    made="offices",
)
async def create(call: Call, tx: Tx) -> OfficeView:
    """开发区没有国家行政区划代码：填写 local_code 即登记本地代码，此后它就是该单位的区划。"""
    # A new office; a zone registers its local code with it.
    body: OfficeIn = call.body
    tenant = or_404(await tx.row(TENANT, tenant_id=call.principal.tenant))
    _check_period(body.valid_from, body.valid_to)
    division = await _division(call, tx, tenant)
    row: dict[str, Any] = {
        "tenant_id": call.principal.tenant,
        "id": new_id(),
        "name": body.name,
        "tier": body.tier,
        "division": division,
        "local_code": body.local_code,
        "office_kind": body.office_kind,
        "organ": body.organ,
        "valid_from": body.valid_from,
        "valid_to": body.valid_to,
        "version": 1,
    }
    tx.batch.add(_CREATE, **row)
    codes = ("tier", "division", "local_code", "office_kind", "organ", "valid_from", "valid_to")
    audited(call, tx, "office.create", row["id"], to_builtins({name: row[name] for name in codes}))
    return office_view(row)


@command(
    "PATCH",
    "/offices/{ref:str}",
    resource="office",
    action="manage",
    summary="修改单位",
    tag=TAG,
    body=OfficeEdit,
    answer=OfficeView,
    if_match=True,
    where="service",
    conflict=EXISTS,
    errors=(OWN, LAST, EXCLUDED, HOLDS, GONE),
    before=reorganisable.commissioned_elsewhere,
    at=own_ref,
)
async def edit(call: Call, tx: Tx, ref: Ref) -> OfficeView:
    """单位不删除：valid_to 是它不再存续的第一天，届时其人员的令牌一并失效。名下还有在办事项的不能终止，须办理撤并。

    岗位将因此无人在岗的，须同时指定接任人。更名后在办项目随之更名，已封存和登记的内容仍用原名。
    """
    # Changes name, organ or validity. An office that holds something is not ended but handed over.
    body: OfficeEdit = call.body
    if body.valid_from is not UNSET or body.valid_to is not UNSET:
        await in_turn(tx, ref.tenant)
        await tx.fetch(OFFICE_ENDING, tenant_id=ref.tenant, id=ref.id)  # waits for what is being made for it
    old = await read_office(tx, ref)
    call.expected.check(old["version"])
    new = dict(old)
    for name in _EDITABLE:
        value = getattr(body, name)
        if value is not UNSET:
            new[name] = value
    _check_period(new["valid_from"], new["valid_to"])
    if (new["valid_from"], new["valid_to"]) != (old["valid_from"], old["valid_to"]):
        if old["successor"] is not None:
            raise ServiceError(409, "office_succeeded", "该单位已由其他单位承接，不能恢复；需要时请新设单位")
        await _end_tokens(call, tx, ref, new)
        await close(call, tx, new)
    if new["name"] != old["name"]:
        await record(call, tx, old, new, None)
        await rename(tx, old, new["name"])
        tell_renamed(call, tx, old, new["name"])
    values = {f"new_{name}": new[name] for name in _EDITABLE}
    tx.batch.add(_EDIT, of_tenant=ref.tenant, of_id=ref.id, read_version=old["version"], **values)
    new["version"] += 1
    changed = {name: new[name] for name in ("organ", "valid_from", "valid_to") if new[name] != old[name]}
    if new["name"] != old["name"]:
        changed["renamed"] = True
    audited(call, tx, "office.edit", ref.id, {"version": new["version"], **to_builtins(changed)})
    return office_view(new)


async def _end_tokens(call: Call, tx: Tx, ref: Ref, office: dict[str, Any]) -> None:
    """Revokes when the office does not stand now, or ends within the life of tokens already out."""
    days = {legal_day(call.now), legal_day(call.now + timedelta(seconds=MAX_TTL))}
    if all(stands(office, day) for day in days):
        return
    people = [row["id"] for row in await tx.fetch(USERS_OF_OFFICE, tenant_id=ref.tenant, id=ref.id)]
    if call.principal.user in people:
        raise ServiceError(409, "own_office", "不能结束本人所在单位的有效期，请由另一名管理员办理")
    subjects = [user_subject(ref.tenant, person) for person in people]
    revoke(tx, call.service(Revocations), ref.tenant, subjects)


def _check_period(valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to <= valid_from:
        raise invalid([FieldError("/valid_to", "invalid_period", "终止日期须晚于起始日期")])


async def _division(call: Call, tx: Tx, tenant: Row) -> str:
    """The division code of the new office: of this tenant, fitting the tier, in force."""
    body: OfficeIn = call.body
    divisions = call.service(Divisions)
    if body.local_code is not None:
        return _new_local_code(body, divisions, tenant)
    if body.division is None:
        raise invalid([FieldError("/division", "missing_field", "请填写行政区划代码，开发区填写本地代码")])
    known = divisions.get(body.division)
    if known is not None and divisions.tenant_of(body.division) == tenant["division"]:
        if known.tier.value == body.tier and known.stands_on(legal_day(call.now)):
            return body.division
        raise invalid([FieldError("/division", "division_not_for_tier", "区划与层级不符，或已经撤销")])
    registered = await tx.row(LOCAL_CODE, tenant_id=call.principal.tenant, local_code=body.division)
    if registered is None or body.tier != Tier.COUNTY.value:
        raise invalid([FieldError("/division", "unknown_division", "本地区内没有这个区划代码或本地代码")])
    return body.division


def _new_local_code(body: OfficeIn, divisions: Divisions, tenant: Row) -> str:
    """A zone's code (no GB/T 2260 code exists). The city's letter keeps codes of two tenants apart."""
    code = body.local_code or ""
    faults: list[FieldError] = []
    if body.tier != Tier.COUNTY.value or tenant["tier"] != Tier.CITY.value:
        faults.append(
            FieldError("/local_code", "local_code_not_for_tier", "本地代码只用于设区市的开发区（县级）")
        )
    if body.division not in (None, code):
        faults.append(FieldError("/division", "division_differs", "登记本地代码时，区划就是该代码，请勿另填"))
    letters = _prefixes(divisions)
    mine = letters.get(tenant["division"])
    others = {prefix for city, prefix in letters.items() if city != tenant["division"]}
    if (mine is not None and not code.startswith(mine)) or code.startswith(tuple(others)):
        hint = f"应以 {mine} 开头" if mine is not None else "该代码段已归其他设区市"
        faults.append(FieldError("/local_code", "local_code_prefix", f"本地代码不在本市的代码段内：{hint}"))
    if code in divisions:
        faults.append(FieldError("/local_code", "local_code_taken", "该本地代码已经登记，请直接作为区划填写"))
    if faults:
        raise invalid(faults)
    return code


def _prefixes(divisions: Divisions) -> dict[str, str]:
    """By city, the digits and letters that its registered local codes begin with (36N for 360100)."""
    found: dict[str, str] = {}
    for row in divisions:
        city = divisions.tenant_of(row.code)
        match = _LETTERS.match(row.code)
        if row.local and city is not None and match is not None:
            found[city] = match[0]
    return found
