"""Needs by city and round, duties by city and what became of them."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
)

from service.kit.listing import among
from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.measures.intake import Basis
from service.obligations.models import obligations
from service.obligations.reading import FIGURE_OF, STATE
from service.projects.models import AMOUNT, projects
from service.projects.queries import NEED_YEAR, REPORTED, declared

P, W = projects.c, obligations.c


def _of(column: Any, *, across: bool, some: bool) -> list[Any]:
    """Whose rows: of one tenant, of some, or of all."""
    if across:
        return [among(column, "tenants")] if some else []
    return [column == TENANT_ID]


def _told(name: str) -> ColumnElement[str]:
    return literal_column(f"projects.dated #>> '{{need_reported,{name}}}'", Text)


@cache
def needs_statement(*, across: bool, some: bool) -> Statement:
    """Per tenant and round: needs that are known to the province, their amount, how many came late, the last day."""
    late = _told("basis") != literal_column(f"'{Basis.IN_WINDOW.value}'")
    year = NEED_YEAR.label("year")
    return Statement(
        select(
            P.tenant_id.label("tenant"),
            year,
            cast(func.count(), Integer).label("count"),
            cast(func.count().filter(late), Integer).label("late"),
            cast(func.sum(AMOUNT), BigInteger).label("amount_fen"),
            func.max(_told("on")).label("last_on"),
        )
        .where(REPORTED, declared(), among(NEED_YEAR, "years"), *_of(P.tenant_id, across=across, some=some))
        .where(scope_ready())
        .group_by(P.tenant_id, year)
    )


DUTY_FIGURES = {name: FIGURE_OF[name] for name in ("done", "done_late", "open", "lapsed")}


@cache
def duties_statement(*, across: bool, some: bool, coded: bool, by_code: bool) -> Statement:
    """Per tenant, and per kind where asked: duties due from a day to before another, by what became of them; one
    by one, where the running totals (obligations/totals.py) do not say it."""
    code: Any = W.code if by_code else cast(null(), Text)
    found = (
        select(
            W.tenant_id,
            code.label("code"),
            *(cast(func.count().filter(of), Integer).label(name) for name, of in DUTY_FIGURES.items()),
        )
        .select_from(obligations.join(projects, and_(P.tenant_id == W.tenant_id, P.id == W.project_id)))
        .where(W.due >= bindparam("due_from", type_=Date), W.due < bindparam("due_before", type_=Date))
        .where(literal_column("'void'") != STATE, *_of(W.tenant_id, across=across, some=some), scope_ready())
    )
    if coded:
        found = found.where(among(W.code, "code"))
    return Statement(found.group_by(*([W.tenant_id, W.code] if by_code else [W.tenant_id])))
