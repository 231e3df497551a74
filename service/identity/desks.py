"""Manned desks: none is left empty by an ordinary act, and whoever empties one in an emergency tells it.

A desk is a role of the tenant, or, for roles that are bound to one office, the role in that office while it has cases
that have not ended. Who is at it: an enabled, unlocked person whose office stands; for the roles that manage, one who
can sign in. Which roles there are is told by roles.yaml. Acts that take somebody from a desk are ordered by one row,
so that two administrators who remove each other at once leave one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, Text, and_, any_, bindparam, column, exists, literal_column, or_, select, table
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from service.identity.models import clients, offices, role_grants, users
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.counters import next_number
from service.kit.db import Door, Tx, tenant_scope
from service.kit.outbox import Recipient, emitted
from service.kit.roles import Roles
from service.kit.scopes import OFFICE_BOUND
from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.measures.lifecycle import TERMINAL, values
from service.province import CODE

PROVINCE = CODE
KEPT_SECONDS = 15.0
U, O, G, C = users.c, offices.c, role_grants.c, clients.c  # noqa: E741 - O as in offices
_roles = bindparam("roles", type_=ARRAY(Text))
_leaving = bindparam("leaving", type_=ARRAY(UUID(as_uuid=False)))
_offices = bindparam("offices", type_=ARRAY(UUID(as_uuid=False)))
_day = bindparam("day", type_=Date)
_HOLDERS = (
    select(G.role, U.id, U.login, U.office_id)
    .select_from(
        role_grants.join(users, and_(U.tenant_id == G.tenant_id, U.id == G.user_id)).join(
            offices, and_(O.tenant_id == U.tenant_id, O.id == U.office_id)
        )
    )
    .where(
        G.tenant_id == TENANT_ID,
        G.role == any_(_roles),
        U.disabled_at.is_(None),
        U.locked_at.is_(None),
        O.valid_from <= _day,
        or_(O.valid_to.is_(None), _day < O.valid_to),
    )
)
# Who else is at these desks on the day.
OTHERS = Statement(_HOLDERS.where(~(U.id == any_(_leaving)), scope_ready()))
_MANNED = Statement(
    select(literal_column("DISTINCT role")).select_from(_HOLDERS.where(scope_ready()).subquery("holders"))
)
# The clients through which people who manage sign in.
_SIGN_IN = Statement(
    select(C.id, C.sign_in).where(
        C.tenant_id == TENANT_ID, C.sign_in.is_not(None), C.disabled_at.is_(None), scope_ready()
    )
)
# Only whether an office has cases that go on: administrators see nothing of them.
_projects = table("projects", *(column(name) for name in ("tenant_id", "office_id", "state", "holder")))
_BUSY = Statement(
    select(O.id).where(
        O.tenant_id == TENANT_ID,
        O.id == any_(_offices),
        exists(
            select(literal_column("1"))
            .select_from(_projects)
            .where(
                _projects.c.tenant_id == O.tenant_id,
                _projects.c.office_id == O.id,
                *(_projects.c.state != literal_column(f"'{state}'") for state in values(TERMINAL)),
            )
        ),
        scope_ready(),
    )
)


# The offices whose cases lie with the tenant's desks now.
_WAITING = Statement(
    select(O.id)
    .where(
        O.tenant_id == TENANT_ID,
        exists(
            select(literal_column("1"))
            .select_from(_projects)
            .where(
                _projects.c.tenant_id == O.tenant_id,
                _projects.c.office_id == O.id,
                _projects.c.holder == bindparam("holder", type_=Text),
                *(_projects.c.state != literal_column(f"'{state}'") for state in values(TERMINAL)),
            )
        ),
        scope_ready(),
    )
    .order_by(O.id)
)


class Desk(NamedTuple):
    """A role of the tenant; `office` for a role bound to one."""

    role: str
    office: str | None = None

    def named(self, rules: Roles) -> str:
        """Its Chinese name."""
        return next((name for (_, role), name in rules.names.items() if role == self.role), self.role)


class Leaving(NamedTuple):
    """Somebody who leaves desks: the person's row (identity/queries USER) and the roles that go."""

    person: Mapping[str, Any]
    roles: tuple[str, ...]
    from_office: bool = False  # the office ends with its own desk: its cases are another matter


async def in_turn(tx: Tx, tenant: str) -> None:
    """Waits for whoever takes somebody from a desk of this tenant just now; ask before reading what they change."""
    await next_number(tx, tenant, "desks")


async def emptied(call: Call, tx: Tx, leaving: Iterable[Leaving], day: date | None = None) -> list[Desk]:
    """The desks that nobody is at any more once these have left (`day`: on that day, default today)."""
    people = [
        each for each in leaving if each.person["disabled_at"] is None and each.person["locked_at"] is None
    ]
    desks = {
        Desk(role, str(each.person["office_id"]) if role in OFFICE_BOUND else None)
        for each in people
        for role in each.roles
        if not (each.from_office and role in OFFICE_BOUND)
    }
    if not desks:
        return []
    tenant, rules = call.principal.tenant, call.services.policy.roles
    tx.on_commit.append(lambda: call.service(Manned).forget(tenant))
    gone = [str(each.person["id"]) for each in people]
    roles = sorted({desk.role for desk in desks})
    others = await tx.fetch(
        OTHERS, tenant_id=tenant, roles=roles, leaving=gone, day=day or legal_day(call.now)
    )
    named = await signing_in(tx, tenant)
    manned = {
        Desk(row["role"], str(row["office_id"]) if row["role"] in OFFICE_BOUND else None)
        for row in others
        if row["role"] not in rules.alone or named is None or row["login"] in named
    }
    left = desks - manned
    bound = sorted({desk.office for desk in left if desk.office is not None})
    busy = {row["id"] for row in await tx.fetch(_BUSY, tenant_id=tenant, offices=bound)} if bound else set()
    return sorted(desk for desk in left if desk.office is None or desk.office in busy)


async def signing_in(tx: Tx, tenant: str) -> frozenset[str] | None:
    """The logins named for signing in; None in a tenant without such a client (development)."""
    rows = await tx.fetch(_SIGN_IN, tenant_id=tenant)
    return frozenset(login for row in rows for login in row["sign_in"]) if rows else None


async def tell_emptied(call: Call, tx: Tx, desks: Iterable[Desk], why: str) -> None:
    """Told of a desk nobody is at: administrator, the owners whose cases lie with the tenant's desks, the province."""
    tenant, rules = call.principal.tenant, call.services.policy.roles
    holder, owner = ("province", "department") if tenant == PROVINCE else ("city", "unit")
    waiting = await tx.fetch(_WAITING, tenant_id=tenant, holder=holder)
    everybody = [
        Recipient(tenant, "administrator"),
        *(Recipient(tenant, owner, str(row["id"])) for row in waiting),
        *([] if tenant == PROVINCE else [Recipient(tenant, "portal")]),
        Recipient(PROVINCE, "office"),
    ]
    for desk in desks:
        name = desk.named(rules)
        emitted(
            call,
            tx,
            "desk.emptied",
            everybody,
            {
                "subject": {"id": desk.role, "name": name, "owner_name": "岗位"},
                "desk": {"tenant": tenant, "role": desk.role, "name": name, "office_id": desk.office},
                "message": f"该岗位现在无人在岗。{why}提交到这个岗位的事项暂时无人办理。",
                "steps": {"administrator": "请尽快授予他人该角色。"},
                "actor": call.principal.actor,
            },
            tenant=tenant,
        )


class Manned:
    """On the shelf: of which tenants somebody was at every desk a moment ago, so that not each case asks anew.

    What was found empty is asked again each time. Whoever leaves a desk through this process is known at once; through
    another one, after KEPT_SECONDS: as if he had left that much later, and whom it concerns was told when he left.
    """

    def __init__(self) -> None:
        self._until: dict[tuple[str, date], float] = {}

    async def without(self, door: Door, tenant: str, roles: Iterable[str], day: date) -> list[str]:
        """Those of the tenant's roles, always the same ones, that nobody is at; asked before BEGIN: offices see no
        grants.
        """
        now = asyncio.get_running_loop().time()
        if self._until.get((tenant, day), 0.0) > now:
            return []
        wanted = sorted(set(roles))
        rows = await door.fetch(tenant_scope(tenant), _MANNED, tenant_id=tenant, roles=wanted, day=day)
        manned = {row["role"] for row in rows}
        empty = [role for role in wanted if role not in manned]
        if not empty:
            self._until = {key: until for key, until in self._until.items() if until > now}
            self._until[tenant, day] = now + KEPT_SECONDS
        return empty

    def forget(self, tenant: str) -> None:
        """Somebody has left a desk of this tenant."""
        self._until = {key: until for key, until in self._until.items() if key[0] != tenant}
