"""What a case offers is told whole: every unsafe operation on a project is an act told, or excepted with a reason."""

from __future__ import annotations

from itertools import product

from service.measures.lifecycle_states import Action, State
from service.measures.lifecycle_table import TRANSITIONS
from service.measures.offices import Tier
from service.measures.side_acts import SIDE_ACTS, Place
from service.projects.operations import BY_CLOCK, JUDGED, OPERATIONS, UNTOLD
from service.vocabulary import names
from tests.contract.acts import PAGE, page
from tests.contract.operations import BY_ID
from tests.contract.operations import OPERATIONS as EVERY

ON_A_CASE = {each.id for each in EVERY if each.unsafe and each.path.startswith("/api/v1/projects/{ref}")}


def test_every_unsafe_operation_on_a_case_is_an_act_that_is_told_or_excepted_with_a_reason() -> None:
    untold = ON_A_CASE - (set(OPERATIONS.values()) | UNTOLD.keys())
    assert not untold, f"no act, nor in UNTOLD: {sorted(untold)}"
    unreachable = set(OPERATIONS.values()) - BY_ID.keys()
    assert not unreachable, f"declared in a file that no routes_of(...) names: {sorted(unreachable)}"
    assert not UNTOLD.keys() & set(OPERATIONS.values())
    assert UNTOLD.keys() <= ON_A_CASE, "an exception for what is not there"
    elsewhere = set(OPERATIONS.values()) - ON_A_CASE
    assert elsewhere == {"suspicions_confirm", "suspicions_dismiss"}, (
        "done on the suspicion, which names the case"
    )


def test_every_act_has_its_operation_and_its_label() -> None:
    acts = {action.value for action in Action} | {act.name for act in SIDE_ACTS}
    undone = acts - BY_CLOCK.keys() - set(OPERATIONS)
    assert not undone, f"no deed declares, or no routes_of(...) names its file: {sorted(undone)}"
    assert set(OPERATIONS) <= acts
    assert set(OPERATIONS) <= names("action").keys()
    for operation in OPERATIONS.values():
        assert BY_ID[operation].unsafe, operation


def test_whom_an_act_is_offered_to_the_operations_permission_lets_in() -> None:
    """Nothing is offered that would be 403."""
    for row in TRANSITIONS.values():
        if row.action not in BY_CLOCK:
            lacking = set(row.who) - set(BY_ID[OPERATIONS[row.action]].may)
            if (
                row.action is Action.APPRAISE
            ):  # an agency appraises by its report; it is not offered the act by itself
                lacking -= {"city.agency", "province.agency"}
            assert not lacking, (row.action, lacking)
    for act, (route, tier) in product(
        SIDE_ACTS, (("city_filing", Tier.CITY), ("provincial_review", Tier.PROVINCE))
    ):
        if act.along is None:
            for state in act.states:
                lacking = set(act.who(Place(State(state), route, tier))) - set(
                    BY_ID[OPERATIONS[act.name]].may
                )
                assert not lacking, (act.name, lacking)


def test_the_page_of_acts_lists_every_one_and_where_it_is_declared() -> None:
    """`python -m tests.contract.acts` writes docs/acts.md anew."""
    assert PAGE.read_text("utf-8") == page()


def test_every_operation_on_a_case_is_declared_beside_its_function() -> None:
    assert JUDGED.keys() >= ON_A_CASE
    assert set(OPERATIONS.values()) <= JUDGED.keys()
    assert BY_CLOCK.keys() == {Action.LAPSE}
