"""What a change of the rules would do to open cases: a dry run as of its first day, before anything is recorded."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date
from typing import Any

import msgspec

from service.characters.placeholders import worded
from service.kit.api import Call
from service.kit.db import Row
from service.kit.errors import ServiceError
from service.kit.ids import Ref
from service.kit.rows import of_row
from service.measures.facts import Facts
from service.measures.law import Law
from service.measures.lifecycle_states import State
from service.measures.parameters import RuleBook
from service.measures.routing import Decision, route
from service.measures.whatif import CITY, STEPS, Rules, judge, rules_on
from service.projects.asking import extra_materials
from service.projects.case import WORKING as WORKING_STATES
from service.projects.deciding import read_facts
from service.replay.queries import WORKING, open_cases
from service.replay.reading import chunks, decided_of, law_of_row
from service.replay.schemas import CaseEffect, Effect, TenantCount
from service.rulebook.book import RuleBooks

LISTED = 500
# Declared and not yet approved: what later decisions will still look at.
OPEN = [
    State.NEED_REPORTED.value,
    State.APPRAISED.value,
    State.IN_LIBRARY.value,
    State.SUBMITTED.value,
    State.GATEKEPT.value,
    State.RETURNED.value,
    State.WITH_PROVINCE.value,
    State.IN_JOINT_REVIEW.value,
    State.LEADING_GROUP_DECIDED.value,
]
Pair = tuple[Rules, Rules]


class Run:
    """Collects the effect."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.open = self.undecidable = 0
        self.changed: Counter[str] = Counter()
        self.fates: Counter[str | None] = Counter()
        self.cases: list[CaseEffect] = []

    def add(self, row: Row, ways: tuple[str, str], codes: tuple[set[str], set[str]], **more: Any) -> None:
        """One open case; counted as changed where anything about it is."""
        self.open += 1
        before, after = codes
        if ways[0] == ways[1] and before == after and not any(more.values()):
            return
        self.changed[row["tenant_id"]] += 1
        self.fates[more.get("fate")] += 1
        if len(self.cases) < LISTED:
            self.cases.append(
                of_row(
                    CaseEffect,
                    row,
                    id=str(Ref(row["tenant_id"], row["id"])),
                    tenant=row["tenant_id"],
                    route_before=ways[0],
                    route_after=ways[1],
                    findings_gained=sorted(after - before),
                    findings_lost=sorted(before - after),
                    missing=more.get("missing", []),
                    city_steps=more.get("city_steps"),
                    fate=more.get("fate"),
                )
            )

    def effect(self, citing: int = 0) -> Effect:
        """As it is answered."""
        changed = self.changed.total()
        return Effect(
            on=self.on,
            open_cases=self.open,
            changed=changed,
            by_tenant=[TenantCount(tenant, count) for tenant, count in sorted(self.changed.items())],
            cases=self.cases,
            truncated=changed > len(self.cases),
            undecidable=self.undecidable,
            citing=citing,
            moves=self.fates["moves"],
            stays=self.fates["stays"],
            stranded=self.fates["stranded"],
        )


class Read:
    """The figures of a day, of each book once."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._rules: dict[int, tuple[RuleBook, Rules]] = {}

    def of(self, book: RuleBook) -> Rules:
        """What `judge` reads of the book."""
        held = self._rules.get(id(book))
        if held is None:
            held = self._rules[id(book)] = book, rules_on(book, self._on)
        return held[1]


class Pairs:
    """The figures of cases before and after a change, by the law that each carries."""

    def __init__(self, before: RuleBook, after: RuleBook, on: date) -> None:
        self.before, self.after, self._read = before, after, Read(on)

    def of(self, law: Law | None) -> Pair:
        """As it is and as it would be for a case under the law."""
        return self._read.of(self.before.under(law)), self._read.of(self.after.under(law))


async def of_overlay(call: Call, before: RuleBook, after: RuleBook, on: date) -> Effect:
    """The city's open cases under its book as it is and as it would be; working copies are read whole."""
    run, tenant = Run(on), call.principal.tenant
    pairs = Pairs(before, after, on)
    states = [state for state in OPEN if state not in WORKING_STATES]
    await _declared(call, run, pairs, states, tenant)
    own = {"tenant_id": tenant, "states": list(WORKING_STATES)}
    async for rows in chunks(call.door, call.scope, WORKING, **own):
        for row in rows:
            _working(call, run, row, pairs)
        await asyncio.sleep(0)
    return run.effect()


async def _declared(call: Call, run: Run, pairs: Pairs, states: list[str], tenant: str) -> None:
    """Declared cases by their last facts; what the province decides, no city's overlay touches."""
    given: dict[str, Any] = {"states": states, "tenant_id": tenant}
    async for rows in chunks(call.door, call.scope, open_cases(own=True), **given):
        for row in rows:
            if row["holder"] == "province":
                continue
            try:
                project = decided_of(row).project
            except msgspec.MsgspecError:
                run.undecidable += 1
                continue
            was, would = pairs.of(law_of_row(row, pairs.before.first_date))
            before, after = judge(project, was), judge(project, would)
            steps = would.steps if after[0] == CITY and was.steps != would.steps else None
            run.add(row, (before[0], after[0]), (set(before[1]), set(after[1])), city_steps=steps)
        await asyncio.sleep(0)


def _law_again(row: Row, first: date, on: date) -> Law | None:
    """The law of a working copy on the day: a returned declaration comes back under its own, a draft is under none."""
    law = law_of_row(row, first) if row["state"] == State.RETURNED.value else None
    return None if law is None else Law(law.on, law.at, {State.SUBMITTED.value: on})


def _routed(row: Row, facts: Facts, book: RuleBook, on: date) -> Decision:
    """As submission would decide: what goes another way now is taken in that day (R21)."""
    law = _law_again(row, book.first_date, on)
    decision = route(facts, book.under(law), on, owner=row["owner_name"])
    if law is None or decision.route.value == row["route"]:
        return decision
    return route(facts, book, on, owner=row["owner_name"])


def _working(call: Call, run: Run, row: Row, pairs: Pairs) -> None:
    """A draft or returned project, as submission would read it on that day."""
    books, content, before, after = call.service(RuleBooks), row["content"], pairs.before, pairs.after
    facts = {k: v for k, v in (content.get("facts") or {}).items() if k not in ("on", "declarant")}
    office = {
        "tenant_id": row["tenant_id"],
        "name": row["owner_name"],
        "tier": row["tier"],
        "division": row["division"],
        "office_kind": row["office_kind"],
    }
    try:
        parsed = read_facts(books, facts, office, run.on)
    except ServiceError:
        run.undecidable += 1
        return
    was, would = _routed(row, parsed, before, run.on), _routed(row, parsed, after, run.on)
    given = (content.get("materials") or {}).get("extra") or {}
    asked = set(extra_materials(after, run.on)) - set(extra_materials(before, run.on))
    missing = sorted(name for name in asked if would.in_scope and not worded(given.get(name, "")))
    steps = after.text_on(STEPS, run.on)
    moved = would.route.value == CITY and before.text_on(STEPS, run.on) != steps
    codes = _codes(was), _codes(would)
    ways = was.route.value, would.route.value
    run.add(row, ways, codes, missing=missing, city_steps=steps if moved else None)


def _codes(decision: Decision) -> set[str]:
    return {finding.code for finding in decision.findings}
