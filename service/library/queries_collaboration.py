"""Every SELECT of frameworks and links."""

from __future__ import annotations

from sqlalchemy import Date, Text, Uuid, and_, bindparam, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from service.identity.models import offices
from service.kit.keyed import key_of
from service.kit.statements import ROW_ID, ROW_IDS, TENANT_ID, Statement, scope_ready
from service.library.models import (
    framework_signatures,
    frameworks,
    link_invitations,
    link_standards,
    links,
)

F, S, L, T, I, O = (  # noqa: E741 - one letter per table
    frameworks.c,
    framework_signatures.c,
    links.c,
    link_standards.c,
    link_invitations.c,
    offices.c,
)
_project = bindparam("project_id", type_=Uuid(as_uuid=False))

FRAMEWORK = Statement(
    select(*frameworks.c).where(F.tenant_id == TENANT_ID, F.project_id == _project, scope_ready())
)
SIGNATURES = Statement(
    select(*framework_signatures.c).where(S.tenant_id == TENANT_ID, S.framework_id == ROW_ID, scope_ready())
)
_day = bindparam("day", type_=Date)
_there_then = and_(O.valid_from <= _day, or_(O.valid_to.is_(None), _day < O.valid_to))
OFFICES = Statement(
    select(O.id, O.name, O.tier).where(
        O.tenant_id == TENANT_ID, O.id == func.any(ROW_IDS), _there_then, scope_ready()
    )
)
OFFICES_NAMED = Statement(
    select(O.id, O.name).where(
        O.tenant_id == TENANT_ID,
        key_of(offices, "name_key") == func.any(bindparam("names", type_=ARRAY(Text))),
        _there_then,
        scope_ready(),
    )
)
LINKS = Statement(
    select(*links.c)
    .where(L.tenant_id == TENANT_ID, L.project_id == _project, scope_ready())
    .order_by(L.invited_at, L.id)
)
STANDARDS = Statement(
    select(*link_standards.c)
    .where(T.tenant_id == TENANT_ID, T.project_id == _project, scope_ready())
    .order_by(T.number)
)
INVITATION = Statement(
    select(*link_invitations.c).where(I.tenant_id == TENANT_ID, I.id == ROW_ID, scope_ready())
)
INVITATIONS = Statement(
    select(*link_invitations.c)
    .where(I.tenant_id == TENANT_ID, scope_ready())
    .order_by(I.invited_at.desc(), I.id.desc())
    .limit(literal_column("500"))
)
PARENTS = Statement(
    select(*link_invitations.c)
    .where(I.tenant_id == TENANT_ID, I.project_id == _project, scope_ready())
    .order_by(I.invited_at, I.id)
)
JOINED = Statement(
    select(*link_invitations.c).where(
        I.tenant_id == TENANT_ID,
        I.project_id == func.any(ROW_IDS),
        I.state == literal_column("'joined'"),
        scope_ready(),
    )
)
