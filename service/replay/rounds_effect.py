"""Which declarations at work would lack what, were a round of requirements in force: a dry run as of its first day.

A city or department sees its own working copies. What is not declared is nobody's outside (law.md, trap 13), so the
province's organs see what they were handed and gave back, or hold in the library, by the text declared last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    Text,
    Uuid,
    and_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    tuple_,
)

from service.kit.api import Call
from service.kit.db import Row, own
from service.kit.errors import ServiceError
from service.kit.ids import Ref
from service.kit.rows import of_row
from service.kit.statements import AT_MOST, TENANT_ID, Statement, scope_ready
from service.measures.declaration import Missing
from service.measures.requirements import Announced, announced_of
from service.projects.asking import asked_of, missing
from service.projects.case import WORKING
from service.projects.deciding import decide, read_facts
from service.projects.models import project_drafts, projects
from service.replay.reading import chunks
from service.replay.schemas import TenantCount
from service.replay.schemas_rounds import Lacking, LackingCase, RoundEffect
from service.rulebook.book import RuleBooks
from service.rulebook.rounds import ROUNDS, confirmed

LISTED = 500
P = projects.c
_COLUMNS = (P.tenant_id, P.id, P.name, P.owner_name, P.state, P.tier, P.division, P.office_kind)
_files = table("documents", column("tenant_id"), column("project_id"), column("slot"), column("removed_at"))
_slots = (
    select(func.coalesce(func.array_agg(_files.c.slot.distinct()), literal_column("'{}'::text[]")))
    .where(_files.c.tenant_id == P.tenant_id, _files.c.project_id == P.id, _files.c.removed_at.is_(None))
    .correlate(projects)
    .scalar_subquery()
    .label("slots")
)
_after = tuple_(P.tenant_id, P.id) > tuple_(
    bindparam("after_tenant", type_=Text), bindparam("after_id", type_=Uuid(as_uuid=False))
)
_at_work = or_(*(P.state == literal_column(f"'{state}'", Text) for state in WORKING))
OWN = Statement(
    select(*_COLUMNS, project_drafts.c.content, _slots)
    .select_from(
        projects.join(
            project_drafts,
            and_(project_drafts.c.tenant_id == P.tenant_id, project_drafts.c.project_id == P.id),
        )
    )
    .where(P.tenant_id == TENANT_ID, _at_work, _after, scope_ready())
    .order_by(P.tenant_id, P.id)
    .limit(AT_MOST)
)
DECLARED = Statement(
    select(*_COLUMNS, P.declared.label("content"), _slots)
    .where(_at_work, P.declared.is_not(None), _after)
    .order_by(P.tenant_id, P.id)
    .limit(AT_MOST)
)


class _Run:
    """Collects the effect."""

    def __init__(self, on: date) -> None:
        self.on, self.at_work, self.undecidable = on, 0, 0
        self.lacking: Counter[str] = Counter()
        self.fields: Counter[str] = Counter()
        self.cases: list[LackingCase] = []

    def add(self, row: Row, points: list[Missing]) -> None:
        self.at_work += 1
        if not points:
            return
        self.lacking[row["tenant_id"]] += 1
        self.fields.update({point.pointer for point in points})
        if len(self.cases) < LISTED:
            self.cases.append(
                of_row(
                    LackingCase,
                    row,
                    id=str(Ref(row["tenant_id"], row["id"])),
                    tenant=row["tenant_id"],
                    lacking=[Lacking(point.pointer, point.detail) for point in points],
                )
            )

    def effect(self, across: bool) -> RoundEffect:
        total = self.lacking.total()
        return RoundEffect(
            on=self.on,
            covers="declared" if across else "own_working_copies",
            at_work=self.at_work,
            lacking=total,
            by_tenant=[TenantCount(tenant, count) for tenant, count in sorted(self.lacking.items())],
            by_pointer=dict(sorted(self.fields.items())),
            cases=self.cases,
            truncated=total > len(self.cases),
            undecidable=self.undecidable,
        )


async def of_round(call: Call, content: Mapping[str, Any]) -> RoundEffect:
    """The effect of a round as it would be stored; nothing is."""
    confirmed_now = confirmed(await call.door.fetch(own(call.principal), ROUNDS))
    would = announced_of({"document_number": "", **content}, len(confirmed_now) + 1)
    run, across = _Run(would.from_day), call.scope.login == "province"
    given = {} if across else {"tenant_id": call.principal.tenant}
    async for rows in chunks(call.door, call.scope, DECLARED if across else OWN, **given):
        for row in rows:
            points = _gained(call, row, confirmed_now, would)
            if points is None:
                run.undecidable += 1
            else:
                run.add(row, points)
    return run.effect(across)


def _gained(call: Call, row: Row, before: tuple[Announced, ...], would: Announced) -> list[Missing] | None:
    """What this one would lack that it does not lack by the rounds confirmed; None: its facts cannot be read."""
    books, content = call.service(RuleBooks), row["content"]
    facts = {k: v for k, v in (content.get("facts") or {}).items() if k not in ("on", "declarant")}
    office = {
        "tenant_id": row["tenant_id"],
        "name": row["owner_name"],
        "tier": row["tier"],
        "division": row["division"],
        "office_kind": row["office_kind"],
    }
    book, on, slots = books.of(row["tenant_id"]), would.from_day, frozenset(row["slots"])
    try:
        parsed = read_facts(books, facts, office, on)
        if not decide(books, parsed, on, row["owner_name"], book=book).in_scope:
            return []
    except ServiceError:
        return None
    now = missing(content, asked_of(parsed, on, book, before), slots)
    then = missing(content, asked_of(parsed, on, book, (*before, would)), slots)
    known = {(point.pointer, point.code) for point in now}
    return [point for point in then if (point.pointer, point.code) not in known]
