"""Every statement of the province's view over all tenants but its figures (queries_totals.py, queries_rates.py)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    literal_column,
    select,
)

from service.kit.listing import Listing, Order, among
from service.kit.money import yuan_sql
from service.kit.statements import AT_MOST, TENANT_ID, Statement, scope_ready
from service.projects.models import APPROVED_ON, ENDED, approvals, project_findings, projects
from service.webhooks.models import event_feed

P = projects.c
F = project_findings.c
A = approvals.c
V = event_feed.c


_ref = (P.tenant_id + literal_column("'-'") + cast(P.id, Text)).label("id")
_ITEM = (
    _ref,
    P.tenant_id.label("tenant"),
    P.name,
    P.owner_name,
    P.tier,
    P.division,
    P.state,
    P.route,
    P.project_class,
    P.kind,
    yuan_sql(P.investment_fen).label("investment_yuan"),
    yuan_sql(P.approved_fen).label("approved_amount_yuan"),
)


_FINDINGS = project_findings.join(projects, and_(P.tenant_id == F.tenant_id, P.id == F.project_id))
# Findings with their projects, newest first.
FINDINGS = Listing(
    name="monitoring:findings",
    path="/monitoring",
    columns=(
        *_ITEM,
        # Read from what was declared: the part that keeps a project under the line (art. 9).
        literal_column("projects.declared #>> '{facts,of_which_maintenance_yuan}'").label("of_which_maintenance_yuan"),
        F.code, F.severity, F.article, F.reason, F.opinion, F.opinion_by, F.submitted_at, F.project_id,
    ),
    source=_FINDINGS,
    row=(F.tenant_id, F.project_id, F.code),
    tenants=(F.tenant_id, P.tenant_id),
    filters={
        "one_code": F.code == bindparam("one_code", type_=Text),
        "code": among(F.code, "code"),
        "reasoned": F.reason.is_not(None),
        "not_withdrawn": P.state != literal_column("'withdrawn'"),
    },
    orders={
        "newest": Order(
            (("submitted_at", F.submitted_at), ("project_id", F.project_id), ("code", F.code)),
            descending=True,
            where=(P.state != literal_column("'draft'"),),
        )
    },
)  # fmt: skip


# As the index ix_projects_to_file has it.
_UNFILED = (
    P.route == literal_column("'city_filing'"),
    P.filed_at.is_(None),
    P.approved_at.is_not(None),
    P.state.not_in([literal_column(f"'{each}'") for each in ENDED]),
)


_corrected = approvals.alias("corrected")
# A corrected approval is read as it stands.
_NEWEST = ~exists().where(
    _corrected.c.tenant_id == A.tenant_id,
    _corrected.c.project_id == A.project_id,
    _corrected.c.edition > A.edition,
)


# What a city approved and has not filed, the oldest approval document first (art. 23). The missing filing tells it and
# no state: what is built already is still to be filed. What was brought along from elsewhere has no approval of this
# system, so no filing of it is missed here. What has ended files no more.
UNFILED = Listing(
    name="monitoring:unfiled",
    path="/monitoring/unfiled",
    columns=(
        *_ITEM,
        A.document_number,
        A.document_date,
        A.approved_at,
        P.id.label("project_id"),
        APPROVED_ON.label("approved_on"),
    ),
    source=projects.join(approvals, and_(A.tenant_id == P.tenant_id, A.project_id == P.id)),
    row=(P.tenant_id, P.id, A.edition),
    tenants=(P.tenant_id, A.tenant_id),
    filters={},
    orders={
        "oldest": Order((("approved_on", APPROVED_ON), ("project_id", P.id)), where=(_NEWEST, *_UNFILED))
    },
)


# The feed's numbers are given under a row lock in commit order, so reading on from one never skips.
FEED = Statement(
    select(V.seq, V.event_id, V.source_tenant, V.at, V.snapshot)
    .where(
        V.tenant_id == TENANT_ID,
        V.kind == literal_column("'filing.filed'"),
        V.seq > bindparam("after", type_=BigInteger),
        scope_ready(),
    )
    .order_by(V.seq)
    .limit(AT_MOST)
)
