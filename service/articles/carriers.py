"""What in the code carries an article: gates, rows of the lifecycle table, figures, deadlines, deciding functions.

Only what asks or decides counts: a message that mentions an article, a label, a heading carries nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import yaml

from service.articles.naming import LAST, named
from service.measures.gates import GATES
from service.measures.lifecycle import TRANSITIONS

ROOT = Path(__file__).resolve().parents[2]
# Calls that say "by this article" with a number among their arguments.
_CITING = {"Citation", "Finding", "_gate", "cite", "article_label", "not_after", "not_before"}
# Calls that refuse or tell a finding: an article in their words is what they go by.
_REFUSING = re.compile(
    r"(Error|Fault|Finding)$|(^|_)(fault|finding|refuse|refused|conflict|unprocessable|forbidden)$"
)


class Carrier(NamedTuple):
    """One thing that carries an article: `gate:affordable`, `figure:limit.other`, and where: file:line."""

    article: int
    name: str
    place: str


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def definitions(module: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """The module's own names; a method counts with its class."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target.id, node


@cache
def carriers(root: Path) -> tuple[Carrier, ...]:
    """All of them, read once for a tree."""
    return (*_gates(), *_deeds(root), *_figures(root), *_deadlines(root), *_functions(root))


def place_of(code: CodeType) -> str:
    file = Path(code.co_filename)
    shown = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
    return f"{shown.as_posix()}:{code.co_firstlineno}"


def place_of_handler(endpoint: Callable[..., Any]) -> str:
    """Where an operation's own function stands, below what registers it."""
    function = endpoint
    while inner := [
        each for cell in function.__closure__ or () if isinstance(each := cell.cell_contents, FunctionType)
    ]:
        function = getattr(inner[-1], "__wrapped__", inner[-1])  # of an act: its judge
    return place_of(function.__code__)


def _gates() -> Iterator[Carrier]:
    for gate in GATES.values():
        yield Carrier(gate.article, f"gate:{gate.name}", place_of(gate.test.__code__))


def _deeds(root: Path) -> Iterator[Carrier]:
    """Each act of the lifecycle table, where its first row is written."""
    places: dict[str, str] = {}
    for file in sorted((root / "service" / "measures").glob("lifecycle*.py")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if "_states" not in file.name:
                for action in re.findall(r"\b(?:A|Action)\.([A-Z_]+)\b", line):
                    places.setdefault(action, f"{file.relative_to(root).as_posix()}:{number}")
    for row in TRANSITIONS.values():
        for number in row.articles:
            yield Carrier(number, f"lifecycle:{row.action.value}", places[row.action.name])


def _figures(root: Path) -> Iterator[Carrier]:
    for file in sorted((root / "policies" / "measures").glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        lines = {m[1]: number for number, line in enumerate(text.splitlines(), 1) if (m := _KEY.search(line))}
        for entry in yaml.safe_load(text).get("entries", ()):
            place = f"{file.relative_to(root).as_posix()}:{lines[entry['key']]}"
            yield Carrier(entry["article"], f"figure:{entry['key']}", place)


_KEY = re.compile(r"\bkey: ['\"]?([\w.]+)")


def _deadlines(root: Path) -> Iterator[Carrier]:
    """`case.owed("filing", due, since, duty, 23, …)`."""
    for file in sorted((root / "service" / "measures").glob("deadlines*.py")):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "owed" and len(node.args) > 4:
                place = f"{file.relative_to(root).as_posix()}:{node.lineno}"
                told = (
                    str(getattr(node.args[0], "value", ""))
                    if isinstance(node.args[0], ast.Constant)
                    else "by kind"
                )
                for number in _integers(node.args[4]):
                    yield Carrier(number, f"deadline:{told}", place)


def _functions(root: Path) -> Iterator[Carrier]:
    """Functions and constants of the service that cite an article when they decide or refuse."""
    for file in sorted((root / "service").rglob("*.py")):
        path = file.relative_to(root)
        module = ".".join(path.with_suffix("").parts)
        for name, node in definitions(tree(file)):
            for number in _decided(node):
                yield Carrier(number, f"function:{module}:{name}", f"{path.as_posix()}:{node.lineno}")


def _decided(node: ast.stmt) -> set[int]:
    """The articles by which it decides: numbers given to what cites, words given to what refuses."""
    found: set[int] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Raise):
            found |= _worded(each)
        if isinstance(each, ast.Call):
            name = each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
            given = [word.value for word in each.keywords if word.arg in ("article", "articles")]
            values = [*given, *(each.args if name in _CITING else ())]
            found |= {number for value in values for number in _integers(value)}
            if _REFUSING.search(name):
                found |= _worded(each)
    return found


def _worded(node: ast.AST) -> set[int]:
    words = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
    return {number for word in words if isinstance(word, str) and "条" in word for number in named(word)}


def _integers(node: ast.expr) -> Iterator[int]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and type(each.value) is int and 1 <= each.value <= LAST:
            yield each.value
