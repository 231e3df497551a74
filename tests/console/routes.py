"""What the console's routes come to: the strings of their handlers, of what these use, and of their templates."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from types import FunctionType
from typing import Any

from service.console import admin_parts, index, pages, places
from service.console.api import ROUTES

_QUOTED = re.compile(r"""["']([\w./]+)["']""")
_ASKED = re.compile(r"\bmay\([^)]*\)")  # whether somebody may do it is not doing it
# Where a page is offered its operations are named, and nothing is done: the bar, the tabs, the list of pages.
_OFFERS: tuple[Any, ...] = (places.places_of, admin_parts.tabs, index.GROUPS)


def said_by_routes() -> set[str]:
    """Every string that is reached from a route; beginnings of composed ones end in `…`."""
    said, seen = set[str](), set[int]()
    for route in ROUTES:
        _walk(route.fn, said, seen)
    return said


def _walk(thing: Any, said: set[str], seen: set[int]) -> None:
    if isinstance(thing, str):
        if thing.endswith(".html"):
            names = [f"admin/{thing}", thing]
            thing = next((each for each in names if each in pages.ENV.list_templates()), thing)
        if thing not in said:
            said.add(thing)
            for each in _in_template(thing) if thing.endswith(".html") else ():
                _walk(each, said, seen)
    elif id(thing) in seen or any(thing is each for each in _OFFERS):
        return
    elif isinstance(thing, FunctionType):
        seen.add(id(thing))
        if thing.__module__.startswith("service.console"):
            for each in _in_function(thing):
                _walk(each, said, seen)
    elif isinstance(thing, Mapping | list | tuple | set | frozenset):
        seen.add(id(thing))
        for each in [*thing, *(thing.values() if isinstance(thing, Mapping) else ())]:
            _walk(each, said, seen)


def _in_function(function: FunctionType) -> Iterator[Any]:
    """Its strings, and what its names stand for; what is only asked of `may` is left out."""
    known = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    for part in _without_asking(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if isinstance(part, ast.JoinedStr) and isinstance(part.values[0], ast.Constant):
            yield f"{part.values[0].value}…"
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
        elif isinstance(part, ast.Name) and part.id in known:
            yield known[part.id]


def _without_asking(tree: ast.AST) -> Iterator[ast.AST]:
    asking = isinstance(tree, ast.Call) and isinstance(tree.func, ast.Attribute) and tree.func.attr == "may"
    if not asking:
        yield tree
        for each in ast.iter_child_nodes(tree):
            yield from _without_asking(each)


@cache
def _in_template(name: str) -> list[str]:
    if name not in pages.ENV.list_templates():
        return []
    text = (pages.TEMPLATES / name).read_text("utf-8")
    return [each for each in _QUOTED.findall(_ASKED.sub("", text)) if each != name]
