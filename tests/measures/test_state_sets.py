"""Sets of states are said once, beside the states, and agree with the table and with the database's policies."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import asyncpg
import pytest

from service.measures.law import DESKS
from service.measures.lifecycle_states import (
    ABANDONED,
    COMPLETED,
    INITIAL,
    TERMINAL,
    UNDECLARED,
    State,
    values,
)
from service.measures.lifecycle_table import TRANSITIONS
from service.rulebook.schemas_amendments import DeskName
from service.settings import Settings
from tests.syntax import nodes

SERVICE = Path(__file__).resolve().parents[2] / "service"
VALUES = {state.value for state in State}
# Sets that are one rule's own: where the rule stands, its states stand. Everything else takes a named set.
OWN = {
    ("catalogue/reuse_queries.py", ("accepted", "evaluated")),  # what runs and may be used again
    # Steps and filters as a page lines them up, and which of its two lists of materials it shows.
    ("console/registers_cases.py", ("draft", "submitted", "gatekept", "city_approved", "filed", "with_province",
                         "in_joint_review", "approved", "started", "trial_run", "accepted", "returned")),
    ("console/case.py", ("final_inspected", "acceptance_applied", "acceptance_delegated", "accepted", "evaluated")),
    ("console/parts_of_case.py", ("draft", "submitted", "gatekept", "city_approved", "filed", "started",
                                  "trial_run", "accepted")),
    ("console/parts_of_case.py", ("draft", "submitted", "gatekept", "with_province", "in_joint_review",
                                  "leading_group_decided", "approved", "budgeted", "started", "trial_run", "accepted")),
    ("console/parts_of_case.py", ("need_draft", "need_submitted", "need_gatekept", "need_reported", "appraised",
                                  "in_library")),
    ("console/parts_of_case.py", ("appraised", "in_library", "lapsed")),
    ("console/given_back.py", ("returned", "need_returned", "suspended", "terminated")),  # somebody else gave a reason
    ("console/registers.py", ("appraised", "in_library", "lapsed")),
    ("measures/duties.py", ("accepted", "evaluated")),
    ("measures/law.py", ("submitted", "gatekept")),
    ("measures/law.py", ("submitted", "gatekept", "with_province", "in_joint_review", "leading_group_decided")),
    ("obligations/counted_as.py", ("need_returned", "withdrawn")),  # nobody's outside where it never went further
    ("projects/law.py", ("returned", "need_returned")),
    ("projects/models_waiting.py", (  # of an index: what waits at a desk, and with its owner
        "need_submitted", "need_reported", "appraised", "submitted", "gatekept", "with_province", "in_joint_review",
        "leading_group_decided",
    )),
    ("projects/models_waiting.py", ("need_returned", "need_gatekept", "returned")),
    ("reviews/whose_turn.py", ("with_province", "gatekept")),
    ("rulebook/schemas_amendments.py",
     ("submitted", "gatekept", "with_province", "in_joint_review", "leading_group_decided")),
}  # fmt: skip
# What names of dated facts share with states: the imports' path through a life.
OF_FACTS = "measures/importing.py"


def reached_from(states: frozenset[State]) -> frozenset[State]:
    found = set(states)
    while True:
        more = {row.target for row in TRANSITIONS.values() if row.source in found and not row.removes}
        if more <= found:
            return frozenset(found)
        found |= more


def test_what_has_ended_is_left_by_nothing() -> None:
    assert {state for state in State if reached_from(frozenset({state})) == {state}} == TERMINAL


def test_cases_begin_where_no_row_leads() -> None:
    entered = {row.target for row in TRANSITIONS.values() if row.target is not row.source}
    assert set(State) - entered - INITIAL <= {State.LAPSED}, "by time alone"
    assert not INITIAL & entered


def test_whoever_is_accepted_stays_so() -> None:
    assert reached_from(frozenset({State.ACCEPTED})) == COMPLETED


def test_what_is_abandoned_or_undeclared_is_neither_completed_nor_more() -> None:
    assert ABANDONED < TERMINAL and not ABANDONED & COMPLETED
    assert INITIAL < UNDECLARED and not UNDECLARED & TERMINAL


def test_the_wire_names_the_desks_of_a_clause() -> None:
    assert get_args(DeskName) == values(frozenset(DESKS))


def sets_by_hand() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every literal of two or more states under service/, but for the tables themselves."""
    for file in sorted(SERVICE.rglob("*.py")):
        place = file.relative_to(SERVICE).as_posix()
        if file.name.startswith("lifecycle"):
            continue
        for node in nodes(file):
            if isinstance(node, ast.Tuple | ast.Set | ast.List) and len(node.elts) > 1:
                told = tuple(map(_state, node.elts))
                if None not in told:
                    yield place, tuple(map(str, told))


def _state(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and node.value in VALUES:
        return str(node.value)
    named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "State"
    return State[node.attr].value if named else None  # type: ignore[attr-defined]


def test_no_other_set_of_states_is_written_by_hand() -> None:
    found = {
        (place, told) for place, told in sets_by_hand() if place != OF_FACTS or told in dict(OWN).values()
    }
    assert {each for each in found if each[0] != OF_FACTS} - OWN == set(), "take a named set, or say why not"


# ---- the database's own copies ---------------------------------------------------------------------------

_LIST = re.compile(r"state (=|<>) A(?:NY|LL) \(+ARRAY\[([^\]]*)\]")


@pytest.fixture(scope="module")
async def policies(settings: Settings) -> list[tuple[str, str, frozenset[str]]]:
    """(policy, = or <>, states) of every list of a case's states in a policy on the database."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        rows = await connection.fetch(
            "SELECT tablename || '/' || policyname AS name, concat_ws(' ', qual, with_check) AS told FROM pg_policies"
        )
    finally:
        await connection.close()
    return [
        (row["name"], sign, frozenset(re.findall(r"'(\w+)'", listed)))
        for row in rows
        for sign, listed in _LIST.findall(row["told"])
    ]


async def test_policies_know_the_same_sets(policies: list[tuple[str, str, frozenset[str]]]) -> None:
    """Closed to whoever is outside: what has not left its city, and drafts; no policy knows half of such a set."""
    of_cases = [each for each in policies if each[2] <= VALUES]
    assert of_cases
    hidden = [each for each in of_cases if each[1] == "<>" and each[2] & set(values(INITIAL))]
    assert {each[2] for each in hidden} <= {frozenset(values(UNDECLARED)), frozenset(values(INITIAL))}
    assert frozenset(values(UNDECLARED)) in {each[2] for each in hidden}
    unknown = [each for each in policies if each[2] & VALUES and not each[2] <= VALUES]
    assert not [each for each in unknown if each[0].startswith("projects/")], "a state that is no longer one"
