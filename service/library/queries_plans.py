"""Every SELECT of plans: the tenant's own versions, and the province's published ones."""

from __future__ import annotations

from sqlalchemy import Text, Uuid, bindparam, select

from service.kit.statements import Statement, scope_ready
from service.library.models import plan_versions, published_plans

V, B = plan_versions.c, published_plans.c
_tenant = bindparam("tenant_id", type_=Text)
_id = bindparam("id", type_=Uuid(as_uuid=False))
_plan = bindparam("plan_id", type_=Uuid(as_uuid=False))

PLAN_VERSION = Statement(select(*plan_versions.c).where(V.tenant_id == _tenant, V.id == _id, scope_ready()))
PLAN_VERSIONS = Statement(
    select(*plan_versions.c)
    .where(V.tenant_id == _tenant, scope_ready())
    .order_by(V.plan_id.desc(), V.number.desc())
)
VERSIONS_OF = Statement(
    select(V.id, V.number, V.state)
    .where(V.tenant_id == _tenant, V.plan_id == _plan, scope_ready())
    .order_by(V.number.desc())
)
PUBLISHED = Statement(
    select(*published_plans.c).where(scope_ready()).order_by(B.plan_id.desc(), B.number.desc())
)
