"""An amendment that two people concluded and the same as a line of the files are one rule (arts 44, 45; decision 0105):
for every parameter, under every transition clause, on every day and for every law that a case may carry."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.measures.amounts import yuan_text
from service.measures.facts import Facts
from service.measures.law import Law
from service.measures.parameters import RuleBook
from service.measures.routing import route
from service.measures.rule_entries import Clause, ClauseMode, Entry
from service.rulebook.loader import base_rulebook, load_rulebook, repo_root
from service.rulebook.reading_rows import rulings_of
from tests.measures.test_properties import valid_facts

NUMBER = "赣府厅发〔2031〕7号"
KNOWN = datetime(2031, 5, 20, 2, tzinfo=UTC)
START = date(2031, 6, 1)
CLAUSES = (
    None,
    Clause(ClauseMode.STAY),
    Clause(ClauseMode.NEXT_DESK),
    Clause(ClauseMode.FROM_STATE, "with_province"),
)
LAWS = (
    None, Law(date(2031, 5, 31)), Law(START), Law(date(2031, 6, 2), datetime(2031, 6, 2, 3, tzinfo=UTC)),
    Law(date(2031, 3, 1), datetime(2031, 3, 1, tzinfo=UTC), {"submitted": date(2031, 3, 1)}),
    Law(date(2031, 3, 1), datetime(2031, 3, 1, tzinfo=UTC), {"with_province": date(2031, 5, 1)}),
    Law(date(2031, 3, 1), None, {"with_province": date(2031, 5, 1), "in_joint_review": date(2031, 5, 9)}),
    Law(date(2024, 3, 1), strict=True),
)  # fmt: skip
KEYS = tuple(sorted({entry.key for entry in base_rulebook().entries}))
# Checks of cities are JSON: another word among them is none.
PLAIN = tuple(key for key in KEYS if base_rulebook().entry_on(key, START).unit not in ("text", "list"))


def other(entry: Entry) -> Any:
    """Another value of its unit, as a request gives it and as it is stored."""
    value = entry.value
    match entry.unit:
        case "flag":
            return not value
        case "fen" | "percent" | "months" | "years" | "days" | "count":
            return int(str(value)) + 1
        case "month_day":
            return "10-17" if value != "10-17" else "10-18"
        case "level":
            return next(each for each in entry.scale if each != value)
        case "list":
            return [*map(str, value if isinstance(value, tuple) else ()), "另一项"]
        case _:
            return f"{value}（修改）"


@cache
def as_deed(keys: tuple[str, ...], clause: Clause | None) -> RuleBook:
    """The book with the amendment as its stored row is read."""
    base = base_rulebook()
    row = {
        "entries": [{"key": key, "value": other(base.entry_on(key, START))} for key in keys],
        "effective_from": START,
        "decided_at": KNOWN,
        "document_number": NUMBER,
        "transition": None if clause is None else {"mode": clause.mode.value, "state": clause.state},
    }
    (ruling,) = rulings_of(base, [], [row])  # type: ignore[list-item]
    return ruling.joined(base)


def lines(keys: tuple[str, ...], clause: Clause | None) -> str:
    """The same as an official would write it into a file, in YAML's flow style."""
    made = ["entries:"]
    for key in keys:
        entry = base_rulebook().entry_on(key, START)
        value, unit = other(entry), "yuan" if entry.unit == "fen" else entry.unit
        value = yuan_text(value) if unit == "yuan" else value
        text = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
        parts = [
            f"key: {key}",
            f"value: {text}",
            f"unit: {unit}",
            f"article: {entry.article}",
            f"overlay: {entry.overlay.value}",
            f"effective_from: {START}",
            "recorded_at: 2031-05-20",
            f"basis: {entry.basis.value}",
            f"document: {NUMBER}",
        ]
        parts += [f"scale: {list(entry.scale)!r}"] if entry.scale else []
        if clause is not None:
            state = "" if clause.state is None else f", state: {clause.state}"
            parts.append(f"transition: {{mode: {clause.mode.value}{state}}}")
        made.append(f"  - {{{', '.join(parts)}}}")
    return "\n".join(made) + "\n"


@cache
def as_line(keys: tuple[str, ...], clause: Clause | None) -> RuleBook:
    """The book of the files, one more among them that sorts last."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for file in (repo_root() / "policies" / "measures").glob("*.yaml"):
            (place / file.name).write_bytes(file.read_bytes())
        (place / "zz.yaml").write_text(lines(keys, clause), encoding="utf-8")
        return load_rulebook(place)


@pytest.mark.parametrize("clause", CLAUSES)
def test_every_parameter_is_the_same_rule_on_every_day_for_every_law(clause: Clause | None) -> None:
    deed, line, reached = as_deed(KEYS, clause), as_line(KEYS, clause), set()
    for law in LAWS:
        for day in (START - timedelta(days=1), START, START + timedelta(days=400)):
            ours, theirs = deed.under(law), line.under(law)
            assert ours.version(day) == theirs.version(day), (law, day)
            assert ours.left_aside(day) == theirs.left_aside(day), (law, day)
            for key in KEYS:
                mine, same = ours.entry_on(key, day), theirs.entry_on(key, day)
                # Not when it became known (of a line the day alone), nor the file's own note.
                known = {"recorded_at": KNOWN, "since": None, "note": ""}
                assert replace(mine, **known) == replace(same, **known), (key, law, day)  # type: ignore[arg-type]
            reached.add(ours.version(day) == base_rulebook().version(day))
    assert reached == {True, False}, "some laws are reached by it, some are spared"


@given(facts=valid_facts(), clause=st.sampled_from(CLAUSES), law=st.sampled_from(LAWS))
@settings(max_examples=150, deadline=None)
def test_every_decision_is_the_same(facts: Facts, clause: Clause | None, law: Law | None) -> None:
    """Its whole answer: route, articles, findings, explanation with the document, and what the case is spared."""
    deed, line = as_deed(PLAIN, clause).under(law), as_line(PLAIN, clause).under(law)
    for day in (START - timedelta(days=1), START, START + timedelta(days=30)):
        assert route(facts, deed, day).as_dict() == route(facts, line, day).as_dict()
