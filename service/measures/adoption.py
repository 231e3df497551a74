"""The lives of a shared app and of its adoption as data (arts 3, 6, 11, 23, 25, 39): one row per step."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.measures.citations import articles_label
from service.vocabulary import names


class AppStatus(StrEnum):
    """A shared app, from its draft to its retirement."""

    DRAFT = "draft"
    PILOT = "pilot"
    AVAILABLE = "available"
    DEPRECATED = "deprecated"
    RETIRED = "retired"


class Reach(StrEnum):
    """Who may see a published app: all tenants, the provider's tenant, or named offices of it."""

    PROVINCE = "province"
    TENANT = "tenant"
    OFFICES = "offices"


class Adoption(StrEnum):
    """The states of an adoption."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"
    REFUSED = "refused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Desk(StrEnum):
    """Whose turn it is."""

    ADOPTER = "adopter"
    CITY = "city"
    PROVIDER = "provider"


class Verb(StrEnum):
    """What can be done with an adoption."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    PROVISION = "provision"
    DECLINE = "decline"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"
    RATE = "rate"


STATUS_NAMES: Mapping[str, str] = names("app_status")
ADOPTION_NAMES: Mapping[str, str] = names("adoption_state")
VERB_NAMES: Mapping[str, str] = names("adoption_action")
OPEN_TO_REQUESTS = (AppStatus.PILOT, AppStatus.AVAILABLE)
LIVE = (Adoption.REQUESTED, Adoption.CONFIRMED, Adoption.ACTIVE, Adoption.SUSPENDED)
# Whose turn it is in each state; where all is over, nobody's but the adopter's to look at.
HOLDERS = dict.fromkeys(Adoption, Desk.ADOPTER) | {
    Adoption.REQUESTED: Desk.CITY,
    Adoption.CONFIRMED: Desk.PROVIDER,
    Adoption.SUSPENDED: Desk.PROVIDER,
}


@dataclass(frozen=True, slots=True)
class Move:
    """A published app's change of status; deprecation names its successor, an ending its reason."""

    source: AppStatus
    target: AppStatus
    reason: bool
    articles: tuple[int, ...]


MOVES = {
    (move.source, move.target): move
    for move in (
        Move(AppStatus.PILOT, AppStatus.AVAILABLE, False, (3, 23)),
        Move(AppStatus.AVAILABLE, AppStatus.PILOT, True, (3, 23)),
        Move(AppStatus.PILOT, AppStatus.RETIRED, True, (3,)),
        Move(AppStatus.AVAILABLE, AppStatus.DEPRECATED, True, (3, 6)),
        Move(AppStatus.DEPRECATED, AppStatus.AVAILABLE, True, (3,)),
        Move(AppStatus.DEPRECATED, AppStatus.RETIRED, True, (3,)),
    )
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an adoption: from where to where, by whom ("tier.role"), on which side, by which articles."""

    source: Adoption
    verb: Verb
    target: Adoption
    side: Desk
    who: tuple[str, ...]
    articles: tuple[int, ...]
    reason: bool = False


_ADOPTER = ("county.user", "county.unit", "city.unit")
_CITY = ("city.gatekeeper",)
_PROVIDER = ("province.app_provider", "city.app_provider")
S, V, D = Adoption, Verb, Desk

STEPS = {
    (step.source, step.verb, step.side): step
    for step in (
        Step(S.REQUESTED, V.CONFIRM, S.CONFIRMED, D.CITY, _CITY, (5, 23)),
        Step(S.REQUESTED, V.REFUSE, S.REFUSED, D.CITY, _CITY, (5, 23), True),
        Step(S.REQUESTED, V.WITHDRAW, S.WITHDRAWN, D.ADOPTER, _ADOPTER, (23,), True),
        Step(S.CONFIRMED, V.WITHDRAW, S.WITHDRAWN, D.ADOPTER, _ADOPTER, (23,), True),
        Step(S.CONFIRMED, V.PROVISION, S.ACTIVE, D.PROVIDER, _PROVIDER, (3, 23)),
        Step(S.CONFIRMED, V.DECLINE, S.DECLINED, D.PROVIDER, _PROVIDER, (23,), True),
        Step(S.ACTIVE, V.SUSPEND, S.SUSPENDED, D.PROVIDER, _PROVIDER, (25, 39), True),
        Step(S.SUSPENDED, V.RESUME, S.ACTIVE, D.PROVIDER, _PROVIDER, (23,)),
        Step(S.ACTIVE, V.END, S.ENDED, D.PROVIDER, _PROVIDER, (3, 23), True),
        Step(S.SUSPENDED, V.END, S.ENDED, D.PROVIDER, _PROVIDER, (3, 23), True),
        Step(S.ACTIVE, V.END, S.ENDED, D.ADOPTER, (*_ADOPTER, *_CITY), (23,), True),
        Step(S.SUSPENDED, V.END, S.ENDED, D.ADOPTER, (*_ADOPTER, *_CITY), (23,), True),
        Step(S.ACTIVE, V.RATE, S.ACTIVE, D.ADOPTER, _ADOPTER, (11, 40)),
        Step(S.SUSPENDED, V.RATE, S.SUSPENDED, D.ADOPTER, _ADOPTER, (11, 40)),
        Step(S.ENDED, V.RATE, S.ENDED, D.ADOPTER, _ADOPTER, (11, 40)),
    )
}


class Refused(Exception):
    """A step the table does not allow: Chinese `detail` and the article that says so."""

    def __init__(self, reason: str, detail: str, article: int) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail, self.article = reason, detail, article


def confirmed_by_itself(reach: Reach, cost_fen: int, *, city_confirmation: bool) -> bool:
    """Art. 23: what the province shares without cost is there to be used; the city may ask to confirm (art. 5)."""
    return reach is Reach.PROVINCE and cost_fen == 0 and not city_confirmation


def move(source: AppStatus, target: AppStatus) -> Move:
    """The change of a published app's status, or Refused."""
    found = MOVES.get((source, target))
    if found is None:
        ways = "、".join(STATUS_NAMES[to] for (start, to) in MOVES if start is source) or "无"
        detail = (
            f"状态为“{STATUS_NAMES[source]}”时不能改为“{STATUS_NAMES[target]}”，可改为：{ways}（本系统规定）"
        )
        raise Refused("wrong_state", detail, 3)
    return found


def step(state: Adoption, verb: Verb, side: Desk, roles: Collection[str]) -> Step:
    """The step of a verb by one side, or Refused; `roles` are the actor's "tier.role" names.

    The city's verbs and the adopter's are one side's: both stand in the adopter's tenant.
    """
    rows = [row for row in STEPS.values() if row.verb is verb and _same_side(row.side, side)]
    here = next((row for row in rows if row.source is state), None)
    if here is None:
        article = rows[0].articles[-1] if rows else 23
        label = articles_label((article,))
        name = VERB_NAMES[verb]  # "不能不予开通" reads as that it must be opened
        cannot = f"不再办“{name}”" if name.startswith("不") else f"不能{name}"
        detail = f"该申请{ADOPTION_NAMES[state]}，{cannot}（{label}）"
        raise Refused("wrong_state", detail, article)
    if not set(here.who) & set(roles):
        label = articles_label(here.articles)
        raise Refused("wrong_role", f"{VERB_NAMES[verb]}不由当前角色办理（{label}）", here.articles[-1])
    return here


@dataclass(frozen=True, slots=True)
class Possible:
    """A verb at a state: allowed to these roles, or why not."""

    verb: Verb
    allowed: bool
    article: int
    detail: str = ""


def possible(state: Adoption, side: Desk, roles: Collection[str]) -> list[Possible]:
    """Every verb of a side with the answer it would get now."""
    found = []
    for verb in Verb:
        if not any(row.verb is verb and _same_side(row.side, side) for row in STEPS.values()):
            continue
        try:
            row = step(state, verb, side, roles)
        except Refused as refusal:
            found.append(Possible(verb, False, refusal.article, refusal.detail))
        else:
            found.append(Possible(verb, True, row.articles[-1]))
    return found


def _same_side(one: Desk, other: Desk) -> bool:
    return (one is Desk.PROVIDER) is (other is Desk.PROVIDER)
