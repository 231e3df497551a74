"""What a lead does for its children in other tenants (art. 12): invites, sets the requirements."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from service.kit.api import Answer, Call
from service.kit.db import Tx
from service.kit.errors import Error, FieldError, ServiceError, invalid
from service.kit.ids import stable_id
from service.kit.outbox import Recipient
from service.kit.tables import insert_row
from service.kit.wire import spelt
from service.library.links import link_view, recorded, standard_view, tell
from service.library.models import link_standards, links
from service.library.queries import TENANTS
from service.library.queries_collaboration import LINKS, STANDARDS
from service.library.schemas_collaboration import (
    InviteIn,
    LinkView,
    StandardIn,
    StandardView,
)
from service.measures import side_acts as beside
from service.measures.lifecycle import TERMINAL, UNDECLARED
from service.projects.case import Case
from service.projects.deeds import Desk, deed
from service.projects.phases import not_after, owner_desks

_INVITE, _STANDARD = insert_row(links), insert_row(link_standards)
UNDECLARED_LEAD = Error(409, "lead_not_declared", "牵头项目尚未报出")
ENDED = Error(409, "case_closed", "项目已结束")
INVITED = Error(409, "already_invited", "已就同一任务邀请该地方")


def _lead(desk: Desk) -> None:
    """The lead's own declared case: nobody is invited to a draft (art. 12, law.md, trap 13)."""
    case = desk.case
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


# What a lead declares for its children, whose organs decide for themselves: no row of the table is asked.
_leading = partial(deed, may="link/lead", tag="links", where="own", status=201, gated=None, first=_lead)


@_leading(
    "links",
    beside.INVITE,
    body=InviteIn,
    summary="邀请参与跨层级协同",
    answer=LinkView,
    reply=lambda desk: Answer(link_view(desk.left)),
    errors=(UNDECLARED_LEAD, ENDED, INVITED),
    conflict=INVITED,
)
async def invite(desk: Desk) -> None:
    """由牵头项目邀请另一个地方；对方以自己的项目加入，自行审批（第十二条）。"""
    body: InviteIn = desk.body
    call, tx, case = desk.call, desk.tx, desk.case
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
    desk.left = row


@_leading(
    "links/standards",
    beside.SET_STANDARD,
    body=StandardIn,
    summary="发布总体要求和标准规范",
    answer=StandardView,
    reply=lambda desk: Answer(standard_view(desk.left)),
    errors=(UNDECLARED_LEAD, ENDED),
    conflict=Error(409, "standard_conflict", "刚有另一版发布，请重新读取"),
)
async def set_standard(desk: Desk) -> None:
    """逐版保留，送达各子项目所在地方。"""
    body: StandardIn = desk.body
    call, tx, case = desk.call, desk.tx, desk.case
    not_after(body.on, desk.today, "/on", "发布日期", article=12)
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
    desk.left = row


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
    recorded(call, tx, case.tenant_id, kind, ("project", case.id))
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
        tell(call, tx, case.tenant_id, kind, desks, subject, message, {"invitations": theirs})
