"""`tongjian check articles`: for every article of the Measures the rule, the endpoint and the test that carry it.

Read from what is there: gates, rows of the lifecycle table, dated figures and findings of the code; policy lines and
the operations they open; tests that name the article. `policies/explanations.yaml` says in our own words what each
article is about, `policies/articles.yaml` names places that carry it; whatever it names must exist.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from service.measures.citations import article_label
from service.measures.gates import GATES
from service.measures.lifecycle import TRANSITIONS
from service.rulebook.explained import read

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "policies" / "articles.yaml"
ARTICLES = range(2, 44)
_LAST = 45
_ENGLISH = re.compile(r"\barts?\.?[ _](\d+(?:(?:-|, | and |_)\d+)*)", re.IGNORECASE)
_CHINESE = re.compile(
    r"第([零一二三四五六七八九十]{1,3}|\d{1,2})条(?:至第([零一二三四五六七八九十]{1,3}|\d{1,2})条)?"
)
_NUMBERS = {article_label(number)[1:-1]: number for number in range(1, _LAST + 1)}
# Calls that say "by this article" with a number among their arguments.
_CITING = {"Citation", "Finding", "_gate", "cite", "article_label", "not_after", "not_before"}
_IGNORED = ("tests/mutations/", "tests/portfolio/test_articles.py")  # what speaks about the check itself


@dataclass
class Carried:
    """What carries one article."""

    heading: str = ""
    rules: dict[str, None] = field(default_factory=dict)
    endpoints: dict[str, None] = field(default_factory=dict)
    tests: dict[str, None] = field(default_factory=dict)
    readings: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        kinds = {"rule": self.rules, "endpoint": self.endpoints, "test": self.tests}
        return [name for name, found in kinds.items() if not found] + ([] if self.heading else ["heading"])


@dataclass
class Survey:
    """All articles, and what the data file names that does not exist."""

    articles: dict[int, Carried]
    problems: list[str]

    @property
    def faults(self) -> list[str]:
        """One line per article that lacks something, then one per name that leads nowhere."""
        lacking = [
            f"art. {number}: no {', no '.join(carried.missing)}"
            for number, carried in self.articles.items()
            if carried.missing
        ]
        return lacking + self.problems


def named(text: str) -> set[int]:
    """The articles a text names: art. 9, arts 33-35, arts 8, 9, 第九条, 第三十三条至第三十五条, art_9."""
    found: set[int] = set()
    for match in _ENGLISH.finditer(text):
        for part in re.split(r", | and |_", match[1]):
            first, _, last = part.partition("-")
            found |= set(range(int(first), int(last or first) + 1))
    for match in _CHINESE.finditer(text):
        first_number = _number(match[1])
        found |= set(range(first_number, _number(match[2] or match[1]) + 1))
    return {number for number in found if 1 <= number <= _LAST}


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS.get(text, 0)


def survey(operations: Iterable[Any], lines: Iterable[Any], root: Path = ROOT) -> Survey:
    """Everything there is. `operations`: specs of the application; `lines`: its policy."""
    articles = {each.number: Carried(each.heading) for each in read(root) if each.number in ARTICLES}
    specs = list(operations)
    for number, rule in (*_tables(), *_figures(root), *_citations(root)):
        if number in articles:
            articles[number].rules[rule] = None
    pairs: dict[tuple[str, str], set[int]] = {}
    for line in lines:
        pairs.setdefault((line.obj, line.act), set()).update(line.articles)
    for spec in specs:
        for pair in ((spec.resource, spec.action), *spec.then):
            for number in pairs.get(pair, set()) & articles.keys():
                articles[number].endpoints[spec.operation_id] = None
    for number, test in _tests(root):
        if number in articles:
            articles[number].tests[test] = None
    return Survey(articles, _declared(articles, {spec.operation_id for spec in specs}, root))


def _once(read: Callable[[Path], Iterator[tuple[int, str]]]) -> Callable[[Path], tuple[tuple[int, str], ...]]:
    return cache(lambda root: tuple(read(root)))


# ---- what the code says ------------------------------------------------------------------------------------


def _tables() -> Iterator[tuple[int, str]]:
    for gate in GATES.values():
        yield gate.article, f"gate:{gate.name}"
    for row in TRANSITIONS.values():
        for number in row.articles:
            yield number, f"lifecycle:{row.action.value}"


def _figures(root: Path) -> Iterator[tuple[int, str]]:
    for file in sorted((root / "policies" / "measures").glob("*.yaml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8")).get("entries", ()):
            yield entry["article"], f"figure:{entry['key']}"


@_once
def _citations(root: Path) -> Iterator[tuple[int, str]]:
    """Functions and constants of the service that cite an article when they decide or refuse."""
    for file in sorted((root / "service").rglob("*.py")):
        module = ".".join(file.relative_to(root).with_suffix("").parts)
        for name, node in _definitions(_tree(file)):
            for number in _cited(node):
                yield number, f"function:{module}:{name}"


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """The module's own names; a method counts with its class."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target.id, node


def _cited(node: ast.stmt) -> set[int]:
    found: set[int] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            name = each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
            given = [word.value for word in each.keywords if word.arg in ("article", "articles")]
            values = [*given, *(each.args if name in _CITING else ())]
            found |= {number for value in values for number in _integers(value)}
    if not isinstance(node, ast.ClassDef):
        for each in ast.walk(node):
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and "条" in each.value:
                found |= named(each.value)
    return found


def _integers(node: ast.expr) -> Iterator[int]:
    for each in ast.walk(node) if isinstance(node, ast.Tuple | ast.List) else (node,):
        if isinstance(each, ast.Constant) and type(each.value) is int and 1 <= each.value <= _LAST:
            yield each.value


# ---- what the tests say ------------------------------------------------------------------------------------


@_once
def _tests(root: Path) -> Iterator[tuple[int, str]]:
    """Test functions whose name, docstring or text names an article; a file's own docstring counts for the file."""
    for file in sorted((root / "tests").rglob("test_*.py")):
        path = file.relative_to(root).as_posix()
        if path.startswith(_IGNORED):
            continue
        tree, lines = _tree(file), file.read_text(encoding="utf-8").splitlines()
        for name, node in _test_functions(tree):
            words = "\n".join([name.replace("_", " "), *lines[node.lineno - 1 : node.end_lineno]])
            for number in named(words):
                yield number, f"{path}::{name}"
        for number in named(ast.get_docstring(tree) or ""):
            yield number, path


def _test_functions(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for name, node in _definitions(tree):
        if name.startswith("test_"):
            yield name, node
        elif isinstance(node, ast.ClassDef) and name.startswith("Test"):
            yield from (
                (f"{name}::{each.name}", each)
                for each in node.body
                if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name.startswith("test_")
            )


# ---- what the data file says, and whether it is so ---------------------------------------------------------


def _declared(articles: dict[int, Carried], operations: set[str], root: Path) -> list[str]:
    raw = yaml.safe_load((root / FILE.relative_to(ROOT)).read_text(encoding="utf-8"))["articles"]
    readings = _readings(root)
    known = {rule for carried in articles.values() for rule in carried.rules}
    times = Counter(entry["article"] for entry in raw)
    problems = [
        f"articles.yaml: art. {number} is named twice" for number in sorted(times) if times[number] > 1
    ]
    for entry in raw:
        number = entry["article"]
        if number not in articles:
            problems.append(f"articles.yaml: art. {number} is none of {ARTICLES.start}-{ARTICLES.stop - 1}")
            continue
        carried = articles[number]
        carried.readings = entry.get("readings", [])
        if entry.get("only"):  # what merely names the article does not carry it
            for found in (carried.rules, carried.endpoints, carried.tests):
                found.clear()
        checks = (
            ("rules", carried.rules, lambda name: name in known or _exists(name, root)),
            ("endpoints", carried.endpoints, operations.__contains__),
            ("tests", carried.tests, lambda name: _is_test(name, root)),
        )
        for kind, target, is_there in checks:
            for name in entry.get(kind, ()):
                if is_there(name):
                    target[name] = None
                else:
                    problems.append(f"articles.yaml: art. {number}: {kind} names {name}, which is not there")
        problems += [
            f"articles.yaml: art. {number}: no reading {reading}"
            for reading in carried.readings
            if reading not in readings
        ]
    return problems


def _readings(root: Path) -> set[str]:
    text = (root / "policies" / "measures" / "readings.yaml").read_text(encoding="utf-8")
    return {each["id"] for each in yaml.safe_load(text)["readings"]}


def _exists(name: str, root: Path) -> bool:
    """`function:package.module:name` is defined there."""
    kind, _, place = name.partition(":")
    module, _, wanted = place.partition(":")
    file = (root / module.replace(".", "/")).with_suffix(".py")
    return kind == "function" and file.is_file() and any(n == wanted for n, _ in _definitions(_tree(file)))


def _is_test(name: str, root: Path) -> bool:
    path, _, wanted = name.partition("::")
    file = root / path
    return file.is_file() and (not wanted or any(n == wanted for n, _ in _test_functions(_tree(file))))


# ---- shown -------------------------------------------------------------------------------------------------


def show(found: Survey) -> None:
    """The table, and what is missing."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Articles 2-43: what carries each")
    for heading, options in (("art.", {"justify": "right"}), ("about", {}), ("rules", {"ratio": 3}),
                             ("endpoints", {"ratio": 2}), ("tests", {"ratio": 3}), ("readings", {})):  # fmt: skip
        table.add_column(heading, **options)
    for number, carried in found.articles.items():
        table.add_row(
            str(number), carried.heading, _few(carried.rules), _few(carried.endpoints), _few(carried.tests),
            " ".join(carried.readings),
        )  # fmt: skip
    console = Console()
    console.print(table)
    for fault in found.faults:
        console.print(fault, markup=False, highlight=False, soft_wrap=True)
    whole = sum(not carried.missing for carried in found.articles.values())
    console.print(f"{whole} of {len(found.articles)} articles have a rule, an endpoint and a test")


def _few(names: Collection[str], most: int = 4) -> str:
    """The first few, the law core's and the tables' before the rest."""
    far = {name for name in names if "service.measures" not in name and name.startswith("function:")}
    ranked = sorted(names, key=lambda name: (name in far, name))
    short = [name.removeprefix("function:service.").removeprefix("tests/") for name in ranked[:most]]
    return "\n".join([*short, *([f"… {len(ranked) - most} more"] if len(ranked) > most else [])])
