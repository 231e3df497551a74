"""In whose name a person with deputed roles acts: his own, or that of somebody absent for whom he stands.

What is read, and what is everybody's own (inbox, tasks, himself), is read with all roles together. An act is done in
one name: in one's own where one's own roles allow it, else for the absent person whose role does; where both do,
`Acting-For: <login>` chooses the absent. The same policy lines decide, over fewer roles (docs/decisions/0204).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from service.kit.authz import Pair, Policy
from service.kit.errors import ServiceError
from service.kit.principal import Principal
from service.kit.scopes import office_of

HEADER = "acting-for"
_EVERYBODYS = frozenset({"inbox", "me"})
# What nobody does for another: to name a deputy, to make an address that outlives the days.
_OWN_ONLY = frozenset({("deputy", "name"), ("obligation", "feed")})


def acting(principal: Principal, policy: Policy, pairs: tuple[Pair, ...], named: str | None) -> Principal:
    """The caller of one act: with his own roles, or with those of the one person he does it for.

    `pairs`: what the operation asks for, the first always. `named`: the login of the Acting-For header; 403 where the
    caller does not stand for that person.
    """
    if not principal.deputed:
        if named is not None:
            raise _no_deputy(named)
        return principal
    own = _with(principal, None)
    if pairs[0] in _OWN_ONLY:
        return own
    if named is not None:
        if named not in {each.login for each in principal.deputed}:
            raise _no_deputy(named)
        return _with(principal, named)
    if pairs[0][0] in _EVERYBODYS:
        return principal
    logins = sorted({each.login for each in principal.deputed})
    return max(
        [own, *(_with(principal, login) for login in logins)], key=lambda one: _reach(one, policy, pairs)
    )


def whose(principal: Principal, policy: Policy, pairs: tuple[Pair, ...]) -> list[str | None]:
    """In whose names the caller may do what is asked: None is his own, the others the logins of the absent.

    The first is taken where nobody chooses; his own is left out where that is another, since nothing would choose it.
    """
    if not principal.deputed or pairs[0] in _OWN_ONLY or pairs[0][0] in _EVERYBODYS:
        return [None]
    logins: list[str | None] = [None, *sorted({each.login for each in principal.deputed})]
    may = [each for each in logins if policy.allowed(_with(principal, each), *pairs[0])]
    found = sorted(may, key=lambda each: -_reach(_with(principal, each), policy, pairs)[1])
    return found if found[:1] == [None] else [each for each in found if each is not None]


def _reach(principal: Principal, policy: Policy, pairs: Iterable[Pair]) -> tuple[bool, int]:
    """How much of what is asked the roles allow; the first of equals is taken, which is oneself."""
    first, *more = pairs
    return policy.allowed(principal, *first), sum(policy.allowed(principal, *each) for each in more)


def _with(principal: Principal, login: str | None) -> Principal:
    """The same person in one name: with what he holds himself, or with what he holds for `login`.

    Bound to his office as whoever holds these roles alone; that he stands for others is not forgotten.
    """
    held = {each.role for each in principal.deputed}
    deputed = tuple(each for each in principal.deputed if each.login == login)
    others = principal.others + tuple(each for each in principal.deputed if each.login != login)
    mine = (
        tuple(each.role for each in deputed) if login else tuple(r for r in principal.roles if r not in held)
    )
    office = office_of(mine, principal.seat)
    return replace(principal, roles=mine, deputed=deputed, acts_for=login, office=office, others=others)


def _no_deputy(login: str) -> ServiceError:
    return ServiceError(403, "forbidden", f"您目前不代“{login}”办理；代办关系见 /deputies")
