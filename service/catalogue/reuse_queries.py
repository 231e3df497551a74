"""What is read to answer "does it exist already?": apps the reader may see, accepted projects of the tenant."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Uuid,
    bindparam,
    func,
    lateral,
    literal_column,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.catalogue.models import adoptions, app_entries
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.projects.alike import similarity_keys
from service.projects.models import projects

E, P, K = app_entries.c, projects.c, similarity_keys.c
NEWEST = 200  # accepted projects looked at whatever they are about
# Declarations read under one key: what bounds the work when a word is in fashion. A number of the statement: of a
# parameter PostgreSQL would expect a tenth of all, and read and sort every one that has the word.
PER_KEY = 500
KEYED = 60  # older accepted projects that share most keys

APPS = Statement(
    select(E.provider_tenant, E.app_id, E.revision, E.name, E.provider_name)
    .where(
        E.tenant_id == TENANT_ID,
        E.status != literal_column("'deprecated'"),
        E.status != literal_column("'retired'"),
        scope_ready(),
    )
    .order_by(E.provider_tenant, E.app_id)
)

A = adoptions.c
# What the office has asked for or uses; what ended, was refused or withdrawn is not in use.
IN_USE = Statement(
    select(A.provider_tenant, A.app_id, A.state)
    .where(
        A.tenant_id == TENANT_ID,
        A.office_id == bindparam("office_id", type_=Uuid(as_uuid=False)),
        A.state == func.any(literal_column("'{requested,confirmed,active,suspended}'::text[]")),
        scope_ready(),
    )
    .order_by(A.provider_tenant, A.app_id)
)


def _text(*path: str) -> Any:
    return func.jsonb_extract_path_text(P.declared, *(literal_column(f"'{each}'") for each in path))


_COLUMNS = (
    P.id,
    P.name,
    P.owner_name,
    P.created_at,
    _text("materials", "basics", "main_tasks").label("main_tasks"),
    _text("materials", "basics", "performance_goals").label("goals"),
)
_STATES = ("accepted", "evaluated")
_OTHERS = (P.tenant_id == TENANT_ID, P.id != ROW_ID, scope_ready())


def _newest(state: str) -> Any:
    newest = select(*_COLUMNS).where(*_OTHERS, P.state == literal_column(f"'{state}'"))
    return newest.order_by(P.created_at.desc(), P.id.desc()).limit(NEWEST).subquery()


def _keyed() -> Any:
    """Accepted projects of any age that share keys, those that share most first."""
    token = func.unnest(bindparam("tokens", type_=ARRAY(BigInteger)))
    given = token.table_valued(Column("token", BigInteger)).render_derived(name="given")
    under = (
        select(K.project_id)
        .where(K.tenant_id == TENANT_ID, K.token == given.c.token)
        .order_by(K.day.desc())
        .limit(literal_column(str(PER_KEY)))
        .correlate(given)
    )
    each = lateral(under, name="under")
    shared = (
        select(each.c.project_id, func.count().label("shared"))
        .select_from(given.join(each, true()))
        .group_by(each.c.project_id)
        .subquery("shared")
    )
    in_use = or_(*(P.state == literal_column(f"'{state}'") for state in _STATES))
    joined = projects.join(shared, P.id == shared.c.project_id)
    found = select(*_COLUMNS).select_from(joined).where(*_OTHERS, in_use)
    return found.order_by(shared.c.shared.desc(), P.id).limit(KEYED).subquery()


ACCEPTED = Statement(union(*(select(*part.c) for part in (*map(_newest, _STATES), _keyed()))))
