"""Subscribers of cross-level links: invitations and standards reach the child, answers and summaries the lead.

Every copy is made from the event alone and guarded by a number, so that a repeated or late event changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Text, bindparam, literal_column, update
from sqlalchemy.dialects.postgresql import insert as upsert

from service.event_kinds import KINDS
from service.kit import clock
from service.kit.db import Tx
from service.kit.ids import Ref, stable_id
from service.kit.money import yuan_or_none
from service.kit.outbox import Event, Recipient, emit
from service.kit.relay import Subscriber
from service.kit.rows import columns_of
from service.kit.statements import OF_ID, OF_TENANT, Statement
from service.library.models import link_invitations, links
from service.library.queries_collaboration import JOINED
from service.measures.lifecycle import STATE_NAMES, UNDECLARED, State

I, L = link_invitations.c, links.c  # noqa: E741
_values = {column.name: bindparam(column.name, type_=column.type) for column in link_invitations.columns}
_made = upsert(link_invitations).values(_values)
_COPY = Statement(
    _made.on_conflict_do_update(
        index_elements=["tenant_id", "id"],
        set_={
            name: _made.excluded[name]
            for name in ("lead_name", "lead_owner", "standards", "standards_number")
        },
        where=I.standards_number < _made.excluded.standards_number,
    )
)
_TOLD = Statement(
    update(link_invitations)
    .where(
        I.tenant_id == OF_TENANT,
        I.id == OF_ID,
        I.summary_seq < bindparam("seq", type_=Integer),
    )
    .values(summary=bindparam("told", type_=I.summary.type), summary_seq=bindparam("seq", type_=Integer))
    .returning(I.id)
)
_HEARD = Statement(
    update(links)
    .where(
        L.tenant_id == OF_TENANT,
        L.id == OF_ID,
        L.seq < bindparam("seq", type_=Integer),
    )
    .values(
        state=bindparam("new_state", type_=Text),
        child_id=bindparam("child", type_=L.child_id.type),
        summary=bindparam("told", type_=L.summary.type),
        seq=bindparam("seq", type_=Integer),
        updated_at=bindparam("at", type_=L.updated_at.type),
    )
    .returning(literal_column("1"))
)


def summary_of(name: str, owner: str, state: str, approved_fen: int | None) -> dict[str, Any]:
    """What a child tells its lead: while it is not declared, only that it is being prepared (law.md, trap 13)."""
    hidden = state in UNDECLARED
    return {
        "name": name,
        "owner_name": owner,
        "state": "preparing" if hidden else state,
        "state_name": "准备中" if hidden else STATE_NAMES[State(state)],
        "approved_amount_yuan": None if hidden else yuan_or_none(approved_fen),
    }


async def _invite(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """The invited tenant's copy of the invitation, with the lead's standards as of the event."""
    for event in events:
        for told in event.snapshot["invitations"]:
            if told["tenant"] != tenant:
                continue
            same = (
                "lead_tenant",
                "lead_project",
                "lead_name",
                "lead_owner",
                "lead_desks",
                "task",
                "standards",
                "standards_number",
            )
            await tx.fetch(
                _COPY,
                tenant_id=tenant,
                id=told["id"],
                state="invited",
                project_id=None,
                reason=None,
                answered_by=None,
                answered_at=None,
                summary=None,
                summary_seq=0,
                invited_at=datetime.fromisoformat(told["invited_at"]),
                **columns_of(told, *same),
            )


async def _hear(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """The lead's row: the answer, and afterwards what the child's project tells of itself."""
    for event in events:
        link = event.snapshot["link"]
        await tx.fetch(
            _HEARD,
            of_tenant=tenant,
            of_id=link["id"],
            seq=link["seq"],
            new_state=link["state"],
            child=link["child_id"],
            told=link["summary"],
            at=event.created_at,
        )


def _moved(event: Event) -> dict[str, Any] | None:
    """The project of an event that tells a state, or None."""
    project = event.snapshot.get("project") or {}
    return project if "state" in project and "version" in project else None


async def _tell(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """A joined project moved: its tenant publishes the summary, once per change, as an event of its own."""
    moved = [(event, project) for event in events if (project := _moved(event)) is not None]
    ids = sorted({project["id"].partition("-")[2] for _, project in moved})
    rows = await tx.fetch(JOINED, tenant_id=tenant, ids=ids)
    known = {row["id"]: row["summary"] for row in rows}
    for event, project in moved:
        hidden = project["state"] in UNDECLARED
        told = {
            **summary_of(project["name"], project["owner_name"], project["state"], None),
            "approved_amount_yuan": None if hidden else project["approved_amount_yuan"],
        }
        for row in rows:
            if str(Ref(tenant, row["project_id"])) != project["id"] or known[row["id"]] == told:
                continue
            seq = project["version"]
            if await tx.fetch(_TOLD, of_tenant=tenant, of_id=row["id"], seq=seq, told=told):
                known[row["id"]] = told
                await _publish(tx, tenant, event, row, told, seq)


async def _publish(tx: Tx, tenant: str, event: Event, row: Any, told: dict[str, Any], seq: int) -> None:
    lead = row["lead_tenant"]
    amount = told["approved_amount_yuan"]
    message = f"子项目“{told['name']}”（{told['owner_name']}）现为“{told['state_name']}”。"
    emit(
        tx,
        tenant=tenant,
        once=stable_id("link_summary", event.id, row["id"]),
        kind="link.summary_changed",
        recipients=[Recipient(lead, role, office) for role, office in row["lead_desks"]],
        snapshot={
            "subject": {
                "id": str(Ref(lead, row["lead_project"])),
                "name": row["lead_name"],
                "owner_name": row["lead_owner"],
            },
            "message": message + (f"批复金额 {amount} 元。" if amount else ""),
            "link": {
                "tenant": lead,
                "id": row["id"],
                "state": "joined",
                "seq": seq,
                "summary": told,
                "child_id": row["project_id"],
            },
        },
        trace_id=event.trace_id,
        now=clock.now(),
    )


def _own(event: Event) -> set[str]:
    return set() if _moved(event) is None else {event.tenant}


_FEEDS = ("link.answered", "link.summary_changed")
SUBSCRIBERS = [
    (
        Subscriber(
            "link_invite", lambda event: {each["tenant"] for each in event.snapshot["invitations"]}, _invite
        ),
        ("link.invited", "link.standards_set"),
    ),
    (Subscriber("link_hear", lambda event: {event.snapshot["link"]["tenant"]}, _hear), _FEEDS),
    (
        Subscriber("link_tell", _own, _tell),
        tuple(kind for kind in KINDS if not kind.startswith(("link.", "app."))),
    ),
]
