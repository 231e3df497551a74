"""How many offices of a tenant use an app, as its provider counted; an older count never overwrites a newer one."""

from __future__ import annotations

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from service.catalogue.models import app_uses
from service.kit.statements import Statement

_use = insert(app_uses).values(
    {column.name: bindparam(column.name, type_=column.type) for column in app_uses.columns}
)
USE = Statement(
    _use.on_conflict_do_update(
        index_elements=["tenant_id", "provider_tenant", "app_id", "adopter_tenant"],
        set_={"offices": _use.excluded.offices, "seq": _use.excluded.seq},
        where=app_uses.c.seq < _use.excluded.seq,
    )
)
