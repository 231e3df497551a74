"""For whom a person stands today: read with the person, judged anew at each sign-in (docs/decisions/0204).

A deputation gives nothing once the absent person has lost the role, is disabled or locked, or his office has ended, and
nothing that the deputy may not hold beside what he holds himself: a role granted to him later takes precedence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, and_, cast, exists, func, literal_column, select

from service.identity.models import deputies, offices, revocations, role_grants, users
from service.kit.principal import DeputedRole
from service.kit.roles import Roles

# A role of persons who are drawn by name is nobody else's (art. 18); whoever manages accounts has no deputy: another
# administrator is granted the role.
PERSONAL = frozenset({"expert"})
# Desks whose affairs are those of one office: their deputy sits in it too.
OF_ONE_OFFICE = frozenset({"unit", "user", "department", "agency", "app_provider"})
_D = deputies.c
_absent, _home, _held = users.alias("absent"), offices.alias("home"), role_grants.alias("held")
_text = literal_column
_holds = exists().where(
    _held.c.tenant_id == _D.tenant_id, _held.c.user_id == _D.person_id, _held.c.role == _D.role
)


def counts(absent: Any) -> ColumnElement[bool]:
    """Whether the absent person (an alias of `users`) is somebody who still has the role to be stood for."""
    return and_(absent.c.disabled_at.is_(None), absent.c.locked_at.is_(None), _holds)


_cut = (
    select(revocations.c.cut)
    .where(
        revocations.c.tenant_id == _D.tenant_id,
        revocations.c.subject == _text("'user:'") + _D.tenant_id + _text("':'") + cast(_D.person_id, Text),
    )
    .scalar_subquery()
)
_parts: dict[str, Any] = {
    "role": _D.role,
    "person": _D.person_id,
    "login": _absent.c.login,
    "name": _absent.c.name,
    "from": _D.from_day,
    "until": _D.until_day,
    "tier": _home.c.tier,
    "from_office": _home.c.valid_from,
    "to_office": _home.c.valid_to,
    "cut": _cut,
}
# Correlated to `users`: what was named and not ended, the newest first; days and roles are judged by `stands_for`.
_recent = (
    select(
        func.jsonb_build_object(*chain.from_iterable((_text(f"'{k}'"), v) for k, v in _parts.items())).label(
            "one"
        )
    )
    .select_from(
        deputies.join(_absent, and_(_absent.c.tenant_id == _D.tenant_id, _absent.c.id == _D.person_id)).join(
            _home, and_(_home.c.tenant_id == _absent.c.tenant_id, _home.c.id == _absent.c.office_id)
        )
    )
    .where(
        _D.tenant_id == users.c.tenant_id,
        _D.deputy_id == users.c.id,
        _D.ended_at.is_(None),
        counts(_absent),
    )
    .order_by(_D.until_day.desc(), _D.id)
    .limit(_text("50"))
    .correlate(users)
    .lateral("recent")
)
DEPUTED = select(func.jsonb_agg(_recent.c.one)).select_from(_recent).correlate(users).scalar_subquery()


class Stood(NamedTuple):
    """A desk somebody stands at for an absent person, until the end of a day; `cut`: when that one's tokens ended."""

    deputed: DeputedRole
    name: str
    until: date
    cut: datetime | None

    @property
    def role(self) -> str:
        return self.deputed.role


def deputable(rules: Roles, tier: str) -> tuple[str, ...]:
    """The roles of a tier that a deputy may hold for another."""
    return tuple(role for role in rules.grantable(tier) if role not in rules.alone | PERSONAL)


def stands_for(row: Mapping[str, Any], own: Iterable[str], rules: Roles, today: date) -> list[Stood]:
    """Whom the person (identity/queries LOGIN) stands for on the day, beside the roles that are his own."""
    found: list[Stood] = []
    held = list(own)
    for each in sorted(row["deputed"] or (), key=lambda one: (one["from"], one["role"], one["login"])):
        role = each["role"]
        if role in held or role not in deputable(rules, row["tier"]) or each["tier"] != row["tier"]:
            continue
        ends = each["to_office"]
        if not each["from"] <= today.isoformat() <= each["until"]:
            continue
        if today.isoformat() < each["from_office"] or (ends is not None and today.isoformat() >= ends):
            continue
        if rules.conflict([*held, role]) is not None:
            continue
        held.append(role)
        cut = None if each["cut"] is None else datetime.fromisoformat(each["cut"])
        deputed = DeputedRole(role, each["person"], each["login"])
        until = date.fromisoformat(each["until"])
        if ends is not None:
            until = min(until, date.fromisoformat(ends) - timedelta(days=1))
        found.append(Stood(deputed, each["name"], until, cut))
    return found
