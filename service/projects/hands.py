"""Who had a hand in a case, in which role: nobody judges his own work, whatever roles were held when (law.md, trap 20).

`case.hands` is {user id: ["tier.role", …]}; only people are in it. A client on its own is nobody's hand: its one role
(portal) declares and files what a person of the city approved, and gatekeeps or approves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import JSONB

from service.kit.authn import Principal
from service.kit.db import Tx
from service.kit.errors import ServiceError
from service.kit.roles import Roles
from service.kit.tables import update_row
from service.measures.citations import articles_label
from service.projects.case import Case
from service.projects.models import projects

Hands = Mapping[str, Collection[str]]
# Another's hand that came meanwhile stays: the member of one person is replaced, never the whole.
_LEAVE = update_row(projects, hands=projects.c.hands.concat(bindparam("mine", type_=JSONB)))


def roles_of(principal: Principal) -> list[str]:
    """The caller's roles as the lifecycle table names them."""
    return [f"{principal.tier}.{role}" for role in principal.roles]


def barred(hands: Hands, principal: Principal, rules: Roles) -> dict[str, str]:
    """Which of the caller's roles earlier hands rule out on this case, with the sentence why.

    Of the same person, and of whom he stands for in that role.
    """
    found: dict[str, str] = {}
    for role in roles_of(principal):
        # A deputy's hands are his own and those of whom he stands for (docs/decisions/0204).
        persons = principal.people(role.partition(".")[2])
        for had in dict.fromkeys(had for person in persons for had in hands.get(person, ())):
            if rules.apart(had.partition(".")[2], role.partition(".")[2]):
                who = "您" if had in hands.get(principal.user or "", ()) else "您所代的人"
                found[role] = (
                    f"{who}曾以“{_name(rules, had)}”身份经手本案，"
                    f"不能再以“{_name(rules, role)}”身份办理，须由另一人办理"
                )
                break
    return found


def _name(rules: Roles, role: str) -> str:
    tier, _, bare = role.partition(".")
    return rules.names.get((tier, bare), bare)


def with_hand(hands: Hands, principal: Principal, used: Collection[str]) -> dict[str, list[str]]:
    """`hands` with the caller's own, and those of whom he stands for, for the roles used now."""
    kept = {user: list(roles) for user, roles in hands.items()}
    for role in used:
        for person in principal.people(role.partition(".")[2]):
            kept[person] = sorted({*kept.get(person, ()), role})
    return kept


def may_lay_hand(
    tx: Tx, case: Case, principal: Principal, rules: Roles, who: Collection[str], articles: tuple[int, ...]
) -> None:
    """For acts that need no pen and are not in the table (an opinion, a suspicion): 409 `same_person`, or it is noted.

    `who`: the "tier.role" names the act is done under. Where the caller's login may not write the case, nothing is.
    """
    mine = [role for role in roles_of(principal) if role in who]
    ruled_out = barred(case.hands, principal, rules)
    free = [role for role in mine if role not in ruled_out]
    if mine and not free:
        raise same_person(f"{ruled_out[mine[0]]}（{articles_label(articles)}）", articles[0])
    if principal.user is not None and free:
        case.hands = with_hand(case.hands, principal, free)
        own = {person: case.hands[person] for person in principal.people() if person in case.hands}
        tx.batch.add(_LEAVE, expect=None, of_tenant=case.tenant_id, of_id=case.id, mine=own)


def same_person(detail: str, article: int | None) -> ServiceError:
    """409: another person must do this; `article` None where that is our own rule."""
    cited = {} if article is None else {"article": article}
    return ServiceError(409, "same_person", detail, reason="same_person", **cited)
