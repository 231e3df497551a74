"""Near-the-line, label and maintenance-share figures by tenant and month of declaration, case by case."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from service.kit.api import Call
from service.kit.db import Row
from service.kit.money import yuan
from service.kit.statements import Statement, scope_ready
from service.projects.models import project_findings, projects
from service.suspicions.models import suspicions
from service.suspicions.queries import ALIVE
from service.suspicions.schemas import MonitorItem, Watched

P, F, S = projects.c, project_findings.c, suspicions.c
_from, _to = bindparam("month_from", type_=Text), bindparam("month_to", type_=Text)
_tenant = bindparam("tenant", type_=Text)
FINDINGS = ("near_line", "label_without_evidence", "under_line_by_maintenance")
SUSPECTED = ("split_suspicions", "split_confirmed", "label_suspicions", "label_confirmed")


def _maintenance() -> ColumnElement[Any]:
    """The maintenance part as declared, in fen."""
    path: tuple[ColumnElement[Any], ...] = (
        literal_column("'facts'"),
        literal_column("'of_which_maintenance_yuan'"),
    )
    text = func.jsonb_extract_path_text(P.declared, *path)
    return cast(cast(func.nullif(text, ""), Numeric) * 100, BigInteger)


def _where(table: Any, one: bool) -> list[ColumnElement[bool]]:
    found = [table.month >= _from, table.month <= _to]
    return [*found, table.tenant_id == _tenant] if one else found


@cache
def declared_statement(*, one: bool) -> Statement:
    """Projects of each tenant and month, those with each watched finding, and what of it is maintenance."""
    amount = func.coalesce(P.approved_fen, P.investment_fen)
    columns: list[Any] = [
        P.tenant_id,
        P.month,
        func.count().label("count"),
        cast(func.sum(amount), BigInteger).label("amount_fen"),
        cast(func.sum(P.investment_fen), BigInteger).label("investment_fen"),
        cast(func.coalesce(func.sum(_maintenance()), 0), BigInteger).label("maintenance_fen"),
    ]
    joined: Any = projects
    for code in FINDINGS:
        found = project_findings.alias(f"f_{code}")
        same = and_(
            found.c.tenant_id == P.tenant_id,
            found.c.project_id == P.id,
            found.c.code == literal_column(f"'{code}'"),
        )
        joined = joined.outerjoin(found, same)
        columns.append(func.count(found.c.code).label(code))
        has = found.c.code.is_not(None)
        columns.append(cast(func.coalesce(func.sum(amount).filter(has), 0), BigInteger).label(f"{code}_fen"))
    return Statement(
        select(*columns)
        .select_from(joined)
        .where(ALIVE, *_where(P, one), scope_ready())
        .group_by(P.tenant_id, P.month)
        .order_by(P.month, P.tenant_id)
    )


@cache
def suspected_statement(*, one: bool) -> Statement:
    """Suspicions of each tenant and month, by kind: all that a person has not dismissed, and the confirmed."""
    live = or_(*(S.state == state for state in ("open", "confirmed", "joined")))
    sure = or_(S.state == "confirmed", S.state == "joined")
    columns: list[Any] = [S.tenant_id, S.month]
    for kind in ("split", "label"):
        of_kind = S.kind == literal_column(f"'{kind}'")
        columns.append(func.count().filter(and_(of_kind, live)).label(f"{kind}_suspicions"))
        columns.append(func.count().filter(and_(of_kind, sure)).label(f"{kind}_confirmed"))
    return Statement(select(*columns).where(*_where(S, one), scope_ready()).group_by(S.tenant_id, S.month))


async def by_one(call: Call, tenant: str | None, first: str, last: str) -> list[MonitorItem]:
    """The months from the first to the last, of a tenant or of every one the caller sees, counted case by case."""
    one = tenant is not None
    given = {"month_from": first, "month_to": last}
    if tenant is not None:
        given["tenant"] = tenant
    rows = await call.door.fetch(call.scope, declared_statement(one=one), **given)
    found = await call.door.fetch(call.scope, suspected_statement(one=one), **given)
    suspected = {(row["tenant_id"], row["month"]): row for row in found}
    nothing = dict.fromkeys(SUSPECTED, 0)
    return [item_of({**row, **suspected.get((row["tenant_id"], row["month"]), nothing)}) for row in rows]


def year_before(month: str) -> str:
    """The first of the twelve months that end with this one."""
    day = date.fromisoformat(f"{month}-01")
    return f"{day.year - 1}-{day.month + 1:02}" if day.month < 12 else f"{day.year}-01"


def item_of(row: Row) -> MonitorItem:
    """A month's figures as an answer."""
    total = row["investment_fen"]
    watched: dict[str, Any] = {code: Watched(row[code], yuan(row[f"{code}_fen"])) for code in FINDINGS}
    counts: dict[str, Any] = {name: row[name] for name in SUSPECTED}
    return MonitorItem(
        tenant=row["tenant_id"],
        month=row["month"],
        declared=Watched(row["count"], yuan(row["amount_fen"])),
        maintenance_yuan=yuan(row["maintenance_fen"]),
        maintenance_percent=round(100 * row["maintenance_fen"] / total, 2) if total else None,
        **watched,
        **counts,
    )
