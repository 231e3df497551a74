"""Every SELECT of the replay: what was declared, in keyset chunks, no more of it than routing reads."""

from __future__ import annotations

from functools import cache

from sqlalchemy import (
    ColumnElement,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.statements import AT_MOST, TENANT_ID, Statement, scope_ready
from service.measures.lifecycle import UNDECLARED, values
from service.projects.models import project_drafts, project_findings, projects

P = projects.c
_after = tuple_(P.tenant_id, P.id) > tuple_(
    bindparam("after_tenant", type_=Text), bindparam("after_id", type_=Uuid(as_uuid=False))
)
_states = P.state == func.any(bindparam("states", type_=ARRAY(Text)))
_DECLARED = and_(P.decision.is_not(None), *(P.state != state for state in values(UNDECLARED)))
# The facts of the last decision with its amount and day; one JSON text is the cheapest to send and to read.
_FACTS = cast(
    func.jsonb_extract_path(P.decision, literal_column("'inputs'"), literal_column("'facts'")), Text
).label("facts")
# By what it was made: version, day, and the later law that the case was spared (R21); R22 kept the route of some.
_RULEBOOK = cast(func.jsonb_extract_path(P.decision, literal_column("'rulebook'")), Text).label("rulebook")
_SETTLED = func.jsonb_exists(
    func.jsonb_extract_path(P.decision, literal_column("'readings'")), literal_column("'R22'")
).label("settled")
_SETTLED_FEN = func.jsonb_extract_path_text(
    P.dated, literal_column("'leading_group'"), literal_column("'amount_fen'")
).label("settled_fen")
_COLUMNS = (
    P.tenant_id,
    P.id,
    P.name,
    P.owner_name,
    P.state,
    P.holder,
    P.route,
    _FACTS,
    _RULEBOOK,
    _SETTLED,
    _SETTLED_FEN,
)
_LAW = (
    func.jsonb_extract_path(P.dated, literal_column("'law'")).label("law"),
    func.jsonb_extract_path_text(P.dated, literal_column("'declared'"), literal_column("'on'")).label(
        "declared_on"
    ),
)


def _where(own: bool, open_only: bool) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_DECLARED]
    found += [P.tenant_id == TENANT_ID, scope_ready()] if own else []
    return found + ([_states] if open_only else [])


@cache
def chunk(*, own: bool) -> Statement:
    """The next declared projects by key; `own`: of one tenant only."""
    query = select(*_COLUMNS).where(*_where(own, open_only=False), _after)
    return Statement(query.order_by(P.tenant_id, P.id).limit(AT_MOST))


@cache
def total(*, own: bool) -> Statement:
    """How many the chunks will hold."""
    query = select(func.count().label("total")).select_from(projects)
    return Statement(query.where(*_where(own, open_only=False)))


# Open cases with the law they are under, and the findings that have a reason.
_REASONED = (
    select(func.array_agg(project_findings.c.code))
    .where(
        project_findings.c.tenant_id == P.tenant_id,
        project_findings.c.project_id == P.id,
        project_findings.c.reason.is_not(None),
    )
    .scalar_subquery()
)


@cache
def open_cases(*, own: bool) -> Statement:
    """The next cases in the given states by key."""
    query = select(*_COLUMNS, *_LAW, _REASONED.label("reasoned")).where(*_where(own, open_only=True), _after)
    return Statement(query.order_by(P.tenant_id, P.id).limit(AT_MOST))


# Open cases whose last decision leaned on a reading.
CITING = Statement(
    select(func.count().label("citing"))
    .select_from(projects)
    .where(
        *_where(own=False, open_only=True),
        func.jsonb_exists(
            func.jsonb_extract_path(P.decision, literal_column("'readings'")),
            bindparam("reading", type_=Text),
        ),
    )
)

# Working copies of the own tenant; the province's login cannot read them.
WORKING = Statement(
    select(
        P.tenant_id,
        P.id,
        P.name,
        P.owner_name,
        P.state,
        P.route,
        P.tier,
        P.division,
        P.office_kind,
        *_LAW,
        project_drafts.c.content,
    )
    .select_from(
        projects.join(
            project_drafts,
            and_(project_drafts.c.tenant_id == P.tenant_id, project_drafts.c.project_id == P.id),
        )
    )
    .where(P.tenant_id == TENANT_ID, _states, _after, scope_ready())
    .order_by(P.tenant_id, P.id)
    .limit(AT_MOST)
)
