"""Every SELECT of offices, people, roles and clients; each carries its tenant."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from service.identity.deputed import DEPUTED
from service.identity.models import (
    clients,
    office_successions,
    offices,
    revocations,
    role_grants,
    tenants,
    users,
)
from service.kit.keyed import finds, key_of
from service.kit.listing import Listing, Order, among
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready

O, U, C, R = offices.c, users.c, clients.c, revocations.c  # noqa: E741 - O as in offices


def _cut(kind: str, ident: Any) -> ColumnElement[Any]:
    """The cut before which tokens of a user or client are dead, or NULL."""
    subject = literal_column(f"'{kind}:'") + TENANT_ID + ":" + ident
    return select(R.cut).where(R.tenant_id == TENANT_ID, R.subject == subject).scalar_subquery()


_S = office_successions.c
# Where the office's affairs went when it ended: the last hand-over counts.
_SUCCESSOR = (
    select(_S.successor)
    .where(_S.tenant_id == O.tenant_id, _S.predecessor == O.id, _S.successor != O.id)
    .order_by(_S.at.desc(), _S.id.desc())
    .limit(literal_column("1"))
    .correlate(offices)
    .scalar_subquery()
    .label("successor")
)
# One office of the tenant, with the office that took over from it.
OFFICE = Statement(
    select(*offices.c, _SUCCESSOR).where(O.tenant_id == TENANT_ID, O.id == ROW_ID, scope_ready())
)

# The same, held until the transaction ends: an office that something is made for does not end meanwhile, and whoever
# ends it waits for what is being made.
OFFICE_HELD = Statement(
    select(*offices.c)
    .where(O.tenant_id == TENANT_ID, O.id == ROW_ID)
    .with_for_update(key_share=True, read=True)
)
OFFICE_ENDING = Statement(
    select(*offices.c).where(O.tenant_id == TENANT_ID, O.id == ROW_ID).with_for_update()
)
# Who sits in `successor` and what went before it: whether a row left under an earlier office is this one's now.
_from, _to = (
    bindparam("predecessor", type_=Uuid(as_uuid=False)),
    bindparam("successor", type_=Uuid(as_uuid=False)),
)
FOLLOWS = Statement(
    select(_S.id).where(
        _S.tenant_id == TENANT_ID, _S.predecessor == _from, _S.successor == _to, scope_ready()
    )
)
# Where each of these offices' affairs are now; offices that never handed over are left out.
CURRENT = Statement(
    select(_S.predecessor, _S.successor)
    .where(
        _S.tenant_id == TENANT_ID,
        _S.predecessor == func.any(bindparam("offices", type_=ARRAY(Uuid(as_uuid=False)))),
        _S.predecessor != _S.successor,
        scope_ready(),
    )
    .order_by(_S.at, _S.id)
)

TENANT = Statement(select(*tenants.c).where(tenants.c.id == TENANT_ID, scope_ready()))

# The office that registered a local code in this tenant.
LOCAL_CODE = Statement(
    select(O.id).where(
        O.tenant_id == TENANT_ID, O.local_code == bindparam("local_code", type_=Text), scope_ready()
    )
)

USERS_OF_OFFICE = Statement(
    select(U.id).where(U.tenant_id == TENANT_ID, U.office_id == ROW_ID, scope_ready())
)

_ROLES = (
    select(
        func.coalesce(
            func.array_agg(aggregate_order_by(role_grants.c.role, role_grants.c.role)),
            literal_column("'{}'::text[]"),
        )
    )
    .where(role_grants.c.tenant_id == U.tenant_id, role_grants.c.user_id == U.id)
    .correlate(users)
    .scalar_subquery()
)
_PERSON = (
    *users.c,
    _ROLES.label("roles"),
    O.name.label("office_name"),
    O.tier,
    O.division,
    O.valid_from,
    O.valid_to,
)
_HOUSED = users.join(offices, and_(O.tenant_id == U.tenant_id, O.id == U.office_id))


def _person(*more: Any) -> Select[Any]:
    return select(*_PERSON, *more).select_from(_HOUSED)


# One user with roles and office.
USER = Statement(_person().where(U.tenant_id == TENANT_ID, U.id == ROW_ID, scope_ready()))

# Everybody of one office, with roles.
PEOPLE_OF_OFFICE = Statement(_person().where(U.tenant_id == TENANT_ID, U.office_id == ROW_ID, scope_ready()))

# The grants of one user, on the user's row so that an absent user is told from one without roles.
GRANTS = Statement(
    select(U.id, U.version, O.tier, role_grants.c.role, role_grants.c.granted_by, role_grants.c.granted_at)
    .select_from(
        _HOUSED.outerjoin(
            role_grants, and_(role_grants.c.tenant_id == U.tenant_id, role_grants.c.user_id == U.id)
        )
    )
    .where(U.tenant_id == TENANT_ID, U.id == ROW_ID, scope_ready())
    .order_by(role_grants.c.role)
)

# A user by login, with the cut of earlier tokens and those he may stand for: what a token is issued on.
LOGIN = Statement(
    _person(_cut("user", cast(U.id, Text)).label("cut"), DEPUTED.label("deputed")).where(
        U.tenant_id == TENANT_ID, U.login == bindparam("login", type_=Text), scope_ready()
    )
)

_client = bindparam("client", type_=Text)
CLIENT = Statement(select(*clients.c).where(C.tenant_id == TENANT_ID, C.id == _client, scope_ready()))

# A client with its tenant's tier and the cut of its earlier tokens.
ISSUING_CLIENT = Statement(
    select(*clients.c, tenants.c.tier, _cut("client", C.id).label("cut"))
    .select_from(clients.join(tenants, tenants.c.id == C.tenant_id))
    .where(C.tenant_id == TENANT_ID, C.id == _client, scope_ready())
)

# Who am I: the tenant, and the person or client in it where there is one.
ME_USER = Statement(
    _person(tenants.c.name.label("tenant_name"), tenants.c.division.label("tenant_division"))
    .join(tenants, tenants.c.id == U.tenant_id)
    .where(U.tenant_id == TENANT_ID, U.id == ROW_ID, scope_ready())
)
ME_CLIENT = Statement(
    select(C.id, C.name, tenants.c.name.label("tenant_name"), tenants.c.division.label("tenant_division"))
    .select_from(clients.join(tenants, tenants.c.id == C.tenant_id))
    .where(C.tenant_id == TENANT_ID, C.id == _client, scope_ready())
)


_OFFICE_FILTERS: dict[str, ColumnElement[bool]] = {
    "tier": among(O.tier, "tier"),
    "division": among(O.division, "division"),
    "name": finds(key_of(offices, "name_key"), "name"),
    "valid_on": and_(
        O.valid_from <= bindparam("valid_on", type_=Date),
        or_(O.valid_to.is_(None), bindparam("valid_on", type_=Date) < O.valid_to),
    ),
}
_USER_FILTERS: dict[str, ColumnElement[bool]] = {
    "office_id": among(U.office_id, "office_id"),
    "login": U.login == bindparam("login", type_=Text),
    "name": finds(key_of(users, "name_key"), "name"),
    "role": exists(
        select(literal_column("1")).where(
            role_grants.c.tenant_id == U.tenant_id,
            role_grants.c.user_id == U.id,
            among(role_grants.c.role, "role"),
        )
    ),
    "gone": U.disabled_at.is_not(None),
    "enabled": U.disabled_at.is_(None),
}


def _of_tenant(name: str, columns: Any, source: Any, key: Any, filters: Any) -> Listing:
    """A list of one's own tenant, the oldest id first."""
    orders = {"id": Order((("id", key),))}
    return Listing(
        name=name,
        path=f"/{name}",
        columns=tuple(columns),
        source=source,
        row=(key.table.c.tenant_id, key),
        tenants=(key.table.c.tenant_id,),
        filters=filters,
        orders=orders,
    )


OFFICE_LIST = _of_tenant("offices", (*offices.c, _SUCCESSOR), offices, O.id, _OFFICE_FILTERS)
USER_LIST = _of_tenant("users", _PERSON, _HOUSED, U.id, _USER_FILTERS)
CLIENT_LIST = _of_tenant("clients", clients.c, clients, C.id, {})
