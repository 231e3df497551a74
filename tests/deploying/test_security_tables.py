"""The tables of `docs/security` say of each requirement once how it is met, and name what is there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.bundle.locked import ROOT
from tests.syntax import nodes, tree

PAGES = ROOT / "docs" / "security"
HELD, MET, NONE, SITE, OPEN = range(5)
STATES = {
    "asvs.md": ("held", "met", "n/a", "site", "open"),
    "gbt22239.md": ("有测试", "有文件", "不涉及", "部署单位", "未满足"),
    "gbt39786.md": ("有测试", "有文件", "不涉及", "部署单位", "未满足"),
}
# Last numbers of each section of ASVS 5.0.0 that has requirements of levels 1 and 2, and those of level 3 up to them.
ASVS = """
1.1-2 1.2-9 1.3-11 1.4-3 1.5-2 2.1-3 2.2-3 2.3-4 2.4-1 3.2-2 3.3-4 3.4-6 3.5-5 3.7-2 4.1-3 4.2-1 4.3-2 4.4-4
5.1-1 5.2-3 5.3-2 5.4-3 6.1-3 6.2-12 6.3-4 6.4-4 6.5-5 6.6-3 6.8-4 7.1-3 7.2-4 7.3-2 7.4-5 7.5-2 7.6-2 8.1-2
8.2-3 8.3-1 8.4-1 9.1-3 9.2-4 10.1-2 10.2-2 10.3-4 10.4-11 10.5-5 10.6-2 10.7-3 11.1-2 11.2-3 11.3-3 11.4-4
11.5-1 11.6-1 12.1-3 12.2-2 12.3-4 13.1-1 13.2-5 13.3-2 13.4-5 14.1-2 14.2-4 14.3-3 15.1-3 15.2-3 15.3-7 16.1-1
16.2-5 16.3-4 16.4-3 16.5-3 17.1-1 17.2-4 17.3-2
"""
LEVEL_1 = """
1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.5.1 2.1.1 2.2.1 2.2.2 2.3.1 3.2.1 3.2.2 3.3.1 3.4.1 3.4.2 3.5.1
3.5.2 3.5.3 4.1.1 4.4.1 5.2.1 5.2.2 5.3.1 5.3.2 6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1
6.3.2 6.4.1 6.4.2 7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2 8.1.1 8.2.1 8.2.2 8.3.1 9.1.1 9.1.2 9.1.3 9.2.1 10.4.1
10.4.2 10.4.3 10.4.4 10.4.5 11.3.1 11.3.2 11.4.1 12.1.1 12.2.1 12.2.2 13.4.1 14.2.1 14.3.1 15.1.1 15.2.1 15.3.1
"""
# How many points (a, b, …) each control of GB/T 22239-2019, 8.1, has; and each section of GB/T 39786-2021, 8.
CONTROLS = {
    "8.1.1": (2, 1, 3, 2, 3, 3, 2, 1, 3, 2), "8.1.2": (5, 2, 1), "8.1.3": (4, 5, 4, 2, 4, 1),
    "8.1.4": (4, 7, 4, 6, 1, 1, 2, 2, 3, 2, 2), "8.1.5": (2, 2, 2, 6), "8.1.6": (1, 3, 2, 1), "8.1.7": (3, 2, 3, 3, 3),
    "8.1.8": (3, 2, 3, 4), "8.1.9": (4, 3, 3, 7, 3, 3, 2, 3, 3, 3),
    "8.1.10": (3, 3, 2, 4, 2, 10, 2, 2, 2, 3, 3, 4, 4, 4),
}  # fmt: skip
SECTIONS = (5, 7, 8, 10, 6, 5, 5, 3)
_NAMED = re.compile(
    r"`((?:tests|service|deploy|docs|policies|migrations|openapi)/[\w./-]+|LICENSE|[A-Z]+\.md|[\w.-]+\.(?:lock|toml))"
    r"(?:::(\w+))?`"
)
_ITEM = re.compile(r"(\d[\d.]*)(?: ([a-z])(?:–([a-z]))?)?")


class Row(NamedTuple):
    """A line of a table: the numbers it is of, its other cells."""

    numbers: list[str]
    cells: list[str]


def letters(first: str, last: str) -> list[str]:
    return [chr(each) for each in range(ord(first), ord(last) + 1)]


@cache
def rows(page: str) -> tuple[Row, ...]:
    found = []
    for line in (PAGES / page).read_text(encoding="utf-8").splitlines():
        cells = [each.strip() for each in line.strip().strip("|").split(" | ")]
        item = _ITEM.fullmatch(cells[0]) if line.startswith("| ") else None
        if item is not None:
            points = letters(item[2], item[3] or item[2]) if item[2] else []
            found.append(Row([f"{item[1]} {each}" for each in points] or [item[1]], cells[1:]))
    return tuple(found)


def wanted(page: str) -> list[str]:
    if page == "asvs.md":
        pairs = [each.split("-") for each in ASVS.split()]
        return [f"{section}.{number}" for section, last in pairs for number in range(1, int(last) + 1)]
    of = (
        {f"{group}.{n}": size for group, sizes in CONTROLS.items() for n, size in enumerate(sizes, 1)}
        if page == "gbt22239.md"
        else {f"8.{n}": size for n, size in enumerate(SECTIONS, 1)}
    )
    return [f"{name} {each}" for name, size in of.items() for each in letters("a", chr(96 + size))]


@cache
def cases_in(path: Path) -> set[str]:
    return {
        node.name
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize(("page", "most"), [("asvs.md", 253), ("gbt22239.md", 211), ("gbt39786.md", 49)])
def test_each_requirement_stands_once(page: str, most: int) -> None:
    stands = Counter(number for row in rows(page) for number in row.numbers)
    assert sorted(stands.elements()) == sorted(wanted(page))
    assert len(wanted(page)) == most
    if page == "asvs.md":
        assert {row.numbers[0]: row.cells[0] for row in rows(page)} == {
            each: "1" if each in LEVEL_1.split() else "2" for each in wanted(page)
        }


@pytest.mark.parametrize("page", STATES)
def test_nothing_is_called_met_without_what_shows_it(page: str) -> None:
    """Held by a test, met by a file; all else says why, or whose it is."""
    for row in rows(page):
        state, where = row.cells[-2:]
        named = _NAMED.findall(where)
        kind = STATES[page].index(state)
        if kind == HELD:
            assert any(function for _, function in named), row
        elif kind == MET:
            assert named, row
        else:
            assert len(re.sub(r"\W", "", _NAMED.sub("", where))) >= 4, row


@pytest.mark.parametrize("page", STATES)
def test_the_figures_of_a_table_are_its_rows(page: str) -> None:
    counted = Counter(row.cells[-2] for row in rows(page) for _ in row.numbers)
    (line,) = re.findall(r"^\*\*(.*\d.*)\*\*$", (PAGES / page).read_text(encoding="utf-8"), re.M)
    told = [int(each) for each in re.findall(r"\d+", line)][: len(STATES[page])]
    assert told == [counted[state] for state in STATES[page]], counted


def test_the_tables_of_security_name_what_is_there() -> None:
    missing = []
    for page in sorted(PAGES.glob("*.md")):
        named = _NAMED.findall(page.read_text(encoding="utf-8"))
        assert named, page.name
        for path, function in named:
            if not (ROOT / path).exists() or (function and function not in cases_in(ROOT / path)):
                missing.append(f"{page.name}: {path}::{function}")
    assert missing == []


_CODE = {"eval", "exec", "compile", "__import__"}
_UNSAFE_MODULES = {"pickle", "marshal", "shelve", "telnetlib", "ftplib"}
_SCRIPT = re.compile(
    r"\beval\(|new Function|\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|postMessage|localStorage"
    r"|sessionStorage|indexedDB|document\.cookie"
)


def unsafe(source: ast.Module) -> list[str]:
    """Calls that take a text for code, a shell, objects made of bytes, hashes that collide."""
    found = []
    for node in ast.walk(source):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {each.name for each in node.names} | {getattr(node, "module", "") or ""}
            found += sorted(names & _UNSAFE_MODULES)
        if not isinstance(node, ast.Call):
            continue
        given = {each.arg: ast.unparse(each.value) for each in node.keywords}
        called = ast.unparse(node.func)
        if called in _CODE or called in ("os.system", "os.popen") or given.get("shell", "False") != "False":
            found.append(called)
        if called == "yaml.load" and not any("CSafeLoader" in ast.unparse(each) for each in node.args[1:]):
            found.append(called)
        if called in ("hashlib.md5", "hashlib.sha1") and given.get("usedforsecurity") != "False":
            found.append(called)
    return found


def test_nothing_takes_text_for_code() -> None:
    for planted in (
        "eval(x)",
        "import pickle",
        "run(x, shell=True)",
        "yaml.load(x, Loader)",
        "hashlib.md5(x)",
    ):
        assert unsafe(ast.parse(planted)), planted
    sources = sorted((ROOT / "service").rglob("*.py"))
    found = {str(path.relative_to(ROOT)): told for path in sources if (told := unsafe(tree(path)))}
    assert found == {}
    script = ROOT / "service/console/static/console.js"
    assert _SCRIPT.search("a.innerHTML = b") and not _SCRIPT.search(script.read_text(encoding="utf-8"))
