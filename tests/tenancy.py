"""Which tables of a statement no chain of equalities ties to one tenant's parameter (docs/decisions/0165, rule 3)."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from typing import Any
from weakref import WeakSet

from sqlalchemy import BindParameter, TableClause
from sqlalchemy.sql import dml, elements, selectable, visitors

from service.kit.db import metadata
from service.kit.statements import Statement

TENANT = frozenset(each.name for each in metadata.sorted_tables if each.info.get("kind") != "reference")
BOUND = "a parameter"
READ: WeakSet[Statement] = WeakSet()


def leaves(found: Any) -> Iterator[Any]:
    """What stands in a FROM, out of its joins."""
    if isinstance(found, selectable.Join):
        yield from leaves(found.left)
        yield from leaves(found.right)
    else:
        yield found


def is_tenants(found: Any) -> bool:
    """Whether it is a table of a tenant, by its model or by name alone."""
    real = found.element if isinstance(found, selectable.Alias) else found
    return isinstance(real, TableClause) and real.name in TENANT


def _tables(core: Any) -> dict[int, Any]:
    """Every table of a tenant that a statement reads or changes, by the place it stands in."""
    found = []
    for each in visitors.iterate(core):
        if isinstance(each, selectable.Select):
            found += [leaf for part in each.get_final_froms() for leaf in leaves(part)]
        elif isinstance(each, dml.Update | dml.Delete):
            found.append(each.table)
    return {id(each): each for each in found if is_tenants(each)}


def _place(side: Any) -> Any:
    return id(side.table) if getattr(side, "table", None) is not None else BOUND


def _given_by(subquery: Any) -> Iterator[Any]:
    """Where the tenant that a subquery says comes from, for each arm of a UNION."""
    inner = subquery.element
    arms = inner.selects if isinstance(inner, selectable.CompoundSelect) else [inner]
    if not isinstance(arms[0], selectable.Select):
        return
    names = [getattr(each, "name", "") for each in arms[0].selected_columns]
    if "tenant_id" in names:
        for arm in arms:
            column = list(arm.selected_columns)[names.index("tenant_id")]
            real = column.element if isinstance(column, elements.Label) else column
            if getattr(real, "table", None) is not None or isinstance(real, BindParameter):
                yield _place(real)


def unbound(core: Any) -> list[str]:
    """Names of the tables whose tenant no chain of equalities ties to a parameter."""
    ties: dict[Any, Any] = {}

    def top(each: Any) -> Any:
        while ties.get(each, each) != each:
            each = ties[each]
        return each

    for each in visitors.iterate(core):
        if isinstance(each, elements.BinaryExpression) and each.operator.__name__ in ("eq", "in_op"):
            if any(getattr(side, "name", None) == "tenant_id" for side in (each.left, each.right)):
                ties[top(_place(each.left))] = top(_place(each.right))
        elif isinstance(each, selectable.AliasedReturnsRows) and isinstance(
            each.element, selectable.SelectBase
        ):
            for place in _given_by(each):
                ties[top(id(each))] = top(place)
    tables = _tables(core)
    return sorted(
        {str(getattr(each, "name", each)) for key, each in tables.items() if top(key) != top(BOUND)}
    )


def noted(fetch: Any) -> Any:
    """The door's `fetch`, which notes what it reads in a tenant's scope."""

    async def noting(self: Any, scope: Any, statement: Statement, **params: Any) -> Any:
        if scope.login == "tenant":
            READ.add(statement)
        return await fetch(self, scope, statement, **params)

    return noting


def read_without_a_tenant() -> list[str]:
    """Of what this process read so: the service's own statements that do not name the tenant of a table."""
    gc.collect()  # what a test made for itself
    own = {
        id(value)
        for name, module in list(sys.modules.items())
        if name.startswith("tests.")
        for value in vars(module).values()
        if isinstance(value, Statement)
    }
    read = [each for each in list(READ) if each.folds and id(each) not in own]
    return [f"{tables}: {each.sql}" for each in read if (tables := unbound(each._core))]
