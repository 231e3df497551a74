"""Whatever a page prints is escaped, in every template and every function that makes markup, those to come included.

`test_hostile.py` and `make browser` send fifty texts through forms, searches, parts and drawings; here the ways by
which a text could get past the escaping at all are counted, and each is shown to be found.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import nodes

from service.console import pages

HOUSE = Path(pages.__file__).parent
TEMPLATES = sorted((HOUSE / "templates").rglob("*.html"))
SOURCES = sorted(HOUSE.glob("*.py"))
# What an address may begin with where a template does not write its first letter: each is made by the console.
MADE_HERE = re.compile(
    r"^(?:visit\.link\(|static\[|around\.|(?:tab|place|person|each|cell)\.address$|(?:register|visit)\.path$"
    r"|list\.register\.path$|(?:here|action|address|look|retry)$)"
)
_TARGET = re.compile(r'\s(?:href|src|action|formaction|hx-[a-z]+)="\{\{\s*(.*?)\s*\}\}')
_BARE = re.compile(r"<[^<>]*\s[\w-]+=\{[{%]")


def unescaped(text: str) -> list[str]:
    """Ways past the escaping in a template."""
    tree = pages.ENV.parse(text)
    constants = set[str]()
    for each in tree.find_all(nodes.Assign):
        whole = [part for part in each.node.find_all(nodes.Name) if part.ctx == "load"]
        test_only = (
            isinstance(each.node, nodes.CondExpr)
            and isinstance(each.node.expr1, nodes.Const)
            and (each.node.expr2 is None or isinstance(each.node.expr2, nodes.Const))
        )
        if isinstance(each.target, nodes.Name) and (test_only or not whole):
            constants.add(each.target.name)
    found = []
    for each in tree.find_all(nodes.Filter):
        if each.name in ("safe", "forceescape", "xmlattr", "tojson"):
            of = each.node
            if not (each.name == "safe" and isinstance(of, nodes.Name) and of.name in constants):
                found.append(f"line {each.lineno}: {each.name}")
    found += [f"line {each.lineno}: autoescape" for each in tree.find_all(nodes.EvalContextModifier)]
    found += [f"an attribute without quotes: {each}" for each in _BARE.findall(text)]
    return found + [f"an address from {each}" for each in _TARGET.findall(text) if not MADE_HERE.match(each)]


def made(source: str) -> list[str]:
    """Markup of a Python file that is no text of that file."""
    found = []
    for each in ast.walk(ast.parse(source)):
        if not isinstance(each, ast.Call):
            continue
        name = each.func.id if isinstance(each.func, ast.Name) else getattr(each.func, "attr", "")
        if name in ("Markup", "svg") and each.args and not isinstance(each.args[0], ast.Constant):
            found.append(f"{each.lineno}: {ast.unparse(each)[:60]}")
    return found


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.name)
def test_no_template_goes_past_the_escaping(template: Path) -> None:
    assert unescaped(template.read_text(encoding="utf-8")) == []


def test_markup_is_made_of_the_files_own_texts() -> None:
    told = {source.name: made(source.read_text(encoding="utf-8")) for source in SOURCES}
    told = {name: each for name, each in told.items() if each}
    # The one function that takes the text as its argument; what calls it is looked at like Markup itself.
    assert (
        [*told] == ["drawing.py"] and len(told["drawing.py"]) == 1 and "Markup(text)" in told["drawing.py"][0]
    )


@pytest.mark.parametrize(
    "text",
    [
        "{{ each.name | safe }}",
        "{% set a = each.name %}{{ a | safe }}",
        "{% autoescape false %}{{ a }}{% endautoescape %}",
        "<a title={{ each.name }}>",
        '<a href="{{ each.url }}">',
        '<a class="x" href="{{ project.name }}">',
        "{% set a = '' if each.b else each.name %}{{ a | safe }}",
    ],
)
def test_a_way_past_it_is_found(text: str) -> None:
    assert unescaped(text)


@pytest.mark.parametrize(
    "source", ["Markup(name)", "Markup(f'<b>{name}</b>')", "svg('<g>' + name)", "x.Markup(a % b)"]
)
def test_markup_of_anything_else_is_found(source: str) -> None:
    assert made(source)
