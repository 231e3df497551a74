"""What is asked and answered without touching the case (arts 19, 39), read where it lives: the questions on filings and
the opinions in joint reviews. A duty follows from them as it does from the case, when it is read.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    Text,
    and_,
    cast,
    column,
    func,
    lateral,
    literal_column,
    null,
    or_,
    select,
    table,
    union_all,
)

from service.kit.statements import ROW_IDS, TENANT_ID, Statement

# Beside this package, which imports neither: the names of their columns are all that is wanted.
_filings = table("filings", *map(column, ("tenant_id", "id", "project_id")))
_queries = table("filing_queries", *map(column, ("tenant_id", "id", "filing_id", "asked_at", "answered_at")))
_reviews = table("joint_reviews", *map(column, ("tenant_id", "id", "project_id")))
_opinions = table("joint_review_opinions", *map(column, ("tenant_id", "review_id", "slot", "given_at")))

_F, _Q, _R, _O = _filings.c, _queries.c, _reviews.c, _opinions.c
_told = union_all(
    select(
        _Q.tenant_id.label("tenant_id"),
        _F.project_id.label("project_id"),
        literal_column("'filing_query'", Text).label("kind"),
        cast(_Q.id, Text).label("key"),
        _Q.asked_at.label("asked_at"),
        _Q.answered_at.label("answered_at"),
    ).select_from(_queries.join(_filings, and_(_F.tenant_id == _Q.tenant_id, _F.id == _Q.filing_id))),
    select(
        _O.tenant_id,
        _R.project_id,
        literal_column("'opinion'", Text),
        _O.slot,
        cast(null(), DateTime(timezone=True)),
        _O.given_at,
    ).select_from(_opinions.join(_reviews, and_(_R.tenant_id == _O.tenant_id, _R.id == _O.review_id))),
).subquery("told")
_T = _told.c
# Questions, answers and editions of opinions are only ever added: their number says whether one is new.
_number = cast(func.count(_T.asked_at) + func.count(_T.answered_at), Integer)

# Each question with its moments; each edition of an opinion, the latest last.
ASKED = Statement(
    select(_T.project_id, _T.kind, _T.key, _T.asked_at, _T.answered_at)
    .where(_T.tenant_id == TENANT_ID, _T.project_id == func.any(ROW_IDS))
    .order_by(_T.answered_at)
)


def number_of(projects: Any) -> Any:
    """How much was asked and answered of each case of a SELECT."""
    mine = and_(_T.tenant_id == projects.c.tenant_id, _T.project_id == projects.c.id)
    return select(_number).where(mine).scalar_subquery()


def numbers(*conditions: Any) -> Any:
    """(project_id, told) of the tenant's cases of which anything was asked or answered."""
    found = select(_T.project_id, _number.label("told")).where(_T.tenant_id == TENANT_ID, *conditions)
    return found.group_by(_T.project_id).subquery("numbers")


def of_case(ref: Any) -> Any:
    """Condition for `numbers`: of this case alone."""
    return _T.project_id == ref


def lately(of: Any, moment: Any) -> list[tuple[Any, Any, Any]]:
    """Where what was asked or answered of a tenant since then stands: tables, case, condition; each by an index.

    Opinions in the order of theirs, and fenced: PostgreSQL supposes that a third of them were given lately, and would
    rather read them all.
    """
    queries = _queries.join(_filings, and_(_F.tenant_id == _Q.tenant_id, _F.id == _Q.filing_id))
    new = select(_O.tenant_id, _O.review_id).where(_O.tenant_id == of, _O.given_at >= moment)
    if isinstance(of, Column):  # one tenant after the other, not all of them for each
        new = new.correlate(of.table)
    given = lateral(new.order_by(_O.given_at).offset(literal_column("0")), name="given")
    opinions = given.join(_reviews, and_(_R.tenant_id == given.c.tenant_id, _R.id == given.c.review_id))
    told = or_(_Q.asked_at >= moment, _Q.answered_at >= moment)
    return [
        (queries, _F.project_id, and_(_Q.tenant_id == of, told)),
        (opinions, _R.project_id, and_(_R.tenant_id == of)),
    ]
