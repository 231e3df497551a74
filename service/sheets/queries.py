"""Every statement over workbooks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, DateTime, Integer, Text, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.listing import Order, among, listing_of
from service.kit.statements import OF_ID, OF_TENANT, READ_VERSION, ROW_ID, TENANT_ID, Statement, scope_ready
from service.kit.tables import insert_row
from service.portfolio.models import workbooks

W = workbooks.c
_LIGHT = [column for column in workbooks.columns if column.name not in ("content", "faults")]
# Whose a workbook is to see: its sender's, and of the kinds that want a second person whoever may be that one.
_seen: ColumnElement[bool] = or_(
    W.sender == bindparam("me", type_=Text),
    W.sheet.op("=")(bindparam("sheets", type_=ARRAY(Text)).any_()),
)
INSERT = insert_row(workbooks)
ONE = Statement(
    select(*(c for c in workbooks.columns if c.name != "content")).where(
        W.tenant_id == TENANT_ID, W.id == ROW_ID, _seen, scope_ready()
    )
)
CONTENT = Statement(select(W.content).where(W.tenant_id == TENANT_ID, W.id == ROW_ID, scope_ready()))
SAME = Statement(
    select(*workbooks.columns)
    .where(
        W.tenant_id == TENANT_ID,
        W.sheet == bindparam("sheet", type_=Text),
        W.digest == bindparam("digest", type_=Text),
        W.sender == bindparam("me", type_=Text),
        W.state != "withdrawn",
        scope_ready(),
    )
    .order_by(W.sent_at.desc())
    .limit(1)
)
# One tenant's workbooks as one person may see them.
LISTING = listing_of(
    workbooks,
    name="workbooks",
    path="/workbooks",
    columns=_LIGHT,
    filters={"sheet": among(W.sheet, "sheet")},
    orders={"newest": Order((("sent_at", W.sent_at), ("id", W.id)), descending=True, where=(_seen,))},
)
_READ = (
    W.tenant_id == OF_TENANT,
    W.id == OF_ID,
    W.version == READ_VERSION,
)


def _update(values: tuple[str, ...], *more: Any) -> Statement:
    """Of one version: the new values, and the next version."""
    return Statement(
        update(workbooks)
        .where(*_READ, *more)
        .values(
            {name: bindparam(f"new_{name}", type_=W[name].type) for name in values}
            | {"version": W.version + 1}
        )
    )


_WORK = ("state", "done", "wrong", "present", "faults", "beat_at")
CHECKED = _update(_WORK)
AGAIN = _update((*_WORK, "notes", "content", "rows", "things", "name"))
BEGIN = _update(("state", "done", "beat_at"), W.state == "checked")
COMMITTED = _update(
    ("state", "done", "present", "made", "beat_at", "committed_by", "committed_at", "content")
)
WITHDRAWN = _update(("state", "content"), or_(W.state == "faulty", W.state == "checked"))
BEAT = Statement(
    update(workbooks)
    .where(*_READ)
    .values(
        done=bindparam("new_done", type_=Integer),
        beat_at=bindparam("new_beat", type_=DateTime(timezone=True)),
    )
)
