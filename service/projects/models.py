"""The case. `projects` holds what was declared; what is not yet lives in `project_drafts` (law.md, trap 13)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Integer,
    Text,
    UniqueConstraint,
    and_,
    func,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from service.kit.tables import fen, index, inside, json, moment, number, table, text, texts, uuid
from service.measures.lifecycle import TERMINAL, values

projects = table(
    "projects",
    uuid("id"),
    text("external_ref", null=True),
    text("name"),
    text("owner_name"),
    text("tier"),
    text("division"),
    text("office_kind"),
    text("state"),
    text("holder"),
    text("route", null=True),
    text("project_class"),
    text("kind"),
    fen("investment_fen"),
    json("declared", null=True),
    json("decision", null=True),
    number("submissions"),
    text("month", null=True),
    text("created_by"),
    moment("created_at"),
    moment("updated_at"),
    moment("submitted_at", null=True),
    moment("gatekept_at", null=True),
    moment("approved_at", null=True),
    moment("filed_at", null=True),
    moment("handed_over_at", null=True),
    fen("approved_fen", null=True),
    text("filing_number", null=True),
    number("version"),
    # What earlier steps left for gates and deadlines (projects/dated_facts.py); "imported" cases came with a document.
    Column("dated", JSONB, nullable=False, server_default=literal_column("'{}'::jsonb")),
    Column("origin", Text, nullable=False, server_default=literal_column("'declared'")),
    # Migration 0019: {user id: ["tier.role", …]}, whose hands a case went through (projects/hands.py).
    Column("hands", JSONB, nullable=False, server_default=literal_column("'{}'::jsonb")),
    # Migration 0028: the client that made the draft sees it; the agencies commissioned to appraise it see the case.
    text("client", null=True),
    texts("agencies", default="'{}'::text[]"),
    # Its codes on other platforms, of the working copy until the first submission: a case is found by them.
    texts("project_codes", default="'{}'::text[]"),
    # Migration 0049: since when it is in its state; told by the steps, which prove it.
    Column(
        "entered_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=literal_column("now()"),
        info={"unproved": True},
    ),
    UniqueConstraint("tenant_id", "external_ref", name="uq_projects_external_ref"),
    inside("fk_projects_office", ("office_id",), "offices", ("id",)),
    CheckConstraint("holder IN ('owner', 'city', 'province')", name="ck_projects_holder"),
    CheckConstraint("route IN ('provincial_review', 'city_filing')", name="ck_projects_route"),
    CheckConstraint("project_class IN ('infrastructure', 'integration', 'other')", name="ck_projects_class"),
    CheckConstraint("investment_fen >= 0", name="ck_projects_investment"),
    CheckConstraint("origin IN ('declared', 'imported')", name="ck_projects_origin"),
    kind="case",
    key=("id",),
    proved="case",
)
# What every write of a case says anew (projects/case.py); the rest is as it was made.
CHANGING = (
    "external_ref",
    "name",
    "state",
    "holder",
    "route",
    "project_class",
    "kind",
    "investment_fen",
    "declared",
    "decision",
    "submissions",
    "month",
    "updated_at",
    "submitted_at",
    "gatekept_at",
    "approved_at",
    "filed_at",
    "handed_over_at",
    "approved_fen",
    "filing_number",
    "dated",
    "agencies",
    "project_codes",
)
# By a reorganisation alone (identity/handing_over.py).
OWNING = ("office_id", "owner_name", "tier", "division", "office_kind")
for _name in (*CHANGING, *OWNING, "version"):
    projects.c[_name].info["changes"] = True
projects.c.hands.info["unproved"] = True  # an opinion leaves a hand without raising the version

project_drafts = table(
    "project_drafts",
    uuid("project_id"),
    json("content"),
    moment("updated_at"),
    text("client", null=True),
    inside("fk_project_drafts_project", ("project_id",), "projects", ("id",)),
    kind="case",
    key=("project_id",),
)

# Sealed: what was submitted stays readable as submitted (art. 39).
project_versions = table(
    "project_versions",
    uuid("project_id"),
    number("number"),
    json("content"),
    json("decision"),
    text("digest"),
    text("submitted_by"),
    moment("submitted_at"),
    inside("fk_project_versions_project", ("project_id",), "projects", ("id",)),
    kind="case",
    key=("project_id", "number"),
    proved="version",
)

transitions = table(
    "transitions",
    uuid("id"),
    uuid("project_id"),
    text("action"),
    text("from_state"),
    text("to_state"),
    text("actor"),
    text("actor_tenant"),
    text("client", null=True),
    text("reason", null=True),
    json("citation"),
    json("details"),
    moment("at"),
    inside("fk_transitions_project", ("project_id",), "projects", ("id",), gone="CASCADE"),
    kind="case",
    key=("id",),
    proved="transition",
)

# The findings of the last submission, with the declarer's reason and the gatekeeper's opinion on it.
project_findings = table(
    "project_findings",
    uuid("project_id"),
    text("code"),
    text("severity"),
    number("article", null=True),
    text("reason", null=True),
    text("opinion", null=True),
    text("opinion_by", null=True),
    moment("submitted_at"),
    inside("fk_project_findings_project", ("project_id",), "projects", ("id",), gone="CASCADE"),
    kind="case",
    key=("project_id", "code"),
)

approvals = table(
    "approvals",
    uuid("project_id"),
    fen("approved_fen"),
    text("document_number"),
    Column("document_date", Date, nullable=False),
    text("document_digest"),
    text("approved_by"),
    moment("approved_at"),
    # Migration 0010: who approves (R10), whose organ that is, and what art. 21 leaves to be done.
    text("organ", null=True),
    text("by_tenant", null=True),
    Column("civil_works", Boolean, nullable=False, server_default=literal_column("false")),
    Column("high_energy", Boolean, nullable=False, server_default=literal_column("false")),
    Column("procedures", ARRAY(Text), nullable=False, server_default=literal_column("'{}'::text[]")),
    # Migration 0034: a correction is the next edition; the newest stands.
    # Its name in the trail tells it, so that approvals of before are proved as they were.
    Column("edition", Integer, nullable=False, server_default=literal_column("1"), info={"unproved": True}),
    inside("fk_approvals_project", ("project_id",), "projects", ("id",)),
    kind="case",
    key=("project_id", "edition"),
    proved="approval",
)


index("ix_projects_list", projects.c.tenant_id, projects.c.created_at.desc(), projects.c.id.desc())
_newest = (projects.c.created_at.desc(), projects.c.id.desc())
index("ix_projects_state", projects.c.tenant_id, projects.c.state, *_newest)
index("ix_projects_route", projects.c.tenant_id, projects.c.route, *_newest)
index("ix_projects_office", projects.c.tenant_id, projects.c.office_id, *_newest)
index("ix_projects_seat", projects.c.tenant_id, projects.c.office_id, projects.c.state, *_newest)
index("ix_projects_division", projects.c.tenant_id, projects.c.division, *_newest)
# What the figures count of a case: the approved amount, until then the declared one. Not by COALESCE, which PostgreSQL
# holds to be leaky: under row level security an index of it would give an order and never a place to begin. In the very
# words in which PostgreSQL gives the index back, by which it is compared with this.
AMOUNT: Any = literal_column(
    "\nCASE\n    WHEN projects.approved_fen IS NOT NULL THEN projects.approved_fen\n"
    "    ELSE projects.investment_fen\nEND",
    BigInteger,
)
# Each place that a code has among a case's, by an index of its own; few cases reach the last (caselist/few.py).
CODES: Any = [literal_column(f"projects.project_codes[{place}]", Text) for place in (1, 2, 3, 4)]
for _at, _code in enumerate(CODES, 1):
    index(f"ix_projects_code_{_at}", projects.c.tenant_id, _code, postgresql_where=_code.is_not(None))
index("ix_projects_since", projects.c.tenant_id, projects.c.state, projects.c.entered_at, projects.c.id)
index("ix_projects_figure", projects.c.tenant_id, AMOUNT, projects.c.id)
index("ix_projects_approved", projects.c.tenant_id, projects.c.state, projects.c.approved_at, projects.c.id)
# Reported needs, by the year's round and those not declared yet (migration 0054); a small share of all cases.
index(
    "ix_projects_reported",
    projects.c.tenant_id,
    postgresql_where=projects.c.dated.has_key(literal_column("'need_reported'")),
)
ENDED = values(TERMINAL)  # in the order that the index below has
# Art. 23: what a city approved and has not filed, the oldest approval document first.
APPROVED_ON = func.coalesce(literal_column("dated #>> '{approved,on}'", Text), literal_column("''", Text))
index(
    "ix_projects_to_file",
    projects.c.tenant_id,
    APPROVED_ON,
    projects.c.id,
    postgresql_where=and_(
        projects.c.route == literal_column("'city_filing'"),
        projects.c.filed_at.is_(None),
        projects.c.approved_at.is_not(None),
        projects.c.state.not_in([literal_column(f"'{each}'") for each in ENDED]),
    ),
)
# An owner's cases with a result (art. 40), and those that stand on an entry of the library (art. 9): few of a tenant's.
SCORED = literal_column("dated #>> '{scored,total}'", Text)
ON_ENTRY = literal_column("dated #>> '{library,entry}'", Text)
_scored = SCORED.is_not(None)
index("ix_projects_scored", projects.c.tenant_id, projects.c.office_id, postgresql_where=_scored)
index("ix_projects_on_entry", projects.c.tenant_id, postgresql_where=ON_ENTRY.is_not(None))
# By the month of the first declaration; and needs that have none, of which some are reported and wait for theirs.
index(
    "ix_projects_month",
    projects.c.tenant_id,
    projects.c.month.desc(),
    *_newest,
    postgresql_where=projects.c.month.is_not(None),
)
index(
    "ix_projects_needs",
    projects.c.tenant_id,
    *_newest,
    postgresql_where=and_(
        projects.c.month.is_(None), projects.c.dated.has_key(literal_column("'need_reported'"))
    ),
)
# What was changed last, for a reading that derives what is due before it reads (obligations/current.py).
index("ix_projects_changed", projects.c.tenant_id, projects.c.updated_at.desc(), projects.c.id.desc())
index("ix_transitions_project", transitions.c.tenant_id, transitions.c.project_id, transitions.c.at)
_F = project_findings.c
index("ix_project_findings_code", _F.tenant_id, _F.code, _F.submitted_at.desc(), _F.project_id.desc())
# The province reads reasons given, newest first; most findings carry none.
index(
    "ix_project_findings_reason",
    project_findings.c.tenant_id,
    project_findings.c.submitted_at.desc(),
    project_findings.c.project_id.desc(),
    project_findings.c.code.desc(),
    postgresql_where=project_findings.c.reason.is_not(None),
)
