"""Every signable case of policies/cases, and the twenty demonstration rows."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.measures.facts import parse_facts
from service.measures.routing import route
from service.rulebook.loader import base_divisions, base_rulebook, load_yaml, repo_root

CASES = sorted((repo_root() / "policies" / "cases").glob("*.yaml"))
ROWS = json.loads((Path(__file__).parent / "data" / "projects.json").read_text(encoding="utf-8"))["rows"]


def build(shared: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    """A case's facts: the shared ones, less `without`, with the case's own laid over."""
    facts = copy.deepcopy(shared)
    for path in case.get("without", []):
        *parents, last = path.split(".")
        node = facts
        for parent in parents:
            node = node[parent]
        del node[last]
    for key, value in case.get("facts", {}).items():
        facts[key] = {**facts.get(key, {}), **value} if isinstance(value, dict) else value
    return {**facts, "on": facts["on"].isoformat()}


def all_cases() -> Iterator[Any]:
    for path in CASES:
        content = load_yaml(path)
        assert set(content) == {"shared", "cases"}, path.name
        for case in content["cases"]:
            assert set(case) <= {"id", "title", "facts", "without", "expect"}, case["id"]
            yield pytest.param(build(content["shared"], case), case["expect"], id=case["id"])


@pytest.mark.parametrize(("facts", "expect"), list(all_cases()))
def test_case(facts: dict[str, Any], expect: dict[str, Any]) -> None:
    parsed = parse_facts(facts, base_divisions())
    decision = route(parsed, base_rulebook(), parsed.on)
    assert {
        "route": decision.route.value,
        "articles": list(decision.articles),
        "findings": sorted(finding.code for finding in decision.findings),
    } == {**expect, "findings": sorted(expect["findings"])}


def test_enough_cases_with_unique_ids() -> None:
    ids = [case["id"] for path in CASES for case in load_yaml(path)["cases"]]
    assert len(ids) >= 80
    assert len(ids) == len(set(ids))


# Articles and findings of the demonstration rows, worked out from the Measures by hand.
DEMO: dict[str, tuple[list[int], list[str]]] = {
    "demo-01": ([8, 13, 17], ["negative_not_checked"]),
    "demo-02": ([8, 13], []),
    "demo-03": ([9, 13, 19, 23], ["not_in_library", "reuse_not_checked"]),
    "demo-04": ([9, 13, 19, 23], ["not_in_library", "reuse_not_checked"]),
    "demo-05": ([9, 13, 17, 23], ["near_line", "negative_not_checked"]),
    "demo-06": ([9, 13, 19, 23], ["not_in_library", "reuse_not_checked"]),
    "demo-07": ([9, 13, 23], ["near_line", "reuse_not_checked"]),
    "demo-08": ([9, 13, 23], ["label_without_evidence", "reuse_not_checked"]),
    "demo-09": ([9, 13, 19, 23], ["not_in_library", "reuse_not_checked"]),
    "demo-10": ([9, 13, 23], ["reuse_not_checked"]),
    "demo-11": ([9, 13, 23], ["reuse_not_checked"]),
    "demo-12": ([9, 13, 23], ["maintenance_excluded", "reuse_not_checked", "under_line_by_maintenance"]),
    "demo-13": ([9, 13, 23], ["maintenance_excluded", "under_line_by_maintenance"]),
    "demo-14": ([9, 13, 17, 23], ["negative_17_7"]),
    "demo-15": ([9, 13, 17, 23], ["negative_17_1", "reuse_not_checked"]),
    "demo-16": ([9, 13, 23], ["county_reuse_first", "reuse_not_checked"]),
    "demo-17": ([9, 13, 23], ["reuse_not_checked"]),
    "demo-18": ([9, 13, 23], []),
    "demo-19": ([9, 13, 17, 23], ["negative_not_checked"]),
    "demo-20": ([14], []),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["external_ref"])
def test_demonstration_row(row: dict[str, Any]) -> None:
    parsed = parse_facts(row["facts"], base_divisions())
    decision = route(parsed, base_rulebook(), parsed.on)
    articles, findings = DEMO[row["external_ref"]]
    assert decision.route.value == row["expected_route"]
    assert list(decision.articles) == articles
    assert sorted(finding.code for finding in decision.findings) == findings
