"""Frameworks of jointly built departmental projects (art. 12): one text, signed by all, then agreed."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from sqlalchemy import Integer, Text, Uuid, bindparam, update

from service.audit.actions import record
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import Ref, new_id
from service.kit.outbox import Recipient, emit
from service.kit.statements import Statement
from service.kit.tables import insert_row
from service.library.models import framework_signatures, frameworks
from service.library.queries_joint import FRAMEWORK, OFFICES, OFFICES_NAMED, SIGNATURES
from service.library.schemas_joint import (
    ConcludeIn,
    FrameworkEdit,
    FrameworkIn,
    FrameworkView,
    PartyView,
    SignIn,
)
from service.measures.lifecycle import Action
from service.projects.case import Case, in_reach, load
from service.projects.facts import without_fact
from service.projects.phases import Deed, owner_desks, perform
from service.projects.state import actor_of, opened, permit
from service.projects.submission import PROVINCE

CENTRE, CENTRE_NAME = "info_centre", "省信息中心"
_OPEN, _SIGN = insert_row(frameworks), insert_row(framework_signatures)
F = frameworks.c
_MUTABLE = ("goals", "content", "parties", "party_names", "edition", "updated_at")
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
    names = {CENTRE: CENTRE_NAME, **row["party_names"]}
    parties = []
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
                "project_name", "goals", "content", "edition", "opened_by", "opened_at", "updated_at", "version",
            )
        },
    )  # fmt: skip


async def open_one(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """The information centre opens the framework of a jointly built project that has reached the province."""
    body: FrameworkIn = call.body
    case = await load(tx, call.principal, ref, None)
    permit(case, Action.AGREE_FRAMEWORK, actor_of(call))
    if not (case.dated.get("declared") or {}).get("joint"):
        raise ServiceError(409, "not_joint", "没有其他参建部门的项目无需框架方案（第十二条）", article=12)
    names = await _parties(tx, case, body.participants)
    row: dict[str, Any] = {
        "tenant_id": case.tenant_id,
        "id": new_id(),
        "project_id": case.id,
        "project_name": case.name,
        "goals": body.goals,
        "content": body.content,
        "parties": list(names),
        "party_names": names,
        "edition": 1,
        "opened_by": call.principal.actor,
        "opened_at": call.now,
        "updated_at": call.now,
        "version": 1,
    }
    tx.batch.add(_OPEN, **row)
    _tell(call, tx, row, "framework.opened", "请核对参建部门、建设目标和主体内容后会签。")
    return row


async def _parties(tx: Tx, case: Case, wanted: list[str]) -> dict[str, str]:
    """The owner and the named departments, by id; every declared participant that is one must be among them."""
    ids = list(dict.fromkeys([case.office_id, *wanted]))
    names = {row["id"]: row["name"] for row in await tx.fetch(OFFICES, tenant_id=case.tenant_id, ids=ids)}
    faults = [
        FieldError(f"/participants/{index}", "unknown_office", "没有这个单位")
        for index, each in enumerate(wanted)
        if each not in names
    ]
    declared = ((case.declared or {}).get("facts") or {}).get("participating_offices") or []
    for row in await tx.fetch(OFFICES_NAMED, tenant_id=case.tenant_id, names=list(declared)):
        if row["id"] not in ids:
            detail = f"申报的参建部门“{row['name']}”未列入（第十二条）"
            faults.append(FieldError("/participants", "participant_missing", detail))
    if len(ids) < 2 and not faults:
        faults.append(FieldError("/participants", "participant_missing", "除项目单位外至少还有一个参建部门"))
    if faults:
        raise invalid(faults)
    return {each: names[each] for each in ids}


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
        names = await _parties(tx, case, body.participants)
        row |= {"parties": list(names), "party_names": names}
    row["goals"] = body.goals if body.goals is not UNSET else row["goals"]
    row["content"] = body.content if body.content is not UNSET else row["content"]
    read = row["version"]
    row |= {"edition": row["edition"] + 1, "version": read + 1, "updated_at": call.now}
    tx.batch.add(
        _SAVE, of_tenant=row["tenant_id"], of_id=row["id"], read_version=read, new_version=row["version"],
        **{name: row[name] for name in _MUTABLE},
    )  # fmt: skip
    if case.dated.get("framework"):
        case.dated = without_fact(case.dated, "framework")
        deed = Deed(
            Action.AGREE_FRAMEWORK,
            legal_day(call.now),
            "framework.opened",
            _desks(row),
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
    name = {CENTRE: CENTRE_NAME, **row["party_names"]}[party]
    _tell(
        call,
        tx,
        row,
        "framework.signed",
        f"{name}已会签第 {row['edition']} 稿。",
        [Recipient(PROVINCE, CENTRE)],
    )
    return row, [*signatures, signature]


def _same_text(row: dict[str, Any], edition: int) -> None:
    if edition != row["edition"]:
        detail = f"框架方案现为第 {row['edition']} 稿，请重新阅读后再办理（第十二条）"
        raise ServiceError(409, "framework_changed", detail, article=12, edition=row["edition"])


async def conclude(call: Call, tx: Tx, ref: Ref) -> Case:
    """All have signed: the framework stands, and joint review may begin (art. 12)."""
    body: ConcludeIn = call.body
    case, actor, allowed = await opened(call, tx, ref, Action.AGREE_FRAMEWORK)
    row = await _framework(tx, ref)
    _same_text(row, body.edition)
    shown = framework_view(row, await tx.fetch(SIGNATURES, tenant_id=ref.tenant, id=row["id"]))
    lacking = [each.name for each in shown.parties if each.signed_at is None]
    if lacking:
        detail = f"尚未会签：{'、'.join(lacking)}（第十二条）"
        raise ServiceError(409, "signatures_missing", detail, article=12, missing=lacking)
    await _all_named(tx, case, row)
    deed = Deed(
        Action.AGREE_FRAMEWORK,
        legal_day(call.now),
        "framework.agreed",
        [*_desks(row), Recipient(PROVINCE, "office"), *owner_desks(case)],
        content={
            "framework": row["id"],
            "edition": row["edition"],
            "parties": [p.name for p in shown.parties],
        },
        facts={"framework": {"framework": row["id"], "edition": row["edition"]}},
        message="各参建部门已会签，框架方案确定。",
        steps={"office": "框架方案已确定（第十二条），可按第十九条组织联合会审。"},
    )
    perform(tx, case, deed, actor, allowed)
    return case


async def _all_named(tx: Tx, case: Case, row: dict[str, Any]) -> None:
    """409 when the text was drawn up for other participants than are declared now (art. 12)."""
    declared = ((case.declared or {}).get("facts") or {}).get("participating_offices") or []
    named = await tx.fetch(OFFICES_NAMED, tenant_id=case.tenant_id, names=list(declared))
    lacking = [each["name"] for each in named if each["id"] not in row["parties"]]
    if lacking:
        detail = f"申报的参建部门{'、'.join(lacking)}未列入框架方案，请修改后重新会签（第十二条）"
        raise ServiceError(409, "participant_missing", detail, article=12, missing=lacking)


def _desks(row: dict[str, Any]) -> list[Recipient]:
    return [Recipient(row["tenant_id"], "department", party) for party in row["parties"]]


def _tell(
    call: Call, tx: Tx, row: dict[str, Any], kind: str, message: str, desks: list[Recipient] | None = None
) -> None:
    """Audit and event of what needs no pen."""
    tenant = row["tenant_id"]
    record(
        tx, tenant=tenant, principal=call.principal, action=kind, object_kind="framework", object_id=row["id"],
        summary={"edition": row["edition"]}, request_id=call.trace_id, now=call.now,
    )  # fmt: skip
    emit(
        tx,
        tenant=tenant,
        kind=kind,
        recipients=_desks(row) if desks is None else desks,
        snapshot={
            "subject": {
                "id": str(Ref(tenant, row["project_id"])), "name": row["project_name"], "owner_name": CENTRE_NAME,
            },
            "message": message,
            "steps": {"department": "请会签框架方案（第十二条）。"},
        },
        trace_id=call.trace_id,
        now=call.now,
    )  # fmt: skip
