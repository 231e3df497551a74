"""App × county: where a shared app is in use, where it is on its way, where it is missing (arts 3, 23)."""

from __future__ import annotations

from service.catalogue.published_copies import public_id
from service.catalogue.queries import COUNTIES, LISTED
from service.catalogue.queries_adoptions import coverage_statement
from service.catalogue.schemas_adoptions import County, Coverage, CoverageQuery, CoverageRow
from service.kit.api import Call
from service.kit.db import Row, own
from service.kit.errors import not_found
from service.kit.ids import Ref
from service.kit.rows import of_row
from service.measures.adoption import LIVE, Adoption

# The furthest of a county's offices stands for the county.
_FURTHEST = {
    state.value: rank
    for rank, state in enumerate(
        (Adoption.REQUESTED, Adoption.CONFIRMED, Adoption.SUSPENDED, Adoption.ACTIVE)
    )
}
if set(_FURTHEST) != {state.value for state in LIVE}:
    raise RuntimeError("a live state without a rank")


async def coverage(call: Call) -> Coverage:
    """The province over all tenants for what it can see: province-wide apps; a city over its own counties."""
    query: CoverageQuery = call.query
    across = call.scope.login == "province"
    if query.tenant is not None and not across and query.tenant != call.principal.tenant:
        raise not_found()
    tenant = query.tenant if across else call.principal.tenant
    apps = await call.door.fetch(own(call.principal), LISTED, tenant_id=call.principal.tenant)
    counties = await call.door.fetch(own(call.principal), COUNTIES)
    given = {} if tenant is None else {"tenant_id": tenant}
    rows = await call.door.fetch(call.scope, coverage_statement(across=tenant is None), **given)
    columns = [
        of_row(County, row, division=row["code"], tenant=row["parent"])
        for row in counties
        if tenant is None or row["parent"] == tenant
    ]
    cells = _cells(rows)
    items = [
        _row(app, cells.get(public_id(app), {}), columns)
        for app in apps
        if (not across or app["reach"] == "province")
        and app["status"] != "retired"
        and query.category in (None, app["category"])
    ]
    return Coverage(columns, sorted(items, key=lambda item: (-len(item.gaps), item.app_name, item.app_id)))


def _cells(rows: list[Row]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        cell = found.setdefault(str(Ref(row["provider_tenant"], row["app_id"])), {})
        held = cell.get(row["division"])
        if held is None or _FURTHEST[held] < _FURTHEST[row["state"]]:
            cell[row["division"]] = row["state"]
    return found


def _row(app: Row, cell: dict[str, str], columns: list[County]) -> CoverageRow:
    inside = {column.division for column in columns}
    cells = {division: state for division, state in sorted(cell.items()) if division in inside}
    return of_row(
        CoverageRow,
        app,
        app_id=public_id(app),
        app_name=app["name"],
        cells=cells,
        active=sum(1 for state in cells.values() if state == Adoption.ACTIVE.value),
        gaps=[column.division for column in columns if column.division not in cells],
    )
