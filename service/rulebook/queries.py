"""Reads of the rule book. What is in force is held in memory (book.py); its run-time rows are read here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.listing import Order, among, listing_of
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.rulebook.models import amendment_decisions, amendments, interpretations, rulebook_overlays

V, N = rulebook_overlays.c, interpretations.c
_OVERLAYS = select(rulebook_overlays).order_by(V.tenant_id, V.number)
OVERLAYS = Statement(_OVERLAYS)
OVERLAYS_OF = Statement(_OVERLAYS.where(V.tenant_id == TENANT_ID))
A, D = amendments.c, amendment_decisions.c
_DECIDED = amendments.outerjoin(amendment_decisions, D.number == A.number)
_AMENDMENT = select(
    *A, D.accepted, D.note, D.decided_by, D.decided_at, D.digest.label("decision_digest")
).select_from(_DECIDED)
AMENDMENT = Statement(_AMENDMENT.where(A.number == bindparam("number", type_=Integer)))
AMENDMENTS_ALL = Statement(_AMENDMENT.order_by(A.number.desc()))
# What is in force, in the order in which it became known.
AMENDMENTS = Statement(_AMENDMENT.where(D.accepted).order_by(D.decided_at, A.number))
DECISIONS = Statement(select(amendment_decisions).order_by(D.number))
INTERPRETATIONS = Statement(select(interpretations).order_by(N.recorded_at, N.reading, N.number))


def _rows_of(of: Any, *where: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(of).where(*where).scalar_subquery()


def rule_changes(tenant: ColumnElement[str]) -> ColumnElement[int]:
    """How many run-time changes bear on a tenant: what a row tells of the rules that stand beside it."""
    return _rows_of(rulebook_overlays, V.tenant_id == tenant) + _provincial()


def _provincial() -> ColumnElement[int]:
    """How many changes of the province's own book are in force or coming."""
    return _rows_of(interpretations) + _rows_of(amendment_decisions, D.accepted)


COUNT_CHANGES = Statement(select((_rows_of(rulebook_overlays) + _provincial()).label("changes")))

_today = bindparam("today", type_=Date)
_LATER = rulebook_overlays.alias("later")

# Before anything is recorded: how many there are now, so that nothing is added to a book that moved.
TENANT_CHANGES = Statement(
    select(
        rule_changes(TENANT_ID).label("rule_changes"),
        select(func.coalesce(func.max(V.number), 0))
        .where(V.tenant_id == TENANT_ID)
        .scalar_subquery()
        .label("overlays"),
    ).where(scope_ready())
)
AMENDMENT_CHANGES = Statement(
    select(_provincial().label("changes"), _rows_of(amendments).label("amendments"))
)
READING_CHANGES = Statement(
    select(
        func.coalesce(func.array_agg(N.reading, type_=ARRAY(Text)), literal_column("'{}'::text[]")).label(
            "readings"
        )
    )
)


def _status() -> ColumnElement[str]:
    """coming | standing | ended | superseded, as of `today`."""
    order = tuple_(_LATER.c.effective_from, _LATER.c.recorded_at) > tuple_(V.effective_from, V.recorded_at)
    by_then = _LATER.c.effective_from <= func.greatest(V.effective_from, _today)
    over = exists().where(and_(_LATER.c.tenant_id == V.tenant_id, _LATER.c.key == V.key, order, by_then))
    words: dict[str, ColumnElement[str]] = {
        name: literal_column(f"'{name}'") for name in ("superseded", "coming", "ended", "standing")
    }
    return case(
        (over, words["superseded"]),
        (V.effective_from > _today, words["coming"]),
        (V.value.is_(None), words["ended"]),
        else_=words["standing"],
    )


OVERLAY = Statement(
    select(*rulebook_overlays.c, _status().label("status")).where(
        V.tenant_id == TENANT_ID, V.id == ROW_ID, scope_ready()
    )
)
# Cities make a handful a year, so no index is wanted.
OVERLAY_LIST = listing_of(
    rulebook_overlays,
    name="overlays",
    path="/rulebook/overlays",
    columns=(*rulebook_overlays.c, _status().label("status")),
    filters={"key": among(V.key, "key"), "status": among(cast(_status(), Text), "status")},
    orders={"newest": Order((("recorded_at", V.recorded_at), ("id", V.id)), descending=True)},
)
