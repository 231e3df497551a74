"""For every article what carries it: rules, endpoints, tests; and what is missing.

Read from what is there: gates, rows of the lifecycle table, dated figures, deadlines and findings of the code; policy
lines and the operations they open; tests that name the article. `policies/explanations.yaml` says in our own words
what each article is about, `policies/articles.yaml` names places that carry it; whatever it names must exist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from service.articles.carriers import ROOT, carriers, definitions, place_of_handler, tree
from service.articles.naming import LAST
from service.articles.proofs import functions_of, proofs
from service.rulebook.explained import read

FILE = ROOT / "policies" / "articles.yaml"
ARTICLES = range(2, LAST - 1)  # the first says why; the last two interpret and put in force


@dataclass
class Carried:
    """What carries one article: names, each with where it stands (file:line)."""

    heading: str = ""
    lines: tuple[str, ...] = ()
    rules: dict[str, str] = field(default_factory=dict)
    endpoints: dict[str, str] = field(default_factory=dict)
    tests: dict[str, str] = field(default_factory=dict)
    readings: dict[str, str] = field(default_factory=dict)

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


def survey(handlers: Iterable[Any], lines: Iterable[Any], root: Path = ROOT) -> Survey:
    """Everything there is. `handlers`: of the application, each with its `spec`; `lines`: the policy's."""
    articles = {
        each.number: Carried(each.heading, each.lines) for each in read(root) if each.number in ARTICLES
    }
    operations = {each.opt["spec"].operation_id: each for each in handlers}
    pairs: dict[tuple[str, str], set[int]] = {}
    for line in lines:
        pairs.setdefault((line.obj, line.act), set()).update(line.articles)
    for found, kind in ((carriers(root), "rules"), (proofs(root), "tests")):
        for each in found:
            if each.article in articles:
                getattr(articles[each.article], kind).setdefault(each.name, each.place)
    places = {name: place_of_handler(handler.fn) for name, handler in operations.items()}
    for name, handler in operations.items():
        spec = handler.opt["spec"]
        for pair in ((spec.resource, spec.action), *spec.then):
            for number in pairs.get(pair, set()) & articles.keys():
                articles[number].endpoints[name] = places[name]
    return Survey(articles, _declared(articles, places, root))


def _declared(articles: dict[int, Carried], operations: dict[str, str], root: Path) -> list[str]:
    """What policies/articles.yaml adds; what of it leads nowhere."""
    raw = yaml.safe_load((root / FILE.relative_to(ROOT)).read_text(encoding="utf-8"))["articles"]
    times = Counter(entry["article"] for entry in raw)
    problems = [
        f"articles.yaml: art. {number} is named twice" for number in sorted(times) if times[number] > 1
    ]
    known = {name: place for carried in articles.values() for name, place in carried.rules.items()}
    readings = _readings(root)
    for entry in raw:
        number = entry["article"]
        if number in articles:
            problems += _entered(articles[number], entry, known, operations, readings, root)
        else:
            problems.append(f"articles.yaml: art. {number} is none of {ARTICLES.start}-{ARTICLES.stop - 1}")
    return problems


def _entered(
    carried: Carried,
    entry: dict[str, Any],
    known: dict[str, str],
    operations: dict[str, str],
    readings: dict[str, str],
    root: Path,
) -> list[str]:
    if entry.get("only"):  # what merely names the article does not carry it
        for found in (carried.rules, carried.endpoints, carried.tests):
            found.clear()
    checks = (
        ("rules", carried.rules, lambda name: known.get(name) or _defined(name, root)),
        ("endpoints", carried.endpoints, operations.get),
        ("tests", carried.tests, lambda name: _tested(name, root)),
        ("readings", carried.readings, readings.get),
    )
    problems = []
    for kind, target, place in checks:
        for name in entry.get(kind, ()):
            if where := place(name):
                target[name] = where
            else:
                problems.append(
                    f"articles.yaml: art. {entry['article']}: {kind} names {name}, which is not there"
                )
    return problems


def _readings(root: Path) -> dict[str, str]:
    text = (root / "policies" / "measures" / "readings.yaml").read_text(encoding="utf-8")
    return {each["id"]: each["text"] for each in yaml.safe_load(text)["readings"]}


def _defined(name: str, root: Path) -> str | None:
    """Where `function:package.module:name` is defined, or None."""
    kind, _, place = name.partition(":")
    module, _, wanted = place.partition(":")
    path = Path(module.replace(".", "/")).with_suffix(".py")
    if kind != "function" or not (root / path).is_file():
        return None
    return next((f"{path}:{node.lineno}" for n, node in definitions(tree(root / path)) if n == wanted), None)


def _tested(name: str, root: Path) -> str | None:
    """Where `tests/file.py::name` is, or None."""
    path, _, wanted = name.partition("::")
    if not (root / path).is_file():
        return None
    if not wanted:
        return f"{path}:1"
    return next((f"{path}:{node.lineno}" for n, node in functions_of(tree(root / path)) if n == wanted), None)
