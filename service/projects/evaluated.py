"""How the owner's other projects were evaluated (art. 40): read beside the rest of a declaration's ground, and anew
where money is given out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, Uuid, bindparam, cast, func, literal_column, select

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.measures.evaluation import points_text, poor, told_of, weighs_from
from service.measures.known import results_of
from service.projects.case import Case
from service.projects.deciding import book_of
from service.projects.models import SCORED, projects
from service.rulebook.book import RuleBooks

_OTHER = projects.alias("other")
P = _OTHER.c
_SCORED = P.dated[literal_column("'scored'", Text)]
_TOTAL, _ON = (_SCORED[literal_column(f"'{name}'", Text)] for name in ("total", "on"))
_none: Any = literal_column("'[]'::jsonb")


def results(office: Any) -> Any:
    """The newest result of each other project of an office; `since` is a day as text, as the facts keep it."""
    each = func.jsonb_build_object(
        literal_column("'project'"),
        P.tenant_id.concat(literal_column("'-'")).concat(cast(P.id, Text)),
        literal_column("'total'"),
        _TOTAL,
        literal_column("'on'"),
        _ON,
    )
    return (
        select(func.coalesce(func.jsonb_agg(each), _none))
        .where(
            P.tenant_id == TENANT_ID,
            P.office_id == office,
            P.id != ROW_ID,
            SCORED.is_not(None),  # as its index has it
            _ON.astext >= bindparam("since", type_=Text),
        )
        .scalar_subquery()
    )


OFFICE = bindparam("office_id", type_=Uuid(as_uuid=False))
_ALONE = Statement(select(results(OFFICE).label("results")).where(scope_ready()))


async def poor_results_told(call: Call, tx: Tx, case: Case) -> tuple[list[dict[str, str]], str]:
    """Art. 40, R49: for whoever arranges money, the poor results of the owner's other projects as the record keeps
    them, and the sentence of the message; nothing where there are none. As the caller's scope shows them."""
    on = legal_day(call.now)
    row = await tx.row(
        _ALONE,
        tenant_id=case.tenant_id,
        office_id=case.office_id,
        id=case.id,
        since=weighs_from(on).isoformat(),
    )
    line = book_of(call.service(RuleBooks), case).number_on("evaluation.pass_score", on)
    found = poor(results_of(row["results"] if row else ()), line, on)
    kept = [{"project": e.project, "score": points_text(e.total), "on": e.on.isoformat()} for e in found]
    return kept, f"{told_of(found)}（第四十条）。" if found else ""
