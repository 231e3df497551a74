"""Experts and their pool, appraisals, joint reviews (arts 18, 19). Approval and budget stand on the case.

Rows of a review carry `by_tenant`, the tenant whose organs review: the province's own, or the case's city (R5).
Experts and scores belong to the organs: no policy shows them to who is bound to one office, or to another tier.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Text, UniqueConstraint, and_, literal_column

from service.kit.tables import fen, index, inside, json, moment, number, table, text, texts, uuid

# Each tenant's own pool; dynamic: people come, change and are suspended with a reason.
experts = table(
    "experts",
    uuid("id"),
    text("name"),
    text("title"),
    texts("fields"),
    text("employer_name"),
    Column(
        "told_apart", Text, nullable=False, server_default=""
    ),  # what tells namesakes of one employer apart
    uuid("employer_office_id", null=True),
    uuid("user_id", null=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True),
    text("suspended_reason", null=True),
    text("added_by"),
    moment("added_at"),
    moment("updated_at"),
    number("version"),
    inside("fk_experts_user", ("user_id",), "users", ("id",)),
    inside("fk_experts_employer", ("employer_office_id",), "offices", ("id",)),
    UniqueConstraint("tenant_id", "user_id", name="uq_experts_user"),
    key=("id",),
)

appraisals = table(
    "appraisals",
    uuid("id"),
    uuid("project_id"),
    number("number"),
    text("by_tenant"),
    text("stage"),
    text("status"),
    number("submission"),
    text("substance"),
    uuid("agency_office_id"),
    text("agency_name"),
    texts("fields"),
    text("task"),
    Column("due_on", Date, nullable=False),
    text("commissioned_by"),
    moment("commissioned_at"),
    # The draw: what it depends on, so that it can be repeated.
    number("panel", null=True),
    text("seed", null=True),
    json("eligible", null=True),
    moment("drawn_at", null=True),
    # Scores are sealed until this moment: no policy shows one before.
    moment("opened_at", null=True),
    text("verdict", null=True),
    json("report", null=True),
    text("concluded_by", null=True),
    moment("concluded_at", null=True),
    inside("fk_appraisals_project", ("project_id",), "projects", ("id",)),
    UniqueConstraint("tenant_id", "project_id", "number", name="uq_appraisals_number"),
    CheckConstraint("stage IN ('need', 'declaration')", name="ck_appraisals_stage"),
    CheckConstraint(
        "status IN ('commissioned', 'drawn', 'scored', 'concluded', 'lapsed')", name="ck_appraisals_status"
    ),
    CheckConstraint("verdict IN ('pass', 'revise', 'fail')", name="ck_appraisals_verdict"),
    CheckConstraint("(verdict IS NULL) = (concluded_at IS NULL)", name="ck_appraisals_concluded"),
    kind="case",
    key=("id",),
)

# An expert's place in an appraisal; who steps aside stays on record. `position` counts the places ever given.
appraisal_experts = table(
    "appraisal_experts",
    uuid("id"),
    uuid("appraisal_id"),
    uuid("project_id"),
    text("by_tenant"),
    number("position"),
    uuid("expert_id"),
    uuid("user_id"),
    text("name"),
    text("title"),
    text("employer_name"),
    text("chosen"),
    text("reason", null=True),
    uuid("replaces", null=True),
    text("assigned_by"),
    moment("assigned_at"),
    text("recused_by", null=True),
    text("recusal_reason", null=True),
    moment("recused_at", null=True),
    moment("scored_at", null=True),
    inside("fk_appraisal_experts_appraisal", ("appraisal_id",), "appraisals", ("id",)),
    UniqueConstraint("tenant_id", "appraisal_id", "expert_id", name="uq_appraisal_experts_expert"),
    UniqueConstraint("tenant_id", "appraisal_id", "position", name="uq_appraisal_experts_position"),
    CheckConstraint("chosen IN ('drawn', 'directed')", name="ck_appraisal_experts_chosen"),
    CheckConstraint("chosen = 'drawn' OR reason IS NOT NULL", name="ck_appraisal_experts_reason"),
    key=("id",),
)

# Inserted once, never changed; readable only when the appraisal is opened.
appraisal_scores = table(
    "appraisal_scores",
    uuid("assignment_id"),
    uuid("appraisal_id"),
    text("by_tenant"),
    json("scores"),
    text("recommendation"),
    text("opinion"),
    text("digest"),
    moment("at"),
    inside("fk_appraisal_scores_assignment", ("assignment_id",), "appraisal_experts", ("id",)),
    CheckConstraint(
        "recommendation IN ('pass', 'revise', 'fail')", name="ck_appraisal_scores_recommendation"
    ),
    key=("assignment_id",),
)

joint_reviews = table(
    "joint_reviews",
    uuid("id"),
    uuid("project_id"),
    number("number"),
    text("by_tenant"),
    text("status"),
    number("submission"),
    texts("slots"),
    text("task"),
    Column("due_on", Date, nullable=True),
    text("opened_by"),
    moment("opened_at"),
    Column("agreed", Boolean, nullable=True),
    text("plan", null=True),
    fen("budget_fen", null=True),
    text("summary", null=True),
    text("reason", null=True),
    text("closed_by", null=True),
    moment("closed_at", null=True),
    inside("fk_joint_reviews_project", ("project_id",), "projects", ("id",)),
    UniqueConstraint("tenant_id", "project_id", "number", name="uq_joint_reviews_number"),
    CheckConstraint("status IN ('open', 'closed', 'lapsed')", name="ck_joint_reviews_status"),
    CheckConstraint("(agreed IS NULL) = (closed_at IS NULL)", name="ck_joint_reviews_closed"),
    kind="case",
    key=("id",),
)

# One slot per organ; a changed opinion is one more edition, the latest counts.
joint_review_opinions = table(
    "joint_review_opinions",
    uuid("review_id"),
    text("slot"),
    number("edition"),
    text("by_tenant"),
    text("opinion"),
    text("text"),
    text("plan", null=True),
    fen("funds_fen", null=True),
    text("given_by"),
    moment("given_at"),
    inside("fk_joint_review_opinions_review", ("review_id",), "joint_reviews", ("id",)),
    CheckConstraint(
        "opinion IN ('agree', 'conditional', 'disagree')", name="ck_joint_review_opinions_opinion"
    ),
    kind="case",
    key=("review_id", "slot", "edition"),
)

index("ix_experts_list", experts.c.tenant_id, experts.c.id)
index(
    "ix_appraisal_experts_user",
    appraisal_experts.c.tenant_id,
    appraisal_experts.c.user_id,
    appraisal_experts.c.id.desc(),
)
index("ix_appraisal_experts_project", appraisal_experts.c.tenant_id, appraisal_experts.c.project_id)
# What waits for an expert, and for an agency.
_undone = and_(appraisal_experts.c.scored_at.is_(None), appraisal_experts.c.recused_at.is_(None))
index(
    "ix_appraisal_experts_open",
    appraisal_experts.c.tenant_id,
    appraisal_experts.c.user_id,
    postgresql_where=_undone,
)
UNDERWAY = ("commissioned", "drawn", "scored")
index(
    "ix_appraisals_underway",
    appraisals.c.tenant_id,
    appraisals.c.agency_office_id,
    postgresql_where=appraisals.c.status.in_([literal_column(f"'{each}'") for each in UNDERWAY]),
)
# Those whose organs still give their opinions, as the desks' lists ask.
index(
    "ix_joint_reviews_open",
    joint_reviews.c.tenant_id,
    joint_reviews.c.project_id,
    postgresql_where=joint_reviews.c.status == literal_column("'open'"),
)
index("ix_joint_review_opinions_given", joint_review_opinions.c.tenant_id, joint_review_opinions.c.given_at)
index("ix_appraisal_scores_appraisal", appraisal_scores.c.tenant_id, appraisal_scores.c.appraisal_id)
