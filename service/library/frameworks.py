"""Frameworks of jointly built projects (art. 12): one text, signed by all, then agreed."""

from __future__ import annotations

from typing import Any

from service.audit.actions import audited
from service.kit.api import Answer, Call
from service.kit.command import command, ref_of
from service.kit.db import Row, Tx
from service.kit.errors import Error, ServiceError, not_found, or_404
from service.kit.ids import Ref
from service.kit.outbox import Recipient, emitted
from service.kit.rows import of_row
from service.kit.tables import insert_row
from service.library.models import framework_signatures
from service.library.parties import (
    CENTRE,
    centre_desk,
    centre_name,
    desks,
    party_names,
)
from service.library.queries_collaboration import FRAMEWORK, SIGNATURES
from service.library.schemas_collaboration import (
    FrameworkView,
    PartyView,
    SignIn,
)
from service.measures import side_acts
from service.measures.lifecycle import Action
from service.projects.api import REFUSED
from service.projects.case import in_reach, load
from service.projects.operations import does
from service.projects.state import actor_of, permit

CHANGED = Error(409, "framework_changed", "框架方案已改动，附现行稿次")

_SIGN = insert_row(framework_signatures)


def framework_view(row: Any, signatures: list[Row]) -> FrameworkView:
    """A framework with who has signed its present text."""
    signed = {each["party"]: each for each in signatures if each["edition"] == row["edition"]}
    names, parties = party_names(row), []
    for party in (CENTRE, *row["parties"]):
        found = signed.get(party)
        by, at = (found["signed_by"], found["signed_at"]) if found else (None, None)
        parties.append(PartyView(party, names[party], by, at))
    return of_row(
        FrameworkView,
        row,
        id=str(Ref(row["tenant_id"], row["id"])),
        project_id=str(Ref(row["tenant_id"], row["project_id"])),
        parties=parties,
        complete=all(each.signed_at for each in parties),
    )


async def framework_of(tx: Tx, ref: Ref) -> dict[str, Any]:
    """The framework of a case, or 404."""
    row = or_404(await tx.row(FRAMEWORK, tenant_id=ref.tenant, project_id=ref.id))
    return dict(row)


def _signed(call: Call, done: Any) -> Answer:
    row, signed = done
    return Answer(framework_view(row, signed), version=row["version"])


@does(side_acts.SIGN_FRAMEWORK)
@command(
    "POST",
    "/projects/{ref:str}/framework/sign",
    resource="framework",
    action="sign",
    summary="会签框架方案",
    tag="frameworks",
    where="cases",
    body=SignIn,
    answer=FrameworkView,
    errors=(REFUSED, CHANGED, Error(409, "already_signed", "已会签该稿")),
    conflict=Error(409, "already_signed", "已会签该稿"),
    at=ref_of,
    view=_signed,
)
async def sign(call: Call, tx: Tx, ref: Ref) -> tuple[dict[str, Any], list[Row]]:
    """项目单位、各参建部门和主持的信息中心各自会签现行稿。"""
    # A party signs the present text, for its own office only.
    body: SignIn = call.body
    in_reach(call.principal, ref, tx.scope)
    row = await framework_of(tx, ref)
    party = call.principal.office or CENTRE
    if party not in (CENTRE, *row["parties"]):
        raise not_found()
    if party == CENTRE:  # of the tier that decides the case, and while it lies there
        permit(await load(tx, call.principal, ref, None), Action.AGREE_FRAMEWORK, actor_of(call))
    same_text(row, body.edition)
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
    tell(call, tx, row, "framework.signed", message, [centre_desk(row)])
    return row, [*signatures, signature]


def same_text(row: dict[str, Any], edition: int) -> None:
    """409 where the caller read an earlier text."""
    if edition != row["edition"]:
        detail = f"框架方案现为第 {row['edition']} 稿，请重新阅读后再办理（第十二条）"
        raise ServiceError(409, "framework_changed", detail, article=12, edition=row["edition"])


def tell(
    call: Call, tx: Tx, row: dict[str, Any], kind: str, message: str, to: list[Recipient] | None = None
) -> None:
    """Audit and event of what needs no pen."""
    tenant = row["tenant_id"]
    audited(call, tx, kind, row["id"], {"edition": row["edition"]}, kind="framework", tenant=tenant)
    emitted(
        call,
        tx,
        kind,
        desks(row) if to is None else to,
        {
            "subject": {
                "id": str(Ref(tenant, row["project_id"])),
                "name": row["project_name"],
                "owner_name": centre_name(row),
            },
            "message": message,
            "steps": dict.fromkeys(("department", "unit"), "请会签框架方案（第十二条）。"),
        },
        tenant=tenant,
    )
