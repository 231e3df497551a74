"""Records of a project as building reads them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.listing import Listing, Order
from service.kit.statements import ROW_ID, TENANT_ID, Statement
from service.projects.models import projects
from service.projects.models_records import project_records

R = project_records.c
_later = project_records.alias("later")
_of_case = (
    R.tenant_id == TENANT_ID,
    R.project_id == ROW_ID,
)

# What still stands of some kinds: no later record took its place. Newest first.
IN_FORCE = Statement(
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


def _late(route: str) -> Listing:
    """Art. 27: what was built in a year without a report, or with one after its day; by project."""
    due, year = bindparam("due", type_=Date), bindparam("year", type_=Text)
    started, ended = _day("started", "on"), _day("final_inspected", "on")
    reported = _day("reports", "years", year)
    conditions = (
        P.route == literal_column(f"'{route}'"),
        P.state != literal_column("'terminated'"),
        P.state != literal_column("'funds_recalled'"),
        started <= due,
        or_(ended.is_(None), ended > due),
        or_(and_(reported.is_(None), bindparam("over", type_=Boolean)), reported > due),
    )
    columns = (P.tenant_id, P.id, P.name, P.owner_name, P.state)
    return Listing(
        name="late",
        path="/reports/late",
        columns=(*columns, started.label("started_on"), reported.label("reported_on")),
        source=projects,
        row=(P.tenant_id, P.id),
        tenants=(P.tenant_id,),
        filters={},
        orders={"case": Order((("tenant_id", P.tenant_id), ("id", P.id)), where=conditions)},
    )


# By whether it is read over all tenants: what the province decides on; otherwise what the city does (R5).
LATE = {True: _late("provincial_review"), False: _late("city_filing")}
