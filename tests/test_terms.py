"""A stranger who knows the Measures finds each legal term by names alone (docs/law.md, glossary)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.syntax import nodes

ROOT = Path(__file__).resolve().parents[1]
LAW = (ROOT / "docs" / "law.md").read_text(encoding="utf-8")
ROWS = re.findall(
    r"^\| (?P<term>[^|]+?) \| (?P<english>[^|]+?) \| [^|]+ \| (?P<where>`[^|]+`) \|$",
    LAW.partition("## Glossary")[2],
    re.M,
)
# What nobody would look a file up for: words for how the Measures speak.
NOT_A_PLACE = {"原则上", "五统一", "管理惯例"}
# Looked for once by somebody who had never seen the code: half of them were not found then.
LOOKED_FOR = (
    "需求",
    "重点支持",
    "论证评估",
    "联合会审",
    "领导小组审定",
    "批复",
    "财政承受能力评估",
    "预算下达",
    "备案",
    "责任人",
    "监理",
    "开工",
    "收回资金",
    "重大问题报告",
    "试运行、终验",
    "结余资金",
)


def words(english: str) -> set[str]:
    """The beginnings of its words, by which a file's name may say it: appraisal, appraising."""
    return {word.removesuffix("y")[:5].lower() for word in re.findall(r"[a-zA-Z]{4,}", english)}


@pytest.mark.parametrize(("term", "english", "where"), ROWS, ids=[row[0] for row in ROWS])
def test_a_terms_place_says_its_name(term: str, english: str, where: str) -> None:
    places = re.findall(r"`([^`]+)`", where)
    assert all((ROOT / place).exists() for place in places), places
    if term not in NOT_A_PLACE:
        first = places[0].rpartition("/")[2]
        assert any(word in first for word in words(english)), f"{first} does not say {english}"


def test_what_was_looked_for_is_in_the_glossary() -> None:
    assert set(LOOKED_FOR) <= {row[0] for row in ROWS} - NOT_A_PLACE
    assert len(LOOKED_FOR) == 16


# Of words that once meant several things: where, as file::name, the service may name something by them. What an answer
# or a body calls so (schemas) stays, a rename there would break whoever reads it.
ONE_MEANING = {
    "facts": r"(measures/(?!gate)|projects/|library/|replay/|suspicions/|sandbox/|sheets/|rulebook/|demo/|catalogue/"
    r"|documents/|delivery/change|portfolio/(import|schemas)|reviews/(drawing|schemas)|delivery/acceptance_schemas"
    r"|docs/named|vocabulary/).*",
    "joint": r".*::\w*joint_?reviews?\w*|reviews/joint_review.py|(replay|suspicions)/schemas.py::joint(_project)?",
    "supervision": r"delivery/works_supervision.py|.*::(record_supervision|supervisionin)",
    "money": r"kit/money.py|docs/schemas.py::money|delivery/\w*schemas.py::(money|moneyview|moneyopinion)",
    "entries": r"(library|audit|measures|replay|rulebook|vocabulary|docs|webhooks)/.*|catalogue/models.py::app_entries"
    r"|tasks/things.py::proposed_entries",
    "pool": r"(kit|settings)/.*",
    "standing": r"(identity|reviews|rulebook)/schemas\w*.py::standing(view)?|reviews/queries.py::_standing",
}


def _named(path: Path) -> Iterator[str]:
    """What a file names: itself, functions, classes, what they take, what is assigned."""
    yield ""
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield f"::{node.name}"
        elif isinstance(node, ast.arg):
            yield f"::{node.arg}"
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield f"::{node.id}"


def _parts(name: str) -> set[str]:
    return {each.lower() for each in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_a_word_means_one_thing() -> None:
    found, service = set[str](), ROOT / "service"
    for path in sorted(service.rglob("*.py")):
        place = str(path.relative_to(service))
        if place.startswith("console/"):  # pages name what they show as its answer does
            continue
        for name in _named(path):
            for word in _parts(name or path.stem) & ONE_MEANING.keys():
                if not re.fullmatch(ONE_MEANING[word], f"{place}{name}".lower()):
                    found.add(f"{word}: {place}{name}")
    assert not found, "docs/law.md says how these are called:\n" + "\n".join(sorted(found))
    told = re.findall(r"^\| (\w+) \|", LAW.partition("Words that once meant")[2], re.M)
    assert set(told) - {"word"} == ONE_MEANING.keys()
