"""The provider's side of an adoption: provision or decline, suspend, resume, end, report use (arts 3, 23, 25, 39).

The provider, of whatever tenant, works on the mirror in its own; what it decides travels to the adopter as an event.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from litestar.handlers import HTTPRouteHandler
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from service.audit.actions import audited
from service.catalogue.models import provision_usage, provisions
from service.catalogue.queries import TENANTS
from service.catalogue.queries_adoptions import PROVISION, REPORTED, USED_ELSEWHERE
from service.catalogue.requesting import REFUSED, TAG, refused, roles_of
from service.catalogue.schemas_adoptions import NoteIn, ProvisionView, ReasonIn, UsageIn, UsageView
from service.catalogue.telling import told_by_provider, use_changed
from service.catalogue.views_adoptions import provision_view
from service.kit.api import Answer, Call
from service.kit.clock import legal_day
from service.kit.command import command, ref_of
from service.kit.counters import next_number
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found, or_404
from service.kit.ids import Ref
from service.kit.statements import Statement
from service.kit.tables import update_read
from service.measures.adoption import Adoption, Desk, Refused, Verb, step

ACTIVE = Adoption.ACTIVE.value
_MUTABLE = ("state", "reason", "activated_at", "ended_at", "updated_at")
_SAVE = update_read(provisions, _MUTABLE)
_usage = insert(provision_usage).values(
    {column.name: bindparam(column.name, type_=column.type) for column in provision_usage.columns}
)
# A report that was written meanwhile by somebody else is not overwritten: 412.
_REPORT = Statement(
    _usage.on_conflict_do_update(
        index_elements=["tenant_id", "provision_id", "month"],
        set_={
            name: _usage.excluded[name]
            for name in ("active_users", "calls", "revision", "reported_by", "reported_at")
        },
        where=provision_usage.c.revision == _usage.excluded.revision - 1,
    )
)
_KINDS = {
    Verb.PROVISION: "adoption.provisioned",
    Verb.DECLINE: "adoption.declined",
    Verb.SUSPEND: "adoption.suspended",
    Verb.RESUME: "adoption.resumed",
    Verb.END: "adoption.ended",
}


async def load(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """The provider's mirror: 404 outside its tenant, 412 when the caller read an older one."""
    if ref.tenant != call.principal.tenant:
        raise not_found()
    row = or_404(await tx.row(PROVISION, tenant_id=ref.tenant, id=ref.id))
    call.expected.check(row["version"])
    return dict(row)


def verb(of: Verb, *, summary: str, body: Any) -> Callable[[Callable[[], Awaitable[None]]], HTTPRouteHandler]:
    """Declares a verb of the provider, which the table of adoption alone judges; its name and words stand below."""

    def told_by(name: Callable[[], Awaitable[None]]) -> HTTPRouteHandler:
        @wraps(name)
        async def done(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
            return await _moved(call, tx, ref, of)

        return command(
            "POST",
            f"/provisions/{{ref:str}}/{of.value}",
            resource="provision",
            action="decide",
            summary=summary,
            tag=TAG,
            body=body,
            answer=ProvisionView,
            if_match=True,
            errors=(REFUSED,),
            at=ref_of,
            view=provided,
        )(done)

    return told_by


def provided(call: Call, provision: Mapping[str, Any]) -> ProvisionView:
    """What is provided, as its provider sees it."""
    return provision_view(provision, roles_of(call))


@verb(Verb.PROVISION, summary="开通", body=NoteIn)
async def provision() -> None:
    """开通后使用单位即可使用。"""


@verb(Verb.DECLINE, summary="不予开通", body=ReasonIn)
async def decline() -> None:
    """须说明理由。"""


@verb(Verb.SUSPEND, summary="暂停", body=ReasonIn)
async def suspend() -> None:
    """须说明理由，如安全原因（第二十五条）。"""


@verb(Verb.RESUME, summary="恢复", body=NoteIn)
async def resume() -> None:
    """暂停的原因消除后恢复。"""


@verb(Verb.END, summary="由提供方终止", body=ReasonIn)
async def end_provision() -> None:
    """须说明理由；应用停用前逐一终止（本系统规定）。"""


async def _moved(call: Call, tx: Tx, ref: Ref, verb: Verb) -> dict[str, Any]:
    """What is provided after a step of the table; the adopter's side follows by the event."""
    reason = call.body.reason
    provision = await load(call, tx, ref)
    before = provision["state"]
    try:
        row = step(Adoption(before), verb, Desk.PROVIDER, roles_of(call))
    except Refused as refusal:
        raise refused(refusal, before) from None
    provision["state"], provision["reason"] = row.target.value, reason
    if provision["state"] == ACTIVE and provision["activated_at"] is None:
        provision["activated_at"] = call.now
    if row.target in (Adoption.ENDED, Adoption.DECLINED):
        provision["ended_at"] = call.now
    _save(call, tx, provision)
    citation = {"articles": list(row.articles)}
    told_by_provider(
        call, tx, provision, _KINDS[verb], reason, verb=verb.value, before=before, citation=citation
    )
    if (before == ACTIVE) is not (provision["state"] == ACTIVE):
        seq = await next_use(tx, ref.tenant, provision["app_id"])
        await recount(tx, provision, seq, call.trace_id, call.now)
    _audited(call, tx, provision, verb.value, {"state": provision["state"]})
    return provision


async def next_use(tx: Tx, tenant: str, app_id: str) -> int:
    """The number of a count of users; its row lock lets one count of an app follow another."""
    return await next_number(tx, tenant, f"app-use:{app_id}")


async def recount(tx: Tx, provision: dict[str, Any] | Row, seq: int, trace: str, now: datetime) -> None:
    """Tells every tenant that may see the app how many of the adopter's offices use it now."""
    tenant = provision["tenant_id"]
    others = await tx.row(
        USED_ELSEWHERE,
        tenant_id=tenant,
        app=provision["app_id"],
        adopter=provision["adopter_tenant"],
        id=provision["id"],
    )
    offices = (others["offices"] if others is not None else 0) + (provision["state"] == ACTIVE)
    across = provision["reach"] == "province"
    readers = [row["id"] for row in await tx.fetch(TENANTS)] if across else [tenant]
    use_changed(tx, provision, offices, seq, readers, trace, now)


def _reported(call: Call, done: Any) -> Answer:
    made, version = done
    return Answer(UsageView(**made), version=version)


@command(
    "PUT",
    "/provisions/{ref:str}/usage",
    resource="provision",
    action="report",
    summary="报告使用量",
    tag=TAG,
    body=UsageIn,
    answer=UsageView,
    if_match=True,
    errors=(REFUSED,),
    at=ref_of,
    view=_reported,
)
async def report(call: Call, tx: Tx, ref: Ref) -> tuple[dict[str, Any], int]:
    """按月报告月活跃用户数和调用次数；同月再报即为更正。"""
    # A month's use, with the version of what is provided; a second report of the month is a correction.
    body: UsageIn = call.body
    provision = await load(call, tx, ref)
    if provision["activated_at"] is None:
        raise ServiceError(409, "action_not_allowed", "该申请尚未开通，没有使用量（第二十三条）", article=23)
    first, last = (legal_day(moment).isoformat()[:7] for moment in (provision["activated_at"], call.now))
    if not first <= body.month <= last:
        detail = "月份应在开通之后、本月及以前"
        raise invalid([FieldError("/month", "month_out_of_range", detail)])
    known = await tx.fetch(REPORTED, tenant_id=ref.tenant, id=ref.id)
    revision = next((row["revision"] for row in known if row["month"] == body.month), 0) + 1
    usage: dict[str, Any] = {
        "month": body.month,
        "active_users": body.active_users,
        "calls": body.calls,
        "revision": revision,
        "reported_at": call.now,
    }
    tx.batch.add(
        _REPORT, tenant_id=ref.tenant, provision_id=ref.id, reported_by=call.principal.actor, **usage
    )
    told_by_provider(call, tx, provision, "adoption.usage_reported", None, usage=usage)
    _audited(call, tx, provision, "report", {"month": body.month, "revision": revision})
    return usage, provision["version"]


def _save(call: Call, tx: Tx, provision: dict[str, Any]) -> None:
    read = provision["version"]
    provision["version"], provision["updated_at"] = read + 1, call.now
    values = {name: provision[name] for name in _MUTABLE}
    key = {"of_tenant": provision["tenant_id"], "of_id": provision["id"]}
    tx.batch.add(_SAVE, **key, read_version=read, **values)


def _audited(call: Call, tx: Tx, provision: dict[str, Any], action: str, summary: dict[str, Any]) -> None:
    audited(
        call,
        tx,
        f"provision.{action}",
        provision["id"],
        {"version": provision["version"], **summary},
        tenant=provision["tenant_id"],
    )
