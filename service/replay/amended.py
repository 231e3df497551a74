"""What an amendment or a reading would do to open cases: who moves, who stays, who would be stranded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from service.kit.api import Call
from service.kit.db import Row
from service.measures.law import DESKS, MOVABLE, Law, law_of
from service.measures.lifecycle_states import State
from service.measures.local_checks import KEY as LOCAL_CHECKS
from service.measures.local_checks import local_check
from service.measures.parameters import RuleBook
from service.measures.rule_entries import ClauseMode, Entry
from service.measures.whatif import CITY, judge
from service.replay.effects import OPEN, Read, Run
from service.replay.queries import open_cases
from service.replay.reading import chunks, decided_of, law_of_row
from service.replay.schemas import Effect
from service.rulebook.book import RuleBooks

Fate = Literal["moves", "stays", "stranded"]
_RANK = {state.value: rank for rank, state in enumerate(DESKS)}
# What the owner must give a reason for, as far as parameters bear on it; a city's own checks say so themselves.
_WANTS_REASON = frozenset({"not_in_library"})


class _Books:
    """Rules of a tenant's cases before and after, each book read once."""

    def __init__(self, books: RuleBooks, entries: tuple[Entry, ...], on: date) -> None:
        self._books, self._entries = books, entries
        self._pairs: dict[str | None, tuple[RuleBook, RuleBook]] = {}
        self.rules = Read(on).of

    def pair(self, row: Row) -> tuple[RuleBook, RuleBook]:
        """(as it is, with the change): the city's book, or the province's own for what the province decides."""
        tenant = None if row["holder"] == "province" else row["tenant_id"]
        if tenant not in self._pairs:
            book = self._books.of(tenant)
            self._pairs[tenant] = book, book.with_entries(*self._entries)
        return self._pairs[tenant]


async def of_amendment(call: Call, entries: Iterable[Entry], on: date, citing: int = 0) -> Effect:
    """A dry run over every open case as of the change's first day; nothing stored."""
    run, rows_of = Run(on), chunks(call.door, call.scope, open_cases(own=False), states=OPEN)
    books = _Books(call.service(RuleBooks), tuple(entries), on)
    async for rows in rows_of:
        for row in rows:
            _judge(run, books, row)
        await asyncio.sleep(0)
    return run.effect(citing)


def _judge(run: Run, books: _Books, row: Row) -> None:
    try:
        project = decided_of(row).project
    except msgspec.MsgspecError:
        run.undecidable += 1
        return
    book, amended = books.pair(row)
    law = _law(row, book, amended, run.on)
    was, would = books.rules(book.under(law)), books.rules(amended.under(law))
    before, after = judge(project, was), judge(project, would)
    fresh = judge(project, books.rules(amended))
    codes = set(before[1]), set(after[1])
    fate: Fate | None = None
    if before[0] != after[0] or _reasons(codes[1] - codes[0], amended, run.on) - set(row["reasoned"] or ()):
        fate = "moves" if _goes_on(row, before[0], after[0], codes, amended, run.on) else "stranded"
    elif before[0] == after[0] != fresh[0]:
        fate = "stays"
    steps = would.steps if after[0] == CITY and was.steps != would.steps else None
    run.add(row, (before[0], after[0]), codes, city_steps=steps, fate=fate)


def _goes_on(
    row: Row, before: str, after: str, codes: tuple[set[str], set[str]], book: RuleBook, on: date
) -> bool:
    """Whether the desk that holds the case can follow."""
    if before != after and State(row["state"]) not in MOVABLE and row["state"] not in _WORKED_ON:
        return False
    asked = _reasons(codes[1] - codes[0], book, on)
    return row["state"] in _WORKED_ON or asked <= set(row["reasoned"] or ())


# With the owner, or in the library: the next declaration is decided by the law of its day, with its reasons.
_WORKED_ON = frozenset({State.RETURNED.value, State.IN_LIBRARY.value})


def _reasons(codes: set[str], book: RuleBook, on: date) -> set[str]:
    """Those of the codes that want the owner's reason."""
    checks = {each.code: each.severity for each in map(local_check, _list(book, on))}
    return {code for code in codes if code in _WANTS_REASON or checks.get(code) == "in_principle"}


def _list(book: RuleBook, on: date) -> tuple[str, ...]:
    return book.list_on(LOCAL_CHECKS, on) if LOCAL_CHECKS in {row.key for row in book.entries} else ()


def _law(row: Row, book: RuleBook, amended: RuleBook, on: date) -> Law | None:
    """The law of the case when the change takes effect. What is on its way to a named state is taken to be there."""
    law = law_of_row(row, book.first_date)
    if law is None or row["state"] == State.IN_LIBRARY.value:
        return None if law is None else law_of({"declared": {"on": on.isoformat()}}, book.first_date)
    named = {
        entry.clause.state
        for entry in amended.replacing
        if entry.clause is not None and entry.clause.mode is ClauseMode.FROM_STATE and entry.clause.state
    }
    rank = _RANK.get(row["state"], -1)
    coming = {state: on for state in named if _RANK[state] >= rank >= 0}
    return Law(law.on, law.at, {**law.reached, **coming})
