"""What is read to answer "does it exist already?": apps the reader may see, accepted projects of the tenant."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, Uuid, bindparam, func, literal_column, select, union_all

from service.catalogue.models import app_entries
from service.kit.db import Statement, scope_ready
from service.projects.models import projects

E, P = app_entries.c, projects.c
_tenant = bindparam("tenant_id", type_=Text)
NEWEST = 200  # accepted projects looked at; older ones are in the catalogue, or out of use

APPS = Statement(
    select(E.provider_tenant, E.app_id, E.name, E.provider_name, E.content)
    .where(
        E.tenant_id == _tenant,
        E.status != literal_column("'deprecated'"),
        E.status != literal_column("'retired'"),
        scope_ready(),
    )
    .order_by(E.provider_tenant, E.app_id)
)


def _text(*path: str) -> Any:
    return func.jsonb_extract_path_text(P.declared, *(literal_column(f"'{each}'") for each in path))


def _accepted(state: str) -> Any:
    return (
        select(
            P.id,
            P.name,
            P.owner_name,
            P.created_at,
            _text("materials", "basics", "main_tasks").label("main_tasks"),
            _text("materials", "basics", "performance_goals").label("goals"),
        )
        .where(
            P.tenant_id == _tenant,
            P.state == literal_column(f"'{state}'"),
            P.id != bindparam("id", type_=Uuid(as_uuid=False)),
            scope_ready(),
        )
        .order_by(P.created_at.desc(), P.id.desc())
        .limit(NEWEST)
        .subquery()
    )


ACCEPTED = Statement(union_all(*(select(*_accepted(state).c) for state in ("accepted", "evaluated"))))
