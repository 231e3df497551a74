"""Reads of offices, people, clients that other features need."""

from __future__ import annotations

from sqlalchemy import Text, Uuid, bindparam, select

from service.identity.models import offices
from service.kit.db import Statement, scope_ready

# One office of the tenant.
OFFICE = Statement(
    select(*offices.c).where(
        offices.c.tenant_id == bindparam("tenant_id", type_=Text),
        offices.c.id == bindparam("id", type_=Uuid(as_uuid=False)),
        scope_ready(),
    )
)
