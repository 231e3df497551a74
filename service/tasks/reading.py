"""A reader's tasks in one statement: every queue's first rows, merged by due day, with what a desk decides by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    func,
    lateral,
    literal_column,
    select,
    true,
    union_all,
)

from service.identity.models import tenant_local, tenants
from service.kit.statements import AT_MOST, TENANT_ID, Statement, scope_ready
from service.obligations.reading import TODAY
from service.projects.models import project_findings, projects
from service.projects.models_waiting import JUDGED_BY, TO_JUDGE
from service.tasks.conditions import EVERY, Conditions, narrowed
from service.tasks.lines import Source, empty, word
from service.tasks.queues import FILING, OF_FILED, REVIEW

P, F = projects.c, project_findings.c


class NamedSource(NamedTuple):
    """A source by its name; equal names read the same. `queues`: what it can hold; `route`: of all its cases, where it
    is one of `sources.cases`; `by_office`: of duties of all offices, each of which the reader sees.
    """

    name: str
    source: Source
    queues: frozenset[str]
    route: str | None = None
    by_office: bool = False

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NamedSource) and self.name == other.name


def _merged(sources: Sequence[NamedSource], asked: Conditions, *, across: bool, after: bool) -> Any:
    """All sources below one another, each narrowed and bounded; `across`: of every tenant."""
    parts: list[Any] = []
    tenant: Any = tenant_local.c.tenant_id if across else TENANT_ID
    for number, one in enumerate(sources):
        if None not in (one.route, asked.route) and one.route != asked.route:
            continue
        by_office = one.by_office and not across
        found = narrowed(one.source(tenant, after), tenant, asked, one.route, by_office=by_office)
        name = f"source_{number}"
        if across:
            each: Any = lateral(found.correlate(tenant_local), name=name)
            parts.append(select(*each.c).select_from(tenant_local.join(each, true())))
        else:
            each = found.subquery(name)
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
def page_statement(
    sources: tuple[NamedSource, ...], asked: Conditions = EVERY, *, across: bool, after: bool
) -> Statement:
    """The first rows of all queues together, of those that fit the conditions."""
    waiting = _merged(sources, asked, across=across, after=after)
    order = (waiting.c.due_order, waiting.c.since, waiting.c.id)
    lines = [each for each in waiting.c if each.name != "one_route"]
    page = select(*lines).order_by(*order).limit(AT_MOST).subquery("page")
    # Each table by the parameter itself: else its rows are estimated before the scope is known (decision 0219).
    tenant: Any = page.c.tenant_id if across else TENANT_ID
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
    waiting = _merged(sources, EVERY, across=across, after=False)
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


@cache
def counts_statement(sources: tuple[NamedSource, ...], *, across: bool, division: bool) -> Statement:
    """Of as many as are counted: how many there are, and how many fit each condition that a page may be narrowed by."""
    waiting = _merged(sources, Conditions(division=division), across=across, after=False)
    tenant: Any = waiting.c.tenant_id if across else TENANT_ID
    judged = (
        select(
            func.count().filter(TO_JUDGE).label("reasons"),
            func.count().filter(F.code == word("near_line")).label("near_line"),
        )
        .where(F.tenant_id == tenant, F.project_id == waiting.c.project_id, JUDGED_BY)
        .lateral("judged")
    )
    of_case = and_(P.tenant_id == tenant, P.id == waiting.c.project_id)
    asked = select(P.route).where(of_case).correlate(waiting).scalar_subquery()
    of_filed = waiting.c.queue.in_(list(map(word, OF_FILED)))
    route = case(
        (waiting.c.one_route.is_not(None), waiting.c.one_route), (of_filed, word(FILING)), else_=asked
    )
    none: Any = literal_column("0")
    counted = {
        "count": (),
        "without_reasons": (waiting.c.project_id.is_not(None), judged.c.reasons == none),
        "near_line": (judged.c.near_line > none,),
        "provincial_review": (route == word(REVIEW),),
    }
    return Statement(
        select(*(func.count().filter(*where).label(name) for name, where in counted.items()))
        .select_from(waiting.join(judged, true()))
        .where(scope_ready())
    )
