"""Reading one case as a whole, in one transaction of the reader's own scope: what it may not see is not there."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from service.audit.models import audit_chain, audit_entries
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row, Tx, metadata
from service.kit.errors import ServiceError
from service.kit.ids import Ref
from service.kit.statements import ROW_ID, TENANT_ID, Statement
from service.measures.citations import article_label
from service.obligations.current import bring_up_case
from service.obligations.reading import SHOWN
from service.portfolio.evidence_tables import PARTS, Part
from service.projects.case import Case, case_of, in_reach, load, statement_for
from service.reviews.views import sees_panel, sees_slots
from service.reviews.whose_turn import organs_tenant

_ATTEMPTS = 3


@cache
def _rows_of(name: str) -> Statement:
    """All rows of a table that belong to the case, in their own order."""
    part, table = PARTS[name], metadata.tables[name]
    condition = table.c[part.column] == ROW_ID
    if part.parent:
        parent = metadata.tables[part.parent]
        condition = table.c[part.column].in_(
            select(parent.c.id).where(parent.c.tenant_id == TENANT_ID, parent.c.project_id == ROW_ID)
        )
    columns = SHOWN if name == "obligations" else table.c  # duties as they stand on the day
    rows = select(*columns).where(table.c.tenant_id == TENANT_ID, condition)
    return Statement(rows.order_by(*([table.c[part.at]] if part.at else []), *table.primary_key.columns))


_AUDIT = Statement(
    select(*audit_entries.c, audit_chain.c.seq, audit_chain.c.head)
    .select_from(
        audit_entries.outerjoin(
            audit_chain,
            (audit_chain.c.tenant_id == audit_entries.c.tenant_id)
            & (audit_chain.c.entry_id == audit_entries.c.id),
        )
    )
    .where(
        audit_entries.c.tenant_id == TENANT_ID,
        audit_entries.c.object_id == bindparam("objects", type_=ARRAY(Text)).any_(),
    )
    .order_by(audit_entries.c.at, audit_entries.c.id)
)


class Whole(NamedTuple):
    """A case with everything that its reader may see of it, as of one version."""

    case: Case
    tables: dict[str, list[dict[str, Any]]]
    withheld: dict[str, str]
    audit: list[dict[str, Any]]


async def whole(call: Call, ref: Ref) -> Whole:
    """All of it, read anew when the case moved meanwhile: no pack joins two moments."""
    in_reach(call.principal, ref, call.scope)
    if (
        await call.door.row(call.scope, statement_for(call.scope), tenant_id=ref.tenant, id=ref.id)
        is not None
    ):
        await bring_up_case(call.door, ref.tenant, ref.id, legal_day(call.now))
    for _ in range(_ATTEMPTS):
        async with call.door.transaction(call.scope) as tx:
            case = await load(tx, call.principal, ref, None)
            found = await _read(call, tx, case)
            again = await tx.row(statement_for(tx.scope), tenant_id=ref.tenant, id=ref.id)
        if again is not None and case_of(again).version == case.version:
            return found
    raise ServiceError(503, "unavailable", "项目正在办理中，请稍后重试")


async def _read(call: Call, tx: Tx, case: Case) -> Whole:
    tables: dict[str, list[dict[str, Any]]] = {}
    withheld: dict[str, str] = {}
    routed = case.route is not None
    seen = {
        "panel": routed and sees_panel(call, case),
        "slots": routed and sees_slots(call, organs_tenant(case)),
        "": True,
    }
    for name, part in PARTS.items():
        if not seen[part.only] and not part.without:
            withheld[name] = "只向承办机构和监督机构提供"
            continue
        day = {"today": legal_day(call.now)} if name == "obligations" else {}
        rows = await tx.fetch(_rows_of(name), tenant_id=case.tenant_id, id=case.id, **day)
        hidden = part.without if not seen[part.only] else ()
        if hidden:
            withheld[name] = f"部分栏目只向承办机构和监督机构提供：{'、'.join(hidden)}"
        tables[name] = [_plain(row, hidden) for row in rows]
    _seal_scores(tables)
    objects = [case.id, *(row["id"] for rows in tables.values() for row in rows if "id" in row)]
    audit = await tx.fetch(_AUDIT, tenant_id=case.tenant_id, objects=objects)
    return Whole(case, tables, withheld, [_plain(row, ()) for row in audit])


def _plain(row: Row, hidden: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in dict(row).items() if name not in hidden}


def _seal_scores(tables: dict[str, list[dict[str, Any]]]) -> None:
    """Scores of an appraisal that is not concluded stay sealed, whatever else the reader may see (art. 18)."""
    concluded = {row["id"] for row in tables["appraisals"] if row["concluded_at"] is not None}
    if "appraisal_scores" in tables:
        given = tables["appraisal_scores"]
        tables["appraisal_scores"] = [row for row in given if row["appraisal_id"] in concluded]


def described(part: Part) -> str:
    """A heading with its article, as the cover shows it."""
    return f"{part.title}（{article_label(part.article)}）"
