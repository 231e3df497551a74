"""Every statement of the province's view over all tenants."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert

from service.identity.models import tenant_local
from service.kit.listing import Listing, Order, among
from service.kit.money import yuan_sql
from service.kit.statements import AT_MOST, TENANT_ID, Statement, scope_ready
from service.monitoring.models import summary
from service.projects.models import AMOUNT, APPROVED_ON, ENDED, approvals, project_findings, projects
from service.projects.models_records import summary_deltas
from service.projects.queries import counted_month, waiting_need
from service.webhooks.models import event_feed

P = projects.c
F = project_findings.c
D = summary_deltas.c
S = summary.c
A = approvals.c
V = event_feed.c
_CELL = ("tenant_id", "route", "state", "month")


def _moment(name: str) -> Any:
    return bindparam(name, type_=DateTime(timezone=True))


def _uuid(name: str) -> Any:
    return bindparam(name, type_=Uuid(as_uuid=False))


# Folding. A plain DELETE, not SELECT … FOR UPDATE SKIP LOCKED: that would need an UPDATE grant on the deltas, and a
# second folder that waits here is exact too: it finds the rows gone and adds nothing (jobs.fold).
WAITING = Statement(
    select(tenant_local.c.tenant_id)
    .where(exists().where(D.tenant_id == tenant_local.c.tenant_id), scope_ready())
    .order_by(tenant_local.c.tenant_id)
)


def _fold() -> Statement:
    oldest = select(D.id).where(D.tenant_id == TENANT_ID).order_by(D.id).limit(AT_MOST).cte("oldest")
    taken = (
        delete(summary_deltas)
        .where(D.tenant_id == TENANT_ID, D.id.in_(select(oldest.c.id)))
        .returning(D.tenant_id, D.route, D.state, D.month, D.count, D.amount_fen)
        .cte("taken")
    )
    cells = (
        select(
            *(taken.c[name] for name in _CELL),
            cast(func.sum(taken.c.count), BigInteger).label("count"),
            cast(func.sum(taken.c.amount_fen), BigInteger).label("amount_fen"),
        )
        .group_by(*(taken.c[name] for name in _CELL))
        # One order for all: two folders that meet wait for each other instead of deadlocking.
        .order_by(*(taken.c[name] for name in _CELL))
    )
    add = insert(summary).from_select([*_CELL, "count", "amount_fen"], cells)
    written = (
        add.on_conflict_do_update(
            index_elements=list(_CELL),
            set_={
                "count": S.count + add.excluded.count,
                "amount_fen": S.amount_fen + add.excluded.amount_fen,
            },
        )
        .returning(literal_column("1"))
        .cte("written")
    )
    folded = select(func.count()).select_from(taken).scalar_subquery()
    return Statement(
        select(folded.label("folded"), select(func.count()).select_from(written).scalar_subquery())
    )


FOLD = _fold()

# Totals: the summary plus what is not folded yet, in one statement and so of one moment.
GROUPS = ("tenant", "route", "state", "month")
_KEYS = dict(zip(GROUPS, _CELL, strict=True))
TOTAL_FILTERS = ("tenant", "route", "state", "month_from", "month_to")


# Needs before their declaration have no cell of the summary: they are read as they stand, by an index of their own.
_NEEDS = (
    select(
        P.tenant_id,
        P.route,
        P.state,
        counted_month().label("month"),
        literal_column("1", BigInteger).label("count"),
        AMOUNT.label("amount_fen"),
    )
    .where(waiting_need(), P.route.is_not(None))
    .subquery("needs")
    .c
)


def _cells(c: Any, filters: frozenset[str]) -> Select[Any]:
    conditions = {
        "tenant": c.tenant_id == bindparam("tenant", type_=Text),
        "route": c.route == bindparam("route", type_=Text),
        "state": c.state == bindparam("state", type_=Text),
        "month_from": c.month >= bindparam("month_from", type_=Text),
        "month_to": c.month <= bindparam("month_to", type_=Text),
    }
    chosen = select(*(c[name] for name in _CELL), c.count, c.amount_fen)
    return chosen.where(*(conditions[name] for name in sorted(filters)), scope_ready())


@cache
def totals_statement(filters: frozenset[str], group: tuple[str, ...]) -> Statement:
    """Cells of `group` with count and amount; every row repeats the age, and one row comes even without cells."""
    both = union_all(
        _cells(summary.c, filters), _cells(summary_deltas.c, filters), _cells(_NEEDS, filters)
    ).subquery("both")
    count = cast(func.sum(both.c.count), BigInteger)
    amount = cast(func.sum(both.c.amount_fen), BigInteger)
    keys = [both.c[_KEYS[name]].label(name) for name in group]
    cells = (
        select(*keys, count.label("count"), amount.label("amount_fen"))
        .group_by(*(both.c[_KEYS[name]] for name in group))
        # Cells that everything has left stay in the summary as zeros; a wrong one must not hide as well.
        .having(or_(count != literal_column("0"), amount != literal_column("0")))
        .subquery("cells")
    )
    age = (
        select(
            func.now().label("as_of"),
            func.count().label("unfolded"),
            func.min(D.at).label("oldest_unfolded_at"),
        )
        .where(scope_ready())
        .subquery("age")
    )
    found = select(*age.c, *cells.c).select_from(age.outerjoin(cells, true()))
    return Statement(found.order_by(*(cells.c[name] for name in group)))


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
