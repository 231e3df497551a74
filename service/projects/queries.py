"""Every SELECT of the case."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    lateral,
    literal_column,
    or_,
    select,
    tuple_,
)

from service.identity.models import tenant_local
from service.kit.db import Statement, scope_ready
from service.kit.money import yuan_sql
from service.projects.models import project_drafts, project_findings, project_versions, projects, transitions

P = projects.c
_tenant = bindparam("tenant_id", type_=Text)
_id = bindparam("id", type_=Uuid(as_uuid=False))


def _json_rows(query: Any) -> ColumnElement[Any]:
    """All rows of a subquery as one JSON array."""
    sub = query.subquery("line")
    return (
        select(func.coalesce(func.jsonb_agg(literal_column("to_jsonb(line)")), literal_column("'[]'::jsonb")))
        .select_from(sub)
        .scalar_subquery()
    )


_FINDINGS = _json_rows(
    select(
        project_findings.c.code,
        project_findings.c.severity,
        project_findings.c.article,
        project_findings.c.reason,
        project_findings.c.opinion,
    )
    .where(project_findings.c.tenant_id == _tenant, project_findings.c.project_id == _id)
    .order_by(project_findings.c.article, project_findings.c.code)
)

# The case with its working copy; the province's login has no grant on working copies.
_MINE = (P.tenant_id == _tenant, P.id == _id, scope_ready())
CASE = Statement(
    select(*projects.c, _FINDINGS.label("findings"), project_drafts.c.content)
    .select_from(
        projects.outerjoin(
            project_drafts,
            and_(project_drafts.c.tenant_id == P.tenant_id, project_drafts.c.project_id == P.id),
        )
    )
    .where(*_MINE)
)
DECLARED_CASE = Statement(
    select(*projects.c, _FINDINGS.label("findings"), literal_column("NULL::jsonb").label("content")).where(
        *_MINE
    )
)

VERSION = Statement(
    select(*project_versions.c).where(
        project_versions.c.tenant_id == _tenant,
        project_versions.c.project_id == _id,
        project_versions.c.number == bindparam("number", type_=Integer),
        scope_ready(),
    )
)

HISTORY = Statement(
    select(
        P.id,
        _json_rows(
            select(
                transitions.c.action,
                transitions.c.from_state,
                transitions.c.to_state,
                transitions.c.actor,
                transitions.c.reason,
                transitions.c.citation,
                transitions.c.details,
                transitions.c.at,
            )
            .where(transitions.c.tenant_id == _tenant, transitions.c.project_id == _id)
            .order_by(transitions.c.at, transitions.c.id)
        ).label("transitions"),
        _json_rows(
            select(
                project_versions.c.number,
                project_versions.c.digest,
                project_versions.c.submitted_by,
                project_versions.c.submitted_at,
            )
            .where(project_versions.c.tenant_id == _tenant, project_versions.c.project_id == _id)
            .order_by(project_versions.c.number)
        ).label("versions"),
    ).where(P.tenant_id == _tenant, P.id == _id, scope_ready())
)

_ITEM = func.json_build_object(
    *[
        part
        for name, value in (
            ("id", P.tenant_id + "-" + cast(P.id, Text)),
            ("tenant", P.tenant_id),
            ("external_ref", P.external_ref),
            ("name", P.name),
            ("owner_name", P.owner_name),
            ("tier", P.tier),
            ("division", P.division),
            ("state", P.state),
            ("holder", P.holder),
            ("route", P.route),
            ("project_class", P.project_class),
            ("kind", P.kind),
            ("investment_yuan", yuan_sql(P.investment_fen)),
            ("approved_amount_yuan", yuan_sql(P.approved_fen)),
            ("created_at", P.created_at),
            ("submitted_at", P.submitted_at),
            ("filed_at", P.filed_at),
            ("version", P.version),
        )
        for part in (literal_column(f"'{name}'"), value)
    ]
)

FILTERS: dict[str, ColumnElement[bool]] = {
    "state": P.state == bindparam("state", type_=Text),
    "route": P.route == bindparam("route", type_=Text),
    "project_class": P.project_class == bindparam("project_class", type_=Text),
    "kind": P.kind == bindparam("kind", type_=Text),
    "division": P.division == bindparam("division", type_=Text),
    "owner_office_id": P.office_id == bindparam("owner_office_id", type_=Uuid(as_uuid=False)),
    "external_ref": P.external_ref == bindparam("external_ref", type_=Text),
    # Not leakproof, so it filters after row level security; the tenant's index bounds the work.
    "text": or_(
        func.strpos(func.lower(P.name), func.lower(bindparam("text", type_=Text))) > 0,
        func.strpos(func.lower(P.owner_name), func.lower(bindparam("text", type_=Text))) > 0,
    ),
    "created_from": P.created_at >= bindparam("created_from", type_=DateTime(timezone=True)),
    "created_to": P.created_at < bindparam("created_to", type_=DateTime(timezone=True)),
    "after": tuple_(P.created_at, P.id)
    < tuple_(
        bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid(as_uuid=False))
    ),
}


@cache
def list_statement(filters: frozenset[str], *, across: bool) -> Statement:
    """A page, newest first. `across`: the newest of every tenant, merged (speed.md, point 5)."""
    conditions = [FILTERS[name] for name in sorted(filters)]
    limit = bindparam("limit", type_=Integer)
    if not across:
        page = select(cast(_ITEM, Text).label("item"), P.created_at, P.id)
        page = page.where(P.tenant_id == _tenant, *conditions, scope_ready())
        return Statement(page.order_by(P.created_at.desc(), P.id.desc()).limit(limit))
    newest = (
        select(cast(_ITEM, Text).label("item"), P.created_at, P.id)
        .where(P.tenant_id == tenant_local.c.tenant_id, P.state != "draft", *conditions)
        .order_by(P.created_at.desc(), P.id.desc())
        .limit(limit)
        .correlate(tenant_local)
    )
    each = lateral(newest, name="newest")
    merged = select(each.c.item, each.c.created_at, each.c.id).select_from(
        tenant_local.join(each, literal_column("true"))
    )
    return Statement(
        merged.where(scope_ready()).order_by(each.c.created_at.desc(), each.c.id.desc()).limit(limit)
    )
