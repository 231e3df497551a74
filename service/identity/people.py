"""What people and clients are called, for answers (kit/naming): one look-up per tenant, kept for a minute.

Whoever is shown a deed is told who did it and from which office, of whatever tenant: names are looked up for codes that
the answer holds, and for nothing else. Experts are the exception: who scored, and how, is not to be found out through
their name beside another deed (docs/decisions/0176).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, exists, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY

from service.identity.models import clients, offices, role_grants, users
from service.kit.db import Door, tenant_scope
from service.kit.errors import ServiceError
from service.kit.naming import PersonView
from service.kit.principal import FOR, VIA
from service.kit.refusals import refusals
from service.kit.statements import TENANT_ID, Statement, scope_ready

KEPT_SECONDS = 60.0
MOST = 20_000
EXPERT, GONE, NO_CLIENT, SYSTEM = "评审专家", "已不在册人员", "已注销的接口客户端", "系统"
_logins, _clients = (bindparam(name, type_=ARRAY(Text)) for name in ("logins", "clients"))
_G = role_grants.c
_ROLES: Any = select(literal_column("1")).where(_G.tenant_id == users.c.tenant_id, _G.user_id == users.c.id)
_PEOPLE = Statement(
    union_all(
        select(
            literal_column("'user'").label("kind"),
            users.c.login.label("id"),
            users.c.name,
            offices.c.name.label("office"),
            exists(_ROLES.where(_G.role == literal_column("'expert'"))).label("expert"),
            exists(_ROLES.where(_G.role != literal_column("'expert'"))).label("other"),
        )
        .select_from(
            users.join(
                offices, (offices.c.tenant_id == users.c.tenant_id) & (offices.c.id == users.c.office_id)
            )
        )
        .where(users.c.tenant_id == TENANT_ID, users.c.login == _logins.any_(), scope_ready()),
        select(
            literal_column("'client'"),
            clients.c.id,
            clients.c.name,
            literal_column("NULL::text"),
            literal_column("false"),
            literal_column("true"),
        ).where(clients.c.tenant_id == TENANT_ID, clients.c.id == _clients.any_(), scope_ready()),
    )
)


class Found(NamedTuple):
    """What is known of somebody: `expert` holds the role, `other` holds one beside it."""

    name: str
    office: str | None
    expert: bool
    other: bool


class Parts(NamedTuple):
    """`user:360100:zhang.san via 360100.portal`, taken apart; `kind` of what is not of this form is `system`."""

    kind: str
    tenant: str
    ident: str
    via: str
    absent: str = ""  # the login of whom the person acted for


def parted(actor: str) -> Parts:
    """The parts of an `actor` as it is recorded (Principal.actor)."""
    kind, _, rest = actor.partition(":")
    tenant, _, name = rest.partition(":")
    person, _, via = name.partition(VIA)
    ident, _, absent = person.partition(FOR)
    if kind not in ("user", "client") or not ident or ident.startswith("system:"):
        return Parts("system", "", actor, "")
    return Parts(kind, tenant, ident, via, absent)


Key = tuple[str, str, str]


class People:
    """A process's memory of names."""

    def __init__(self) -> None:
        self._known: dict[Key, tuple[float, Found | None]] = {}
        # What is told of them, for as long as all that it is told by is known.
        self._told: dict[tuple[str, bool], tuple[float, PersonView]] = {}

    async def of(self, call: Any, actors: frozenset[str]) -> Mapping[str, PersonView]:
        """Each actor as readers of this operation may know it."""
        asks = call.principal.tenant
        return await self.named(call.door, actors, closed=call.spec.resource == "audit", share_of=asks)

    async def named(
        self, door: Door, actors: frozenset[str], *, closed: bool = False, share_of: str = ""
    ) -> Mapping[str, PersonView]:
        """Each actor; `closed`: experts are not named whatever else they are. Names that cannot be had are left
        out: what was done is answered all the same. `share_of`: the tenant that asks, whose connections are taken.
        """
        now = asyncio.get_running_loop().time()
        told = {actor: self._told.get((actor, closed), _NEVER) for actor in actors}
        if all(until >= now for until, _ in told.values()):
            return {actor: view for actor, (_, view) in told.items()}
        parts = {actor: parted(actor) for actor in actors}
        keys = {key for each in parts.values() for key in _keys(each)}
        known = {
            key: self._known[key][1] for key in keys if key in self._known and self._known[key][0] >= now
        }
        unknown = keys - known.keys()
        for tenant in sorted({key[1] for key in unknown}):
            try:
                with refusals():
                    theirs = {key for key in unknown if key[1] == tenant}
                    known |= await self._learn(door, share_of or tenant, theirs, now)
            except ServiceError:
                return {
                    actor: PersonView(actor, _KIND[each.kind], None, None) for actor, each in parts.items()
                }
        views = {actor: _view(actor, each, known, closed) for actor, each in parts.items()}
        if len(self._told) > MOST:
            self._told.clear()
        for actor, each in parts.items():
            until = [self._known[key][0] for key in _keys(each) if key in self._known]
            self._told[actor, closed] = (min(until, default=now), views[actor])
        return views

    async def _learn(self, door: Door, share_of: str, keys: set[Key], now: float) -> dict[Key, Found | None]:
        """Of one tenant."""
        tenant = next(key[1] for key in keys)
        wanted = {kind: [each[2] for each in keys if each[0] == kind] for kind in ("user", "client")}
        rows = await door.fetch(
            tenant_scope(tenant),
            _PEOPLE,
            share_of=share_of,
            tenant_id=tenant,
            logins=wanted["user"],
            clients=wanted["client"],
        )
        found = {
            (row["kind"], tenant, row["id"]): Found(row["name"], row["office"], row["expert"], row["other"])
            for row in rows
        }
        if len(self._known) > MOST:
            self._known.clear()
            self._told.clear()
        learnt = {key: found.get(key) for key in keys}
        self._known |= {key: (now + KEPT_SECONDS, each) for key, each in learnt.items()}
        return learnt


def _view(actor: str, parts: Parts, known: Mapping[Key, Found | None], closed: bool) -> PersonView:
    if parts.kind == "system":
        return PersonView(actor, "system", SYSTEM, None)
    found = known[parts.kind, parts.tenant, parts.ident]
    if parts.kind == "client":
        return PersonView(actor, "client", NO_CLIENT if found is None else found.name, None)
    via = known["client", parts.tenant, parts.via] if parts.via else None
    client = via.name if via else NO_CLIENT if parts.via else None
    if parts.absent:
        return _deputy(actor, parts, found, known["user", parts.tenant, parts.absent], client)
    if found is None:
        return PersonView(actor, "person", GONE, None, client)
    if found.expert and (closed or not found.other):
        return PersonView(actor, "person", EXPERT, None, client)
    return PersonView(actor, "person", found.name, found.office, client)


def _deputy(
    actor: str, parts: Parts, found: Found | None, absent: Found | None, client: str | None
) -> PersonView:
    """李四（代张三）: who acted, and in whose place. Experts have no deputies (art. 18)."""
    name, stood = (GONE if each is None else each.name for each in (found, absent))
    office = None if found is None else found.office
    return PersonView(actor, "person", f"{name}（代{stood}）", office, client, stood)


_NEVER = (-1.0, PersonView("", "system", None, None))
_KIND = {"user": "person", "client": "client", "system": "system"}


def _keys(parts: Parts) -> list[Key]:
    if parts.kind == "system":
        return []
    own = [(parts.kind, parts.tenant, parts.ident)]
    if parts.absent:
        own.append(("user", parts.tenant, parts.absent))
    return [*own, ("client", parts.tenant, parts.via)] if parts.via else own
