"""Records of a project as building reads them."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.statements import Statement, scope_ready
from service.projects.models import project_records, projects

R = project_records.c
_later = project_records.alias("later")
_of_case = (
    R.tenant_id == bindparam("tenant_id", type_=Text),
    R.project_id == bindparam("id", type_=Uuid(as_uuid=False)),
)

# What still stands of some kinds: no later record took its place. Newest first.
STANDING = Statement(
    select(R.id, R.kind, R.content, R.on, R.at)
    .where(
        *_of_case,
        R.kind == func.any(bindparam("kinds", type_=ARRAY(Text))),
        ~exists().where(
            _later.c.tenant_id == R.tenant_id,
            _later.c.project_id == R.project_id,
            _later.c.supersedes == R.id,
        ),
    )
    .order_by(R.at.desc(), R.id.desc())
)


P = projects.c


def _day(*path: Any) -> ColumnElement[Any]:
    """A day among the dated facts."""
    steps = [literal_column(f"'{step}'") if isinstance(step, str) else step for step in path]
    return cast(func.jsonb_extract_path_text(P.dated, *steps), Date)


@cache
def late_statement(*, across: bool, after: bool) -> Statement:
    """Art. 27: what was built in a year without a report, or with one after its day; by project.

    `across`: what the province decides on, in all tenants; otherwise what the city does (R5).
    """
    due, year = bindparam("due", type_=Date), bindparam("year", type_=Text)
    started, ended = _day("started", "on"), _day("final_inspected", "on")
    reported = _day("reports", "years", year)
    conditions = [
        P.route == literal_column("'provincial_review'" if across else "'city_filing'"),
        P.state != literal_column("'terminated'"),
        P.state != literal_column("'funds_recalled'"),
        started <= due,
        or_(ended.is_(None), ended > due),
        or_(and_(reported.is_(None), bindparam("over", type_=Boolean)), reported > due),
    ]
    if not across:
        conditions.append(P.tenant_id == bindparam("tenant_id", type_=Text))
    if after:
        last = (bindparam("after_tenant", type_=Text), bindparam("after_id", type_=Uuid(as_uuid=False)))
        conditions.append(tuple_(P.tenant_id, P.id) > tuple_(*last))
    columns = [P.tenant_id, P.id, P.name, P.owner_name, P.state]
    return Statement(
        select(*columns, started.label("started_on"), reported.label("reported_on"))
        .where(*conditions, scope_ready())
        .order_by(P.tenant_id, P.id)
        .limit(bindparam("limit", type_=Integer))
    )
