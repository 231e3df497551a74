"""The expert pool of one's own tenant (art. 18): people come, change and are suspended with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import UNSET

from service.audit.actions import audited
from service.identity.api_pages import own_ref
from service.kit.api import Call, Error
from service.kit.clock import legal_day
from service.kit.command import command
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, or_404
from service.kit.ids import Ref, new_id
from service.kit.outbox import Recipient, emitted
from service.kit.rows import of_row
from service.kit.tables import insert_row, update_read
from service.measures.experts import Expert, Subject, objection
from service.reviews.models import experts
from service.reviews.queries import EXPERT, EXPERT_LOGIN, OFFICE_NAME
from service.reviews.schemas import ExpertEdit, ExpertIn, ReasonIn
from service.reviews.schemas_out import ExpertView

TAKEN = Error(409, "expert_exists", "该账号已在专家库中")

TAG = "experts"

_ADD = insert_row(experts)
_EDITABLE = (
    "name",
    "title",
    "fields",
    "employer_name",
    "told_apart",
    "employer_office_id",
    "user_id",
    "valid_from",
    "valid_to",
)
_CHANGED = (*_EDITABLE, "suspended_reason", "updated_at")
_CHANGE = update_read(experts, _CHANGED, "new_")
_REFERENCES = (
    ("employer_office_id", OFFICE_NAME, "unknown_office", "本地区没有这个单位"),
    ("user_id", EXPERT_LOGIN, "unknown_user", "没有这个账号，或未授予评审专家角色"),
)
_NOBODYS = Subject(frozenset(), "", frozenset())


def as_expert(row: Mapping[str, Any]) -> Expert:
    """A row of the pool as the rules see it."""
    return Expert(
        row["id"],
        frozenset(row["fields"]),
        row["employer_name"],
        row["employer_office_id"],
        row["valid_from"],
        row["valid_to"],
        row["suspended_reason"] is not None,
        row["user_id"] is not None,
        row["name"],
        row["told_apart"],
    )


def expert_view(row: Mapping[str, Any], on: date) -> ExpertView:
    """An expert as the pool's keepers see one."""
    return of_row(
        ExpertView,
        row,
        id=str(Ref(row["tenant_id"], row["id"])),
        expert_id=row["id"],
        objection=objection(as_expert(row), _NOBODYS, on),
    )


@command(
    "POST",
    "/experts",
    resource="expert",
    action="manage",
    summary="专家入库",
    tag=TAG,
    status=201,
    body=ExpertIn,
    answer=ExpertView,
    conflict=TAKEN,
    made="experts",
)
async def create(call: Call, tx: Tx) -> ExpertView:
    """专家库实行动态管理；没有评审账号的专家不参加抽取。"""
    # A new expert of the caller's tenant.
    body: ExpertIn = call.body
    tenant = call.principal.tenant
    row: dict[str, Any] = {
        "tenant_id": tenant,
        "id": new_id(),
        **{name: getattr(body, name) for name in _EDITABLE},
        "suspended_reason": None,
        "added_by": call.principal.actor,
        "added_at": call.now,
        "updated_at": call.now,
        "version": 1,
    }
    await _check(tx, row, _EDITABLE)
    tx.batch.add(_ADD, **row)
    _tell(call, tx, row, "expert.added")
    return expert_view(row, legal_day(call.now))


@command(
    "PATCH",
    "/experts/{ref:str}",
    resource="expert",
    action="manage",
    summary="修改专家信息",
    tag=TAG,
    body=ExpertEdit,
    answer=ExpertView,
    if_match=True,
    conflict=TAKEN,
    at=own_ref,
)
async def edit(call: Call, tx: Tx, ref: Ref) -> ExpertView:
    """给出的部分替换原有部分；valid_to 是聘期不再有效的第一天。"""
    # Changes what is given.
    body: ExpertEdit = call.body
    new = dict(await _read(call, tx, ref))
    given = [name for name in _EDITABLE if getattr(body, name) is not UNSET]
    new |= {name: getattr(body, name) for name in given}
    await _check(tx, new, given)
    return _save(call, tx, new, "expert.changed")


@command(
    "POST",
    "/experts/{ref:str}/suspend",
    resource="expert",
    action="manage",
    summary="暂停专家",
    tag=TAG,
    body=ReasonIn,
    answer=ExpertView,
    if_match=True,
    errors=(Error(409, "expert_suspended", "该专家已经暂停"),),
    at=own_ref,
)
async def suspend(call: Call, tx: Tx, ref: Ref) -> ExpertView:
    """说明理由；暂停期间不参加抽取和递补。"""
    # Keeps an expert out of further draws; where assigned already, the agency decides on a recusal.
    body: ReasonIn = call.body
    new = dict(await _read(call, tx, ref))
    if new["suspended_reason"] is not None:
        raise ServiceError(409, "expert_suspended", "该专家已经暂停", article=18)
    new["suspended_reason"] = body.reason
    return _save(call, tx, new, "expert.suspended")


@command(
    "POST",
    "/experts/{ref:str}/reinstate",
    resource="expert",
    action="manage",
    summary="恢复专家",
    tag=TAG,
    answer=ExpertView,
    if_match=True,
    errors=(Error(409, "expert_not_suspended", "该专家没有暂停"),),
    at=own_ref,
)
async def reinstate(call: Call, tx: Tx, ref: Ref) -> ExpertView:
    """结束暂停。"""
    # Ends a suspension.
    new = dict(await _read(call, tx, ref))
    if new["suspended_reason"] is None:
        raise ServiceError(409, "expert_not_suspended", "该专家没有暂停", article=18)
    new["suspended_reason"] = None
    return _save(call, tx, new, "expert.reinstated")


async def _read(call: Call, tx: Tx, ref: Ref) -> Row:
    row = or_404(await tx.row(EXPERT, tenant_id=ref.tenant, id=ref.id))
    call.expected.check(row["version"])
    return row


async def _check(tx: Tx, row: dict[str, Any], given: tuple[str, ...] | list[str]) -> None:
    faults = []
    if row["valid_to"] is not None and row["valid_to"] <= row["valid_from"]:
        faults.append(FieldError("/valid_to", "date_order", "专家聘期终止须晚于起始"))
    if len(set(row["fields"])) != len(row["fields"]):
        faults.append(FieldError("/fields", "duplicate", "专业领域重复"))
    for name, statement, code, detail in _REFERENCES:
        if name in given and row[name] is not None:
            found = await tx.row(statement, tenant_id=row["tenant_id"], id=row[name])
            if found is None:
                faults.append(FieldError(f"/{name}", code, detail))
    if faults:
        raise invalid(faults)


def _save(call: Call, tx: Tx, row: dict[str, Any], kind: str) -> ExpertView:
    row["updated_at"] = call.now
    tx.batch.add(
        _CHANGE,
        of_tenant=row["tenant_id"],
        of_id=row["id"],
        read_version=row["version"],
        **{f"new_{name}": row[name] for name in _CHANGED},
    )
    row["version"] += 1
    _tell(call, tx, row, kind)
    return expert_view(row, legal_day(call.now))


def _tell(call: Call, tx: Tx, row: dict[str, Any], kind: str) -> None:
    """Audit and event; who the expert is stays in the pool."""
    tenant = row["tenant_id"]
    audited(call, tx, kind, row["id"], {"version": row["version"]}, kind="expert", tenant=tenant)
    subject = {"id": str(Ref(tenant, row["id"])), "name": "专家库", "owner_name": "评估机构"}
    emitted(
        call,
        tx,
        kind,
        [Recipient(tenant, "agency")],
        {
            "subject": subject,
            "message": "专家库有变动，请以名单为准。",
            "actor": call.principal.actor,
        },
        tenant=tenant,
    )
