"""A project's life is driven one way (decision 0254): by tests/lives, and by nothing beside it."""

from __future__ import annotations

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from tests.syntax import nodes

TESTS = Path(__file__).resolve().parent
FAMILY = TESTS / "lives"
BY_HAND = 3  # so many acts of a life a file may do by itself before it drives one
_ANY_ACT = re.compile(r"(/api/v1)?/projects/\{\}/\{\}")
_CASE = re.compile(r"^((/api/v1)?/projects/\{\w*\}|\{\})/")
# What has another subject than the life of a project, and goes along it by hand.
APART = {
    "stories": "told as tables: what was done is said in words, and every line is looked at",
    "bench": "requests are measured: what a client would send, and nothing else",
    "drills": "processes are killed meanwhile: callers wait, send on, and keep a log of what they were told",
}


def spelled(node: ast.JoinedStr) -> str:
    """The text with {} for whatever is filled in."""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def drives(path: Path) -> bool:
    """Whether it makes a path on a case for whatever act: the heart of any driver."""
    texts = (spelled(node) for node in nodes(path) if isinstance(node, ast.JoinedStr))
    return any(_ANY_ACT.fullmatch(text) for text in texts)


def posted(path: Path) -> set[str]:
    """What it posts itself: the end of the path that stands beside "POST"."""
    found = set[str]()
    for node in nodes(path):
        if isinstance(node, ast.Call):
            for method, target in pairwise(node.args):
                if isinstance(method, ast.Constant) and method.value == "POST":
                    text = spelled(target) if isinstance(target, ast.JoinedStr) else ast.unparse(target)[1:-1]
                    found.add(_CASE.sub("", text))
    return found


@cache
def acts() -> frozenset[str]:
    """The acts of a life as the family does them: does(who, act, …), step(case, who, act, …)."""
    found = set[str]()
    for path in FAMILY.glob("*.py"):
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                place = {"does": 1, "tried": 1, "step": 2}.get(node.func.attr)
                if place is not None and len(node.args) > place:
                    said = node.args[place]
                    found |= {said.value} if isinstance(said, ast.Constant) else set()
    return frozenset(str(each) for each in found)


def beside() -> list[Path]:
    """Files of the tests outside of the family, without those that have another subject."""
    return [
        path
        for path in sorted(TESTS.rglob("*.py"))
        if FAMILY not in path.parents and path.relative_to(TESTS).parts[0] not in APART
    ]


def named(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(TESTS)) for path in paths]


def test_nothing_beside_drives_a_case_through_whatever_act() -> None:
    found = named([path for path in beside() if drives(path)])
    assert not found, f"say does, tried, refused or wrong of a life: {found}"


def test_nobody_goes_along_a_life_by_hand() -> None:
    found = {path: posted(path) & acts() for path in beside()}
    long = {str(path.relative_to(TESTS)): sorted(done) for path, done in found.items() if len(done) > BY_HAND}
    assert not long, f"go there by `at` or by the acts of a life: {long}"


def test_whoever_stands_apart_is_there_and_would_be_found() -> None:
    for folder in APART:
        files = list((TESTS / folder).rglob("*.py"))
        assert any(drives(path) or len(posted(path) & acts()) > BY_HAND for path in files), folder


@pytest.mark.parametrize(
    "text",
    [
        'await as_user(t)("POST", f"/projects/{self.id}/{verb}", body)',
        'path = f"/api/v1/projects/{ref}/{verb}"',
    ],
)
def test_a_driver_is_known_by_its_path(text: str, tmp_path: Path) -> None:
    (tmp_path / "sites.py").write_text(f"async def act():\n    {text}\n")
    assert drives(tmp_path / "sites.py")


def test_acts_done_by_hand_are_known_however_their_paths_are_made(tmp_path: Path) -> None:
    lines = (
        'call("POST", f"/projects/{ref}/submit", {})',
        'call("POST", f"{path}/approve", {})',
        'call(KEEPER, "POST", "gatekeeping/pass", {})',
        'case.does("owner", "file", {})',
    )
    (tmp_path / "sites.py").write_text("\n".join(lines))
    assert posted(tmp_path / "sites.py") & acts() == {"submit", "approve", "gatekeeping/pass"}
    assert {"accept", "need/report", "province-approve", "payments"} <= acts()
