"""Dismissing, confirming and joining: a person decides on a suspicion, with a reason (arts 8, 9)."""

from __future__ import annotations

from functools import partial
from typing import Any

from service.audit.actions import audited
from service.kit.api import Answer, Call, Error
from service.kit.command import command, ref_of
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, stale
from service.kit.ids import Ref, parse_ref
from service.kit.outbox import Recipient, emitted
from service.measures.lifecycle import ABANDONED, Action
from service.projects.api import SAME
from service.projects.case import row_taken, statement_for
from service.projects.hands import may_lay_hand
from service.projects.operations import does
from service.projects.state import actor_of
from service.projects.submission import PROVINCE
from service.suspicions.gating import cases_of, hold, opens, release, writable
from service.suspicions.queries import MEMBERS, NOTHING_TO_BUILD, SUSPICION
from service.suspicions.rows import decide
from service.suspicions.schemas import DecideIn, JoinIn, SuspicionView
from service.suspicions.views import suspicion_view

TAG = "suspicions"

DECIDED = Error(409, "suspicion_decided", "该疑点当前的状态不能办理此事项")

_DECIDING = ("city.gatekeeper", "province.office")


def _answer(call: Call, row: dict[str, Any]) -> Answer:
    return Answer(suspicion_view(row, call), version=row["version"])


async def load(call: Call, tx: Tx, ref: Ref) -> Row:
    """The suspicion as the caller sees it: 404 when invisible, 412 when the caller's version is old."""
    row = await row_taken(tx, call.principal, SUSPICION, ref)
    call.expected.check(row["version"])
    return row


def _from(row: Row, *states: str) -> None:
    if row["state"] not in states:
        raise ServiceError(
            409,
            "suspicion_decided",
            "该拆分疑点当前的状态不能办理此事项",
            state=row["state"],
            article=8,
        )


def _province(call: Call) -> bool:
    return call.principal.tenant == PROVINCE


# Whatever is decided on a suspicion, it is by the same desks, on the version that was read.
_deciding = partial(
    command,
    "POST",
    resource="suspicion",
    action="decide",
    tag=TAG,
    where="cases",
    answer=SuspicionView,
    if_match=True,
    at=ref_of,
    view=_answer,
)


@does(Action.CLEAR_SPLIT)
@_deciding("/suspicions/{ref:str}/dismiss", summary="排除疑点", body=DecideIn, errors=(DECIDED, SAME))
async def dismiss(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """说明理由；已确认的可以改判，项目上的标记随之解除；省级确认的只由省级改判，已登记合并的也是。"""
    # Not a split, or not a mere label, and why; opens whatever a confirmation had shut.
    body: DecideIn = call.body
    row = await load(call, tx, ref)
    _from(row, "open", "confirmed", *(("joined",) if _province(call) else ()))
    await _apart(call, tx, row)
    if row["decided_tenant"] == PROVINCE and not _province(call) and row["state"] == "confirmed":
        detail = "该疑点由省级确认，设区市不能自行排除（本系统规定）；可合并申报，或者提请省级复核"
        raise ServiceError(409, "suspicion_decided", detail, state=row["state"], article=9)
    if row["state"] != "open":
        await _release(call, tx, row, "dismissed", None)
    return _decide(call, tx, row, "dismissed", body.reason)


@does(Action.CONFIRM_SPLIT)
@_deciding("/suspicions/{ref:str}/confirm", summary="确认疑点", body=DecideIn, errors=(DECIDED, SAME))
async def confirm(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """确认拆分的，相关项目在合并之前不能提交、通过把关、批复或报省（第八条）。设区市排除的，省级可以改为确认。"""
    # It is one: the projects of a split that can still be stopped stand until they are joined.
    body: DecideIn = call.body
    row = await load(call, tx, ref)
    # What a city dismissed the province may still confirm: else whoever splits has its own city call it none.
    _from(row, "open", *(("dismissed",) if _province(call) else ()))
    await _apart(call, tx, row)
    if row["kind"] == "split":
        members = await tx.fetch(MEMBERS, tenant_id=ref.tenant, id=ref.id)
        for case in await cases_of(tx, members):
            if writable(tx, case):
                hold(tx, case, str(ref), body.reason, actor_of(call))
    return _decide(call, tx, row, "confirmed", body.reason)


@_deciding(
    "/suspicions/{ref:str}/join",
    summary="登记合并",
    body=JoinIn,
    errors=(DECIDED, SAME, Error(409, "nothing_to_join", "类别疑点没有需要合并的项目")),
)
async def join(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """指明合并拆分各项后的项目，只有它解除标记、可以继续办理，其余项目须撤回；其余均已撤回的可以不填（第八条）。"""
    # The projects have become one: the merged project is named, or all the others were withdrawn.
    #
    # Only the merged project goes on; the other parts stay shut until they are withdrawn.
    body: JoinIn = call.body
    row = await load(call, tx, ref)
    _from(row, "confirmed")
    await _apart(call, tx, row)
    if row["kind"] != "split":
        raise ServiceError(409, "nothing_to_join", "类别疑点没有需要合并的项目（第九条）", article=9)
    merged = await _merged(call, tx, row, body)
    await _release(call, tx, row, "joined", merged)
    return _decide(call, tx, row, "joined", body.reason, merged)


async def _apart(call: Call, tx: Tx, row: Row) -> None:
    """409 `same_person` for whoever declared one of the projects: nobody clears himself (law.md, trap 20)."""
    members = await tx.fetch(MEMBERS, tenant_id=row["tenant_id"], id=row["id"])
    for case in await cases_of(tx, members):
        may_lay_hand(tx, case, call.principal, call.services.policy.roles, _DECIDING, (8, 39))
    await tx.flush()  # the decision may write the same rows, and no statement changes a row twice


async def _merged(call: Call, tx: Tx, row: Row, body: JoinIn) -> str | None:
    if body.joint_project is None:
        members = await tx.fetch(MEMBERS, tenant_id=row["tenant_id"], id=row["id"])
        if sum(each["state"] not in NOTHING_TO_BUILD for each in members) > 1:
            fault = FieldError("/joint_project", "missing_field", "仍有多个项目在办，请指明合并后的项目")
            raise invalid([fault])
        return None
    unknown = invalid([FieldError("/joint_project", "unknown_project", "本地区没有这个已申报的项目")])
    try:
        ref = parse_ref(body.joint_project)
    except ServiceError:
        raise unknown from None
    if ref.tenant != row["tenant_id"]:
        raise unknown
    project = await tx.row(statement_for(tx.scope), tenant_id=ref.tenant, id=ref.id)
    if project is None or project["state"] in ABANDONED:
        raise unknown
    return ref.id


async def _release(call: Call, tx: Tx, row: Row, state: str, merged: str | None) -> None:
    reason: str = call.body.reason
    members = await tx.fetch(MEMBERS, tenant_id=row["tenant_id"], id=row["id"])
    for case in await cases_of(tx, members):
        if writable(tx, case) and opens(case, state, merged):
            await release(tx, case, str(Ref(row["tenant_id"], row["id"])), reason, actor_of(call))


def _decide(
    call: Call, tx: Tx, row: Row, state: str, reason: str, merged: str | None = None
) -> dict[str, Any]:
    """State, audit and event; what this login could not write of the cases follows in their tenant."""
    who, tenant = call.principal, row["tenant_id"]
    said = {
        "state": state,
        "reason": reason,
        "joint_project_id": merged,
        "decided_by": who.actor,
        "decided_tenant": who.tenant,
        "decided_at": call.now,
    }
    decide(tx, row, said, stale())
    audited(call, tx, f"suspicion.{state}", row["id"], {"project": row["project_id"]}, tenant=tenant)
    _tell(call, tx, row, state, reason)
    return {**dict(row), **said, "version": row["version"] + 1}


def _tell(call: Call, tx: Tx, row: Row, state: str, reason: str) -> None:
    """The desks that are concerned, and the worker, by which the decision reaches the cases."""
    who, tenant = call.principal, row["tenant_id"]
    ref = str(Ref(tenant, row["id"]))
    desks = (
        [Recipient(PROVINCE, "office")]
        if tenant == PROVINCE
        else [Recipient(tenant, "gatekeeper"), Recipient(PROVINCE, "office")]
    )
    emitted(
        call,
        tx,
        f"suspicion.{state}",
        desks,
        {
            "project": {
                "id": str(Ref(tenant, row["project_id"])),
                "tenant": tenant,
                "external_ref": row["external_ref"],
                "name": row["project_name"],
                "owner_name": row["owner_name"],
            },
            "suspicion": {"id": ref, "kind": row["kind"], "state": state},
            "decided": {
                "tenant": who.tenant,
                "tier": who.tier,
                "login": who.login,
                "user": who.user,
                "client": who.client,
                "roles": list(who.roles),
            },
            "reason": reason,
            "actor": who.actor,
            "message": _SAID[state],
        },
        tenant=tenant,
    )


_SAID = {
    "dismissed": "疑点已排除。",
    "confirmed": "疑点已确认。",
    "joined": "相关项目已合并。",
}
