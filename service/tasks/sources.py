"""Where tasks come from: one bounded, indexed SELECT a queue, of what stands: a deed done is a task less.

A source is a function of the tenant (a parameter, or the row of tenant_local it is joined to) and says what it finds in
the form of lines.py. What the reader may see is row level security's; what is his to do is said here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
)

from service.filings.models import filing_queries
from service.measures.duties import Duty
from service.measures.offices import Tier
from service.obligations.models import obligations
from service.obligations.reading import OWED_NOW, TODAY
from service.projects.models import projects
from service.reviews.models import UNDERWAY, appraisals, joint_review_opinions, joint_reviews
from service.suspicions.models import suspicions
from service.tasks.lines import AFTER_DUE, Source, day_of, line, moment_of, paged, things_of, word
from service.tasks.queues import TOLD_ELSEWHERE, Queue

P, W, A, J, V, Q, S = (
    projects.c,
    obligations.c,
    appraisals.c,
    joint_reviews.c,
    joint_review_opinions.c,
    filing_queries.c,
    suspicions.c,
)
OFFICE = bindparam("office", type_=Uuid(as_uuid=False))
ME = bindparam("me", type_=Uuid(as_uuid=False))
QUEUE = bindparam("queue", type_=Text)
_TERM = bindparam("term_days", type_=Integer)
# From when on a queue can hold what lies behind the cursor: so its index is entered there, not at its beginning.
_FLOOR_TERM = bindparam("floor_term", type_=DateTime(timezone=True))
_FLOOR = bindparam("floor", type_=DateTime(timezone=True))

_idle = ~exists().where(
    A.tenant_id == P.tenant_id, A.project_id == P.id, A.status.in_(list(map(word, UNDERWAY)))
)
_closed = ~exists().where(J.tenant_id == P.tenant_id, J.project_id == P.id, J.status == word("open"))
_appraised = P.dated.has_key(word("appraised"))
_WHEN = {"idle": _idle, "closed": _closed, "appraised": _appraised, "unappraised": ~_appraised}


def cases(queue: Queue, state: str, route: str, *, office: bool) -> Source:
    """Cases of one state and route, the longest there first. `office`: of the reader's alone."""

    def source(tenant: Any, after: bool) -> Select[Any]:
        term = {"due": day_of(P.entered_at) + _TERM, "basis": word("practice")} if queue.term else {}
        found = select(
            *line(
                queue.code,
                "project",
                tenant=P.tenant_id,
                id=P.id,
                project=P.id,
                since=P.entered_at,
                article=queue.article,
                version=P.version,
                route=word(route),
                **term,
            )
        ).where(
            P.tenant_id == tenant,
            P.state == word(state),
            P.route == word(route),
            P.holder == word(queue.holder),
            *(_WHEN[name] for name in queue.when),
        )
        if office:
            found = found.where(P.office_id == OFFICE)
        if after:
            found = found.where(P.entered_at >= (_FLOOR_TERM if queue.term else _FLOOR))
        return paged(found, (P.entered_at, P.id), after=after)

    return source


# An opinion given, a question answered: told by its event a moment later, but seen here at once.
_opined = exists().where(
    J.tenant_id == W.tenant_id,
    J.project_id == W.project_id,
    J.status == word("open"),
    V.tenant_id == J.tenant_id,
    V.review_id == J.id,
    V.slot == func.split_part(W.key, word("."), literal_column("2")),
)
_answered = exists().where(
    Q.tenant_id == W.tenant_id, func.cast(Q.id, Text) == W.key, Q.answered_at.is_not(None)
)
_BY_DUE = (W.due, W.since, W.id)


def _duty(found: Select[Any], *, one: bool, after: bool) -> Select[Any]:
    """What is still owed of these, one queue alone, and what lies behind the cursor."""
    found = found.where(OWED_NOW, W.code.not_in(list(map(word, TOLD_ELSEWHERE))))
    if one:
        found = found.where(W.code == QUEUE)
    if after:
        found = found.where(W.due >= AFTER_DUE)
    return paged(found, _BY_DUE, after=after)


def _owed(tenant: Any, queue: Any) -> Select[Any]:
    return select(
        *line(
            queue,
            "obligation",
            tenant=W.tenant_id,
            id=W.id,
            project=W.project_id,
            due=W.due,
            since=moment_of(W.since),
            basis=W.basis,
            article=W.article,
            route=func.nullif(W.route, word("")),
        )
    ).where(W.tenant_id == tenant)


def desk(number: int, *, one: bool) -> Source:
    """Duties of a desk: of the roles that have them together (parameter desk_n)."""

    def source(tenant: Any, after: bool) -> Select[Any]:
        found = _owed(tenant, W.code).where(
            W.desk == bindparam(f"desk_{number}", type_=Text),
            ~and_(W.code == word("joint_review_opinion"), _opined),
            ~and_(W.code == word("filing_query"), _answered),
        )
        return _duty(found, one=one, after=after)

    return source


def owner(*, one: bool) -> Source:
    """What the owner owes, of one office."""

    def source(tenant: Any, after: bool) -> Select[Any]:
        found = _owed(tenant, W.code).where(W.duty_roles == literal_column("'{}'::text[]"))
        return _duty(found.where(W.office_id == OFFICE), one=one, after=after)

    return source


def owners(tier: Tier, *, one: bool) -> Source:
    """What all owners of a tier owe, whom a portal declares for: as of a desk, so that an index has them in order."""

    def source(tenant: Any, after: bool) -> Select[Any]:
        found = _owed(tenant, W.code).where(W.desk == word(Duty(tier).desk))
        return _duty(found, one=one, after=after)

    return source


def overdue(tier: str) -> Source:
    """Art. 39: what is late in a tier, for its supervisor."""

    def source(tenant: Any, after: bool) -> Select[Any]:
        found = _owed(tenant, "overdue").where(W.duty_tier == word(tier), W.due < TODAY)
        return _duty(found, one=False, after=after)

    return source


# Art. 18: what the agency of the reader's office was commissioned to appraise.
commissioned = things_of(
    "appraisal",
    "appraisal",
    A,
    A.agency_office_id == OFFICE,
    A.status.in_(list(map(word, UNDERWAY))),
    project=A.project_id,
    due=A.due_on,
    since=A.commissioned_at,
    by=(A.due_on, A.commissioned_at),
    basis=word("practice"),
    article=18,
)
# Arts 8, 9: suspicions that nobody has decided.
doubtful = things_of(
    "suspicion",
    "suspicion",
    S,
    S.state == word("open"),
    project=S.project_id,
    since=S.found_at,
    article=S.article,
    version=S.version,
)
