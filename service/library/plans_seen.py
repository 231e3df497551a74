"""Three-year plans as they are seen: a tenant's own, and what the province adopted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from service.kit.api import Call
from service.kit.db import Row, Scope
from service.kit.ids import Ref
from service.kit.rows import of_row
from service.library.queries_plans import PLAN_VERSIONS, PUBLISHED
from service.library.schemas_plans import (
    PlanView,
)
from service.projects.submission import PROVINCE

SPAN = 3  # years, art. 7
Plan = dict[str, Any]


def plan_view(row: Plan, latest: int | None) -> PlanView:
    """A version as an answer; `latest`: the number of the plan's newest adopted version."""
    return of_row(
        PlanView,
        row,
        id=str(Ref(row["tenant_id"], row["id"])),
        plan=str(Ref(row["tenant_id"], row["plan_id"])),
        tenant=row["tenant_id"],
        last_year=row["first_year"] + SPAN - 1,
        in_force=row["state"] == "adopted" and row["number"] == latest,
        articles=[7, 10] if row["tenant_id"] == PROVINCE else [5, 7, 10],
    )


def published(row: Row) -> Plan:
    """A row of `published_plans` in the shape of a version."""
    return {
        **dict(row),
        "tenant_id": PROVINCE,
        "state": "adopted",
        "updated_at": row["adopted_at"],
        "version": 1,
    }


async def seen(call: Call, scope: Scope) -> list[Plan]:
    """Every version the caller may see: the tenant's own, and the province's adopted ones."""
    tenant = call.principal.tenant
    own = [dict(row) for row in await call.door.fetch(scope, PLAN_VERSIONS, tenant_id=tenant)]
    if tenant == PROVINCE:
        return own
    return [published(row) for row in await call.door.fetch(scope, PUBLISHED)] + own


def newest(plans: Sequence[Plan]) -> dict[str, int]:
    """plan → number of its newest adopted version."""
    found: dict[str, int] = {}
    for plan in plans:
        if plan["state"] == "adopted":
            found[plan["plan_id"]] = max(found.get(plan["plan_id"], 0), plan["number"])
    return found
