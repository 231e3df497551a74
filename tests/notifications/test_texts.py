"""Every kind has words for every desk it is sent to, and says what an official needs."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

import service
from service.event_kinds import KINDS
from service.kit import clock
from service.kit.outbox import Event, Recipient
from service.notifications.texts import STEPS, TEXTS, compose
from service.worker import SUBSCRIBERS
from tests.notifications.events import snapshot
from tests.syntax import nodes


def event(kind: str, given: dict[str, Any]) -> Event:
    return Event("e", "360100", kind, [], given, "trace", clock.now())


def test_the_lists_of_kinds_are_one() -> None:
    kinds = set(SUBSCRIBERS)
    assert kinds == set(KINDS) >= set(TEXTS)
    assert {kind for kind, _ in STEPS} <= set(TEXTS)
    assert all(KINDS.values())


_TELLS = {"told": 0, "step": 0, "emitted": 2, "tell": 2}  # which argument is the kind


def test_every_kind_that_is_told_is_in_the_vocabulary() -> None:
    """An event nobody has words for would be no message: its line is added in service/vocabulary/events.py."""
    strange, seen = [], 0
    for path in sorted(Path(service.__file__).parent.rglob("*.py")):
        for node in nodes(path):
            if not isinstance(node, ast.Call):
                continue
            at = _TELLS.get(ast.unparse(node.func).rpartition(".")[2])
            if at is None or len(node.args) <= at or not isinstance(kind := node.args[at], ast.Constant):
                continue
            if isinstance(kind.value, str) and re.fullmatch(r"[a-z]+\.[a-z_]+", kind.value):
                seen += 1
                strange += [] if kind.value in KINDS else [f"{path.name}:{node.lineno} {kind.value}"]
    assert seen > 50
    assert not strange, "its words are missing in service/vocabulary/events.py: " + ", ".join(strange)


@pytest.mark.parametrize("kind", sorted(TEXTS))
@pytest.mark.parametrize("role", ["office", "gatekeeper", "approver", "unit", "portal", "department"])
def test_messages_name_project_and_owner(kind: str, role: str) -> None:
    query = {"id": "q", "question": "金额为何变化？", "answer": "按批复调整"}
    given = snapshot(reason="预算待核", query=query, filing={"number": "360100-2026-0001"})
    title, body = compose(event(kind, given), Recipient("360100", role))
    assert "智慧水务平台" in title
    assert "智慧水务平台" in body
    assert "南昌市水利局" in body
    assert body[-1] in "。？！" or body.endswith(("预算待核", "按批复调整"))
    if kind.startswith("filing"):
        assert "360100-2026-0001" in title
    if kind in ("project.returned", "project.withdrawn", "project.returned_by_province"):
        assert "预算待核" in body
    assert "None" not in title + body


def test_amounts_and_articles_are_written_as_officials_read_them() -> None:
    _, body = compose(event("filing.filed", snapshot()), Recipient("360000", "office"))
    assert "批复金额3,900,000.00元" in body
    assert "路径：市级批复并备案（依据第二十三条）" in body


def test_a_poor_snapshot_still_makes_a_message() -> None:
    for kind in KINDS:
        title, body = compose(event(kind, {}), Recipient("360100", "unit"))
        assert title
        assert body


def test_whatever_is_told_of_a_case_carries_its_portals_number() -> None:
    """A portal finds its own record by `external_ref`: every snapshot of a project has it, but one that was erased."""
    told = 0
    for file in Path(service.__file__).parent.rglob("*.py"):
        for node in nodes(file):
            if not isinstance(node, ast.Dict):
                continue
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "project" and isinstance(value, ast.Dict):
                    names = {each.value for each in value.keys if isinstance(each, ast.Constant)}
                    if {"id", "owner_name"} <= names:
                        told += 1
                        assert "external_ref" in names or file.name == "closing.py", f"{file}:{node.lineno}"
    assert told > 4
