"""GET /joint-reviews: the latest joint review of several cases in one answer, as the matrix of organs shows them."""

from __future__ import annotations

from typing import Annotated, Any

from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, Struct
from msgspec.structs import asdict
from sqlalchemy import Text, and_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from service.kit.api import Answer, Call, operation
from service.kit.db import Row
from service.kit.ids import Ref, parse_ref
from service.kit.statements import ROW_IDS, TENANT_ID, Statement, scope_ready
from service.kit.text import PublicRef
from service.reviews.models import joint_review_opinions, joint_reviews
from service.reviews.schemas_out import JointReviewView
from service.reviews.views import review_view

MOST = 50
J, V = joint_reviews.c, joint_review_opinions.c
_TENANTS = bindparam("tenants", type_=ARRAY(Text))
_ASKED = func.unnest(_TENANTS, ROW_IDS).table_valued("tenant", "id").render_derived(name="asked")
_latest = (
    select(*joint_reviews.c)
    .ext(distinct_on(J.tenant_id, J.project_id))
    .select_from(
        _ASKED.join(joint_reviews, and_(J.tenant_id == _ASKED.c.tenant, J.project_id == _ASKED.c.id))
    )
    .order_by(J.tenant_id, J.project_id, J.number.desc())
)
_given = (
    select(*joint_review_opinions.c)
    .select_from(
        _ASKED.join(joint_review_opinions, and_(V.tenant_id == _ASKED.c.tenant, V.review_id == _ASKED.c.id))
    )
    .order_by(V.review_id, V.slot, V.edition)
)
# Of the cases of one tenant, and by the province of any.
OWN = tuple(
    Statement(read.where(tenant == TENANT_ID, scope_ready()))
    for read, tenant in ((_latest, J.tenant_id), (_given, V.tenant_id))
)
ALL = (Statement(_latest), Statement(_given))


class JointReviewsQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """The cases, at most 50."""

    project: Annotated[list[PublicRef], Meta(min_length=1, max_length=MOST)]


class LatestJointReview(JointReviewView, kw_only=True):
    """The latest joint review of a case, with the case's id."""

    project_id: str


class LatestJointReviews(Struct):
    """One for each case that the caller sees and that was reviewed, in the order they were asked for."""

    items: list[LatestJointReview]


@operation(
    "GET",
    "/joint-reviews",
    resource="joint_review",
    action="read",
    summary="多个项目的联合会审",
    tag="reviews",
    where="cases",
    query=JointReviewsQuery,
    answer=LatestJointReviews,
)
async def latest_joint_reviews(call: Call) -> Answer:
    """逐一给出所列项目最近一次联合会审，至多 50 个；没有会审过的、看不到的不列。席位意见只给参加会审的机构看。"""
    refs = [parse_ref(each) for each in call.query.project]
    latest, opinions = ALL if call.scope.login == "province" else OWN
    same = {"tenant_id": call.principal.tenant}
    found = await call.door.fetch(call.scope, latest, **same, **_pairs(refs))
    reviews = [Ref(row["tenant_id"], row["id"]) for row in found]
    given = await call.door.fetch(call.scope, opinions, **same, **_pairs(reviews)) if reviews else []
    by_case = {Ref(row["tenant_id"], row["project_id"]): row for row in found}
    return Answer(LatestJointReviews([_view(call, by_case[ref], given) for ref in refs if ref in by_case]))


def _pairs(refs: list[Ref]) -> dict[str, Any]:
    return {"tenants": [each.tenant for each in refs], "ids": [each.id for each in refs]}


def _view(call: Call, row: Row, opinions: list[Row]) -> LatestJointReview:
    return LatestJointReview(
        project_id=str(Ref(row["tenant_id"], row["project_id"])), **asdict(review_view(call, row, opinions))
    )


ROUTES: list[HTTPRouteHandler] = [latest_joint_reviews]
