"""Declared projects as the lean decision reads them, chunk by chunk, the next one fetched while this one is judged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import date
from typing import Any, NamedTuple

import msgspec

from service.kit.db import Door, Row, Scope
from service.kit.ids import NIL
from service.kit.money import fen
from service.kit.statements import Statement
from service.kit.tasks import end
from service.measures.facts import NEGATIVE_KEYS
from service.measures.law import Law, law_of
from service.measures.whatif import Project, several_offices_in

CHUNK = 2000  # some fifteen milliseconds of judging: other requests of the process hardly notice
_FIRST = {"after_tenant": "", "after_id": NIL}


class _Declarant(msgspec.Struct, gc=False):
    tier: str
    office_kind: str


class _Facts(msgspec.Struct, gc=False):
    """The facts of a stored decision, in the wire form that `Facts.as_dict` wrote."""

    on: str
    declarant: _Declarant
    project_class: str
    kind: str
    investment_yuan: str
    of_which_maintenance_yuan: str
    fiscal_funds: bool
    cross_level: bool
    national_or_provincial_deployment: bool
    featured_county_scenario: bool
    in_library: bool
    reuse_check: str
    negative: dict[str, bool]
    participating_offices: list[str]
    previous_project_accepted: bool | None = None


class _Rulebook(msgspec.Struct, gc=False):
    """What a stored decision says it was made by."""

    version: str | None = None
    date: str | None = None
    left_aside: list[str] = []


class Decided(NamedTuple):
    """A project with the day and the law of its last decision; `aside`: later rules that it was spared (R21)."""

    on: str
    project: Project
    version: str | None
    aside: tuple[str, ...]


_decode = msgspec.json.Decoder(_Facts).decode
_rulebook = msgspec.json.Decoder(_Rulebook).decode


def decided_of(row: Row) -> Decided:
    """What a row of declared projects was decided on; raises MsgspecError for what no decision of ours was made on."""
    facts = _decode(row["facts"] or "null")  # what was taken over without a decision of ours has none
    rules = _rulebook(row["rulebook"] or "{}")
    return Decided(rules.date or facts.on, _project(facts, row), rules.version, tuple(rules.left_aside))


def _project(facts: _Facts, row: Row) -> Project:
    names, negative = facts.participating_offices, facts.negative
    settled = None
    if row["settled"]:
        settled = int(row["settled_fen"]) if row["settled_fen"] else fen(facts.investment_yuan)
    return Project(
        facts.declarant.tier,
        facts.declarant.office_kind,
        facts.project_class,
        facts.kind,
        fen(facts.investment_yuan),
        fen(facts.of_which_maintenance_yuan),
        facts.fiscal_funds,
        several_offices_in(names, row["owner_name"]) if names else False,
        facts.cross_level,
        facts.national_or_provincial_deployment,
        facts.featured_county_scenario,
        facts.in_library,
        facts.reuse_check == "checked",
        facts.previous_project_accepted,
        tuple([negative.get(key) for key in NEGATIVE_KEYS]),
        settled,
    )


def law_of_row(row: Row, first: date) -> Law | None:
    """The law that a case of OPEN_CASES or WORKING carries (arts 44, 45)."""
    return law_of({"law": row["law"], "declared": {"on": row["declared_on"]}}, first)


async def chunks(
    door: Door, scope: Scope, statement: Statement, **params: Any
) -> AsyncGenerator[list[Row], None]:
    """All rows of a keyset statement; ends its pending read when whoever reads stops."""

    def fetch(after: dict[str, str]) -> asyncio.Task[list[Row]]:
        return asyncio.create_task(door.fetch(scope, statement, limit=CHUNK, **after, **params))

    pending: asyncio.Task[list[Row]] | None = fetch(_FIRST)
    try:
        while pending is not None:
            rows = await pending
            pending = None
            if len(rows) == CHUNK:
                pending = fetch({"after_tenant": rows[-1]["tenant_id"], "after_id": rows[-1]["id"]})
            if rows:
                yield rows
    finally:
        await end(pending)
