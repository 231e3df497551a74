"""Every SELECT of plans: the tenant's own versions, and the province's published ones."""

from __future__ import annotations

from sqlalchemy import Uuid, bindparam, select

from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.library.models import plan_versions, published_plans

V, B = plan_versions.c, published_plans.c
_plan = bindparam("plan_id", type_=Uuid(as_uuid=False))

PLAN_VERSION = Statement(
    select(*plan_versions.c).where(V.tenant_id == TENANT_ID, V.id == ROW_ID, scope_ready())
)
PLAN_VERSIONS = Statement(
    select(*plan_versions.c)
    .where(V.tenant_id == TENANT_ID, scope_ready())
    .order_by(V.plan_id.desc(), V.number.desc())
)
VERSIONS_OF = Statement(
    select(V.id, V.number, V.state)
    .where(V.tenant_id == TENANT_ID, V.plan_id == _plan, scope_ready())
    .order_by(V.number.desc())
)
PUBLISHED = Statement(
    select(*published_plans.c).where(scope_ready()).order_by(B.plan_id.desc(), B.number.desc())
)
