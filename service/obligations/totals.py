"""The running totals of duties: how they are folded, and read as of a day."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.identity.models import tenant_local, tenants
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row
from service.kit.folding import Folding
from service.kit.listing import among
from service.kit.scopes import is_commissioned, sees_all_but_drafts
from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.obligations.counted_as import ALWAYS, FIGURES, PROVINCE, TENANT
from service.obligations.models import obligation_cases
from service.obligations.models_totals import duty_deltas, duty_totals
from service.obligations.reading import month_of
from service.projects.models import projects

T, D, C, P = duty_totals.c, duty_deltas.c, obligation_cases.c, projects.c
_MONTH, _DAY = literal_column("'month'", Text), literal_column("'day'", Text)
_always = literal_column(f"DATE '{ALWAYS}'", Date)
_today, _begun = bindparam("today", type_=Date), bindparam("begun", type_=Date)


def _spread(taken: Any) -> Any:
    """Each change under its month and, since there are such days, under its day."""
    of, figures = taken.c, [taken.c[name] for name in FIGURES]
    month = month_of(of.day).label("day")
    return union_all(
        select(of.tenant_id, _MONTH.label("span"), month, of.reach, of.code, of.month, *figures),
        select(of.tenant_id, _DAY, of.day, of.reach, of.code, of.month, *figures).where(of.day != _always),
    )


_KEY = ("span", "day", "reach", "code", "month")
FOLDING = Folding(duty_deltas, duty_totals, tenant_local, cell=_KEY, sums=FIGURES, cells=_spread)


def _of(tenant: Any, *, across: bool, some: bool) -> list[Any]:
    if across:
        return [among(tenant, "tenants")] if some else []
    return [tenant == TENANT_ID]


def _until_today(c: Any, whose: tuple[bool, bool], *more: Any) -> Select[Any]:
    """Rows of one of the two tables, of what the reader sees."""
    across, some = whose
    seen = c.reach == func.any(bindparam("reach", type_=ARRAY(Text)))
    chosen = select(c.tenant_id, c.code, c.month, *(c[name] for name in FIGURES))
    return chosen.where(*_of(c.tenant_id, across=across, some=some), seen, *more, scope_ready())


@cache
def totals_statement(*, across: bool, some: bool, months: bool, coded: bool, by_code: bool) -> Statement:
    """Figures by tenant, and by kind where asked, as of a day; `months`: of what is due in these.

    Every row says whether some case is in no totals yet (`uncounted`): then they say too little. One row comes even
    where there are no figures.
    """
    whose = (across, some)
    both = union_all(
        _until_today(T, whose, T.span == _MONTH, T.day < _begun),
        _until_today(T, whose, T.span == _DAY, T.day >= _begun, T.day <= _today),
        _until_today(D, whose, D.day <= _today),
    ).subquery("both")
    figures = [cast(func.sum(both.c[name]), BigInteger).label(name) for name in FIGURES]
    keys = [both.c.tenant_id, *([both.c.code] if by_code else [])]
    found = select(*keys, *figures).group_by(*keys)
    if months:
        found = found.where(both.c.month >= bindparam("due_from", type_=Date))
        found = found.where(both.c.month < bindparam("due_before", type_=Date))
    if coded:
        found = found.where(among(both.c.code, "code"))
    cells = found.having(or_(*(each != literal_column("0") for each in figures))).subquery("cells")
    here = and_(P.tenant_id == C.tenant_id, P.id == C.project_id, P.state != literal_column("'draft'"))
    left = exists().select_from(obligation_cases.join(projects, here)).where(C.counted_for.is_(None))
    left = left.where(*_of(C.tenant_id, across=across, some=some))
    state = select(left.label("uncounted")).where(scope_ready()).subquery("state")
    named = state.outerjoin(cells, true()).outerjoin(tenants, tenants.c.id == cells.c.tenant_id)
    rows = select(*state.c, *cells.c, tenants.c.name.label("tenant_name")).select_from(named)
    return Statement(rows.order_by(*(cells.c[each.name] for each in keys)))


async def running(
    call: Call,
    *,
    across: bool,
    whose: dict[str, Any],
    due: tuple[date, date] | None = None,
    codes: list[Any] | None = None,
    by_code: bool = True,
) -> list[Row] | None:
    """The figures as of today, or None where they must be counted one by one: for a reader of undeclared cases, and
    until every case of before has been counted (jobs.count_all)."""
    province = call.scope.login == "province"
    if not sees_all_but_drafts(call.scope.literal) if not province else is_commissioned(call.scope.literal):
        return None
    statement = totals_statement(
        across=across,
        some="tenants" in whose,
        months=due is not None,
        coded=codes is not None,
        by_code=by_code,
    )
    today = legal_day(call.now)
    given: dict[str, Any] = {"today": today, "begun": today.replace(day=1), **whose}
    given["reach"] = [PROVINCE] if province else [TENANT, PROVINCE]
    if due is not None:
        given |= {"due_from": due[0], "due_before": due[1]}
    if codes is not None:
        given["code"] = codes
    rows = await call.door.fetch(call.scope, statement, **given)
    if any(row["uncounted"] for row in rows):
        return None
    return [row for row in rows if row["tenant_id"] is not None]
