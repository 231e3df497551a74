"""Two people of security ask for, and confirm, erasing a state secret that slipped in (art. 14; law.md, trap 9)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal_column

from service.audit.actions import audited
from service.kit.api import Call, Error
from service.kit.command import command, ref_of
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.ids import Ref, new_id, parse_ref
from service.kit.outbox import Recipient, emitted
from service.kit.rows import of_row
from service.kit.tables import insert_row, update_row
from service.portfolio.models import spills
from service.portfolio.queries import NAMED_FILE, NAMED_PROJECT, SPILL
from service.portfolio.schemas_spills import SpillIn, SpillView
from service.projects.case import row_taken
from service.projects.submission import PROVINCE

ABSENT = Error(404, "not_found", "没有该项目或附件，或当前身份不可见，两者答复相同")
OPEN = Error(409, "spill_open", "该项目或附件已有未办结的清除申请")

TAG = "spills"

CONFIRMED = Error(409, "spill_confirmed", "已经确认")

SAME_PERSON = Error(409, "same_person", "申请人不能自己确认")
_BY_ANOTHER = ("same_person", "须由另一人确认清除，申请人不能自己确认（本系统规定）")
_INSERT = insert_row(spills)
_CONFIRM = update_row(
    spills,
    spills.c.state == literal_column("'requested'"),
    state="to_state",
    confirmed_by="by",
    confirmed_tenant="by_tenant",
    confirmed_user="by_user",
    confirmed_at="at",
)


def spill_view(row: Row | dict[str, Any]) -> SpillView:
    """A row as an answer."""
    tenant, file = row["tenant_id"], row["document_id"]
    return of_row(
        SpillView,
        row,
        id=str(Ref(tenant, row["id"])),
        project_id=str(Ref(tenant, row["project_id"])),
        document_id=None if file is None else str(Ref(tenant, file)),
    )


@command(
    "POST",
    "/spills",
    resource="spill",
    action="request",
    summary="申请清除误入的涉密内容",
    tag=TAG,
    status=201,
    where="cases",
    body=SpillIn,
    answer=SpillView,
    errors=(ABSENT,),
    conflict=OPEN,
    view=lambda _, row: spill_view(row),
    made="spills",
)
async def request(call: Call, tx: Tx) -> dict[str, Any]:
    """只写编号和情形，不复述内容；由另一人确认后清除（本系统规定）。"""
    # Names a case or one of its files, and of which kind the slip is; what it says is not repeated anywhere.
    body: SpillIn = call.body
    if (body.project_id is None) == (body.document_id is None):
        raise invalid([FieldError("", "one_of", "请写明项目编号或附件编号，二者只写其一")])
    ref = parse_ref(body.project_id or body.document_id or "")
    statement = NAMED_PROJECT if body.project_id else NAMED_FILE
    found = await row_taken(tx, call.principal, statement, ref)
    row: dict[str, Any] = {
        "tenant_id": ref.tenant,
        "id": new_id(),
        "project_id": found["project_id"] if body.document_id else ref.id,
        "document_id": ref.id if body.document_id else None,
        "reason": body.reason,
        "state": "requested",
        "requested_by": call.principal.actor,
        "requested_tenant": call.principal.tenant,
        "requested_user": _person(call),
        "requested_at": call.now,
        "confirmed_by": None,
        "confirmed_tenant": None,
        "confirmed_user": None,
        "confirmed_at": None,
        "erased_at": None,
        "purged_at": None,
    }
    tx.batch.add(_INSERT, **row)
    _told(call, tx, row, "spill.request")
    emitted(
        call,
        tx,
        "spill.requested",
        _second_people(ref.tenant, call.principal.tenant),
        _snapshot(row),
        tenant=ref.tenant,
    )
    return row


def another(call: Call, spill: Any) -> None:
    """409 for who asked, for whoever stands for him, and for him whom the asker stood for."""
    who = call.principal
    if who.one_with(spill["requested_user"]) or who.same_hand(spill["requested_by"]):
        raise ServiceError(409, *_BY_ANOTHER)


@command(
    "POST",
    "/spills/{ref:str}/confirm",
    resource="spill",
    action="confirm",
    summary="确认清除",
    tag=TAG,
    where="cases",
    answer=SpillView,
    errors=(SAME_PERSON, CONFIRMED),
    at=ref_of,
    view=lambda _, row: spill_view(row),
)
async def confirm(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """由申请人以外的人确认。确认后数秒内清除全部文字、附件、通知、回调和存下的答复，只留编号、日期和摘要；不能撤销。"""
    # By somebody else; the worker erases within seconds.
    found = await row_taken(tx, call.principal, SPILL, ref)
    by = _person(call)
    another(call, found)
    if found["state"] != "requested":
        raise _confirmed()
    made = {
        "state": "confirmed",
        "confirmed_by": call.principal.actor,
        "confirmed_tenant": call.principal.tenant,
        "confirmed_user": by,
        "confirmed_at": call.now,
    }
    tx.batch.add(
        _CONFIRM,
        miss=_confirmed(),
        of_tenant=ref.tenant,
        of_id=ref.id,
        to_state="confirmed",
        by=call.principal.actor,
        by_tenant=call.principal.tenant,
        by_user=by,
        at=call.now,
    )
    row = {**dict(found), **made}
    _told(call, tx, row, "spill.confirm")
    return row


def _person(call: Call) -> str:
    """Two people are asked for: a client on its own is nobody."""
    if call.principal.user is None:
        raise ServiceError(403, "forbidden", "清除误入的涉密内容须由本人办理（本系统规定）")
    return call.principal.user


def _confirmed() -> ServiceError:
    return ServiceError(409, "spill_confirmed", "该清除申请已经确认")


def _second_people(tenant: str, asking: str) -> list[Recipient]:
    """Whoever may confirm: on the case's side and on the side that asks."""
    return [
        Recipient(each, role)
        for each in sorted({tenant, asking} & {tenant, PROVINCE})
        for role in ("security_admin", "secrecy")
    ]


def _snapshot(row: dict[str, Any]) -> dict[str, Any]:
    ref = str(Ref(row["tenant_id"], row["id"]))
    return {
        "subject": {"id": ref, "name": "清除申请", "owner_name": "安全管理员"},
        "spill": {"id": ref, "reason": row["reason"]},
        "message": "有误入的涉密内容待清除；须由另一人核实后确认（本系统规定）。",
        "steps": {"security_admin": "请核实后确认。", "secrecy": "请核实后确认。"},
    }


def _told(call: Call, tx: Tx, row: dict[str, Any], action: str) -> None:
    audited(
        call,
        tx,
        action,
        row["id"],
        {"project": row["project_id"], "document": row["document_id"], "reason": row["reason"]},
        kind="spill",
        tenant=row["tenant_id"],
    )
