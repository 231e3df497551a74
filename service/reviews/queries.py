"""Every SELECT of reviews. Row level security decides which rows of another tier or a sealed sheet are there at all."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.identity.models import offices, role_grants, users
from service.kit.listing import Listing, Order, listing_of
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.projects.models import approvals, projects
from service.reviews.models import (
    appraisal_experts,
    appraisal_scores,
    appraisals,
    experts,
    joint_review_opinions,
    joint_reviews,
)

E, A, X, S = experts.c, appraisals.c, appraisal_experts.c, appraisal_scores.c
J, V, P = joint_reviews.c, joint_review_opinions.c, projects.c
_number = bindparam("number", type_=Integer)

# ---- the pool ----------------------------------------------------------------------------------------------

EXPERT = Statement(select(*experts.c).where(E.tenant_id == TENANT_ID, E.id == ROW_ID, scope_ready()))
EXPERTS = Statement(select(*experts.c).where(E.tenant_id == TENANT_ID, scope_ready()).order_by(E.id))
_on = bindparam("on", type_=Date)
_standing = bindparam("standing", type_=Text)
_EXPERT_FILTERS: dict[str, ColumnElement[bool]] = {
    "field": E.fields.overlap(bindparam("field", type_=ARRAY(Text))),
    "standing": or_(
        and_(_standing == "suspended", E.suspended_reason.is_not(None)),
        and_(_standing == "ended", E.valid_to.is_not(None), E.valid_to <= _on),
        and_(
            _standing == "valid",
            E.suspended_reason.is_(None),
            E.valid_from <= _on,
            or_(E.valid_to.is_(None), E.valid_to > _on),
        ),
    ),
}


EXPERT_LIST = listing_of(
    experts,
    name="experts",
    path="/experts",
    filters=_EXPERT_FILTERS,
    orders={"id": Order((("id", E.id),))},
)
# Whether a person of the tenant holds the role that scores.
EXPERT_LOGIN = Statement(
    select(users.c.id)
    .select_from(
        users.join(
            role_grants,
            and_(role_grants.c.tenant_id == users.c.tenant_id, role_grants.c.user_id == users.c.id),
        )
    )
    .where(
        users.c.tenant_id == TENANT_ID,
        users.c.id == ROW_ID,
        users.c.disabled_at.is_(None),
        role_grants.c.role == "expert",
        scope_ready(),
    )
)
OFFICE_NAME = Statement(
    select(offices.c.name, offices.c.organ, offices.c.valid_from, offices.c.valid_to).where(
        offices.c.tenant_id == TENANT_ID, offices.c.id == ROW_ID, scope_ready()
    )
)

# Whose person acts: a tenant may commission several agencies.
OFFICE_OF_USER = Statement(
    select(users.c.office_id).where(users.c.tenant_id == TENANT_ID, users.c.id == ROW_ID, scope_ready())
)

# ---- appraisals --------------------------------------------------------------------------------------------

_OF_CASE = (A.tenant_id == TENANT_ID, A.project_id == ROW_ID)
APPRAISALS = Statement(select(*appraisals.c).where(*_OF_CASE, scope_ready()).order_by(A.number))
# The row lock orders whoever draws, steps aside, scores or concludes.
LOCKED_APPRAISAL = Statement(select(*appraisals.c).where(*_OF_CASE, A.number == _number).with_for_update())
LOCKED_BY_ID = Statement(
    select(*appraisals.c).where(A.tenant_id == TENANT_ID, A.id == ROW_ID).with_for_update()
)
PANEL = Statement(
    select(*appraisal_experts.c)
    .where(X.tenant_id == TENANT_ID, X.appraisal_id == ROW_ID, scope_ready())
    .order_by(X.position)
)
PANELS = Statement(
    select(*appraisal_experts.c)
    .where(X.tenant_id == TENANT_ID, X.project_id == ROW_ID, scope_ready())
    .order_by(X.appraisal_id, X.position)
)
# Only of those who still serve; none before the appraisal is opened, whoever asks (migration 0010).
SCORES = Statement(
    select(*appraisal_scores.c, X.project_id, X.user_id)
    .select_from(
        appraisal_scores.join(
            appraisal_experts,
            and_(X.tenant_id == S.tenant_id, X.id == S.assignment_id, X.recused_at.is_(None)),
        )
    )
    .where(S.tenant_id == TENANT_ID, X.project_id == ROW_ID, scope_ready())
    .order_by(X.appraisal_id, X.position)
)

# ---- one's own assignments -----------------------------------------------------------------------------------

_MINE = (
    *appraisal_experts.c,
    A.number,
    A.status,
    A.due_on,
    A.opened_at,
    A.task,
    A.stage,
    P.name.label("project_name"),
)
_WITH_CASE = appraisal_experts.join(
    appraisals, and_(A.tenant_id == X.tenant_id, A.id == X.appraisal_id)
).join(projects, and_(P.tenant_id == X.tenant_id, P.id == X.project_id))
_user = bindparam("user_id", type_=Uuid(as_uuid=False))
# What an expert reads of the case: what was declared, never the working copy.
ASSIGNMENT = Statement(
    select(
        *_MINE,
        A.fields,
        P.owner_name,
        P.state,
        P.office_id,
        P.declared,
        P.submissions,
        P.submitted_at,
        A.submission,
    )
    .select_from(_WITH_CASE)
    .where(X.tenant_id == TENANT_ID, X.id == ROW_ID, X.user_id == _user, scope_ready())
)
_MINE_FILTERS: dict[str, ColumnElement[bool]] = {
    "to_do": and_(
        X.scored_at.is_(None), X.recused_at.is_(None), A.status.in_([literal_column("'drawn'", Text)])
    ),
    "done": or_(X.scored_at.is_not(None), X.recused_at.is_not(None), A.status != "drawn"),
}


ASSIGNMENTS = Listing(
    name="assignments",
    path="/assignments",
    columns=tuple(_MINE),
    source=_WITH_CASE,
    row=(X.tenant_id, X.id),
    tenants=(X.tenant_id,),
    filters=_MINE_FILTERS,
    orders={"newest": Order((("id", X.id),), descending=True, where=(X.user_id == _user,))},
)


# ---- joint review, approval --------------------------------------------------------------------------------------

_REVIEWS_OF: tuple[Any, ...] = (J.tenant_id == TENANT_ID, J.project_id == ROW_ID)
JOINT_REVIEWS = Statement(select(*joint_reviews.c).where(*_REVIEWS_OF, scope_ready()).order_by(J.number))
LOCKED_REVIEW = Statement(select(*joint_reviews.c).where(*_REVIEWS_OF, J.status == "open").with_for_update())
# All editions of a case's opinions, the oldest first.
OPINIONS = Statement(
    select(*joint_review_opinions.c)
    .select_from(
        joint_review_opinions.join(joint_reviews, and_(J.tenant_id == V.tenant_id, J.id == V.review_id))
    )
    .where(*_REVIEWS_OF, scope_ready())
    .order_by(V.review_id, V.slot, V.edition)
)
APPROVAL = Statement(
    select(*approvals.c)
    .where(approvals.c.tenant_id == TENANT_ID, approvals.c.project_id == ROW_ID, scope_ready())
    .order_by(approvals.c.edition.desc())
    .limit(1)
)
