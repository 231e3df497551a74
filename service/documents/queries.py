"""Every SELECT of documents."""

from __future__ import annotations

from sqlalchemy import Uuid, bindparam, select

from service.documents.models import documents
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready

D = documents.c
_of = (D.tenant_id == TENANT_ID, D.removed_at.is_(None), scope_ready())
OF_CASE = Statement(
    select(*documents.c)
    .where(D.project_id == bindparam("project_id", type_=Uuid(as_uuid=False)), *_of)
    .order_by(D.at, D.id)
)
ONE = Statement(select(*documents.c).where(D.id == ROW_ID, *_of))
# For the clean-up: which of the ids that lie in storage have a row, removed ones included.
KNOWN = Statement(select(D.id).where(D.tenant_id == TENANT_ID, scope_ready()))
