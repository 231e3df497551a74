"""Acts beside the lifecycle table, which move no state: an organ's opinion in a joint review, an agency's draw.

They are told among a case's actions like those of the table, from the same dated facts, and by the same rules that
the operations go by (arts 18, 19).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from service.measures.citations import articles_label
from service.measures.gates import shut
from service.measures.lifecycle_states import State, procedure_of
from service.measures.offices import Tier
from service.measures.organs import INVITED, ROLES, THREE, Slot, deciding_tier
from service.measures.standing import Standing

S = State
OPINION, DRAW = "give_opinion", "draw_experts"
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class SideAct:
    """One act: from which states, by which slots at most, behind which gates, under which article."""

    name: str
    states: tuple[State, ...]
    slots: tuple[Slot, ...]
    gates: tuple[str, ...]
    article: int


SIDE_ACTS = (
    SideAct(
        DRAW, (S.NEED_REPORTED, S.WITH_PROVINCE, S.GATEKEPT), (Slot.AGENCY,), ("appraisal_underway",), 18
    ),
    SideAct(OPINION, (S.IN_JOINT_REVIEW,), (*THREE, *INVITED), ("joint_review_open",), 19),
)


@dataclass(frozen=True, slots=True)
class SideInfo:
    """Whether the caller may do it now, and if not, the sentence that says why."""

    name: str
    allowed: bool
    article: int
    detail: str = ""


def side_acts_for(
    state: State, *, route: str | None, declarer_tier: Tier, roles: Collection[str], standing: Standing,
    barred: Mapping[str, str] = _NOTHING,
) -> Iterator[SideInfo]:  # fmt: skip
    """Those that the state knows. `roles`, `barred` as in lifecycle.step."""
    procedure = procedure_of(route, declarer_tier)
    tier = Tier.PROVINCE if procedure is None else deciding_tier(procedure)
    for act in SIDE_ACTS:
        if state in act.states:
            why = _why_not(act, tier, roles, standing, barred)
            detail = "" if why is None else f"{why}（{articles_label((act.article,))}）"
            yield SideInfo(act.name, why is None, act.article, detail)


def _why_not(
    act: SideAct, tier: Tier, roles: Collection[str], standing: Standing, barred: Mapping[str, str]
) -> str | None:
    held = {slot: f"{tier.value}.{ROLES[tier][slot]}" for slot in act.slots}
    mine = {slot: role for slot, role in held.items() if role in roles}
    if not mine:
        return "您的岗位不办理此事项"
    if act.name == OPINION:
        asked = standing.fact("joint_review_opened").get("slots") or ()
        mine = {slot: role for slot, role in mine.items() if slot.value in asked}
        if not mine:
            return "本次联合会审没有邀请您的席位"
    free = [role for role in mine.values() if role not in barred]
    if not free:
        return barred[next(iter(mine.values()))]
    closed = shut(act.gates, standing)
    return None if closed is None else closed.why + closed.told
