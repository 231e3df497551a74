"""Cross-level projects (art. 12): a lead with children in other tenants, joined by events, each approved at home."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import DateTime, Text, Uuid, bindparam, literal_column, update

from service.audit.actions import record
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import Ref, parse_ref, stable_id
from service.kit.outbox import Recipient, emit
from service.kit.statements import Statement
from service.kit.tables import insert_row
from service.kit.wire import spelt
from service.library.models import link_invitations, link_standards, links
from service.library.queries import TENANTS
from service.library.queries_joint import INVITATION, LINKS, STANDARDS
from service.library.schemas_joint import (
    InvitationView,
    InviteIn,
    LinkAnswerIn,
    LinkView,
    StandardIn,
    StandardView,
)
from service.library.summaries import summary_of
from service.measures.lifecycle import TERMINAL, UNDECLARED
from service.projects.case import Case, in_reach, load
from service.projects.phases import not_after, owner_desks

_INVITE, _STANDARD = insert_row(links), insert_row(link_standards)
I = link_invitations.c  # noqa: E741
_ANSWER = Statement(
    update(link_invitations)
    .where(
        I.tenant_id == bindparam("of_tenant", type_=Text),
        I.id == bindparam("of_id", type_=Uuid(as_uuid=False)),
        I.state == literal_column("'invited'"),
    )
    .values(
        state=bindparam("new_state", type_=Text),
        project_id=bindparam("project", type_=I.project_id.type),
        reason=bindparam("said", type_=Text),
        answered_by=bindparam("by", type_=Text),
        answered_at=bindparam("at", type_=DateTime(timezone=True)),
        summary=bindparam("told", type_=I.summary.type),
        summary_seq=bindparam("seq", type_=I.summary_seq.type),
    )
)


def link_view(row: Row) -> LinkView:
    """The lead's row as an answer."""
    child = row["child_id"]
    return LinkView(
        str(Ref(row["tenant_id"], row["id"])),
        row["child_tenant"],
        None if child is None else str(Ref(row["child_tenant"], child)),
        *(row[name] for name in LinkView.__struct_fields__[3:]),
    )


def standard_view(row: Any) -> StandardView:
    """One version of the requirements, from a row or from an event."""
    return msgspec.convert({name: row[name] for name in StandardView.__struct_fields__}, StandardView)


def invitation_view(row: Any) -> InvitationView:
    """The child's row as an answer."""
    project = row["project_id"]
    plain = ("lead_tenant", "lead_name", "lead_owner", "task", "state", "reason", "answered_at", "invited_at")
    return InvitationView(
        id=str(Ref(row["tenant_id"], row["id"])),
        lead_project=str(Ref(row["lead_tenant"], row["lead_project"])),
        standards=[standard_view(each) for each in row["standards"]],
        project_id=None if project is None else str(Ref(row["tenant_id"], project)),
        **{name: row[name] for name in plain},
    )


async def _lead(call: Call, tx: Tx, ref: Ref) -> Case:
    """The lead's own declared case: nobody is invited to a draft (art. 12, law.md, trap 13)."""
    case = await load(tx, call.principal, ref, None)
    never = (
        case.submissions == 0 and case.origin == "declared"
    )  # a need given back before it was ever reported
    if case.state in UNDECLARED or never:
        detail = "牵头项目尚未报出，不能邀请其他地方参与（第十二条）"
        raise ServiceError(409, "lead_not_declared", detail, article=12, state=case.state)
    if case.stage in TERMINAL:
        raise ServiceError(
            409, "case_closed", "项目已结束，不再邀请其他地方，也不再发布要求", state=case.state
        )
    return case


async def invite(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """Asks another tenant to take part; it answers with a project of its own, or declines."""
    body: InviteIn = call.body
    case = await _lead(call, tx, ref)
    known = {row["id"] for row in await tx.fetch(TENANTS)}
    if body.child_tenant not in known or body.child_tenant == case.tenant_id:
        raise invalid([FieldError("/child_tenant", "unknown_tenant", "请指明另一个已开通的地方")])
    asked = [
        row
        for row in await tx.fetch(LINKS, tenant_id=case.tenant_id, project_id=case.id)
        if (row["child_tenant"], row["task"]) == (body.child_tenant, body.task)
    ]
    if any(row["state"] != "declined" for row in asked):
        raise ServiceError(
            409, "already_invited", "已就同一任务邀请该地方，尚待答复或已参与（第十二条）", article=12
        )
    row: dict[str, Any] = {
        "tenant_id": case.tenant_id,
        "office_id": case.office_id,
        # Made of what is asked, so that two at once (a double click) meet on the key.
        "id": stable_id("link", case.id, body.child_tenant, body.task, str(len(asked))),
        "project_id": case.id,
        "child_tenant": body.child_tenant,
        "child_id": None,
        "task": body.task,
        "state": "invited",
        "summary": None,
        "seq": 0,
        "invited_by": call.principal.actor,
        "invited_at": call.now,
        "updated_at": call.now,
    }
    tx.batch.add(_INVITE, **row)
    standards = await tx.fetch(STANDARDS, tenant_id=case.tenant_id, project_id=case.id)
    _spread(call, tx, case, "link.invited", [row], standards, f"邀请参与跨层级协同：{body.task}")
    return row


async def set_standard(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """A further version of the lead's requirements; every child gets all of them (art. 12)."""
    body: StandardIn = call.body
    case = await _lead(call, tx, ref)
    not_after(body.on, legal_day(call.now), "/on", "发布日期", article=12)
    before = await tx.fetch(STANDARDS, tenant_id=case.tenant_id, project_id=case.id)
    row: dict[str, Any] = {
        "tenant_id": case.tenant_id,
        "office_id": case.office_id,
        "project_id": case.id,
        "number": len(before) + 1,
        "text": body.text,
        "document_number": body.document_number,
        "on": body.on,
        "by": call.principal.actor,
        "at": call.now,
    }
    tx.batch.add(_STANDARD, **row)
    asked = await tx.fetch(LINKS, tenant_id=case.tenant_id, project_id=case.id)
    open_links = [each for each in asked if each["state"] != "declined"]
    message = f"总体要求和标准规范第 {row['number']} 版已发布。"
    _spread(call, tx, case, "link.standards_set", open_links, [*before, row], message)
    return row


def _spread(
    call: Call, tx: Tx, case: Case, kind: str, asked: list[Any], standards: list[Any], message: str
) -> None:
    """The event carries every invited tenant's row whole: its copy is made from it alone."""
    told = msgspec.to_builtins([standard_view(each) for each in standards])
    common = {
        "lead_tenant": case.tenant_id,
        "lead_project": case.id,
        "lead_name": case.name,
        "lead_owner": case.owner_name,
        "lead_desks": [[desk.role, desk.office] for desk in owner_desks(case)],
        "standards": told,
        "standards_number": len(told),
    }
    subject = {"id": str(case.ref), "name": case.name, "owner_name": case.owner_name}
    _record(call, tx, case.tenant_id, kind, ("project", case.id))
    # An event a tenant: nobody is told what others were asked, or whom.
    for tenant in sorted({row["child_tenant"] for row in asked}):
        desks = [Recipient(tenant, role) for role in ("gatekeeper", "portal")]
        theirs = [
            {
                "id": row["id"],
                "tenant": tenant,
                "task": row["task"],
                "invited_at": spelt(row["invited_at"]),
                **common,
            }
            for row in asked
            if row["child_tenant"] == tenant
        ]
        _tell(call, tx, case.tenant_id, kind, desks, subject, message, {"invitations": theirs})


async def answer(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """The invited tenant joins with its own project, which it goes on approving at home, or declines (art. 12)."""
    body: LinkAnswerIn = call.body
    row = None
    if ref.tenant == call.principal.tenant:
        row = await tx.row(INVITATION, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    answered = ServiceError(409, "already_answered", "该邀请已经答复（第十二条）", article=12)
    if row["state"] != "invited":
        raise answered
    case = await _child(call, tx, body)
    told = None if case is None else summary_of(case.name, case.owner_name, case.state, case.approved_fen)
    seq = 1 if case is None else case.version
    state = "declined" if case is None else "joined"
    tx.batch.add(
        _ANSWER, miss=answered, of_tenant=ref.tenant, of_id=ref.id, new_state=state, said=body.reason,
        project=None if case is None else case.id, by=call.principal.actor, at=call.now, told=told, seq=seq,
    )  # fmt: skip
    message = "已加入跨层级协同。" if case else f"不参与跨层级协同：{body.reason}"
    _record(call, tx, ref.tenant, "link.answered", ("link", ref.id))
    _tell(
        call,
        tx,
        ref.tenant,
        "link.answered",
        [Recipient(row["lead_tenant"], role, office) for role, office in row["lead_desks"]],
        {"id": str(Ref(row["lead_tenant"], row["lead_project"])), "name": row["lead_name"],
         "owner_name": row["lead_owner"]},
        message,
        {"link": {"tenant": row["lead_tenant"], "id": ref.id, "state": state, "seq": seq, "summary": told,
                  "child_id": None if case is None else case.id}},
    )  # fmt: skip
    return {
        **dict(row),
        "state": state,
        "project_id": None if case is None else case.id,
        "reason": body.reason,
        "answered_at": call.now,
    }


async def _child(call: Call, tx: Tx, body: LinkAnswerIn) -> Case | None:
    if not body.join:
        if body.reason is None:
            raise invalid([FieldError("/reason", "missing_field", "不参与请说明理由")])
        if body.project_id is not None:
            raise invalid([FieldError("/project_id", "not_applicable", "不参与的不填项目")])
        return None
    if body.project_id is None:
        raise invalid([FieldError("/project_id", "missing_field", "请指明本地承担的项目")])
    try:
        child = parse_ref(body.project_id)
        in_reach(call.principal, child, tx.scope)
        return await load(tx, call.principal, child, None)
    except ServiceError:
        raise invalid(
            [FieldError("/project_id", "unknown_project", "没有这个项目，或不在您的权限内")]
        ) from None


def _record(call: Call, tx: Tx, tenant: str, kind: str, what: tuple[str, str]) -> None:
    """The audit entry: links need no pen, so no case moves."""
    record(
        tx,
        tenant=tenant,
        principal=call.principal,
        action=kind,
        object_kind=what[0],
        object_id=what[1],
        summary={},
        request_id=call.trace_id,
        now=call.now,
    )


def _tell(
    call: Call,
    tx: Tx,
    tenant: str,
    kind: str,
    desks: list[Recipient],
    subject: dict[str, str],
    message: str,
    more: dict[str, Any],
) -> None:
    steps = {"gatekeeper": "请答复邀请，并指明本地承担的项目。"} if kind == "link.invited" else {}
    emit(
        tx,
        tenant=tenant,
        kind=kind,
        recipients=desks,
        snapshot={"subject": subject, "message": message, "steps": steps, **more},
        trace_id=call.trace_id,
        now=call.now,
    )
