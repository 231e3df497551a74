"""Cross-level projects (art. 12): a lead with children in other tenants, joined by events, each approved at home."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import literal_column

from service.audit.actions import audited
from service.kit.api import Call, Error
from service.kit.command import command, ref_of
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import Ref, parse_ref
from service.kit.outbox import Recipient, emitted
from service.kit.rows import columns_of, of_row
from service.kit.tables import update_row
from service.library.models import link_invitations
from service.library.queries_collaboration import INVITATION
from service.library.schemas_collaboration import (
    InvitationView,
    LinkAnswerIn,
    LinkView,
    StandardView,
)
from service.library.summaries import summary_of
from service.measures.lifecycle import ABANDONED, State
from service.projects.case import Case, in_reach, load

I = link_invitations.c  # noqa: E741
_ANSWER = update_row(
    link_invitations,
    I.state == literal_column("'invited'"),
    state="new_state",
    project_id="project",
    reason="said",
    answered_by="by",
    answered_at="at",
    summary="told",
    summary_seq="seq",
)


def link_view(row: Row) -> LinkView:
    """The lead's row as an answer."""
    child = row["child_id"]
    return of_row(
        LinkView,
        row,
        id=str(Ref(row["tenant_id"], row["id"])),
        child_project=None if child is None else str(Ref(row["child_tenant"], child)),
    )


def standard_view(row: Any) -> StandardView:
    """One version of the requirements, from a row or from an event."""
    return msgspec.convert(columns_of(row, *StandardView.__struct_fields__), StandardView)


def invitation_view(row: Any) -> InvitationView:
    """The child's row as an answer."""
    project = row["project_id"]
    return of_row(
        InvitationView,
        row,
        id=str(Ref(row["tenant_id"], row["id"])),
        lead_project=str(Ref(row["lead_tenant"], row["lead_project"])),
        standards=[standard_view(each) for each in row["standards"]],
        project_id=None if project is None else str(Ref(row["tenant_id"], project)),
    )


@command(
    "POST",
    "/link-invitations/{ref:str}/answer",
    resource="link",
    action="answer",
    summary="答复协同邀请",
    tag="links",
    body=LinkAnswerIn,
    answer=InvitationView,
    errors=(Error(409, "already_answered", "该邀请已经答复"),),
    at=ref_of,
    view=lambda _, row: invitation_view(row),
)
async def answer(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """指明本地承担的项目加入，或说明理由不参与；加入后其状态和批复金额送达牵头方。"""
    # The invited tenant joins with its own project, which it goes on approving at home, or declines (art. 12).
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
        _ANSWER,
        miss=answered,
        of_tenant=ref.tenant,
        of_id=ref.id,
        new_state=state,
        said=body.reason,
        project=None if case is None else case.id,
        by=call.principal.actor,
        at=call.now,
        told=told,
        seq=seq,
    )
    recorded(call, tx, ref.tenant, "link.answered", ("link", ref.id))
    child = None if case is None else case.id
    link = {"id": ref.id, "state": state, "seq": seq, "summary": told, "child_id": child}
    _tell_the_lead(call, tx, row, link)
    new = {"state": state, "project_id": child, "reason": body.reason, "answered_at": call.now}
    return {**dict(row), **new}


def _tell_the_lead(call: Call, tx: Tx, row: Row, link: dict[str, Any]) -> None:
    """What the invited tenant answered, with its project's summary where it joined."""
    body: LinkAnswerIn = call.body
    joined = link["child_id"] is not None
    tell(
        call,
        tx,
        row["tenant_id"],
        "link.answered",
        [Recipient(row["lead_tenant"], role, office) for role, office in row["lead_desks"]],
        {
            "id": str(Ref(row["lead_tenant"], row["lead_project"])),
            "name": row["lead_name"],
            "owner_name": row["lead_owner"],
        },
        "已加入跨层级协同。" if joined else f"不参与跨层级协同：{body.reason}",
        {"link": {"tenant": row["lead_tenant"], **link}},
    )


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
        case = await load(tx, call.principal, child, None)
    except ServiceError:
        raise invalid(
            [FieldError("/project_id", "unknown_project", "没有这个项目，或不在您的权限内")]
        ) from None
    if case.state in ABANDONED or case.state == State.RETIRED:
        detail = "项目已经撤回、终止或者退出，不再承担协同建设的内容"
        raise invalid([FieldError("/project_id", "project_ended", detail)])
    return case


def recorded(call: Call, tx: Tx, tenant: str, kind: str, what: tuple[str, str]) -> None:
    """The audit entry: links need no pen, so no case moves."""
    audited(call, tx, kind, what[1], {}, kind=what[0], tenant=tenant)


def tell(
    call: Call,
    tx: Tx,
    tenant: str,
    kind: str,
    desks: list[Recipient],
    subject: dict[str, str],
    message: str,
    more: dict[str, Any],
) -> None:
    """The event, which moves no case."""
    steps = {"gatekeeper": "请答复邀请，并指明本地承担的项目。"} if kind == "link.invited" else {}
    emitted(
        call, tx, kind, desks, {"subject": subject, "message": message, "steps": steps, **more}, tenant=tenant
    )
