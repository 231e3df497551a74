"""Roles × states × acts beside the table: offered exactly where the operation would take it (arts 18, 19)."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from service.measures.lifecycle_states import State
from service.measures.offices import Tier
from service.measures.organs import INVITED, ROLES, THREE, Slot
from service.measures.side_acts import DRAW, OPINION, side_acts_for
from service.measures.standing import Standing

Facts = dict[str, Any]
INVITATIONS = ([slot.value for slot in THREE], [slot.value for slot in (*THREE, *INVITED)])
UNDERWAY: dict[str, Any] = {
    "declared": {"submission": 1},
    "appraisal_commissioned": {"appraisal": 1, "submission": 1},
}


def offered(
    state: State, route: str, tier: Tier, role: str, dated: Facts, barred: dict[str, str] | None = None
) -> set[str]:
    standing = Standing(date(2026, 3, 2), dated)
    found = side_acts_for(
        state, route=route, declarer_tier=tier, roles=(role,), standing=standing, barred=barred or {}
    )
    told = list(found)
    assert all(bool(each.detail) is not each.allowed for each in told)
    return {each.name for each in told if each.allowed}


@pytest.mark.parametrize("invited", INVITATIONS, ids=["the three", "all"])
@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_an_opinion_is_every_invited_slots_until_the_review_closes(invited: list[str], closed: bool) -> None:
    dated: Facts = {"joint_review_opened": {"slots": invited}}
    if closed:
        dated["joint_review"] = {"agreed": True}
    ways = [("provincial_review", Tier.CITY, Tier.PROVINCE), ("provincial_review", Tier.PROVINCE, Tier.PROVINCE),
            ("city_filing", Tier.CITY, Tier.CITY)]  # fmt: skip
    for state, (route, declarer, organs) in product(State, ways):
        for tier, slot in product((Tier.CITY, Tier.PROVINCE), Slot):
            role = f"{tier.value}.{ROLES[tier][slot]}"
            expected = (
                state is State.IN_JOINT_REVIEW and not closed and tier is organs
                and any(ROLES[tier][each] == ROLES[tier][slot] and each.value in invited for each in Slot)
            )  # fmt: skip
            assert (OPINION in offered(state, route, declarer, role, dated)) is expected, (state, role)


def test_the_draw_is_the_commissioned_agencys_while_the_appraisal_goes_on() -> None:
    over = UNDERWAY | {"appraised": {"appraisal": 1, "verdict": "pass"}}
    for state, tier in product(State, (Tier.CITY, Tier.PROVINCE)):
        for role in sorted(set(ROLES[tier].values())):
            name = f"{tier.value}.{role}"
            here = state in (State.NEED_REPORTED, State.WITH_PROVINCE, State.GATEKEPT)
            expected = here and role == "agency" and tier is Tier.PROVINCE
            assert (DRAW in offered(state, "provincial_review", Tier.CITY, name, UNDERWAY)) is expected
            for dated in (dict[str, Any](), over):
                assert DRAW not in offered(state, "provincial_review", Tier.CITY, name, dated)


def test_whose_earlier_hands_bar_him_is_told_so() -> None:
    dated = {"joint_review_opened": {"slots": ["drc"]}}
    role = "province.drc"
    assert offered(State.IN_JOINT_REVIEW, "provincial_review", Tier.CITY, role, dated) == {OPINION}
    barred = {role: "您曾为项目单位经办，须由另一人办理"}
    assert offered(State.IN_JOINT_REVIEW, "provincial_review", Tier.CITY, role, dated, barred) == set()
