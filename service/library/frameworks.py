"""Frameworks of jointly built projects (art. 12): one text, signed by all, then agreed."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from sqlalchemy import Integer, Text, Uuid, bindparam, update

from service.audit.actions import record
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.errors import Error, ServiceError, not_found
from service.kit.ids import Ref, new_id
from service.kit.outbox import Recipient, emit
from service.kit.statements import Statement
from service.kit.tables import insert_row
from service.library.models import framework_signatures, frameworks
from service.library.parties import (
    CENTRE,
    centre_desk,
    centre_name,
    demand_joint,
    demand_named,
    desks,
    leading_tier,
    named,
    party_names,
)
from service.library.queries_joint import FRAMEWORK, SIGNATURES
from service.library.schemas_joint import (
    ConcludeIn,
    FrameworkEdit,
    FrameworkIn,
    FrameworkView,
    PartyView,
    SignIn,
)
from service.measures.lifecycle import Action
from service.measures.organs import Slot
from service.projects.case import in_reach, load
from service.projects.deeds import Desk, deed
from service.projects.facts import without_fact
from service.projects.phases import Deed, organ_desks, owner_desks, perform
from service.projects.state import actor_of, permit

CHANGED = Error(409, "framework_changed", "框架方案已改动，附现行稿次")

_OPEN, _SIGN = insert_row(frameworks), insert_row(framework_signatures)
F = frameworks.c
_MUTABLE = ("goals", "content", "parties", "party_names", "led_by", "edition", "updated_at")
_SAVE = Statement(
    update(frameworks)
    .where(
        F.tenant_id == bindparam("of_tenant", type_=Text),
        F.id == bindparam("of_id", type_=Uuid(as_uuid=False)),
        F.version == bindparam("read_version", type_=Integer),
    )
    .values(
        {name: bindparam(name, type_=F[name].type) for name in _MUTABLE}
        | {"version": bindparam("new_version", type_=Integer)}
    )
)


def framework_view(row: Any, signatures: list[Row]) -> FrameworkView:
    """A framework with who has signed its present text."""
    signed = {each["party"]: each for each in signatures if each["edition"] == row["edition"]}
    names, parties = party_names(row), []
    for party in (CENTRE, *row["parties"]):
        found = signed.get(party)
        by, at = (found["signed_by"], found["signed_at"]) if found else (None, None)
        parties.append(PartyView(party, names[party], by, at))
    return FrameworkView(
        id=str(Ref(row["tenant_id"], row["id"])),
        project_id=str(Ref(row["tenant_id"], row["project_id"])),
        parties=parties,
        complete=all(each.signed_at for each in parties),
        **{
            name: row[name]
            for name in (
                "project_name", "goals", "content", "led_by", "edition", "opened_by", "opened_at", "updated_at",
                "version",
            )
        },
    )  # fmt: skip


async def open_one(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """The deciding tier's information centre opens the framework of a jointly built project that has reached it."""
    body: FrameworkIn = call.body
    case = await load(tx, call.principal, ref, None)
    permit(case, Action.AGREE_FRAMEWORK, actor_of(call))
    demand_joint(case)
    names = await named(tx, case, body.participants, legal_day(call.now))
    row: dict[str, Any] = {
        "tenant_id": case.tenant_id,
        "id": new_id(),
        "project_id": case.id,
        "project_name": case.name,
        "goals": body.goals,
        "content": body.content,
        "parties": list(names),
        "party_names": names,
        "led_by": leading_tier(case).value,
        "edition": 1,
        "opened_by": call.principal.actor,
        "opened_at": call.now,
        "updated_at": call.now,
        "version": 1,
    }
    tx.batch.add(_OPEN, **row)
    _tell(call, tx, row, "framework.opened", "请核对参建部门、建设目标和主体内容后会签。")
    return row


async def _framework(tx: Tx, ref: Ref) -> dict[str, Any]:
    row = await tx.row(FRAMEWORK, tenant_id=ref.tenant, project_id=ref.id)
    if row is None:
        raise not_found()
    return dict(row)


async def edit(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """Another text: a new edition that nobody has signed; what was agreed on the earlier one no longer holds."""
    body: FrameworkEdit = call.body
    case = await load(tx, call.principal, ref, None)
    row = await _framework(tx, ref)
    call.expected.check(row["version"])
    actor = actor_of(call)
    allowed = permit(case, Action.AGREE_FRAMEWORK, actor)
    if body.participants is not UNSET:
        names = await named(tx, case, body.participants, legal_day(call.now))
        row |= {"parties": list(names), "party_names": names}
    row["goals"] = body.goals if body.goals is not UNSET else row["goals"]
    row["content"] = body.content if body.content is not UNSET else row["content"]
    read, lead = row["version"], leading_tier(case).value
    row |= {"edition": row["edition"] + 1, "version": read + 1, "updated_at": call.now, "led_by": lead}
    tx.batch.add(
        _SAVE,
        of_tenant=row["tenant_id"],
        of_id=row["id"],
        read_version=read,
        new_version=row["version"],
        **{name: row[name] for name in _MUTABLE},
    )
    if case.dated.get("framework"):
        case.dated = without_fact(case.dated, "framework")
        deed = Deed(
            Action.AGREE_FRAMEWORK,
            legal_day(call.now),
            "framework.opened",
            desks(row),
            content={"framework": row["id"], "edition": row["edition"]},
            kind="framework_reopened",
            message="框架方案已改动，须重新会签。",
        )
        perform(tx, case, deed, actor, allowed)
    else:
        _tell(call, tx, row, "framework.opened", "框架方案已改动，请重新会签。")
    return row


async def sign(call: Call, tx: Tx, ref: Ref) -> tuple[dict[str, Any], list[Row]]:
    """A party signs the present text, for its own office only."""
    body: SignIn = call.body
    in_reach(call.principal, ref, tx.scope)
    row = await _framework(tx, ref)
    party = call.principal.office or CENTRE
    if party not in (CENTRE, *row["parties"]):
        raise not_found()
    if party == CENTRE:  # of the tier that decides the case, and while it lies there
        permit(await load(tx, call.principal, ref, None), Action.AGREE_FRAMEWORK, actor_of(call))
    _same_text(row, body.edition)
    signatures = await tx.fetch(SIGNATURES, tenant_id=ref.tenant, id=row["id"])
    if any(each["party"] == party and each["edition"] == row["edition"] for each in signatures):
        raise ServiceError(409, "already_signed", "已会签该版本（第十二条）", article=12)
    signature = {
        "tenant_id": row["tenant_id"],
        "framework_id": row["id"],
        "edition": row["edition"],
        "party": party,
        "signed_by": call.principal.actor,
        "by_tenant": call.principal.tenant,
        "signed_at": call.now,
    }
    tx.batch.add(_SIGN, **signature)
    message = f"{party_names(row)[party]}已会签第 {row['edition']} 稿。"
    _tell(call, tx, row, "framework.signed", message, [centre_desk(row)])
    return row, [*signatures, signature]


def _same_text(row: dict[str, Any], edition: int) -> None:
    if edition != row["edition"]:
        detail = f"框架方案现为第 {row['edition']} 稿，请重新阅读后再办理（第十二条）"
        raise ServiceError(409, "framework_changed", detail, article=12, edition=row["edition"])


@deed(
    "framework/conclude",
    Action.AGREE_FRAMEWORK,
    body=ConcludeIn,
    summary="确定框架方案",
    may="framework/lead",
    tag="frameworks",
    gated=False,
    errors=(
        CHANGED,
        Error(409, "signatures_missing", "尚有参建部门未会签"),
        Error(409, "participant_missing", "申报的参建部门没有列入框架方案"),
    ),
)
async def conclude(desk: Desk) -> Deed:
    """全部会签后方可确定，随后可进入联合会审，市级批复的可以批复。"""
    # All have signed: the framework stands, and joint review or the city's approval may follow (art. 12).
    body: ConcludeIn = desk.body
    case = desk.case
    row = await _framework(desk.tx, case.ref)
    _same_text(row, body.edition)
    shown = framework_view(row, await desk.tx.fetch(SIGNATURES, tenant_id=case.tenant_id, id=row["id"]))
    lacking = [each.name for each in shown.parties if each.signed_at is None]
    if lacking:
        detail = f"尚未会签：{'、'.join(lacking)}（第十二条）"
        raise ServiceError(409, "signatures_missing", detail, article=12, missing=lacking)
    await demand_named(desk.tx, case, row, desk.today)
    return desk.told(
        "framework.agreed",
        [*desks(row), *organ_desks(case, Slot.GENERAL_OFFICE, Slot.DRC), *owner_desks(case)],
        content={
            "framework": row["id"],
            "edition": row["edition"],
            "parties": [p.name for p in shown.parties],
        },
        facts={"framework": {"framework": row["id"], "edition": row["edition"]}},
        message="各参建部门已会签，框架方案确定。",
        steps={
            "office": "框架方案已确定（第十二条），可按第十九条组织联合会审。",
            "approver": "框架方案已确定（第十二条），可按程序批复（第二十三条）。",
        },
    )


def _tell(
    call: Call, tx: Tx, row: dict[str, Any], kind: str, message: str, to: list[Recipient] | None = None
) -> None:
    """Audit and event of what needs no pen."""
    tenant = row["tenant_id"]
    record(
        tx,
        tenant=tenant,
        principal=call.principal,
        action=kind,
        object_kind="framework",
        object_id=row["id"],
        summary={"edition": row["edition"]},
        request_id=call.trace_id,
        now=call.now,
    )
    emit(
        tx,
        tenant=tenant,
        kind=kind,
        recipients=desks(row) if to is None else to,
        snapshot={
            "subject": {
                "id": str(Ref(tenant, row["project_id"])),
                "name": row["project_name"],
                "owner_name": centre_name(row),
            },
            "message": message,
            "steps": dict.fromkeys(("department", "unit"), "请会签框架方案（第十二条）。"),
        },
        trace_id=call.trace_id,
        now=call.now,
    )
