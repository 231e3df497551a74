"""Gates and permissions are tried in this process: hundreds of rules, each judged by one pure test function.

The function is the test that pytest runs; it is called with the rule off, and what was switched off is put back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.kit import authz
from service.measures.gates import GATES
from tests.measures import test_gates_by_hand as gates
from tests.mutations import Mutation
from tests.mutations.drawn import KNOWN
from tests.policies import test_access_matrix as access

FAMILIES = ("gate", "permission")


@contextmanager
def _put_back() -> Iterator[None]:
    """What these families switch off, as it was."""
    lines, kept, policy, pairs = authz.read_lines, dict(GATES), access.POLICY, access.PAIRS
    try:
        yield
    finally:
        authz.read_lines = lines  # type: ignore[attr-defined]
        GATES.clear()
        GATES.update(kept)
        access.POLICY, access.PAIRS = policy, pairs


def _judge(mutation: Mutation) -> None:
    """Calls the test of the rule; AssertionError where it notices."""
    family, name, _ = mutation.name.split(" ")
    if family == "gate":
        gates.test_a_gate_is_open_and_shut_as_the_measures_say(name)
        return
    resource, _, action = name.partition("/")
    access.POLICY = access.compiled()
    access.PAIRS = sorted(access.POLICY.pairs)
    if mutation.test == KNOWN:
        access.test_matrix_policy_and_names_know_the_same_operations()
        return
    # Of what the test goes through, the one pair that changed: a pair that is gone would not be gone through.
    access.PAIRS = [pair for pair in access.PAIRS if pair == (resource, action)]
    access.test_every_operation_is_open_to_exactly_the_roles_of_its_row()


def noticed(mutation: Mutation) -> tuple[bool, str]:
    """Whether the named test fails without the rule; whoever asks has seen it pass with every rule in force."""
    with _put_back():
        mutation.off()
        try:
            _judge(mutation)
        except AssertionError:
            return True, "noticed"
    return False, "still green"
