"""What every source of tasks selects, in one form, so that all of them are one list: by due day, then by since when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    tuple_,
)

from service.kit.orders import Order
from service.kit.statements import AT_MOST

Source = Callable[[Any, bool], Select[Any]]  # tenant, after a cursor
# Whoever has no day comes after all who have one; the last day there is would be infinity to the driver.
NO_DAY = date(9999, 1, 1)
NEVER: ColumnElement[Any] = literal_column(f"'{NO_DAY.isoformat()}'::date", Date)
_ZONE = literal_column("'Asia/Shanghai'", Text)
AFTER_DUE = bindparam("after_due_order", type_=Date)
_AFTER_SINCE = bindparam("after_since", type_=DateTime(timezone=True))
_AFTER_ID = bindparam("after_id", type_=Text)
# As the columns of the sources are called, whatever stands behind them.
ORDER = Order(
    (
        ("due_order", column("due_order", Date)),
        ("since", column("since", DateTime(timezone=True))),
        ("id", column("id", Text)),
    )
)


def word(text: str) -> ColumnElement[str]:
    """A constant as SQL, so that a partial index is seen to hold for it."""
    return literal_column(f"'{text}'", Text)


def day_of(moment: Any) -> ColumnElement[Any]:
    """The legal day of a moment."""
    return cast(func.timezone(_ZONE, moment), Date)


def moment_of(day: Any) -> ColumnElement[Any]:
    """The beginning of a legal day."""
    return cast(func.timezone(_ZONE, cast(day, DateTime(timezone=False))), DateTime(timezone=True))


def line(
    queue: Any,
    kind: str,
    *,
    tenant: Any,
    id: Any,
    since: Any,
    project: Any = None,
    name: Any = None,
    due: Any = None,
    basis: Any = None,
    article: Any = None,
    version: Any = None,
    route: Any = None,
) -> list[ColumnElement[Any]]:
    """The columns of one task. `id`: of the thing itself; `name`: what it is called, where it is no case; `route`: of
    its case, where the source knows it, so that the case need not be asked.
    """
    return [
        cast(word(queue) if isinstance(queue, str) else queue, Text).label("queue"),
        word(kind).label("kind"),
        cast(tenant, Text).label("tenant_id"),
        cast(id, Text).collate("C").label("id"),
        cast(_null(project), Uuid(as_uuid=False)).label("project_id"),
        cast(_null(name), Text).label("name"),
        cast(_null(due), Date).label("due"),
        cast(since, DateTime(timezone=True)).label("since"),
        cast(_null(basis), Text).label("basis"),
        cast(_null(article), Integer).label("article"),
        cast(_null(version), Integer).label("version"),
        cast(_null(route), Text).label("one_route"),
        func.coalesce(cast(_null(due), Date), NEVER).label("due_order"),
    ]


def _null(value: Any) -> Any:
    if value is None:
        return literal_column("NULL")
    return literal_column(str(value)) if isinstance(value, int) else value


def paged(found: Select[Any], order: tuple[Any, ...], *, after: bool) -> Select[Any]:
    """The first of a source in its own order, which is the list's; `after`: those behind the cursor."""
    if after:
        columns = {each.name: each.element for each in found.selected_columns}
        key = tuple_(*(columns[name] for name, _ in ORDER.columns))
        found = found.where(key > tuple_(AFTER_DUE, _AFTER_SINCE, _AFTER_ID.collate("C")))
    return found.order_by(*order).limit(AT_MOST)


def things_of(
    queue: str,
    kind: str,
    c: Any,
    *where: Any,
    since: Any,
    by: tuple[Any, ...] = (),
    joined: Any = None,
    **more: Any,
) -> Source:
    """A queue of things of one table, `c` its columns: those that `where` picks, longest waiting first.

    `by`: their order where `since` is not it; `joined`: with which other table; `more`: what else a line says.
    """

    def source(tenant: Any, after: bool) -> Select[Any]:
        found = select(*line(queue, kind, tenant=c.tenant_id, id=c.id, since=since, **more))
        if joined is not None:
            found = found.select_from(joined)
        return paged(found.where(c.tenant_id == tenant, *where), (*(by or (since,)), c.id), after=after)

    return source


def empty() -> Select[Any]:
    """A source of nothing, for a reader who has no queue."""
    null: ColumnElement[Any] = literal_column("NULL")
    return select(*line(null, "project", tenant=null, id=null, since=null)).where(literal_column("false"))
