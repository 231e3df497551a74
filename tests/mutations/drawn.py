"""Slips of the pen, drawn by a seed: gates opened and shut, permissions lost and given away, figures compared wrongly.

`population()` is all that can be drawn, by families; `drawn(seed, count)` a sample. Each names the pure test that must
notice. What changes nothing is no mutation: EQUIVALENT says why.
"""

from __future__ import annotations

import ast
import inspect
import random
import sys
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from types import FunctionType
from typing import Any

from service.kit import authz
from service.kit.policy_lines import Line
from service.kit.roles import load_roles
from service.measures import acceptance, funding, gates_filing, hindrance, intake, periods, rectification
from service.measures.gated_case import GatedCase
from service.measures.gates import GATES
from tests.mutations import Mutation

SEED, COUNT = 23, 120
FAMILIES = ("gate", "permission", "slip")
_GATES = "tests/measures/test_gates_by_hand.py"
_ONE_GATE = f"{_GATES}::test_a_gate_is_open_and_shut_as_the_measures_say"
_ACCESS = "tests/policies/test_access_matrix.py::"
PAIR = _ACCESS + "test_every_operation_is_open_to_exactly_the_roles_of_its_row"
# A right that its only line gave is unknown without it: no row is left to look at, the list of rights is short of one.
KNOWN = _ACCESS + "test_matrix_policy_and_names_know_the_same_operations"
_FUNDING = "tests/measures/test_funding.py"
# Days and amounts that gates turn on, and the tests that know them.
_JUDGING: tuple[tuple[int, Any, str], ...] = (
    (41, periods.moved, _GATES),
    (29, hindrance.start_due, _GATES),
    (29, hindrance.pending, _GATES),
    (29, hindrance.lasting, _GATES),
    (30, acceptance.trial_run_ends, _GATES),
    (40, acceptance.evaluation_window, _GATES),
    (41, rectification.lapsed, _GATES),
    (41, rectification.enforces, _GATES),
    (8, intake.stands, _GATES),
    (39, gates_filing.waiting, _GATES),
    (34, funding.check_lines, _FUNDING),
)
_SWAPPED: Mapping[type[ast.AST], type[ast.AST]] = {
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}
_CALLED = {"all": "any", "any": "all", "max": "min", "min": "max"}
EQUIVALENT: Mapping[str, str] = {"slip moved 4": "a stop that ends on the day on which it began adds no day"}


def population() -> list[Mutation]:
    """All that can be drawn."""
    return [*_gates(), *_permissions(), *_slips()]


def drawn(seed: int = SEED, count: int = COUNT, families: Collection[str] = ()) -> list[Mutation]:
    """So many of the population, the same for the same seed; of some families only when they are named."""
    found = [each for each in population() if not families or each.name.partition(" ")[0] in families]
    return random.Random(seed).sample(found, min(count, len(found)))


def _gates() -> Iterator[Mutation]:
    for name in sorted(GATES):
        for what, says in (("open", None), ("shut", "不允许")):
            article = GATES[name].article
            yield Mutation(
                article,
                f"gate {name} {what}",
                f"gate {name} {what}",
                _told(name, says),
                f"{_ONE_GATE}[{name}]",
            )


def _told(name: str, says: str | None) -> Callable[[], None]:
    """A gate that always says the same."""

    def always(_: GatedCase) -> str | None:
        return says

    return lambda: GATES.update({name: replace(GATES[name], test=always)})


def _permissions() -> Iterator[Mutation]:
    lines = authz.Policy(strict=True).lines
    holders: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for line in lines:
        holders.setdefault((line.obj, line.act), set()).add((line.tier, line.role))
    some = {(line.obj, line.act): line for line in lines}
    everybody = sorted(load_roles().valid)
    for (obj, act), line in sorted(some.items()):
        pair = f"{obj}/{act}"
        lost = f"{line.tier}.{line.role}"
        yield Mutation(
            line.articles[0],
            f"permission {pair} lost",
            f"{lost} may not {pair}",
            _lost(line),
            PAIR if len(holders[obj, act]) > 1 else KNOWN,
        )
        without = [each for each in everybody if each not in holders[obj, act]]
        if without:
            tier, role = without[0]
            more = line._replace(tier=tier, role=role)
            what = f"{tier}.{role} may {pair}"
            yield Mutation(line.articles[0], f"permission {pair} given", what, _given(more), PAIR)


def _lost(lost: Line) -> Callable[[], None]:
    return _reading(lambda lines: tuple(line for line in lines if line != lost))


def _given(more: Line) -> Callable[[], None]:
    return _reading(lambda lines: (*lines, more))


def _reading(changed: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> Callable[[], None]:
    read = authz.read_lines

    def off() -> None:
        authz.read_lines = lambda *given: changed(read(*given))  # type: ignore[attr-defined]

    return off


def _slips() -> Iterator[Mutation]:
    """One operator of a function turned into its neighbour."""
    for gate in sorted(GATES):
        yield from _slips_of(gate, GATES[gate].test, GATES[gate].article, f"{_ONE_GATE}[{gate}]")
    for article, function, test in _JUDGING:
        yield from _slips_of(function.__name__, function, article, test)


def _slips_of(of: str, function: Any, article: int, test: str) -> Iterator[Mutation]:
    for number, (was, becomes) in enumerate(_sites(_tree(function))):
        name = f"slip {of} {number}"
        if name not in EQUIVALENT:
            yield Mutation(
                article, name, f"{function.__name__}: {was} → {becomes}", _slipped(function, number), test
            )


def _tree(function: Any) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def _sites(tree: ast.Module, at: int | None = None) -> list[tuple[str, str]]:
    """What could slip, in order; the one at the number slips in place."""
    found: list[tuple[str, str]] = []
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            for place, each in enumerate(value if isinstance(value, list) else [value]):
                other = _neighbour(each)
                if other is None:
                    continue
                if len(found) == at:
                    _put(node, field, place, other)
                found.append((_shown(each), _shown(other)))
    return found


def _neighbour(node: Any) -> ast.AST | None:
    if type(node) in _SWAPPED:
        return _SWAPPED[type(node)]()
    if isinstance(node, ast.Name) and node.id in _CALLED:
        return ast.Name(_CALLED[node.id], ast.Load())
    return None


def _put(node: ast.AST, field: str, place: int, other: ast.AST) -> None:
    held = getattr(node, field)
    if isinstance(held, list):
        held[place] = other
    else:
        setattr(node, field, other)


def _shown(node: Any) -> str:
    return node.id if isinstance(node, ast.Name) else type(node).__name__


def _slipped(function: Any, number: int) -> Callable[[], None]:
    """The function with that one operator changed, in every module that has it."""

    def off() -> None:
        tree = _tree(function)
        _sites(tree, number)
        space = function.__globals__
        kept = space[function.__name__]
        exec(compile(ast.fix_missing_locations(tree), function.__code__.co_filename, "exec"), space)
        changed = space[function.__name__]
        assert isinstance(changed, FunctionType)
        for module in [each for name, each in sys.modules.items() if name.startswith("service.")]:
            for name in [name for name, value in vars(module).items() if value is kept]:
                setattr(module, name, changed)

    return off
