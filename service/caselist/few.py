"""Filters that may let few cases through, each by its own index: a list in another order would be walked to its end.

Asked before the page: up to FEW ids. Where there are no more, the page is made of these; where there are, every page is
full soon, and the list is walked in its order as it is.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Text, and_, bindparam, func, lateral, literal_column, or_, select, true

from service.kit.listing import Wish, among
from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.kit.tables import EACH_TENANT
from service.projects.models import AMOUNT, CODES, project_findings, projects

FEW = 200
P, F = projects.c, project_findings.c
_MOST: Any = literal_column(str(FEW + 1))


def _amounts(tenant: Any, filters: frozenset[str]) -> Any:
    """From the end of the index that was asked for."""
    found = select(P.id.label("id")).where(P.tenant_id == tenant)
    if "amount_from" in filters:
        found = found.where(bindparam("amount_from", type_=BigInteger) <= AMOUNT)
    if "amount_to" in filters:
        found = found.where(bindparam("amount_to", type_=BigInteger) >= AMOUNT)
    return found.order_by(AMOUNT)


def _findings(tenant: Any, _: frozenset[str]) -> Any:
    found = select(F.project_id.label("id")).where(F.tenant_id == tenant, among(F.code, "finding"))
    return found.order_by(F.code, F.submitted_at.desc())


def _codes(tenant: Any, _: frozenset[str]) -> Any:
    """By each place that a code has among a case's, and among the cases that have as many codes or more."""
    asked = bindparam("project_code", type_=Text)
    more = and_(CODES[-1].is_not(None), asked == func.any(P.project_codes))
    return select(P.id.label("id")).where(
        P.tenant_id == tenant, or_(*(each == asked for each in CODES), more)
    )


# The filters with what each finds of a tenant, in the order in which they are tried.
_BY = {
    "project_code": _codes,
    "finding": _findings,
    "amount_from": _amounts,
    "amount_to": _amounts,
}
_ASKED = frozenset({*_BY, "tenants"})


def few(wish: Wish) -> Statement | None:
    """The statement of the first FEW + 1 ids (with the filters' own parameters); None where no such filter is asked."""
    name = next((each for each in _BY if each in wish.filters), None)
    if name is None:
        return None
    return _statement(name, wish.filters & _ASKED, across=wish.across)


@cache
def _statement(name: str, filters: frozenset[str], *, across: bool) -> Statement:
    if not across:
        return Statement(_BY[name](TENANT_ID, filters).where(scope_ready()).limit(_MOST))
    each = lateral(
        _BY[name](EACH_TENANT.c.tenant_id, filters).limit(_MOST).correlate(EACH_TENANT), name="each"
    )
    found = select(each.c.id).select_from(EACH_TENANT.join(each, true())).where(scope_ready())
    if "tenants" in filters:
        found = found.where(among(EACH_TENANT.c.tenant_id, "tenants"))
    return Statement(found.limit(_MOST))
