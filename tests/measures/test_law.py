"""The law a case was taken in under: what a later line of data does to it, by its clause (docs/decisions/0105)."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from service.measures.law import Law, law_of
from service.measures.parameters import RuleBook
from service.measures.routing import Decision, Route, route
from service.rulebook.loader import RuleFileInvalid, load_rulebook, repo_root
from tests.measures.test_rulebook import facts_of

CITY, PROVINCE = Route.CITY_FILING, Route.PROVINCIAL_REVIEW
# Before any line that the real files may gain: what these tests append is then the only one that matters.
START, TAKEN, LATER = date(2025, 1, 1), date(2024, 11, 20), date(2025, 2, 1)
DOCUMENT = "赣府厅发〔2024〕31号"
LINE = (
    "  - {{key: limit.other, value: {value}, unit: yuan, article: 9, overlay: none, "
    "effective_from: {start}, recorded_at: 2024-12-01, document: {document}{more}}}\n"
)


def with_line(tmp_path: Path, more: str = "", value: str = '"8000000.00"') -> RuleBook:
    """The rule book of a copy of the files with one line more."""
    home = tmp_path / "measures"
    shutil.copytree(repo_root() / "policies" / "measures", home, dirs_exist_ok=True)
    with (home / "limits.yaml").open("a", encoding="utf-8") as file:
        file.write(LINE.format(value=value, start=START, document=DOCUMENT, more=more))
    return load_rulebook(home)


def decided(book: RuleBook, plain: dict[str, Any], law: Law | None, on: date = LATER) -> Decision:
    """Six million of the class 其他, on a day after the line took effect."""
    facts = facts_of(plain, investment_yuan="6000000.00")
    return route(facts, book.under(law), on)


def test_without_a_clause_the_submitted_stay_and_drafts_follow(tmp_path: Path, plain: dict[str, Any]) -> None:
    book = with_line(tmp_path)
    before = decided(book, plain, Law(TAKEN))
    assert before.route is PROVINCE
    assert DOCUMENT in before.explanation and "2024-11-20受理" in before.explanation
    assert "R21" in before.readings
    draft = decided(book, plain, None)
    assert draft.route is CITY
    assert f"（{DOCUMENT}修改）" in draft.explanation
    assert decided(book, plain, Law(START)).route is CITY  # taken in on its first day: under the new rule
    assert decided(book, plain, Law(date(2024, 12, 31))).route is PROVINCE


def test_decided_anew_at_the_next_desk(tmp_path: Path, plain: dict[str, Any]) -> None:
    book = with_line(tmp_path, ", transition: {mode: next_desk}")
    assert decided(book, plain, Law(TAKEN)).route is CITY
    assert decided(book, plain, Law(TAKEN).bare).route is PROVINCE
    assert decided(book, plain, Law(TAKEN), date(2024, 12, 31)).route is PROVINCE


@pytest.mark.parametrize(
    ("reached", "way"),
    [
        ({"submitted": "2024-11-20"}, PROVINCE),  # not there yet
        ({"submitted": "2024-11-20", "gatekept": "2024-12-20"}, CITY),
        ({"submitted": "2024-11-20", "gatekept": "2025-01-20"}, CITY),
        ({"gatekept": "2024-12-01", "with_province": "2024-12-31"}, PROVINCE),  # had left it
        (
            {"gatekept": "2024-12-01", "with_province": "2025-01-01"},
            CITY,
        ),  # left it on the first day, or later
        ({}, PROVINCE),
    ],
)
def test_from_a_state_on(tmp_path: Path, plain: dict[str, Any], reached: dict[str, str], way: Route) -> None:
    book = with_line(tmp_path, ", transition: {mode: from_state, state: gatekept}")
    law = law_of({"law": {"on": TAKEN.isoformat(), "reached": reached}}, book.first_date)
    assert decided(book, plain, law).route is way


@pytest.mark.parametrize(
    "more",
    [
        ", transition: later",
        ", transition: {mode: later}",
        ", transition: {mode: from_state}",
        ", transition: {mode: stay, state: gatekept}",
        ", transition: {mode: from_state, state: approved}",
        ", document: 12",
    ],
)
def test_a_line_that_says_no_clause_is_refused(tmp_path: Path, more: str) -> None:
    with pytest.raises(RuleFileInvalid):
        with_line(tmp_path, more.replace(", document: 12", ", transition: [1]"))


def test_what_a_decision_left_aside_is_found_again(tmp_path: Path, plain: dict[str, Any]) -> None:
    for more in ("", ", transition: {mode: next_desk}", ", transition: {mode: from_state, state: gatekept}"):
        book = with_line(tmp_path / (more.strip(", {}") or "none").replace(" ", ""), more)
        facts = facts_of(plain, investment_yuan="6000000.00")
        for law in (Law(TAKEN), Law(TAKEN).bare, Law(START)):
            made = route(facts, book.under(law), LATER)
            rules: Any = made.as_dict()["rulebook"]
            past = book.lookup(rules["version"], LATER)
            assert route(facts, past, LATER).route is made.route
            again = route(facts, book.recalled(rules.get("left_aside", [])), LATER)
            assert (again.route, again.rulebook_version) == (made.route, made.rulebook_version)


def test_a_rule_that_replaces_none_reaches_everybody(book: RuleBook) -> None:
    """A parameter that a later file brings for the first time has nothing older to fall back on."""
    new = book.entries[0].__class__(
        "new.key", 1, "count", 9, book.entries[0].overlay, START, datetime(2024, 12, 1, tzinfo=UTC)
    )
    assert book.with_entries(new).under(Law(TAKEN)).number_on("new.key", LATER) == 1


def test_the_law_of_what_was_never_submitted_is_the_day_s(book: RuleBook) -> None:
    assert law_of({}, book.first_date) is None
    assert book.under(None) is book
    assert law_of({"declared": {"on": "2026-01-02"}}, book.first_date) == Law(date(2026, 1, 2))
    assert law_of({"approved": {"on": "2021-01-02"}}, book.first_date) == Law(book.first_date)


def test_practice_that_replaces_practice_spares_nobody(tmp_path: Path, plain: dict[str, Any]) -> None:
    """The words by which a plan is read are no law; of a document they are, like any figure (R21)."""
    practice = LINE.replace("limit.other", "plan.terms.crypto").replace("unit: yuan", "unit: list")
    practice = practice.replace("article: 9", "article: 15, basis: practice, reading: R17")

    def spared(document: str) -> tuple[str, ...]:
        home = tmp_path / (document or "none") / "measures"
        shutil.copytree(repo_root() / "policies" / "measures", home)
        told = practice if document else practice.replace(", document: {document}", "")
        with (home / "forms.yaml").open("a", encoding="utf-8") as file:
            file.write(told.format(value="[密码]", start=START, document=document, more=""))
        book = load_rulebook(home)
        assert book.value_on("plan.terms.crypto", LATER) == ("密码",)
        return decided(book, plain, Law(TAKEN)).left_aside

    assert spared("") == ()
    assert spared(DOCUMENT) == (f"plan.terms.crypto@{START}",)
