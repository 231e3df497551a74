"""Acts beside the lifecycle table, which move no state: an opinion, a draw, a framework, a link, a file.

They are told among a case's actions like those of the table, from the same dated facts, and by the same rules that
the operations go by (arts 12, 15, 18, 19, 23).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.measures.gated_case import GatedCase
from service.measures.gates import shut
from service.measures.lifecycle_rows import DEPARTMENT_OWNER, GATEKEEPER, LOCAL_OWNER
from service.measures.lifecycle_states import TERMINAL, UNDECLARED, WORKING, Action, State, procedure_of
from service.measures.offices import Tier
from service.measures.organs import INVITED, ROLES, THREE, Slot, deciding_tier, who

S = State
OPINION, DRAW = "give_opinion", "draw_experts"
OPEN_FRAMEWORK, EDIT_FRAMEWORK, SIGN_FRAMEWORK = "open_framework", "edit_framework", "sign_framework"
INVITE, SET_STANDARD, UPLOAD, CHECK_REUSE = "invite_link", "set_standard", "upload_document", "check_reuse"
_PERSONS = ("province.department",)  # of the province's roles those that read and write as one office of it
_BY_HAND = frozenset({("sign_framework", "city.portal")})  # a signature is a person's
_OWNERS = {Tier.PROVINCE: DEPARTMENT_OWNER, Tier.CITY: LOCAL_OWNER, Tier.COUNTY: LOCAL_OWNER}


Condition = Callable[[GatedCase], str | None]


class Obstacle(StrEnum):
    """What stands in the way of an act, in the order in which it is asked."""

    STATE = "state"
    ROUTE = "route"
    PEN = "pen"
    ROLE = "role"
    PERSON = "person"
    GATE = "gate"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands: what the table is asked, without its facts. `reported`: it once left its owner."""

    state: State
    route: str | None
    tier: Tier
    reported: bool = True

    @property
    def organs(self) -> Tier:
        """Whose organs decide; the province's while no route is decided."""
        procedure = procedure_of(self.route, self.tier)
        return Tier.PROVINCE if procedure is None else deciding_tier(procedure)


@dataclass(frozen=True, slots=True)
class SideAct:
    """One act: its articles, from which states, behind which gates and further conditions.

    `along`: it goes by the row of this act of the table (who, which pen); `beside`: only where the table knows this
    act on the case's procedure; `slots`, `owners`, `others`: whose it is.
    """

    name: str
    articles: tuple[int, ...]
    states: frozenset[State]
    slots: tuple[Slot, ...] = ()
    owners: bool = False
    others: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    along: Action | None = None
    beside: Action | None = None

    def who(self, place: Place) -> tuple[str, ...]:
        """The "tier.role" names that do it on a case."""
        tiers = (Tier.CITY, Tier.PROVINCE) if self.name == UPLOAD else (place.organs,)
        held = [role for tier in tiers for role in who(tier, *self.slots)]
        own = _OWNERS[place.tier] if self.owners else ()
        found = dict.fromkeys([*own, *held, *self.others])
        return tuple(role for role in found if (self.name, role) not in _BY_HAND)


def _with_participants(gated: GatedCase) -> str | None:
    return None if gated.fact("declared").get("joint") else "没有其他参建部门的项目无需框架方案"


def _framework_open(gated: GatedCase) -> str | None:
    return "框架方案已经确定" if gated.fact("framework") else None


def _anew(gated: GatedCase) -> str | None:
    return None if gated.kind == "new" else "只有新建项目须先核对可以复用的应用"


_DECLARED = frozenset(State) - UNDECLARED
_FRAMING = frozenset({S.NEED_REPORTED, S.APPRAISED, S.WITH_PROVINCE, S.SUBMITTED, S.GATEKEPT})
SIDE_ACTS = (
    SideAct(DRAW, (18,), frozenset({S.NEED_REPORTED, S.WITH_PROVINCE, S.GATEKEPT}), (Slot.AGENCY,),
            gates=("appraisal_underway",)),
    SideAct(OPINION, (19,), frozenset({S.IN_JOINT_REVIEW}), (*THREE, *INVITED), gates=("joint_review_open",)),
    SideAct(OPEN_FRAMEWORK, (12,), _FRAMING, when=(_with_participants, _framework_open), along=Action.AGREE_FRAMEWORK),
    SideAct(EDIT_FRAMEWORK, (12,), _FRAMING, when=(_with_participants,), along=Action.AGREE_FRAMEWORK),
    SideAct(SIGN_FRAMEWORK, (12,), _FRAMING, (Slot.INFO_CENTRE,), owners=True,
            beside=Action.AGREE_FRAMEWORK, when=(_with_participants, _framework_open)),
    SideAct(INVITE, (12,), _DECLARED - TERMINAL, owners=True),
    SideAct(SET_STANDARD, (12,), _DECLARED - TERMINAL, owners=True),
    SideAct(CHECK_REUSE, (23,), WORKING, when=(_anew,), along=Action.EDIT),
    SideAct(UPLOAD, (14, 15), frozenset(State), tuple(Slot), owners=True, others=GATEKEEPER),
)  # fmt: skip
# Acts of the table that are told behind what their operation asks in words of its own (art. 12, R48).
TOLD_WHEN: Mapping[str, tuple[Condition, ...]] = {Action.AGREE_FRAMEWORK.value: (_with_participants,)}


@dataclass(frozen=True, slots=True)
class SideInfo:
    """What stands in the way of an act, and the sentence that says so; nothing, and it may be done now."""

    obstacle: Obstacle | None = None
    why: str = ""
    article: int = 0


_NOBODY = SideInfo(Obstacle.ROLE, "您的岗位不办理此事项")


def own_obstacle(
    act: SideAct, place: Place, roles: Collection[str], gated: GatedCase, barred: Mapping[str, str]
) -> SideInfo:
    """What stands in the way of an act that goes by no row of the table. `roles`, `barred` as in lifecycle.step."""
    mine = [role for role in act.who(place) if role in roles]
    if not mine:
        return _NOBODY
    if act.name == OPINION:
        mine = _invited(mine, place, gated)
        if not mine:
            return SideInfo(Obstacle.ROLE, "本次联合会审没有邀请您的席位")
    if act.name in (INVITE, SET_STANDARD) and not place.reported:
        return SideInfo(Obstacle.STATE, "牵头项目尚未报出，不能邀请其他地方参与")
    if act.name == UPLOAD:
        return _upload(place, mine)
    free = [role for role in mine if role not in barred]
    if not free and act.name in (OPINION, DRAW):
        return SideInfo(Obstacle.PERSON, barred[mine[0]])
    closed = shut(act.gates, gated)
    if closed is not None:
        return SideInfo(Obstacle.GATE, closed.why + closed.told, closed.gate.article)
    return unmet(act.when, gated)


def unmet(when: tuple[Condition, ...], gated: GatedCase) -> SideInfo:
    """The first condition that does not hold."""
    why = next((why for each in when if (why := each(gated)) is not None), None)
    return SideInfo() if why is None else SideInfo(Obstacle.GATE, why)


def _invited(mine: list[str], place: Place, gated: GatedCase) -> list[str]:
    asked = gated.fact("joint_review_opened").get("slots") or ()
    held = {f"{place.organs.value}.{ROLES[place.organs][slot]}" for slot in Slot if slot.value in asked}
    return [role for role in mine if role in held]


def _upload(place: Place, mine: list[str]) -> SideInfo:
    """A case that has ended takes no more files; a text at work is its owner's alone (law.md, trap 12)."""
    if place.state in TERMINAL:
        return SideInfo(Obstacle.STATE, "项目已结束，不再接收附件")
    across = all(role.startswith("province.") and role not in _PERSONS for role in mine)
    if place.state in WORKING and across:
        return SideInfo(Obstacle.PEN, "案卷目前由项目单位修改，暂不能增加附件")
    return SideInfo()
