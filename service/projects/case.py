"""The case in memory: one row of `projects` with its working copy, and how it is written back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Integer, bindparam, select, update
from sqlalchemy.dialects.postgresql import JSONB

from service.kit.authn import Principal
from service.kit.call import Call
from service.kit.db import Door, Row, Scope, Tx
from service.kit.errors import not_found, or_404
from service.kit.ids import Ref, parse_ref
from service.kit.outbox import Recipient
from service.kit.preconditions import Precondition
from service.kit.statements import OF_ID, OF_TENANT, READ_VERSION, ROW_ID, TENANT_ID, Statement
from service.measures.lifecycle import WORKING as STATES_OF_WORK
from service.measures.lifecycle import Holder, State
from service.measures.lifecycle_rows import DEPARTMENT_OWNER, LOCAL_OWNER
from service.measures.offices import Tier
from service.projects import queries
from service.projects.models import CHANGING, OWNING, projects

WORKING = tuple(state.value for state in State if state in STATES_OF_WORK)


class Case(msgspec.Struct, kw_only=True):
    """All columns of a case. `content` is the working copy {name, facts, materials}; None to the province.

    `rule_changes`: how many run-time changes of the rules stood beside the row (rulebook/book.py).
    """

    tenant_id: str
    office_id: str
    id: str
    external_ref: str | None
    name: str
    owner_name: str
    tier: str
    division: str
    office_kind: str
    state: str
    holder: str
    route: str | None
    project_class: str
    kind: str
    investment_fen: int
    declared: dict[str, Any] | None
    decision: dict[str, Any] | None
    submissions: int
    month: str | None
    created_by: str
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None = None
    gatekept_at: datetime | None = None
    approved_at: datetime | None = None
    filed_at: datetime | None = None
    handed_over_at: datetime | None = None
    approved_fen: int | None = None
    filing_number: str | None = None
    version: int
    entered_at: datetime | None = None  # since when it is in its state
    dated: dict[str, Any] = {}
    origin: str = "declared"
    hands: dict[str, list[str]] = {}
    client: str | None = None
    agencies: list[str] = []
    project_codes: list[str] = []
    findings: list[dict[str, Any]] = []
    content: dict[str, Any] | None = None
    rule_changes: int | None = None
    slots: list[str] | None = (
        None  # of a text at work: which slots hold a file, and the rounds that ask for them
    )
    rounds: list[dict[str, Any]] | None = None
    ground: dict[str, Any] | None = None  # of a text that is handed in: what is known of it (grounds.py)
    told: list[Recipient] = []  # the desks that the act of this moment sends it to; not of the row
    warnings: list[Any] = []  # what the answer warns of (manning.py); not of the row
    reuse: Any = None  # what a draft just made could use instead (reuse.ReuseView); not of the row

    def enter(self, state: str, now: datetime) -> None:
        """Into another state from now on; into its own, nothing changes."""
        if state != self.state:
            self.state, self.entered_at = state, now

    @property
    def ref(self) -> Ref:
        return Ref(self.tenant_id, self.id)

    @property
    def text(self) -> dict[str, Any]:
        """The working copy while the owner works on it, else what was declared last."""
        if self.state in WORKING and self.content is not None:
            return self.content
        return self.declared or self.content or {}

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of the text, without owner and day, which every decision adds anew."""
        return {k: v for k, v in (self.text.get("facts") or {}).items() if k not in ("on", "declarant")}

    @property
    def office(self) -> dict[str, Any]:
        """The owner as the deciding code reads it."""
        return {
            "tenant_id": self.tenant_id,
            "name": self.owner_name,
            "tier": self.tier,
            "division": self.division,
            "office_kind": self.office_kind,
        }

    @property
    def stage(self) -> State:
        return State(self.state)

    @property
    def desk(self) -> Holder:
        return Holder(self.holder)

    @property
    def declarer(self) -> Tier:
        return Tier(self.tier)


def case_of(row: Row) -> Case:
    """A row of CASE or DECLARED_CASE as a Case."""
    return Case(**dict(row))


def statement_for(scope: Scope) -> Statement:
    """Which read a login may run."""
    return queries.DECLARED_CASE if scope.login == "province" else queries.CASE


def in_reach(principal: Principal, ref: Ref, scope: Scope) -> None:
    """A foreign tenant's id is answered like an absent row, before any query."""
    if scope.login != "province" and ref.tenant != principal.tenant:
        raise not_found()


async def row_seen(call: Call, statement: Statement, ref: Ref | None = None) -> Row:
    """The row that an id names (by default the path's `ref`), as its reader may see it; else 404, whyever."""
    ref = parse_ref(call.path("ref")) if ref is None else ref
    in_reach(call.principal, ref, call.scope)
    row = or_404(await call.door.row(call.scope, statement, tenant_id=ref.tenant, id=ref.id))
    return row


async def row_taken(tx: Tx, principal: Principal, statement: Statement, ref: Ref, **more: Any) -> Row:
    """The same inside of a command's transaction. `more`: what else the statement is given."""
    in_reach(principal, ref, tx.scope)
    row = or_404(await tx.row(statement, tenant_id=ref.tenant, id=ref.id, **more))
    return row


def asked_for(call: Call, refs: Sequence[str]) -> list[str]:
    """The ids of the cases that a list is asked for; 404 for another tenant's."""
    found = [parse_ref(each) for each in refs]
    for ref in found:
        in_reach(call.principal, ref, call.scope)
    return [ref.id for ref in found]


def roles_on(state: str, roles: Sequence[str], *, sees_text: bool) -> tuple[str, ...]:
    """The roles in which a caller may act: nobody is the owner of a working text that he does not see.

    A portal sees the text that was made through it; what a unit or another portal is changing it neither edits,
    submits nor withdraws, since it would do so unread.
    """
    owners = (*LOCAL_OWNER, *DEPARTMENT_OWNER) if state in WORKING and not sees_text else ()
    return tuple(role for role in roles if role not in owners)


async def seen(door: Door, principal: Principal, ref: Ref, scope: Scope) -> Case | None:
    """The case as its reader may see it, outside of any transaction; 404 when another tenant's, None when invisible."""
    in_reach(principal, ref, scope)
    row = await door.row(scope, statement_for(scope), tenant_id=ref.tenant, id=ref.id)
    return None if row is None else case_of(row)


async def load(
    tx: Tx,
    principal: Principal,
    ref: Ref,
    expected: Precondition | None,
    read: Statement | None = None,
    **more: Any,
) -> Case:
    """The optimistic read of a command: 404 when invisible, 412 when the caller's version is old.

    `read`: a statement that reads more than the case, with what else it is given.
    """
    row = await row_taken(tx, principal, read or statement_for(tx.scope), ref, **more)
    case = case_of(row)
    if expected is not None:
        expected.check(case.version)
    return case


# Taken where organs act side by side: the second waits and then reads what the first wrote.
_LOCK = Statement(
    select(projects.c.version)
    .where(
        projects.c.tenant_id == TENANT_ID,
        projects.c.id == ROW_ID,
    )
    .with_for_update()
)


async def wait_for(principal: Principal, tx: Tx, ref: Ref) -> None:
    """Holds the case for the rest of the transaction, once whoever holds it is done."""
    in_reach(principal, ref, tx.scope)
    await tx.fetch(_LOCK, tenant_id=ref.tenant, id=ref.id)


_UPDATE = Statement(
    update(projects)
    .where(
        projects.c.tenant_id == OF_TENANT,
        projects.c.id == OF_ID,
        projects.c.version == READ_VERSION,
    )
    .values(
        {name: bindparam(name, type_=projects.c[name].type) for name in CHANGING}
        # Added to, not replaced: an opinion leaves a hand without raising the version (projects/hands.py).
        | {
            "version": bindparam("new_version", type_=Integer),
            "hands": projects.c.hands.concat(bindparam("hands", type_=JSONB)),
            "entered_at": bindparam("entered_at", type_=projects.c.entered_at.type),
        }
    ),
    writes=projects,
)


def write(tx: Tx, case: Case, now: datetime) -> None:
    """Adds the guarded update of the whole row; the version goes up by one."""
    read_version = case.version
    case.version += 1
    case.updated_at = now
    values = {name: getattr(case, name) for name in (*CHANGING, "hands", "entered_at")}
    tx.batch.add(
        _UPDATE,
        of_tenant=case.tenant_id,
        of_id=case.id,
        read_version=read_version,
        new_version=case.version,
        tenant_id=case.tenant_id,  # these for the digest of the row (kit/proofs)
        id=case.id,
        version=case.version,
        **{name: getattr(case, name) for name in OWNING},
        **values,
    )
