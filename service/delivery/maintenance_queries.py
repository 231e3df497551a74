"""Every SELECT of maintenance plans and proposals; always of one tenant, whose own money it is (arts 5, 36)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Integer,
    bindparam,
    func,
    literal_column,
    select,
)

from service.delivery.maintenance_models import (
    maintenance_plan_reviews,
    maintenance_plans,
    maintenance_proposals,
)
from service.kit.listing import Listing, Order, among, listing_of
from service.kit.statements import ROW_ID, ROW_IDS, TENANT_ID, Statement, scope_ready
from service.kit.wire import wire_time
from service.projects.models import projects
from service.projects.queries import external_ref_of

L = maintenance_plans.c
V = maintenance_plan_reviews.c
M = maintenance_proposals.c
P = projects.c
_newer = maintenance_plans.alias("newer")
_reviews = (
    select(V.slot, V.agreed, V.opinion, V.by, wire_time(V.at).label("at"))
    .where(V.tenant_id == L.tenant_id, V.plan_id == L.id)
    .order_by(V.at)
    .correlate(maintenance_plans)
    .subquery("line")
)
_PLAN = (
    *maintenance_plans.c,
    select(func.coalesce(func.jsonb_agg(literal_column("to_jsonb(line)")), literal_column("'[]'::jsonb")))
    .select_from(_reviews)
    .scalar_subquery()
    .label("reviews"),
    select(func.count())
    .select_from(_newer)
    .where(_newer.c.tenant_id == L.tenant_id, _newer.c.supersedes == L.id)
    .correlate(maintenance_plans)
    .scalar_subquery()
    .label("newer"),
)

PLAN = Statement(select(*_PLAN).where(L.tenant_id == TENANT_ID, L.id == ROW_ID, scope_ready()))
# The projects a plan names: only what the caller's tenant sees.
NAMED_PROJECTS = Statement(
    select(P.id, P.name, P.project_class, P.state).where(
        P.tenant_id == TENANT_ID,
        P.id == func.any(ROW_IDS),
        scope_ready(),
    )
)
_EXTERNAL = external_ref_of(M)
# Of the project that the line is for: where it stands by now, and the facts that may bar its money (arts 30, 41).
BARRING = ("accepted", "crypto_confirmed", "data_confirmed", "deferral")
_mine = (P.tenant_id == M.tenant_id, P.id == M.project_id)
_PROJECT = (
    select(P.state).where(*_mine).scalar_subquery().label("project_state"),
    select(func.jsonb_build_object(*(part for name in BARRING for part in (name, P.dated[name]))))
    .where(*_mine)
    .scalar_subquery()
    .label("barring"),
)
PROPOSAL = Statement(
    select(*maintenance_proposals.c, _EXTERNAL, *_PROJECT).where(
        M.tenant_id == TENANT_ID, M.id == ROW_ID, scope_ready()
    )
)
PROPOSED = Statement(
    select(M.id).where(
        M.tenant_id == TENANT_ID,
        M.project_id == ROW_ID,
        M.year == bindparam("year", type_=Integer),
        scope_ready(),
    )
)


def _of_tier(path: str, columns: Any, of: Any, filters: Any) -> Listing:
    """A list of one's own tier, the newest first."""
    orders = {"newest": Order((("at", of.c.at), ("id", of.c.id)), descending=True)}
    return listing_of(
        of,
        name=path,
        path=path,
        columns=columns,
        filters={"year": among(of.c.year, "year"), **filters},
        orders=orders,
    )


PLANS = _of_tier("/maintenance/plans", _PLAN, maintenance_plans, {})
PROPOSALS = _of_tier(
    "/maintenance/proposals",
    maintenance_proposals.c,
    maintenance_proposals,
    {
        "to_decide": M.decided_at.is_(None),
        "decided": M.decided_at.is_not(None),
        "owner_office_id": among(M.office_id, "owner_office_id"),
    },
)
