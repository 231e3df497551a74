"""Every SELECT of the case."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    select,
    true,
)

from service.identity.models import offices
from service.kit.listing import Listing, Order, among
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.kit.wire import sent, wire_time
from service.measures.lifecycle import UNDECLARED, WORKING, values
from service.projects.asking import CONFIRMED, SLOTS
from service.projects.models import (
    project_drafts,
    project_findings,
    project_versions,
    projects,
    transitions,
)
from service.projects.models_records import project_records
from service.rulebook.queries import rule_changes

P = projects.c


def declared() -> ColumnElement[bool]:
    """Condition: the case has left its city."""
    return and_(*_away())


def _away() -> list[ColumnElement[bool]]:
    return [P.state != literal_column(f"'{state}'") for state in values(UNDECLARED)]


# Needs that were reported to the province (arts 8, 9) keep the fact for good, whatever became of them.
REPORTED = P.dated.has_key(literal_column("'need_reported'", Text))
NEED_YEAR: ColumnElement[str] = literal_column("projects.dated #>> '{need_reported,year}'", Text)


def waiting_need() -> ColumnElement[bool]:
    """Condition: a reported need that has not been declared yet; one that is back in its city is not told outside."""
    return and_(REPORTED, P.month.is_(None), *_away())


def reported_month() -> ColumnElement[Any]:
    """The month of its report as a need."""
    on = literal_column("projects.dated #>> '{need_reported,on}'", Text)
    return func.left(on, literal_column("7"), type_=Text)


def counted_month() -> ColumnElement[Any]:
    """The month a case counts in: of its first declaration; before one, of its report as a need."""
    return func.coalesce(P.month, case((waiting_need(), reported_month())))


def external_ref_of(row: Any) -> Any:
    """What the portal calls the project that a row of another table belongs to, as the column `external_ref`."""
    mine = select(P.external_ref).where(P.tenant_id == row.tenant_id, P.id == row.project_id)
    return mine.scalar_subquery().label("external_ref")


def _json_rows(query: Any) -> ColumnElement[Any]:
    """All rows of a subquery as one JSON array."""
    sub = query.subquery("line")
    return (
        select(func.coalesce(func.jsonb_agg(literal_column("to_jsonb(line)")), literal_column("'[]'::jsonb")))
        .select_from(sub)
        .scalar_subquery()
    )


_FINDINGS = _json_rows(
    select(
        project_findings.c.code,
        project_findings.c.severity,
        project_findings.c.article,
        project_findings.c.reason,
        project_findings.c.opinion,
    )
    .where(project_findings.c.tenant_id == TENANT_ID, project_findings.c.project_id == ROW_ID)
    .order_by(project_findings.c.article, project_findings.c.code)
)

_WITH_DRAFT = projects.outerjoin(
    project_drafts, and_(project_drafts.c.tenant_id == P.tenant_id, project_drafts.c.project_id == P.id)
)
# The case with its working copy; the province's login has no grant on working copies.
_MINE = (P.tenant_id == TENANT_ID, P.id == ROW_ID, scope_ready())
_CHANGES = rule_changes(TENANT_ID).label("rule_changes")
DECLARED_CASE = Statement(
    select(
        *projects.c, _FINDINGS.label("findings"), literal_column("NULL::jsonb").label("content"), _CHANGES
    ).where(*_MINE)
)


# What no answer to a reading shows, and no law asks for.
_UNSHOWN = {"declared", "decision", "dated", "client", "agencies", "project_codes", "entered_at"}


def _shown(text: Any, sees_text: ColumnElement[bool]) -> tuple[Any, ...]:
    """What an answer shows of a case, its JSON as bytes: it goes out as it stands.

    The text whole, once: PostgreSQL would unpack it for each of its members.
    """
    plain = [column for column in projects.c if column.name not in _UNSHOWN]
    return (
        *plain,
        sent(text).label("text"),
        sent(P.decision).label("decision"),
        cast(P.dated, Text).label("dated"),
        sent(_FINDINGS).label("findings"),
        sees_text.label("sees_text"),
    )


_working = and_(
    P.state == func.any(literal_column("'{" + ",".join(sorted(values(WORKING))) + "}'::text[]")),
    project_drafts.c.content.is_not(None),
)


def own_case(slots: ColumnElement[Any], *more: ColumnElement[Any], beside: Any = None) -> Select[Any]:
    """The case with its working copy, and of one also what submission asks beside the text (asking.py), so that
    `actions` says whether it would do: the slots that hold a file, the rounds. `beside`: a row for `more`.
    """
    found = select(
        *projects.c,
        _FINDINGS.label("findings"),
        project_drafts.c.content,
        _CHANGES,
        case((_working, slots)).label("slots"),
        case((_working, CONFIRMED)).label("rounds"),
        *more,
    )
    source = _WITH_DRAFT if beside is None else _WITH_DRAFT.join(beside, true())
    return found.select_from(source).where(*_MINE)


CASE = Statement(own_case(SLOTS))
# The office a case is declared for, held until the transaction ends (identity/queries.OFFICE_HELD), and the rounds.
OWNER = Statement(
    select(*offices.c, CONFIRMED.label("rounds"))
    .where(offices.c.tenant_id == TENANT_ID, offices.c.id == ROW_ID)
    .with_for_update(key_share=True, read=True, of=offices)
)
READ = Statement(
    select(
        *_shown(
            case((_working, project_drafts.c.content), else_=P.declared),
            project_drafts.c.content.is_not(None),
        ),
    )
    .select_from(_WITH_DRAFT)
    .where(*_MINE)
)
READ_DECLARED = Statement(select(*_shown(P.declared, literal_column("false"))).where(*_MINE))

VERSION = Statement(
    select(*project_versions.c).where(
        project_versions.c.tenant_id == TENANT_ID,
        project_versions.c.project_id == ROW_ID,
        project_versions.c.number == bindparam("number", type_=Integer),
        # Whose case is not seen, nor is what it declared: the row of `projects` says whose it is.
        exists().where(P.tenant_id == TENANT_ID, P.id == ROW_ID),
        scope_ready(),
    )
)

HISTORY = Statement(
    select(
        P.id,
        _json_rows(
            select(
                transitions.c.action,
                transitions.c.from_state,
                transitions.c.to_state,
                transitions.c.actor,
                transitions.c.reason,
                transitions.c.citation,
                transitions.c.details,
                wire_time(transitions.c.at).label("at"),
            )
            .where(transitions.c.tenant_id == TENANT_ID, transitions.c.project_id == ROW_ID)
            .order_by(transitions.c.at, transitions.c.id)
        ).label("transitions"),
        _json_rows(
            select(
                project_versions.c.number,
                project_versions.c.digest,
                project_versions.c.submitted_by,
                wire_time(project_versions.c.submitted_at).label("submitted_at"),
            )
            .where(project_versions.c.tenant_id == TENANT_ID, project_versions.c.project_id == ROW_ID)
            .order_by(project_versions.c.number)
        ).label("versions"),
    ).where(P.tenant_id == TENANT_ID, P.id == ROW_ID, scope_ready())
)

_R = project_records.c
RECORDS = Listing(
    name="records",
    path="/projects",
    columns=(*project_records.c, _R.id.label("row_id")),
    source=project_records,
    row=(_R.tenant_id, _R.id),
    tenants=(_R.tenant_id,),
    filters={"id": _R.project_id == ROW_ID, "kind": among(_R.kind, "kind")},
    orders={"newest": Order((("at", _R.at), ("row_id", _R.id)), descending=True)},
)
