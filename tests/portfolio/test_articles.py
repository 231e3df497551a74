"""`tongjian check articles`, `tongjian article`, the rules that are switched off: what is missing is found."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.articles import carriers, naming
from service.articles import survey as articles
from service.articles.carriers import ROOT
from service.cli.commands import main
from service.cli.tools import application
from service.docs import document as openapi
from service.kit.authz import Policy
from service.rulebook.explained import read
from tests.mutations.__main__ import noticed
from tests.mutations.mends import MENDS
from tests.mutations.rules import MUTATIONS


@pytest.fixture(scope="module")
def specs() -> list[Any]:
    return list(openapi.routes_of(application()))


@pytest.mark.long
def test_every_article_has_its_rule_its_endpoint_and_its_test(specs: list[Any]) -> None:
    assert articles.survey(specs, Policy().lines).faults == []


def test_article_3_is_carried_by_what_asks_for_it_alone(specs: list[Any]) -> None:
    """Adoption and retirement name art. 3; only the five declarations ask it."""
    carried = articles.survey(specs, Policy().lines).articles[3]
    assert list(carried.rules) == ["function:service.measures.claims:_unified"]
    assert "projects_submit" in carried.endpoints and "adoptions_request" not in carried.endpoints
    assert all("claims" in test for test in carried.tests)


def test_an_article_that_nobody_carries_is_named(specs: list[Any]) -> None:
    """Without the policy lines of an article and its entry in the file it has no endpoint."""
    lines = [line._replace(articles=tuple(a for a in line.articles if a != 28)) for line in Policy().lines]
    assert articles.survey(specs, lines).faults == ["art. 28: no endpoint"]


def test_a_name_that_leads_nowhere_is_told(specs: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    raw = yaml.safe_load(articles.FILE.read_text(encoding="utf-8"))
    raw["articles"][0] |= {
        "rules": ["function:service.measures.routing:nowhere", "gate:nowhere"],
        "endpoints": ["nowhere"],
        "tests": ["tests/nowhere.py", "tests/measures/test_cases.py::test_nowhere"],
        "readings": ["R99"],
    }
    raw["articles"].append({"article": 44})
    monkeypatch.setattr(yaml, "safe_load", lambda text: raw if "endpoints" in text else _LOAD(text))
    found = articles.survey(specs, Policy().lines).problems
    assert len(found) == 7
    assert all("nowhere" in each or "R99" in each or "art. 44" in each for each in found)


_LOAD = yaml.safe_load


def test_what_is_named_stands_at_its_line(specs: list[Any]) -> None:
    """Of every article every rule, endpoint and test: the file is there and its line is about that name."""
    for number, carried in articles.survey(specs, Policy().lines).articles.items():
        for name, place in {**carried.rules, **carried.endpoints, **carried.tests}.items():
            file, _, line = place.rpartition(":")
            said = (ROOT / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
            last = re.split(r"[:.]", name)[-1]
            if name.startswith(("figure:", "function:")) or "::" in name:
                assert last in said, (number, name, place)
            if name.startswith("lifecycle:"):
                assert last.upper() in said, (number, name, place)
            assert said.strip(), (number, name, place)


def test_a_message_carries_nothing_a_refusal_does(tmp_path: Path) -> None:
    """What merely mentions an article asks and decides nothing."""
    file = tmp_path / "service" / "some.py"
    file.parent.mkdir()
    file.write_text(
        'LABEL = "第十条的事"\n\n\ndef told():\n    return "按第十一条办理"\n\n\n'
        'def stops():\n    raise ServiceError(409, "x", "第十二条")\n\n\n'
        'def finds():\n    return Finding("x", (13, 14))\n\n\n'
        'def counts(found):\n    return found.setdefault("第十五条", {})\n',
        encoding="utf-8",
    )
    found = [(each.article, each.name, each.place) for each in carriers._functions(tmp_path)]
    assert found == [
        (12, "function:service.some:stops", "service/some.py:8"),
        (13, "function:service.some:finds", "service/some.py:12"),
        (14, "function:service.some:finds", "service/some.py:12"),
    ]


def test_one_article_is_printed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """`tongjian article 29`: each kind, whole names, file and line; another number is refused."""
    assert main(["article", "29"]) == 0
    said = capsys.readouterr().out
    for wanted in (
        "figure    ",
        "start.months_after_approval",
        "policies/measures/dates.yaml:",
        "gate      half_year_over",
        "service/measures/gates_delivering.py:",
        "deed      decide_force_majeure",
        "service/measures/lifecycle_delivering.py:",
        "deadline  ",
        "recall_decision",
        "service/measures/deadlines_delivering.py:",
        "funding_recall_funds",
        "service/delivery/recall_of_funds.py:",
        "R7",
        "test_building_start.py::test_art_29_recall_opens_the_day_after_half_a_year",
    ):
        assert wanted in said, wanted
    assert "…" not in said
    assert main(["article", "--all"]) == 0
    assert capsys.readouterr().out.count("\nart. ") == 42
    for wrong in (["1"], ["44"], []):
        with pytest.raises(SystemExit, match="from 2 to 43"):
            main(["article", *wrong])


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("art. 9", {9}),
        ("Arts 8, 9 and 12", {8, 9, 12}),
        ("arts 33-35, 38", {33, 34, 35, 38}),
        ("（第九条、第二十三条）", {9, 23}),
        ("第三十三条至第三十五条", {33, 34, 35}),
        ("第41条", {41}),
        ("test art 29 recall", {29}),
        ("part 3, article 9, chart 4, 第一百条, art. 77", set()),
    ],
)
def test_how_articles_are_named(text: str, numbers: set[int]) -> None:
    assert naming.named(text) == numbers


def test_headings_are_our_own_words() -> None:
    """No heading repeats the regulation: they are short, and no two are the same."""
    headings = [each.heading for each in read(ROOT)]
    assert len(set(headings)) == len(headings)
    assert all(4 <= len(heading) <= 20 for heading in headings)


@pytest.mark.long
def test_one_rule_switched_off_is_noticed() -> None:
    """Art. 18, as a sample of `python -m tests.mutations`: without its gate the named test fails."""
    gate = next(each for each in MUTATIONS if each.article == 18)
    assert noticed(gate) == (True, "noticed")


@pytest.mark.long
def test_every_rule_can_be_switched_off() -> None:
    """Where the code has moved on, a mutation would not run: all of them at once, in a process that ends with it."""
    code = (
        "from tests.mutations.mends import MENDS; from tests.mutations.rules import MUTATIONS\n"
        "for each in (*MUTATIONS, *MENDS): each.off()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_rule_to_switch_off_names_a_test_that_is_there() -> None:
    assert len(MUTATIONS) >= 15
    assert len({each.article for each in MUTATIONS}) >= 10
    every = (*MUTATIONS, *MENDS)
    assert len({each.name for each in every}) == len(every)
    for each in every:
        file, _, name = each.test.partition("::")
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
        defined = {
            node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert name in defined
