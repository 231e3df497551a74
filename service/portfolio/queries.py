"""Every SELECT of existing systems and of spills."""

from __future__ import annotations

from sqlalchemy import (
    DateTime,
    Text,
    Uuid,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.documents.models import documents
from service.identity.models import offices, tenant_local
from service.kit.listing import Listing, Order, among, listing_of
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.portfolio.models import spill_words, spills, systems
from service.projects.models import projects

Y = systems.c
_housed = systems.join(offices, and_(offices.c.tenant_id == Y.tenant_id, offices.c.id == Y.office_id))
# Which references of an import are taken.
REFERENCES = Statement(
    select(projects.c.external_ref).where(
        projects.c.tenant_id == TENANT_ID,
        projects.c.external_ref == func.any(bindparam("refs", type_=ARRAY(Text))),
        scope_ready(),
    )
)
_shown = (*systems.c, offices.c.name.label("office_name"))
ONE = Statement(
    select(*_shown).select_from(_housed).where(Y.tenant_id == TENANT_ID, Y.id == ROW_ID, scope_ready())
)
LISTING = Listing(
    name="systems",
    path="/systems",
    columns=_shown,
    source=_housed,
    row=(Y.tenant_id, Y.id),
    tenants=(Y.tenant_id,),
    filters={"owner_office_id": among(Y.office_id, "owner_office_id"), "status": among(Y.status, "status")},
    orders={"name": Order((("tenant_id", Y.tenant_id), ("name", Y.name), ("id", Y.id)))},
)


_running = func.count().filter(Y.status == "running")
_counts = (
    select(
        Y.tenant_id.label("tenant"),
        Y.office_id,
        offices.c.name.label("office_name"),
        _running.label("running"),
        func.count().filter(and_(Y.status == "running", Y.on_cloud.is_(False))).label("off_cloud"),
    )
    .select_from(_housed)
    .group_by(Y.tenant_id, Y.office_id, offices.c.name)
    .order_by(_running.desc(), Y.tenant_id, Y.office_id)
    .limit(500)
)
COUNTS, OWN_COUNTS = Statement(_counts), Statement(_counts.where(Y.tenant_id == TENANT_ID, scope_ready()))

RUNNING = Statement(
    select(func.count().label("running")).where(
        Y.tenant_id == TENANT_ID,
        Y.office_id == bindparam("office", type_=Uuid(as_uuid=False)),
        Y.status == "running",
        scope_ready(),
    )
)

# What an office runs, by name: the same is not registered twice.
NAMED = Statement(
    select(Y.id, Y.name).where(
        Y.tenant_id == TENANT_ID,
        Y.office_id == bindparam("office", type_=Uuid(as_uuid=False)),
        Y.status == "running",
        scope_ready(),
    )
)

Z, P = spills.c, projects.c
_project = bindparam("project_id", type_=Uuid(as_uuid=False))

# ---- by people: the case or the file as they may see it, and the spills of their reach ---------------------

NAMED_PROJECT = Statement(
    select(P.tenant_id, P.id).where(P.tenant_id == TENANT_ID, P.id == ROW_ID, scope_ready())
)
NAMED_FILE = Statement(
    select(documents.c.tenant_id, documents.c.id, documents.c.project_id).where(
        documents.c.tenant_id == TENANT_ID, documents.c.id == ROW_ID, scope_ready()
    )
)
SPILL = Statement(select(*spills.c).where(Z.tenant_id == TENANT_ID, Z.id == ROW_ID, scope_ready()))
SPILLS = listing_of(
    spills,
    name="spills",
    path="/spills",
    filters={"state": among(Z.state, "state")},
    orders={"newest": Order((("requested_at", Z.requested_at), ("id", Z.id)), descending=True)},
)


# ---- by the worker ------------------------------------------------------------------------------------------

CONFIRMED = Statement(
    select(*spills.c)
    .where(
        Z.state == "confirmed",
        or_(Z.erased_at.is_(None), Z.erased_at <= bindparam("settled", type_=DateTime(timezone=True))),
    )
    .order_by(Z.tenant_id, Z.id)
)
# Held by whoever makes the pass: a second worker waits, and finds nothing left to do.
HELD = Statement(
    select(*spills.c)
    .where(
        Z.tenant_id == TENANT_ID,
        Z.id == ROW_ID,
        Z.state == "confirmed",
        Z.erased_at.is_not_distinct_from(bindparam("seen", type_=DateTime(timezone=True))),
    )
    .with_for_update()
)
FILES = Statement(
    select(documents.c.id).where(documents.c.tenant_id == TENANT_ID, documents.c.project_id == _project)
)
PURGED = Statement(select(Z.id).where(Z.tenant_id == TENANT_ID, Z.id == ROW_ID, Z.state == "purged"))
WORDS = Statement(
    select(spill_words.c.source, spill_words.c.word).where(
        spill_words.c.tenant_id == TENANT_ID, spill_words.c.spill_id == ROW_ID
    )
)
TENANTS = Statement(select(tenant_local.c.tenant_id).order_by(tenant_local.c.tenant_id))
_CLOSED = (
    "tenant_id",
    "office_id",
    "id",
    "owner_name",
    "state",
    "route",
    "month",
    "investment_fen",
    "approved_fen",
    "submissions",
    "origin",
    "version",
)
CLOSING = Statement(select(*(P[name] for name in _CLOSED)).where(P.tenant_id == TENANT_ID, P.id == _project))
