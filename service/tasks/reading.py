"""A reader's tasks in one statement: every queue's first rows, merged by due day, with what a desk decides by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, bindparam, func, lateral, literal_column, select, true, union_all

from service.identity.models import tenant_local, tenants
from service.kit.statements import Statement, scope_ready
from service.obligations.reading import TODAY
from service.projects.models import project_findings, projects
from service.tasks.lines import LIMIT, empty
from service.tasks.sources import Source

_TENANT = bindparam("tenant_id", type_=Text)
P, F = projects.c, project_findings.c


class NamedSource(NamedTuple):
    """A source by its name; equal names read the same. `queues`: what it can hold, None for any duty."""

    name: str
    source: Source
    queues: frozenset[str] | None

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NamedSource) and self.name == other.name


def _merged(sources: Sequence[NamedSource], *, across: bool, after: bool) -> Any:
    """All sources below one another, each bounded; `across`: of every tenant."""
    parts: list[Any] = []
    for number, one in enumerate(sources):
        name = f"source_{number}"
        if across:
            found = one.source(tenant_local.c.tenant_id, after).correlate(tenant_local)
            each: Any = lateral(found, name=name)
            parts.append(select(*each.c).select_from(tenant_local.join(each, true())))
        else:
            each = one.source(_TENANT, after).subquery(name)
            parts.append(select(*each.c))
    return (union_all(*parts) if parts else empty()).subquery("waiting")


def _findings(page: Any, tenant: Any) -> Any:
    """What the gatekeeper judges by: reasons without an opinion, the line being near, a suspicion."""

    def any_of(*codes: str) -> ColumnElement[bool]:
        return func.coalesce(
            func.bool_or(F.code.in_([literal_column(f"'{code}'") for code in codes])), literal_column("false")
        )

    return lateral(
        select(
            func.count().filter(F.reason.is_not(None), F.opinion.is_(None)).label("reasons_to_judge"),
            any_of("near_line").label("near_line"),
            any_of("split_suspicion", "label_suspicion").label("suspicion"),
        )
        .where(F.tenant_id == tenant, F.project_id == page.c.project_id)
        .correlate(page),
        name="found",
    )


@cache
def page_statement(sources: tuple[NamedSource, ...], *, across: bool, after: bool) -> Statement:
    """The first rows of all queues together."""
    waiting = _merged(sources, across=across, after=after)
    order = (waiting.c.due_order, waiting.c.since, waiting.c.id)
    page = select(*waiting.c).order_by(*order).limit(LIMIT).subquery("page")
    # Each table by the parameter itself: else its rows are estimated before the scope is known (decision 0219).
    tenant: Any = page.c.tenant_id if across else _TENANT
    found = _findings(page, tenant)
    joined = (
        page.outerjoin(projects, (P.tenant_id == tenant) & (P.id == page.c.project_id))
        .outerjoin(tenants, tenants.c.id == page.c.tenant_id)
        .join(found, true())
    )
    columns = [each for each in page.c if each.name not in ("name", "version")]
    return Statement(
        select(
            *columns,
            func.coalesce(page.c.name, P.name).label("name"),
            func.coalesce(page.c.version, P.version).label("version"),
            P.owner_name,
            P.investment_fen,
            P.approved_fen,
            P.route,
            P.state,
            P.hands,
            P.external_ref,
            tenants.c.name.label("tenant_name"),
            *found.c,
        )
        .select_from(joined)
        .where(scope_ready())
        .order_by(page.c.due_order, page.c.since, page.c.id)
    )


@cache
def summary_statement(sources: tuple[NamedSource, ...], *, across: bool) -> Statement:
    """Per queue: how many (of as many as are counted), since when the oldest, the next due day, how many are late."""
    waiting = _merged(sources, across=across, after=False)
    return Statement(
        select(
            waiting.c.queue,
            func.count().label("count"),
            func.min(waiting.c.since).label("oldest"),
            func.min(waiting.c.due).label("next_due"),
            func.count().filter(waiting.c.due < TODAY).label("late"),
            func.count().filter(waiting.c.due == TODAY).label("today"),
        )
        .where(scope_ready())
        .group_by(waiting.c.queue)
    )
