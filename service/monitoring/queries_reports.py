"""Whose yearly report is late (art. 27): a duty of the year that is late, or was kept after its day."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, Text, bindparam, cast, func, lateral, literal_column, or_, select, true

from service.kit.listing import Listing, Order, often
from service.obligations.models import REPORT_LATE, obligations
from service.obligations.reading import STATE, TODAY
from service.projects.models import projects

P, W = projects.c, obligations.c
_started: Any = cast(
    func.jsonb_extract_path_text(P.dated, literal_column("'started'"), literal_column("'on'")), Date
)


def _of(route: str) -> Any:
    """The duty's case, if it is decided on that route and not over.

    Looked up duty by duty: as a join PostgreSQL supposes that hardly a duty is left of it, and reads and sorts all of
    the year's where the index has the first of them ready.
    """
    found = select(P.id, P.name, P.owner_name, P.state, _started.label("started_on")).where(
        P.tenant_id == W.tenant_id,
        P.id == W.project_id,
        P.route == literal_column(f"'{route}'"),
        P.state != literal_column("'terminated'"),
        P.state != literal_column("'funds_recalled'"),
    )
    return lateral(found.offset(literal_column("0")).correlate(obligations), name="of_duty")


def _late(route: str) -> Listing:
    conditions = (
        REPORT_LATE,
        W.key == bindparam("year", type_=Text),
        W.due < TODAY,
        # What rests is not late; of ended ones what was kept late is told no more.
        often(or_(literal_column("'lapsed'") == STATE, W.done_on.is_not(None))),
    )
    case = _of(route)
    return Listing(
        name="late",
        path="/reports/late",
        columns=(W.tenant_id, *case.c, W.id.label("duty_id"), W.due, W.done_on.label("reported_on")),
        source=obligations.join(case, true()),
        row=(W.tenant_id, W.id),
        tenants=(W.tenant_id,),
        filters={},
        orders={"due": Order((("due", W.due), ("duty_id", W.id)), where=conditions)},
    )


# By whether it is read over all tenants: what the province decides on; otherwise what the city does (R5).
LATE = {True: _late("provincial_review"), False: _late("city_filing")}
