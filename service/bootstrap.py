"""`tongjian bootstrap`: a tenant's first administrator and the client that vouches for it.

Whoever may manage people is a person of the tenant and comes in through one of its clients; in production nobody
is there to begin with. So the operator makes both on the server, once; everything else is done over the API.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import msgspec
from sqlalchemy import Date, Text, Uuid, and_, bindparam, literal_column, or_, select

from service.audit.actions import entry_digest
from service.audit.models import audit_entries
from service.characters.cleaning import Unclean, cleaned
from service.demo_mark import refuse_demo
from service.identity import secrets
from service.identity.actions_offices import stands
from service.identity.models import clients, offices, role_grants, users
from service.identity.queries import TENANT
from service.identity.schemas import ClientId, Login, Name
from service.kit import clock
from service.kit.authz import load_roles
from service.kit.counters import next_number
from service.kit.db import Door, Row, Statement, Tx, scope_ready, tenant_scope
from service.kit.ids import Ref, new_id
from service.kit.keys import public_key
from service.kit.tables import insert_row
from service.seed import administrator_office
from service.settings import Settings

ROLE = "administrator"
OPERATOR = "operator"
_PUBLIC = ("kty", "crv", "x", "y", "kid", "alg", "use")
_USER, _GRANT, _CLIENT = insert_row(users), insert_row(role_grants), insert_row(clients)
_AUDIT = insert_row(audit_entries)
O, U, C, G = offices.c, users.c, clients.c, role_grants.c  # noqa: E741 - O as in offices
_tenant = bindparam("tenant_id", type_=Text)

_OFFICE_BY_NAME = Statement(
    select(*offices.c).where(O.tenant_id == _tenant, O.name == bindparam("name", type_=Text), scope_ready())
)
_OFFICE_BY_ID = Statement(
    select(*offices.c).where(
        O.tenant_id == _tenant, O.id == bindparam("id", type_=Uuid(as_uuid=False)), scope_ready()
    )
)
# Somebody who can still be given a token: enabled, in an office that has not ended.
_ADMINISTRATORS = Statement(
    select(U.login)
    .select_from(
        users.join(offices, and_(O.tenant_id == U.tenant_id, O.id == U.office_id)).join(
            role_grants, and_(G.tenant_id == U.tenant_id, G.user_id == U.id)
        )
    )
    .where(
        U.tenant_id == _tenant,
        G.role == bindparam("role", type_=Text),
        U.disabled_at.is_(None),
        or_(O.valid_to.is_(None), O.valid_to > bindparam("today", type_=Date)),
        scope_ready(),
    )
    .limit(literal_column("1"))
)
_VOUCHING = Statement(
    select(C.id)
    .where(C.tenant_id == _tenant, C.disabled_at.is_(None), C.public_jwk.is_not(None), scope_ready())
    .order_by(C.id)
    .limit(literal_column("1"))
)


class Refused(ValueError):
    """Why nothing was made; for the operator."""


class Wish(NamedTuple):
    """What the operator asked for. Without `office`: the seeded one; without `jwk`: no new client."""

    tenant: str
    login: str
    name: str
    office: str | None = None
    client: str = "portal"
    jwk: dict[str, Any] | None = None


async def run(settings: Settings, wish: Wish) -> dict[str, Any]:
    """Makes them as the tenants' login; the answer is all that will ever be told of the secret."""
    await refuse_demo(settings)
    door = Door({"tenant": settings.tenant_url}, pool_min=1, pool_max=1)
    await door.open()
    try:
        return await bootstrap(door, wish, clock.now())
    finally:
        await door.close()


def read_jwk(file: Path) -> dict[str, Any]:
    """The file's JWK; its content never gets into a message, since it may be the wrong one."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except msgspec.MsgspecError:
        raise Refused(f"{file} is not one JWK, a JSON object") from None


async def bootstrap(door: Door, wish: Wish, now: datetime) -> dict[str, Any]:
    """One transaction: user, grant, client, audit entry; or Refused."""
    jwk = _checked(wish)
    try:
        async with door.transaction(tenant_scope(wish.tenant)) as tx:
            # Two operators at once: the second waits for the counter row, and then finds an administrator.
            await next_number(tx, wish.tenant, "bootstrap")
            tenant = await tx.row(TENANT, tenant_id=wish.tenant)
            if tenant is None:
                raise Refused(f"there is no tenant {wish.tenant}; `tongjian seed` makes them")
            today = clock.legal_day(now)
            if await tx.fetch(_ADMINISTRATORS, tenant_id=wish.tenant, role=ROLE, today=today):
                raise Refused("the tenant has an administrator: the rest is done over the API")
            office = await _office(tx, wish, today)
            user = _add_user(tx, wish, office, now)
            client, secret = await _client(tx, wish, tenant, jwk, now)
            _audit(
                tx, wish.tenant, {"user": user, "office": office["id"], "role": ROLE, "client": client}, now
            )
    except asyncpg.UniqueViolationError as error:
        raise Refused(
            "this tenant already has a user of that login or a client of that id: choose others"
        ) from error
    made = {"user": str(Ref(wish.tenant, user)), "login": wish.login, "office": office["name"]}
    told = made | {"client_id": f"{wish.tenant}.{client}"}
    return told if secret is None else told | {"client_secret": secret}


def _checked(wish: Wish) -> dict[str, Any] | None:
    """The public members of the key; Refused for what the API would not take either."""
    for what, value, kind in (
        ("login", wish.login, Login),
        ("name", wish.name, Name),
        ("client id", wish.client, ClientId),
    ):
        try:
            if cleaned(value) != value:
                raise Refused(f"the {what} has characters that nobody sees, or is not NFC")
            msgspec.convert(value, kind)
        except Unclean as unclean:
            raise Refused(f"the {what} has a character that no text may hold: {unclean}") from None
        except msgspec.ValidationError as error:
            raise Refused(f"the {what} is malformed: {error}") from None
    if not (wish.tenant.isascii() and wish.tenant.isalnum() and 2 <= len(wish.tenant) <= 16):
        raise Refused("a tenant is a code such as 360100")
    if wish.jwk is None:
        return None
    if "d" in wish.jwk:  # the one private member of the kinds of key that are taken
        raise Refused("that is a private key: it stays with its owner; give the public half")
    try:
        public_key(wish.jwk)
    except ValueError as error:
        raise Refused(f"the public key cannot be used: {error}") from None
    return {name: wish.jwk[name] for name in _PUBLIC if isinstance(wish.jwk.get(name), str)}


async def _office(tx: Tx, wish: Wish, today: date) -> Row:
    """The office named, or the one that the demo's administrator sits in."""
    seeded = administrator_office(wish.tenant)
    if wish.office is not None:
        found = await tx.fetch(_OFFICE_BY_NAME, tenant_id=wish.tenant, name=wish.office)
    else:
        found = await tx.fetch(_OFFICE_BY_ID, tenant_id=wish.tenant, id=seeded) if seeded else []
    roles = load_roles()
    fit = [row for row in found if stands(row, today) and ROLE in roles.grantable(row["tier"])]
    if len(fit) != 1:
        raise Refused(
            "no such office of the tenant itself stands today; name one with --office (`tongjian seed` makes them)"
        )
    return fit[0]


def _add_user(tx: Tx, wish: Wish, office: Row, now: datetime) -> str:
    user = new_id()
    person: dict[str, Any] = {"id": user, "office_id": office["id"], "login": wish.login, "name": wish.name}
    tx.batch.add(_USER, tenant_id=wish.tenant, **person, created_at=now, disabled_at=None, version=1)
    grant: dict[str, Any] = {"user_id": user, "role": ROLE, "granted_by": OPERATOR, "granted_at": now}
    tx.batch.add(_GRANT, tenant_id=wish.tenant, **grant)
    return user


async def _client(
    tx: Tx, wish: Wish, tenant: Row, jwk: dict[str, Any] | None, now: datetime
) -> tuple[str, str | None]:
    """The client that can vouch for the administrator: a new one with its key, or one that is there."""
    if jwk is None:
        row = await tx.row(_VOUCHING, tenant_id=wish.tenant)
        if row is None:
            raise Refused(
                "no client could vouch for the administrator: give the public key with --public-jwk"
            )
        return str(row["id"]), None
    roles = load_roles()
    # A client acts for itself where its role exists; elsewhere a secret would open nothing.
    itself = any((tenant["tier"], role) in roles.names for role in roles.clients)
    secret = secrets.new_secret() if itself else None
    values: dict[str, Any] = {
        "tenant_id": wish.tenant,
        "id": wish.client,
        "name": f"{tenant['name']}门户",
        "secrets": [] if secret is None else [secrets.stored(secret, now)],
        "public_jwk": jwk,
        "created_at": now,
        "disabled_at": None,
        "version": 1,
    }
    tx.batch.add(_CLIENT, **values)
    return wish.client, secret


def _audit(tx: Tx, tenant: str, ids: dict[str, Any], now: datetime) -> None:
    """Not by a principal: nobody called the API."""
    entry: dict[str, Any] = {
        "tenant_id": tenant,
        "id": new_id(),
        "at": now,
        "actor": OPERATOR,
        "actor_tenant": tenant,
        "client": None,
        "action": "tenant.bootstrap",
        "object_kind": "tenant",
        "object_id": tenant,
        "summary": ids,
        "request_id": new_id(),
    }
    tx.batch.add(_AUDIT, **entry, digest=entry_digest(entry))
