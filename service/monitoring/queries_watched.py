"""What is watched of declarations, by tenant and month: from the running totals."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.obligations.models import obligation_cases
from service.obligations.models_watched import WATCHED, watched_deltas, watched_totals
from service.obligations.watching import UNWATCHED
from service.projects.models import projects

C, P = obligation_cases.c, projects.c


def _cells(c: Any, *, one: bool) -> Select[Any]:
    seen = c.reach == func.any(bindparam("reach", type_=ARRAY(Text)))
    of = [c.tenant_id == TENANT_ID] if one else []
    months = (c.month >= bindparam("month_from", type_=Text), c.month <= bindparam("month_to", type_=Text))
    return select(c.tenant_id, c.month, *(c[name] for name in WATCHED)).where(
        *of, seen, *months, scope_ready()
    )


@cache
def watched_statement(*, one: bool) -> Statement:
    """The months' figures of one tenant, or of all. Every row says whether some case counts as nothing yet
    (`unwatched`): then they say too little. One row comes even where there are no figures."""
    both = union_all(_cells(watched_totals.c, one=one), _cells(watched_deltas.c, one=one)).subquery("both").c
    figures = [cast(func.sum(both[name]), BigInteger).label(name) for name in WATCHED]
    found = select(both.tenant_id, both.month, *figures).group_by(both.tenant_id, both.month)
    cells = found.having(func.sum(both.count) != literal_column("0")).subquery("cells")
    here = and_(P.tenant_id == C.tenant_id, P.id == C.project_id)
    left = exists().select_from(obligation_cases.join(projects, here)).where(UNWATCHED)
    if one:
        left = left.where(C.tenant_id == TENANT_ID)
    state = select(left.label("unwatched")).where(scope_ready()).subquery("state")
    rows = select(*state.c, *cells.c).select_from(state.outerjoin(cells, true()))
    return Statement(rows.order_by(cells.c.month, cells.c.tenant_id))
