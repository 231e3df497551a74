"""An office ends and another takes over: previewed, refused while anything would be nobody's, told to everybody.

One transaction. Administrators act in the service's own scope, since they see no cases: they are shown how many there
are and their ids. Closing without a successor is for an office that holds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import to_builtins
from sqlalchemy import DateTime, Text, Uuid, any_, bindparam, update
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from service.audit.actions import audited
from service.identity import handing_over
from service.identity.desks import OTHERS, PROVINCE, Desk, Leaving, in_turn
from service.identity.handed_out import end_feeds
from service.identity.holdings import COMMISSIONED, TWICE, Held, held_by
from service.identity.models import offices, users
from service.identity.queries import OFFICE_ENDING, PEOPLE_OF_OFFICE
from service.identity.reorganisation import Plan, held_view, shown, tell_reorganised
from service.identity.revoking import revoke, user_subject
from service.identity.rows import stands
from service.identity.schemas import OfficeEdit
from service.identity.schemas_reorganising import Reorganisation, ReorganiseIn
from service.identity.succession import hand_on, last_holder, successors_of
from service.identity.views_offices import AGENCY
from service.kit.api import Call
from service.kit.authn import Revocations
from service.kit.clock import legal_day
from service.kit.db import Row, Scope, Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import Ref, is_uuid
from service.kit.scopes import OFFICE_BOUND
from service.kit.statements import Statement

_U = users.c
_PEOPLE = (
    _U.tenant_id == bindparam("of_tenant", type_=Text),
    _U.id == any_(bindparam("of_ids", type_=ARRAY(UUID))),
)
_MOVE = Statement(
    update(users)
    .where(*_PEOPLE)
    .values(office_id=bindparam("to_office", type_=Uuid(as_uuid=False)), version=_U.version + 1)
)
_DISABLE = Statement(
    update(users)
    .where(*_PEOPLE)
    .values(disabled_at=bindparam("now", type_=DateTime(timezone=True)), version=_U.version + 1)
)
_END = Statement(
    update(offices)
    .where(
        offices.c.tenant_id == bindparam("of_tenant", type_=Text),
        offices.c.id == bindparam("of_id", type_=Uuid(as_uuid=False)),
    )
    .values(valid_to=bindparam("day", type_=offices.c.valid_to.type), version=offices.c.version + 1)
)


async def commissioned_elsewhere(call: Call) -> list[str]:
    """Before BEGIN: cases of other tenants that this office of the province was commissioned to appraise."""
    tenant = call.principal.tenant
    bare = call.path("ref")[-36:]
    if tenant != PROVINCE or not is_uuid(bare):
        return []
    rows = await call.door.fetch(Scope("province", f"{tenant}/*/-"), COMMISSIONED, tenant=tenant, office=bare)
    return [f"{row['tenant_id']}-{row['id']}" for row in rows]


async def judge(call: Call, tx: Tx, ref: Ref) -> Plan:
    """What would be handed to whom; the same refusals as doing it."""
    if call.spec.if_match:
        await in_turn(tx, ref.tenant)
    office = await tx.row(OFFICE_ENDING, tenant_id=ref.tenant, id=ref.id)
    if office is None:
        raise not_found()
    if call.spec.if_match:
        call.expected.check(office["version"])
    held = await _held(call, tx, ref)
    successor = await _successor(call, tx, office)
    if successor is None and any(each.binds for each in held):
        raise orphans(ref.tenant, [each for each in held if each.binds])
    moving, ending = await _people(call, tx, ref, successor)
    plan = Plan(office, successor, held, moving, ending)
    if successor is not None:
        await _no_app_twice(tx, plan)
        await _still_manned(call, tx, plan)
    return plan


async def _held(call: Call, tx: Tx, ref: Ref) -> list[Held]:
    held = await held_by(tx, ref.tenant, ref.id)
    elsewhere: list[str] = call.found or []
    if not elsewhere:
        return held
    own = next((each for each in held if each.kind == "appraisal"), Held("appraisal", 0, ()))
    rest = [each for each in held if each is not own]
    return [*rest, Held("appraisal", own.number + len(elsewhere), (*own.ids, *elsewhere)[:100])]


def orphans(tenant: str, held: Sequence[Held]) -> ServiceError:
    """409: what would be nobody's, and how to name who takes over."""
    views = [held_view(tenant, each) for each in held]
    told = "、".join(f"{each.name}{each.count}项" for each in views)
    detail = f"该单位名下还有：{told}，终止后将无人承担。请办理机构调整并指定承接单位（可先预览），同时把这些事项移交"
    return ServiceError(409, "office_not_empty", detail, held=to_builtins(views))


async def _successor(call: Call, tx: Tx, office: Row) -> Row | None:
    """The office that takes over: of the tenant, standing, of the same tier, and an agency after an agency."""
    body: ReorganiseIn = call.body
    if body.successor_office_id is None:
        return None
    found = None
    if body.successor_office_id != office["id"]:
        found = await tx.row(OFFICE_ENDING, tenant_id=office["tenant_id"], id=body.successor_office_id)
    today = legal_day(call.now)
    if found is None or not stands(found, today) or found["valid_to"] is not None:
        raise _unfit("承接单位须是本租户另一个有效的单位，且未定终止日期")
    if found["tier"] != office["tier"]:
        raise _unfit("承接单位须与原单位同一层级，项目的申报路径由层级决定")
    if (
        "other" in (found["office_kind"], office["office_kind"])
        and found["office_kind"] != office["office_kind"]
    ):
        raise _unfit("承接单位的性质使项目不再适用本办法，请另行指定")
    if office["organ"] == AGENCY and found["organ"] != AGENCY:
        raise _unfit("评估机构由另一评估机构承接")
    return found


def _unfit(detail: str) -> ServiceError:
    return invalid([FieldError("/successor_office_id", "unfit_successor", detail)])


async def _people(call: Call, tx: Tx, ref: Ref, successor: Row | None) -> tuple[list[Row], list[Row]]:
    """Who goes along and whose account ends, each by choice; not the one who asks."""
    body: ReorganiseIn = call.body
    people = [
        each
        for each in await tx.fetch(PEOPLE_OF_OFFICE, tenant_id=ref.tenant, id=ref.id)
        if each["disabled_at"] is None
    ]
    if any(each["id"] == call.principal.user for each in people):
        raise ServiceError(409, "own_office", "不能撤并本人所在的单位，请由另一名管理员办理")
    here = {each["id"] for each in people}
    chosen: dict[str, str] = {}
    for user, goes in body.exceptions.items():
        if user[-36:] not in here or user[:-36] not in ("", f"{ref.tenant}-"):
            raise invalid([FieldError(f"/exceptions/{user}", "unknown_user", "该单位没有这个用户")])
        chosen[user[-36:]] = goes
    moving = [each for each in people if chosen.get(each["id"], body.people) == "move"]
    if moving and successor is None:
        raise invalid([FieldError("/people", "no_successor", "没有承接单位，人员只能停用（end）或先行调出")])
    return moving, [each for each in people if each not in moving]


async def _no_app_twice(tx: Tx, plan: Plan) -> None:
    """An office asks for an app once at a time: which of the two goes on is decided before."""
    assert plan.successor is not None  # noqa: S101
    tenant = plan.office["tenant_id"]
    rows = await tx.fetch(TWICE, tenant=tenant, office=plan.office["id"], successor=plan.successor["id"])
    if rows:
        names = "、".join(row["name"] for row in rows)
        detail = f"两个单位都在使用：{names}。请先终止原单位的应用使用，再办理撤并"
        raise ServiceError(
            409, "adopted_twice", detail, adoptions=[str(Ref(tenant, row["id"])) for row in rows]
        )


async def _still_manned(call: Call, tx: Tx, plan: Plan) -> None:
    """The office's own desk was manned: so must be the successor's, which gets its cases (409 `last_holder`)."""
    assert plan.successor is not None  # noqa: S101
    if not any(each.binds for each in plan.held):
        return
    before = {role for each in (*plan.moving, *plan.ending) for role in each["roles"] if role in OFFICE_BOUND}
    along = {role for each in plan.moving if each["locked_at"] is None for role in each["roles"]}
    tenant = plan.office["tenant_id"]
    there = await tx.fetch(
        OTHERS, tenant_id=tenant, roles=sorted(before), leaving=[], day=legal_day(call.now)
    )
    manned = along | {row["role"] for row in there if row["office_id"] == plan.successor["id"]}
    if lacking := sorted(before - manned):
        desks = [Desk(role, plan.successor["id"]) for role in lacking]
        raise last_holder(desks, call.services.policy.roles)


async def reorganise(call: Call, tx: Tx, ref: Ref) -> Reorganisation:
    """Hands everything over and ends the office today; what was recorded under it stays under it."""
    body: ReorganiseIn = call.body
    plan = await judge(call, tx, ref)
    today = legal_day(call.now)
    going = [Leaving(person, tuple(person["roles"]), from_office=True) for person in plan.ending]
    await hand_on(call, tx, going, *await successors_of(call, tx, body.successor_id, body.successors))
    await tx.flush()  # a successor may be among those who move: one statement changes a row once
    if plan.successor is not None:
        await handing_over.record(call, tx, plan.office, plan.successor, body.document)
        ended = [f"user:{ref.tenant}:{person['login']}" for person in plan.ending]
        await handing_over.hand_over(call, tx, plan.office, plan.successor, body.document, ended)
    await _release(call, tx, plan)
    office = dict(plan.office)
    office["valid_to"] = _last_day(plan.office, today)
    tx.batch.add(_END, of_tenant=ref.tenant, of_id=ref.id, day=office["valid_to"])
    office["version"] += 1
    if plan.successor is not None:
        office["successor"] = plan.successor["id"]
    audited(call, tx, "office.reorganise", ref.id, _summary(plan, office, body.document))
    tell_reorganised(call, tx, plan, body.document)
    return shown(plan, office)


async def close(call: Call, tx: Tx, office: Mapping[str, Any]) -> None:
    """An office whose validity is edited so that it ends, now or later, or does not stand yet: nothing may be its own.

    Who leaves a desk that would be empty names who follows; accounts that stay behind are ended by choice.
    """
    body: OfficeEdit = call.body
    today = legal_day(call.now)
    day = today if office["valid_to"] is None else max(today, office["valid_to"])
    if stands(office, day):
        return
    ref = Ref(office["tenant_id"], office["id"])
    held = [each for each in await _held(call, tx, ref) if each.binds]
    if held:
        raise orphans(ref.tenant, held)
    people = await tx.fetch(PEOPLE_OF_OFFICE, tenant_id=ref.tenant, id=ref.id)
    going = [Leaving(person, tuple(person["roles"]), from_office=True) for person in people]
    await hand_on(call, tx, going, *await successors_of(call, tx, body.successor_id, body.successors), day)
    left = [each for each in people if each["disabled_at"] is None]
    if left and body.people is None:
        detail = (
            f"该单位还有{len(left)}名人员：请以 people=end 停用其账号，或先行调出，或指定承接单位办理撤并"
        )
        raise ServiceError(
            409, "office_not_empty", detail, people=[str(Ref(ref.tenant, e["id"])) for e in left]
        )
    if left and day <= today:
        await tx.flush()
        tx.batch.add(
            _DISABLE, expect=len(left), of_tenant=ref.tenant, of_ids=[e["id"] for e in left], now=call.now
        )
        await tx.flush()


def _last_day(office: Row, today: date) -> date:
    """The first day it no longer stands: today, or what was said earlier; an office stands a day at least."""
    day = today if office["valid_to"] is None else min(today, office["valid_to"])
    first: date = office["valid_from"]
    return max(day, first + timedelta(days=1))


async def _release(call: Call, tx: Tx, plan: Plan) -> None:
    """Moves the people or ends their accounts; the tokens of all are void, since they carry the office."""
    tenant = plan.office["tenant_id"]
    moving, ending = [each["id"] for each in plan.moving], [each["id"] for each in plan.ending]
    if moving and plan.successor is not None:
        tx.batch.add(
            _MOVE, expect=len(moving), of_tenant=tenant, of_ids=moving, to_office=plan.successor["id"]
        )
    if ending:
        tx.batch.add(_DISABLE, expect=len(ending), of_tenant=tenant, of_ids=ending, now=call.now)
    revoke(tx, call.service(Revocations), tenant, [user_subject(tenant, each) for each in (*moving, *ending)])
    await tx.flush()
    for person in (*plan.moving, *plan.ending):  # one statement each, whatever their number
        along = plan.successor is not None and person in plan.moving
        place = plan.successor["id"] if along and plan.successor is not None else person["office_id"]
        if not along:
            end_feeds(tx, tenant, person["login"])
        audited(
            call, tx, "user.edit", person["id"], {"office": place, "disabled": not along, "reorganised": True}
        )
        await tx.flush()


def _summary(plan: Plan, office: Mapping[str, Any], document: str | None) -> dict[str, Any]:
    return {
        "version": office["version"],
        "valid_to": office["valid_to"].isoformat(),
        "successor": None if plan.successor is None else plan.successor["id"],
        "document": document,
        "handed": {each.kind: each.number for each in plan.held},
        "moved": len(plan.moving),
        "ended": len(plan.ending),
    }
