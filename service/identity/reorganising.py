"""An office ends and another takes over: previewed, refused while anything would be nobody's, told to everybody.

One transaction. Administrators act in the service's own scope, since they see no cases: they are shown how many there
are and their ids. Closing without a successor is for an office that holds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import DateTime, Uuid, bindparam, update

from service.audit.actions import audited
from service.identity import handing_over
from service.identity.api_pages import own_ref
from service.identity.desks import Leaving
from service.identity.errors_offices import EXCLUDED, HOLDS, LAST, OWN, TAG, TWICE
from service.identity.handed_out import end_feeds
from service.identity.models import offices, users
from service.identity.queries import PEOPLE_OF_OFFICE
from service.identity.reorganisable import PEOPLE, U, commissioned_elsewhere, held_of, judge, orphans
from service.identity.reorganisation import Plan, shown, tell_reorganised
from service.identity.revoking import revoke, user_subject
from service.identity.rows import stands
from service.identity.schemas import OfficeEdit
from service.identity.schemas_reorganising import Reorganisation, ReorganiseIn
from service.identity.succession import hand_on, successors_of
from service.kit.api import Answer, Call
from service.kit.authn import Revocations
from service.kit.clock import legal_day
from service.kit.command import command
from service.kit.db import Row, Tx
from service.kit.errors import ServiceError, stale
from service.kit.ids import Ref
from service.kit.statements import Statement
from service.kit.tables import update_row

_MOVE = Statement(
    update(users)
    .where(*PEOPLE)
    .values(office_id=bindparam("to_office", type_=Uuid(as_uuid=False)), version=U.version + 1)
    .returning(*users.c)
)
_DISABLE = Statement(
    update(users)
    .where(*PEOPLE)
    .values(disabled_at=bindparam("now", type_=DateTime(timezone=True)), version=U.version + 1)
    .returning(*users.c)
)
_END = update_row(offices, valid_to="day", version=offices.c.version + 1)


def _reorganised(call: Call, done: Any) -> Answer:
    return Answer(done, version=done.office.version)


@command(
    "POST",
    "/offices/{ref:str}/reorganise",
    resource="office",
    action="manage",
    summary="办理单位撤并",
    tag=TAG,
    body=ReorganiseIn,
    answer=Reorganisation,
    if_match=True,
    where="service",
    tagged=True,
    errors=(OWN, LAST, EXCLUDED, HOLDS, TWICE),
    before=commissioned_elsewhere,
    at=own_ref,
    view=_reorganised,
)
async def reorganise(call: Call, tx: Tx, ref: Ref) -> Reorganisation:
    """项目、期限、应用、日历地址、待办和人员一并移交承接单位，原单位自今日起终止；原有记录仍记在原单位名下。"""
    # Hands everything over and ends the office today; what was recorded under it stays under it.
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
    held = [each for each in await held_of(call, tx, ref) if each.binds]
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
        await _people(tx, _DISABLE, ref.tenant, [e["id"] for e in left], now=call.now)


async def _people(tx: Tx, statement: Statement, tenant: str, ids: list[str], **values: Any) -> None:
    """Changes these people's rows at once; all of them, or somebody else is changing one."""
    rows = await tx.fetch(statement, of_tenant=tenant, of_ids=ids, **values)
    if len(rows) != len(ids):
        raise stale()
    tx.told(users, rows)


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
        await _people(tx, _MOVE, tenant, moving, to_office=plan.successor["id"])
    if ending:
        await _people(tx, _DISABLE, tenant, ending, now=call.now)
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
