"""Naming a deputy and ending it early. Nobody gets a power beside what it is kept apart from (arts 4, 39)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.audit.actions import audited
from service.identity.api_pages import own_ref
from service.identity.deputies_fit import (
    absent,
    check_beside,
    check_days,
    check_people,
    held,
    holding,
    person_of,
)
from service.identity.desks import in_turn
from service.identity.models import deputies
from service.identity.queries_deputies import BESIDE, DEPUTY, OF_DEPUTY, D
from service.identity.revoking import revoke, user_subject
from service.identity.schemas_deputies import DeputyIn, DeputyView
from service.kit import authz
from service.kit.api import Call, Error
from service.kit.authn import Revocations
from service.kit.clock import legal_day
from service.kit.command import command
from service.kit.db import Row, Tx
from service.kit.errors import ServiceError, not_found
from service.kit.ids import Ref, new_id
from service.kit.outbox import Recipient, emitted
from service.kit.rows import of_row
from service.kit.tables import insert_row, update_row

OVER = Error(409, "deputation_over", "该代办已经结束")

UNFIT = Error(422, "invalid_body", "角色、人员或日期不合适，errors 指明")

TAG = "deputies"

NAMED = Error(409, "deputy_named", "这些日子里该岗位已有代办人")

EXCLUDED = Error(409, "roles_exclude_each_other", "与代办人的角色不能由同一人担任，附 role 和 other")

AWAY = Error(409, "deputy_away", "代办人或缺席人这些日子里自己在代办关系中")

APPOINT = ("user", "manage")
_INSERT = insert_row(deputies)
_END = update_row(deputies, D.ended_at.is_(None), ended_by="by", ended_at="now")


@command(
    "POST",
    "/deputies",
    resource="deputy",
    action="name",
    summary="指定代办人",
    tag=TAG,
    status=201,
    body=DeputyIn,
    answer=DeputyView,
    then=(APPOINT,),
    before=held,
    errors=(UNFIT, EXCLUDED, NAMED, AWAY),
)
async def name(call: Call, tx: Tx) -> DeputyView:
    """本人指定，或由管理员为缺席的人指定。代办期间该岗位的权限、待办和消息同样归代办人，到期自行结束（北京时间）。

    代办人以本人的名义办理，记录写明“李四（代张三）”；互相制约的角色不能代办，本人和所代的人经手过的案件按二人合并判断。
    """
    body: DeputyIn = call.body
    principal, tenant = call.principal, call.principal.tenant
    if body.person_login not in (None, principal.login):
        authz.check(call.services.policy, principal, *APPOINT)
    await in_turn(tx, tenant)
    person = holding(call, await person_of(tx, tenant, absent(call), "/person_login"), "/role")
    deputy = holding(call, await person_of(tx, tenant, body.deputy_login, "/deputy_login"), "/deputy_login")
    today = legal_day(call.now)
    check_days(body, today)
    check_people(call, body, person, deputy, today)
    beside = await tx.fetch(
        BESIDE,
        tenant_id=tenant,
        person=person["id"],
        deputy=deputy["id"],
        begin=body.from_day,
        until=body.until_day,
    )
    check_beside(call, body.role, person, deputy, beside)
    row = _deputation(call, person, deputy)
    tx.batch.add(_INSERT, **row)
    row |= {"person_login": person["login"], "deputy_login": deputy["login"], "counts": True}
    row["deputy_role"] = next(iter(deputy["roles"]), None)
    _told(call, tx, row, "deputy.named")
    return view(call, row)


def _deputation(call: Call, person: Mapping[str, Any], deputy: Mapping[str, Any]) -> dict[str, Any]:
    """The row of who stands for whom, and when."""
    body: DeputyIn = call.body
    return {
        "tenant_id": call.principal.tenant,
        "id": new_id(),
        "role": body.role,
        "person_id": person["id"],
        "deputy_id": deputy["id"],
        "from_day": body.from_day,
        "until_day": body.until_day,
        "note": body.note,
        "named_by": call.principal.actor,
        "named_at": call.now,
        "ended_by": None,
        "ended_at": None,
    }


@command(
    "POST",
    "/deputies/{ref:str}/end",
    resource="deputy",
    action="name",
    summary="提前结束代办",
    tag=TAG,
    answer=DeputyView,
    then=(APPOINT,),
    errors=(OVER,),
    at=own_ref,
)
async def end(call: Call, tx: Tx, ref: Ref) -> DeputyView:
    """由缺席人、代办人或管理员办理，代办人的令牌随即失效。"""
    # Early: by either of the two, or an administrator; the deputy's tokens end with it.
    row = await tx.row(DEPUTY, tenant_id=ref.tenant, id=ref.id)
    concerned = row is not None and call.principal.user in (str(row["person_id"]), str(row["deputy_id"]))
    if row is None or not (concerned or call.services.policy.allowed(call.principal, *APPOINT)):
        raise not_found()
    over = ServiceError(409, "deputation_over", "该代办已经结束")
    if row["ended_at"] is not None or row["until_day"] < legal_day(call.now):
        raise over
    revoke(tx, call.service(Revocations), ref.tenant, [user_subject(ref.tenant, str(row["deputy_id"]))])
    return view(call, _ended(call, tx, row, over))


async def give_way(call: Call, tx: Tx, person: Mapping[str, Any], roles: Sequence[str]) -> None:
    """What the person was to do for others ends where the roles granted now exclude it; all concerned are told.

    Whoever grants ends the person's tokens too, and has waited for his turn (desks).
    """
    tenant, rules = call.principal.tenant, call.services.policy.roles
    rows = await tx.fetch(OF_DEPUTY, tenant_id=tenant, id=person["id"], today=legal_day(call.now))
    for row in rows:
        if any(rules.conflict([row["role"], role]) is not None for role in roles):
            _ended(call, tx, row, None)


def _ended(call: Call, tx: Tx, row: Row, miss: ServiceError | None) -> dict[str, Any]:
    """The row ended now, and told; `miss` where somebody else may have ended it meanwhile."""
    tx.batch.add(
        _END,
        miss=miss,
        expect=None if miss is None else 1,
        of_tenant=row["tenant_id"],
        of_id=row["id"],
        by=call.principal.actor,
        now=call.now,
    )
    made = {**dict(row), "ended_by": call.principal.actor, "ended_at": call.now}
    tx.told(deputies, [made])
    _told(call, tx, made, "deputy.ended")
    return made


def view(call: Call, row: Mapping[str, Any]) -> DeputyView:
    tenant, today = row["tenant_id"], legal_day(call.now)
    tier = call.principal.tier
    names = call.services.policy.roles.names
    found = [
        names[where, row["role"]]
        for where in (tier, "city", "province", "county")
        if (where, row["role"]) in names
    ]
    return of_row(
        DeputyView,
        row,
        id=str(Ref(tenant, row["id"])),
        role_name=found[0],
        person=f"user:{tenant}:{row['person_login']}",
        deputy=f"user:{tenant}:{row['deputy_login']}",
        in_force=row["ended_at"] is None and row["from_day"] <= today <= row["until_day"] and row["counts"],
    )


def _told(call: Call, tx: Tx, row: Mapping[str, Any], kind: str) -> None:
    """On the audit trail; to both of them and to the administrators."""
    tenant, role = row["tenant_id"], row["role"]
    audited(
        call,
        tx,
        kind,
        row["id"],
        {
            "role": role,
            "person": row["person_login"],
            "deputy": row["deputy_login"],
            "from": row["from_day"].isoformat(),
            "until": row["until_day"].isoformat(),
        },
    )
    name = view(call, row).role_name
    days = f"{row['from_day'].isoformat()} 至 {row['until_day'].isoformat()}"
    desks = [
        Recipient(tenant, "administrator"),
        Recipient(tenant, role, user=str(row["person_id"])),
    ]
    if row["deputy_role"] is not None:
        desks.append(Recipient(tenant, row["deputy_role"], user=str(row["deputy_id"])))
    said = f"{row['deputy_login']} 代 {row['person_login']} 办理，{days}"
    emitted(
        call,
        tx,
        kind,
        desks,
        {
            "subject": {"id": str(Ref(tenant, row["id"])), "name": name, "owner_name": "岗位"},
            "message": f"{said}。" if kind == "deputy.named" else f"{said}，已提前结束。",
            "figures": {"from_day": row["from_day"].isoformat(), "until_day": row["until_day"].isoformat()},
            "steps": {},
            "actor": call.principal.actor,
        },
        tenant=tenant,
    )
