"""docs/law.md explains every gate of the lifecycle table: by which words of which article it may stop anybody."""

from __future__ import annotations

from pathlib import Path

from service.measures.gates import GATES
from service.measures.lifecycle import TRANSITIONS

LAW = Path(__file__).resolve().parents[2] / "docs" / "law.md"
CLASSES = {"forbids", "sequence", "power", "nothing there"}


def explained() -> dict[str, tuple[int, str, str]]:
    part = (
        LAW.read_text("utf-8").partition("## What each gate rests on\n")[2].partition("\nWhat was harder")[0]
    )
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:1] == "|"
    ]
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: (int(row[1]), row[2], row[3]) for row in rows[2:]}


def test_every_gate_is_explained_and_none_is_made_up() -> None:
    """0 rows unexplained: 应当 alone, and silence, stop nobody."""
    rows = explained()
    used = {name for row in TRANSITIONS.values() for name in row.guards}
    assert set(rows) == used
    for name, (article, kind, text) in rows.items():
        assert article == GATES[name].article, name
        assert kind in CLASSES, name
        assert text, name


def test_no_gate_rests_on_a_bare_ought() -> None:
    """A gate that names an article with 应当 only is a finding in the wrong place; what is forbidden says so."""
    for name, (_article, kind, text) in explained().items():
        assert not (
            kind == "forbids" and not any(word in text for word in ("不得", "不予", "不安排", "暂缓", "same"))
        ), name
