"""What a purge leaves behind: a closed case whose totals still sum, a step, an audit entry, and word to its desks.

No desk has a step for this, so it is no row of the lifecycle table: two people of security decided it (art. 14).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Text, bindparam, update

from service.audit.actions import record
from service.kit.authn import Principal
from service.kit.db import Row, Tx
from service.kit.ids import Ref, new_id
from service.kit.outbox import Recipient, emit
from service.kit.statements import OF_ID, OF_TENANT, READ_VERSION, Statement
from service.kit.tables import insert_row
from service.measures.lifecycle import TERMINAL, UNDECLARED, State
from service.portfolio.queries import CLOSING
from service.projects.models import projects, transitions
from service.projects.state import count
from service.projects.submission import PROVINCE

_TRANSITION = insert_row(transitions)
_CLOSE = Statement(
    update(projects)
    .where(
        projects.c.tenant_id == OF_TENANT,
        projects.c.id == OF_ID,
        projects.c.version == READ_VERSION,
    )
    .values(
        state=bindparam("to_state", type_=Text),
        holder=bindparam("to_holder", type_=Text),
        updated_at=bindparam("at", type_=DateTime(timezone=True)),
        version=projects.c.version + 1,
    )
)
ARTICLE = 14
_NAME = "system:purge"  # nobody's: registered clients have no colon in theirs
_BACK = "请按保密规定在原渠道办理，不要再次填报。"
_COPIES = "请同时清除导出或打印的相应内容。"


def _itself(tenant: str, now: datetime) -> Principal:
    """The worker, which nobody signs in as."""
    return Principal(
        tenant=tenant,
        tier="province",
        user=None,
        login=None,
        client=_NAME,
        office=None,
        roles=("security_admin",),
        expires=now.timestamp(),
        token_id=_NAME,
        issued=now.timestamp(),
    )


async def close(tx: Tx, spill: Row, now: datetime) -> None:
    """Adds it all to the transaction. A spill of one file alone leaves the case as it stands, but tells."""
    case = await tx.row(CLOSING, tenant_id=spill["tenant_id"], project_id=spill["project_id"])
    if case is None:
        raise LookupError("a spill without its case")
    actor = _itself(case["tenant_id"], now)
    trace = f"spill:{spill['id']}"
    whole = spill["document_id"] is None
    if whole:
        _withdraw(tx, case, spill, actor, now)
    record(
        tx,
        tenant=case["tenant_id"],
        principal=actor,
        action="spill.purge",
        object_kind="spill",
        object_id=str(spill["id"]),
        request_id=trace,
        now=now,
        case=str(case["id"]),
        summary={
            "project": str(case["id"]),
            "document": spill["document_id"],
            "version": case["version"] + whole,
        },
    )
    emit(
        tx,
        tenant=case["tenant_id"],
        kind="spill.purged",
        recipients=_desks(case),
        trace_id=trace,
        now=now,
        snapshot=_snapshot(case, spill, "withdrawn" if whole else case["state"]),
    )


def _withdraw(tx: Tx, case: Row, spill: Row, actor: Principal, now: datetime) -> None:
    """The case ends where it stands; what had ended before stays as it ended."""
    ended = State(case["state"]) in TERMINAL
    state = case["state"] if ended else State.WITHDRAWN.value
    place = {"tenant_id": case["tenant_id"], "office_id": case["office_id"], "project_id": case["id"]}
    tx.batch.add(
        _CLOSE,
        of_tenant=case["tenant_id"],
        of_id=case["id"],
        read_version=case["version"],
        to_state=state,
        to_holder="owner",
        at=now,
    )
    tx.batch.add(
        _TRANSITION,
        **place,
        id=new_id(),
        action="purge",
        from_state=case["state"],
        to_state=state,
        actor=actor.actor,
        actor_tenant=actor.tenant,
        client=actor.client,
        reason=None,
        citation={"articles": [ARTICLE]},
        details={"purged": str(spill["id"])},
        at=now,
    )
    if ended or case["route"] is None or case["month"] is None:
        return
    amount = case["investment_fen"] if case["approved_fen"] is None else case["approved_fen"]
    for sign, cell in ((-1, case["state"]), (1, state)):
        count(tx, case["tenant_id"], (case["route"], cell, case["month"], amount), sign, now)


def _desks(case: Row) -> list[Recipient]:
    """Owner, gatekeeper and, where the case had left its city, the office; security on both sides (art. 14)."""
    tenant, office = case["tenant_id"], case["office_id"]
    if tenant == PROVINCE:
        return [Recipient(tenant, "department", office), Recipient(tenant, "office"), *_guards(tenant)]
    known = case["origin"] == "imported" or (case["state"] not in UNDECLARED and case["submissions"] > 0)
    return [
        Recipient(tenant, "unit", office),
        Recipient(tenant, "portal"),
        Recipient(tenant, "gatekeeper"),
        *_guards(tenant),
        *([Recipient(PROVINCE, "office"), *_guards(PROVINCE)] if known else []),
    ]


def _guards(tenant: str) -> list[Recipient]:
    return [Recipient(tenant, "security_admin"), Recipient(tenant, "secrecy")]


def _snapshot(case: Row, spill: Row, state: str) -> dict[str, Any]:
    """Ids and whose it was; not a word of what it said."""
    what = "项目全部文字和附件" if spill["document_id"] is None else "一个附件"
    tenant = case["tenant_id"]
    return {
        "project": {
            "id": str(Ref(tenant, case["id"])), "tenant": tenant, "name": "（已清除）", "state": state,
            "owner_name": case["owner_name"], "owner_office_id": case["office_id"], "articles": [ARTICLE],
        },
        "spill": {"id": str(Ref(tenant, spill["id"])), "document": spill["document_id"]},
        "message": f"误入的涉密内容已经清除：{what}不再保存，只留编号、日期和摘要。",
        "steps": {
            "unit": _BACK, "department": _BACK, "gatekeeper": _COPIES, "office": _COPIES,
            "portal": "请同时清除本门户保存的相应内容。",
        },
    }  # fmt: skip
