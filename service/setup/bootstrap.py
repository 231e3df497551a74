"""`tongjian bootstrap`: the two people who manage a tenant, and the client through which only they sign in.

Whoever may manage people is a person of the tenant and comes in through one of its clients; in production nobody
is there to begin with. So the operator makes both on the server, once: an administrator and a security administrator,
each with a key of his own, since what one of them asks for the other confirms. All else is done over the API. Where one
of the two can no longer sign in, the operator runs it again for that one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import asyncpg
from sqlalchemy import Date, Text, and_, bindparam, or_, select

from service.audit.actions import OPERATOR, Operator, record
from service.identity.models import clients, offices, role_grants, users
from service.identity.queries import LOGIN, TENANT
from service.identity.rows import stands
from service.kit import clock
from service.kit.counters import next_number
from service.kit.db import Door, Row, Tx, tenant_scope
from service.kit.ids import Ref, new_id
from service.kit.roles import load_roles
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.kit.tables import insert_row, update_row
from service.settings import Settings
from service.setup.bootstrap_wish import Refused, Someone, Wish, checked, lacking_people, unlike
from service.setup.demo_mark import refuse_demo
from service.setup.seed import office_of

ROLES = ("administrator", "security_admin")
_USER, _GRANT, _CLIENT = insert_row(users), insert_row(role_grants), insert_row(clients)
O, U, C, G = offices.c, users.c, clients.c, role_grants.c  # noqa: E741 - O as in offices

_OFFICE_BY_NAME = Statement(
    select(*offices.c).where(O.tenant_id == TENANT_ID, O.name == bindparam("name", type_=Text), scope_ready())
)
_OFFICE_BY_ID = Statement(select(*offices.c).where(O.tenant_id == TENANT_ID, O.id == ROW_ID, scope_ready()))
# Who could be given a token in the role: enabled, not locked, in an office that has not ended.
_HOLDERS = Statement(
    select(U.login)
    .select_from(
        users.join(offices, and_(O.tenant_id == U.tenant_id, O.id == U.office_id)).join(
            role_grants, and_(G.tenant_id == U.tenant_id, G.user_id == U.id)
        )
    )
    .where(
        U.tenant_id == TENANT_ID,
        G.role == bindparam("role", type_=Text),
        U.disabled_at.is_(None),
        U.locked_at.is_(None),
        or_(O.valid_to.is_(None), O.valid_to > bindparam("today", type_=Date)),
        scope_ready(),
    )
)
_SIGN_IN = Statement(
    select(*clients.c)
    .where(C.tenant_id == TENANT_ID, C.sign_in.is_not(None), scope_ready())
    .with_for_update()
)
_NAME = update_row(clients, sign_in="new_sign_in", version=C.version + 1)


async def run(settings: Settings, wish: Wish) -> dict[str, Any]:
    """Makes them as the tenants' login; the answer says who may sign in through what."""
    await refuse_demo(settings)
    door = Door({"tenant": settings.tenant_url}, pool_min=1, pool_max=1)
    await door.open()
    try:
        return await bootstrap(door, wish, clock.now())
    finally:
        await door.close()


async def bootstrap(door: Door, wish: Wish, now: datetime) -> dict[str, Any]:
    """One transaction: users, grants, the client, audit entry; or Refused."""
    wish = checked(wish)
    made: dict[str, Any] = {}
    try:
        async with door.transaction(tenant_scope(wish.tenant)) as tx:
            # Two operators at once: the second waits for the counter row, and then finds who is there.
            await next_number(tx, wish.tenant, "bootstrap")
            if await tx.row(TENANT, tenant_id=wish.tenant) is None:
                raise Refused(f"there is no tenant {wish.tenant}; `tongjian seed` makes them")
            today = clock.legal_day(now)
            client, named = await _client(tx, wish)
            lacking = await _lacking(tx, wish.tenant, named, today)
            keys = dict(named)
            for role, someone in lacking_people(wish, lacking):
                made[role] = await _person(tx, wish.tenant, role, someone, now)
                keys[someone.login] = someone.jwk
            unlike(keys)
            _name(tx, wish, client, keys, now)
            ident = wish.client if client is None else client["id"]
            _audit(
                tx,
                wish.tenant,
                {"client": ident, **{r: p["user"] for r, p in made.items()}},
                now,
            )
    except asyncpg.UniqueViolationError as error:
        raise Refused(
            "this tenant already has a user of that login or a client of that id: choose others"
        ) from error
    return {"client_id": f"{wish.tenant}.{ident}", **made}


async def _client(tx: Tx, wish: Wish) -> tuple[Row | None, dict[str, dict[str, Any]]]:
    """The tenant's sign-in client with the keys of those it names, or none yet."""
    row = await tx.row(_SIGN_IN, tenant_id=wish.tenant)
    return row, {} if row is None else dict(row["sign_in"])


async def _lacking(tx: Tx, tenant: str, named: dict[str, Any], today: date) -> list[str]:
    """The roles that nobody can sign in with."""
    return [
        role
        for role in ROLES
        if not any(
            row["login"] in named
            for row in await tx.fetch(_HOLDERS, tenant_id=tenant, role=role, today=today)
        )
    ]


async def _person(tx: Tx, tenant: str, role: str, someone: Someone, now: datetime) -> dict[str, Any]:
    """The person in the role: a new user, or one who is there and holds nothing else."""
    there = await tx.row(LOGIN, tenant_id=tenant, login=someone.login)
    if there is not None:
        able = there["disabled_at"] is None and there["locked_at"] is None and set(there["roles"]) <= {role}
        if not able:
            raise Refused(f"{someone.login} is disabled, locked or holds other roles: choose another login")
        if role not in there["roles"]:
            _grant(tx, tenant, there["id"], role, now)
        return {"user": str(Ref(tenant, there["id"])), "login": someone.login, "office": there["office_name"]}
    office = await _office(tx, tenant, role, someone.office, clock.legal_day(now))
    user = new_id()
    person = {"id": user, "office_id": office["id"], "login": someone.login, "name": someone.name}
    tx.batch.add(
        _USER, tenant_id=tenant, **person, created_at=now, disabled_at=None, locked_at=None, version=1
    )
    _grant(tx, tenant, user, role, now)
    return {"user": str(Ref(tenant, user)), "login": someone.login, "office": office["name"]}


def _grant(tx: Tx, tenant: str, user: str, role: str, now: datetime) -> None:
    tx.batch.add(_GRANT, tenant_id=tenant, user_id=user, role=role, granted_by=OPERATOR, granted_at=now)


async def _office(tx: Tx, tenant: str, role: str, name: str | None, today: date) -> Row:
    """The office named, or the one that the demo's person of the role sits in."""
    seeded = office_of(tenant, role)
    if name is not None:
        found = await tx.fetch(_OFFICE_BY_NAME, tenant_id=tenant, name=name)
    else:
        found = await tx.fetch(_OFFICE_BY_ID, tenant_id=tenant, id=seeded) if seeded else []
    roles = load_roles()
    fit = [row for row in found if stands(row, today) and role in roles.grantable(row["tier"])]
    if len(fit) != 1:
        raise Refused(
            "no such office of the tenant itself stands today; name one with --office (`tongjian seed` makes them)"
        )
    return fit[0]


def _name(tx: Tx, wish: Wish, client: Row | None, keys: dict[str, Any], now: datetime) -> None:
    """Names them on the sign-in client, which vouches for nobody else and acts for nobody on its own."""
    if client is not None:
        tx.batch.add(_NAME, of_tenant=wish.tenant, of_id=client["id"], new_sign_in=keys)
        tx.told(clients, [{**client, "sign_in": keys, "version": client["version"] + 1}])
        return
    values: dict[str, Any] = {
        "tenant_id": wish.tenant,
        "id": wish.client,
        "name": "管理人员登录",
        "secrets": [],
        "public_jwk": None,
        "second_jwk": None,
        "vouch_roles": [],
        "sign_in": keys,
        "pending": None,
        "created_at": now,
        "disabled_at": None,
        "confirmed_at": now,
        "confirmed_by": OPERATOR,
        "version": 1,
    }
    tx.batch.add(_CLIENT, **values)


def _audit(tx: Tx, tenant: str, ids: dict[str, Any], now: datetime) -> None:
    """Not by a principal: nobody called the API."""
    record(
        tx,
        tenant=tenant,
        principal=Operator(tenant),
        action="tenant.bootstrap",
        object_kind="tenant",
        object_id=tenant,
        summary=ids,
        request_id=new_id(),
        now=now,
    )
