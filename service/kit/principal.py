"""The caller of a request as everything below the door knows it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from service.kit.ids import is_uuid
from service.kit.scopes import literal, well_formed

Tier = Literal["province", "city", "county"]
FOR, VIA = " for ", " via "  # in an actor: for whom somebody acted, through which client
_ROLE = re.compile(r"[a-z_]{2,32}")


class DeputedRole(NamedTuple):
    """A role that somebody holds for an absent person of the tenant: the person's id and login."""

    role: str
    user: str
    login: str


def persons_of(actor: str) -> frozenset[str]:
    """The persons an `actor` names: who acted, and for whom; with the tenant, without the client."""
    person, _, absent = actor.partition(VIA)[0].partition(FOR)
    return frozenset((person, f"{person.rpartition(':')[0]}:{absent}")) if absent else frozenset((person,))


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller of one request. `roles` are bare names, `expires` and `issued` epoch seconds.

    `office`: where the person sees one office's cases only; `seat`: where a person sits, whatever is seen of others.
    `deputed`: those of the roles that the person holds for somebody absent (docs/decisions/0204). `acts_for`: the
    login of whom this very call is made for; then the roles are that person's only. `others`: whom the person stands
    for too, without part in this call: nobody of theirs is his second person (kit/acting.py).
    """

    tenant: str
    tier: Tier
    user: str | None
    login: str | None
    client: str | None
    office: str | None
    roles: tuple[str, ...]
    expires: float
    token_id: str
    issued: float
    seat: str | None = None
    deputed: tuple[DeputedRole, ...] = ()
    acts_for: str | None = None
    others: tuple[DeputedRole, ...] = ()
    # The database setting of this caller's transactions: whose cases, whose undeclared ones (kit/scopes.py).
    scope: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        client, roles = self.client if self.user is None else None, frozenset(self.roles)
        scope = literal(self.tenant, self.office, seat=self.seat, client=client, roles=roles)
        object.__setattr__(self, "scope", scope)
        # `scope` becomes a literal in SET LOCAL: whatever does not fit its shape must not exist.
        offices = (each for each in (self.office, self.seat) if each is not None)
        if not well_formed(self.scope) or not all(map(is_uuid, offices)):
            raise ValueError("tenant or office is malformed")
        if self.tier not in ("province", "city", "county"):
            raise ValueError("unknown tier")
        if self.user is None and self.client is None:
            raise ValueError("a principal is a user, a client, or a client for a user")
        if self.user is not None and not is_uuid(self.user):
            raise ValueError("user is not a UUID")
        stood = [name for each in self.deputed for name in (each.login, each.role)]
        names = (self.token_id, *stood, *(name for name in (self.login, self.client) if name is not None))
        if not all(each.role in self.roles and is_uuid(each.user) for each in self.deputed):
            raise ValueError("stands for nobody, or for no role")
        if not (all(map(readable, names)) and all(map(_ROLE.fullmatch, self.roles))):
            raise ValueError("login, client, token id or a role is malformed")
        if not (math.isfinite(self.expires) and math.isfinite(self.issued)):
            raise ValueError("times are malformed")

    @property
    def actor(self) -> str:
        """Who acted, for transitions, audit and logs; a client acting for a user is named with it."""
        if self.user is None:
            return f"client:{self.tenant}:{self.client}"
        person = f"user:{self.tenant}:{self.login or self.user}"
        if self.acts_for is not None:
            person += f"{FOR}{self.acts_for}"
        return f"{person}{VIA}{self.client}" if self.client else person

    def same_hand(self, actor: str) -> bool:
        """Whether an `actor` noted before was this very person, or whom he stands for, or acted for one of them.

        Through whatever client; a client alone is nobody. It counts also where this act is his own: two persons are
        asked for who do not work for one another.
        """
        stood = {f"user:{self.tenant}:{each.login}" for each in (*self.deputed, *self.others)}
        return self.user is not None and not (stood | persons_of(self.actor)).isdisjoint(persons_of(actor))

    def people(self, role: str | None = None) -> tuple[str, ...]:
        """The ids of all whose hands these are: the caller, and whom he stands for (in `role`, by default in any)."""
        stood = [each.user for each in self.deputed if role in (None, each.role)]
        return tuple(dict.fromkeys((*([] if self.user is None else [self.user]), *stood)))

    def one_with(self, user: str) -> bool:
        """Whether a user's id is the caller's own, or of anybody he stands for, in this call or beside it."""
        return self.user is not None and user in (*self.people(), *(each.user for each in self.others))

    @property
    def declares_for(self) -> str | None:
        """The office a person declares for: their own. None for a client, which declares for any of its tenant."""
        return self.office if self.user is None else self.office or self.seat

    @property
    def subjects(self) -> tuple[str, ...]:
        """What Casbin is asked about: roles only, so a user named like a role gains nothing."""
        return tuple(f"role:{role}" for role in self.roles)


def readable(name: str) -> bool:
    return 0 < len(name) <= 128 and name.isprintable()
