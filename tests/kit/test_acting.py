"""In whose name a deputy acts: bound and barred as its holder, and never a second person to those he stands for."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from service.kit.acting import acting
from service.kit.authz import Policy
from service.kit.errors import ServiceError
from service.kit.ids import new_id
from service.kit.principal import DeputedRole, Principal
from service.kit.second_person import by_another
from service.portfolio import spills
from service.rulebook import rounds
from tests.syntax import nodes

ROOT = Path(__file__).resolve().parents[2]
PLAN = (("plan", "decide"),)
EDIT = (("project", "edit"),)
JUDGE = (("project", "gatekeep"),)


@pytest.fixture(scope="module")
def policy() -> Policy:
    made = Policy()
    for pair in (*PLAN, *EDIT, *JUDGE):
        made.register(*pair)
    made.compile()
    return made


def deputy(own: str, *stood: DeputedRole, office: str | None = None, seat: str | None = None) -> Principal:
    """Somebody of a city as a token of his says."""
    roles = (own, *(each.role for each in stood))
    return Principal("360100", "city", new_id(), "p", None, office, roles, 9.0, "t", 0.0, seat, deputed=stood)


def stood_for(role: str, login: str = "absent") -> DeputedRole:
    return DeputedRole(role, new_id(), login)


def test_an_act_in_ones_own_name_is_no_second_persons(policy: Policy) -> None:
    """Art. 7: prepared before leave by the absent, adopted by the deputy under a role of his own: one hand."""
    absent = stood_for("gatekeeper")
    caller = acting(deputy("leading_group_secretary", absent), policy, PLAN, None)
    assert (caller.acts_for, caller.roles, caller.deputed) == (None, ("leading_group_secretary",), ())
    assert caller.actor == "user:360100:p"
    assert caller.same_hand("user:360100:absent") and caller.same_hand("user:360100:x for absent")
    assert not caller.same_hand("user:360100:somebody")
    assert caller.people() == (caller.user,), "on a case only hands that took part are left"
    with pytest.raises(ServiceError, match="same_person"):
        by_another(absent.user, caller, "user:360100:absent")
    by_another(new_id(), caller, "user:360100:somebody")


def test_an_act_for_one_is_no_second_persons_to_another_one_stands_for(policy: Policy) -> None:
    """For two absent at once: what one proposed is not confirmed in the other's name, in a batch neither."""
    one, two = stood_for("gatekeeper", "one"), stood_for("cyber", "two")
    caller = acting(deputy("archives", one, two), policy, JUDGE, None)
    assert caller.acts_for == "one" and caller.same_hand("user:360100:two")
    again = acting(caller, policy, JUDGE, None)
    assert again.acts_for == "one" and again.same_hand("user:360100:two")
    call: Any = type("Call", (), {"principal": caller})
    for user, by in ((two.user, "user:360100:two"), (one.user, "user:360100:one")):
        with pytest.raises(ServiceError, match="same_person"):
            spills.another(call, {"requested_user": user, "requested_by": by})
        with pytest.raises(ServiceError, match="same_person"):
            rounds.another(call, {"by_user": user, "by": by, "organ": "drc"})


def test_who_declares_is_bound_to_his_office_whatever_he_holds_for_others(policy: Policy) -> None:
    """A desk of the whole city held beside it, by deputation or the other way round, opens no other office's cases."""
    seat = new_id()
    unit = deputy("unit", stood_for("archives"), seat=seat)
    assert acting(unit, policy, EDIT, None).office == seat
    assert acting(unit, policy, EDIT, "absent").office is None, "the archives see the whole city"
    archives = deputy("archives", stood_for("unit"), seat=seat)
    assert acting(archives, policy, EDIT, None).acts_for == "absent"
    assert acting(archives, policy, EDIT, None).office == seat


_NOTED = re.compile(r"(^|_)by(_user)?$|_user$|^sender$")
_ITSELF = {"service/kit/principal.py"}


def _caller(node: ast.AST) -> bool:
    """Whether an operand says who is calling: his id, login or actor, by itself or by a helper of `call`."""
    return any(
        (
            isinstance(each, ast.Attribute)
            and each.attr in ("user", "login", "actor")
            and ast.unparse(each.value).endswith(("principal", "who"))
        )
        or (
            isinstance(each, ast.Call)
            and any(ast.unparse(arg) in ("call", "call.principal") for arg in each.args)
        )
        for each in ast.walk(node)
    )


def _noted(node: ast.AST) -> bool:
    """Whether an operand says who did something before."""
    words = (
        each.attr if isinstance(each, ast.Attribute) else each.value if isinstance(each, ast.Constant) else ""
        for each in ast.walk(node)
    )
    return any(isinstance(word, str) and _NOTED.search(word) for word in words)


def test_nobody_compares_who_did_it_with_who_calls_by_himself() -> None:
    """Every second person is judged by `one_with` and `same_hand`, which know of deputies."""
    found, judged = [], 0
    for path in sorted((ROOT / "service").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        for node in nodes(path):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("by_another", "same_hand")):
                judged += 1
            if isinstance(node, ast.Compare) and name not in _ITSELF:
                sides = [node.left, *node.comparators]
                if any(map(_caller, sides)) and any(_noted(side) and not _caller(side) for side in sides):
                    found.append(f"{name}:{node.lineno} {ast.unparse(node)}")
    assert not found, "ask service/kit/second_person.py:\n" + "\n".join(found)
    assert judged >= 12
