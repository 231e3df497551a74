"""Every SELECT of obligations, calendar and feeds."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    Date,
    DateTime,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    lateral,
    literal_column,
    or_,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import distinct_on

from service.identity.models import tenant_local, tenants
from service.kit.statements import AT_MOST, ROW_ID, ROW_IDS, TENANT_ID, Statement, scope_ready
from service.measures.deadlines import OWES_NOTHING
from service.obligations.asked import lately, number_of, numbers, of_case
from service.obligations.models import (
    calendar_days,
    calendar_years,
    obligation_cases,
    obligation_feeds,
    obligations,
)
from service.obligations.reading import FIGURE_OF, OWED_NOW
from service.projects.models import projects, transitions
from service.rulebook.queries import rule_changes

P, W, V = projects.c, obligations.c, obligation_feeds.c
_today = bindparam("today", type_=Date)
_since = bindparam("since", type_=DateTime(timezone=True))
OWED = W.state.in_([literal_column("'open'"), literal_column("'lapsed'")])
_T = transitions.c
_entered = (
    select(func.max(_T.at))
    .where(
        _T.tenant_id == P.tenant_id,
        _T.project_id == P.id,
        _T.to_state == P.state,
        _T.from_state != _T.to_state,
    )
    .scalar_subquery()
)

# ---- what the worker derives from: its own tenant's rows ----------------------------------------------------

TENANTS = Statement(select(tenant_local.c.tenant_id).order_by(tenant_local.c.tenant_id))
CASES = Statement(
    select(
        P.tenant_id,
        P.office_id,
        P.id,
        P.name,
        P.owner_name,
        P.tier,
        P.division,
        P.state,
        P.holder,
        P.route,
        P.kind,
        P.version,
        P.created_at,
        P.filed_at,
        P.dated,
        P.external_ref,
        _entered.label("entered_at"),
        P.project_class,
        P.investment_fen,
        P.submissions,
        P.origin,
    )
    .where(P.tenant_id == TENANT_ID, P.id == func.any(ROW_IDS))
    .order_by(P.id)
)
EXISTING = Statement(
    select(*obligations.c).where(W.tenant_id == TENANT_ID, W.project_id == func.any(ROW_IDS))
)
_seen = and_(obligation_cases.c.tenant_id == P.tenant_id, obligation_cases.c.project_id == P.id)
_idle: list[Any] = [literal_column(f"'{state.value}'") for state in sorted(OWES_NOTHING)]
# Behind the last one: from the beginning each share would read again all that the day has looked at.
UNSEEN = Statement(
    select(P.id)
    .select_from(projects.outerjoin(obligation_cases, _seen))
    .where(
        P.tenant_id == TENANT_ID,
        P.id > bindparam("after", type_=Uuid(as_uuid=False)),
        P.state.not_in(_idle),
        or_(obligation_cases.c.looked_on.is_(None), obligation_cases.c.looked_on != _today),
    )
    .order_by(P.id)
    .limit(AT_MOST)
)


def _owing(new: Any, rules: Any = None) -> tuple[Any, ...]:
    """What is not a draft and was derived on another day, of other rules (`rules`: how many changes of them there are;
    None where they are the same as at the last look), or of less than what is known now."""
    known = obligation_cases.c
    old = known.derived_on.is_distinct_from(_today)
    if rules is not None:
        old = or_(old, func.coalesce(known.derived_rules, 0) != rules)
    return (
        P.state != literal_column("'draft'"),
        or_(
            and_(P.state.not_in(_idle), old),
            and_(known.project_id.is_not(None), or_(known.derived_version.is_distinct_from(P.version), new)),
            and_(known.project_id.is_(None), P.month.is_not(None)),  # brought along, and over: it is counted
        ),
    )


# Asked case by case: how much was asked and answered is not what its duties were derived of.
_unread = func.coalesce(number_of(projects), 0).is_distinct_from(
    func.coalesce(obligation_cases.c.derived_told, 0)
)


def _behind(told: Any, *conditions: Any) -> Statement:
    """Whose duties were derived of another version, before the last question, answer or opinion (`told`: how many), or
    on another day or of other rules while something may still be owed."""
    known = obligation_cases.c
    found = select(P.id).select_from(
        projects.outerjoin(obligation_cases, _seen).outerjoin(told, told.c.project_id == P.id)
    )
    new = func.coalesce(told.c.told, 0).is_distinct_from(func.coalesce(known.derived_told, 0))
    return Statement(
        found.where(
            P.tenant_id == TENANT_ID,
            *_owing(new, rule_changes(TENANT_ID)),
            *conditions,
            scope_ready(),
        )
        .order_by(P.id)
        .limit(AT_MOST)
    )


BEHIND, ONE_BEHIND = _behind(numbers()), _behind(numbers(of_case(ROW_ID)), P.id == ROW_ID)


def _tenants_behind() -> Statement:
    """Those in which anything is behind, told in one statement: mostly none."""
    behind = exists().select_from(projects.outerjoin(obligation_cases, _seen))
    of = tenant_local.c.tenant_id
    # Fenced: counted once a tenant, not once a case.
    each = select(of, rule_changes(of).label("rules")).offset(literal_column("0")).subquery("each")
    behind = behind.where(P.tenant_id == each.c.tenant_id, *_owing(_unread, each.c.rules)).correlate(each)
    return Statement(select(each.c.tenant_id).where(behind).order_by(each.c.tenant_id))


def _behind_since() -> Statement:
    """Of a tenant that was looked at today: whose version or number of questions and opinions changed since then."""
    touched = [select(P.id.label("id")).where(P.tenant_id == TENANT_ID, P.updated_at >= _since)]
    touched += [select(ref).select_from(of).where(told) for of, ref, told in lately(TENANT_ID, _since)]
    known = obligation_cases.c
    marked = and_(known.tenant_id == TENANT_ID, known.derived_version.is_(None))
    touched.append(select(known.project_id).where(marked))
    some = union(*touched).subquery("touched")
    found = select(P.id).select_from(
        some.join(projects, P.id == some.c.id).outerjoin(obligation_cases, _seen)
    )
    found = found.where(P.tenant_id == TENANT_ID, *_owing(_unread), scope_ready())
    return Statement(found.order_by(P.id).limit(AT_MOST))


def _tenants_behind_since() -> Statement:
    """The same of all tenants: in which of them anything is behind."""
    of, cases = tenant_local.c.tenant_id, projects.outerjoin(obligation_cases, _seen)
    one: Any = select(literal_column("1"))
    fence: Any = literal_column("0")
    ways = [one.select_from(cases).where(P.tenant_id == of, P.updated_at >= _since, *_owing(_unread))]
    for told, ref, when in lately(of, _since):
        both = told.join(projects, P.id == ref).outerjoin(obligation_cases, _seen)
        ways.append(one.select_from(both).where(when, P.tenant_id == of, *_owing(_unread)))
    marked = and_(obligation_cases.c.derived_version.is_(None), obligation_cases.c.tenant_id == of)
    both_marked = obligation_cases.join(projects, _seen)
    ways.append(one.select_from(both_marked).where(marked, P.tenant_id == of, *_owing(_unread)))
    # Fenced: asked tenant by tenant, not worked out for all of them at once.
    behind = or_(*(each.offset(fence).correlate(tenant_local).exists() for each in ways))
    return Statement(select(of).where(behind).order_by(of))


TENANTS_BEHIND, TENANTS_BEHIND_SINCE = _tenants_behind(), _tenants_behind_since()
BEHIND_SINCE = _behind_since()


def _just_changed(*, across: bool) -> Statement:
    """Of the cases changed last, those whose duties were derived of another version: bounded for any tenant."""
    of: Any = tenant_local.c.tenant_id if across else TENANT_ID
    last = (
        select(P.tenant_id, P.id, P.version)
        .where(P.tenant_id == of, P.state != literal_column("'draft'"))
        .order_by(P.updated_at.desc(), P.id.desc())
        .limit(AT_MOST)
    )
    newest: Any = lateral(last.correlate(tenant_local), name="newest") if across else last.subquery("newest")
    start = tenant_local.join(newest, literal_column("true")) if across else newest
    known = obligation_cases.c
    mine = newest.c.tenant_id if across else TENANT_ID
    # Looked up case by case: as a join it would be planned to read the tenant's whole table.
    derived = select(known.derived_version).where(known.tenant_id == mine, known.project_id == newest.c.id)
    stale = derived.correlate(newest).scalar_subquery().is_distinct_from(newest.c.version)
    found = select(newest.c.tenant_id, newest.c.id).select_from(start)
    return Statement(found.where(stale, *(() if across else (scope_ready(),))))


JUST_CHANGED, JUST_CHANGED_ANYWHERE = _just_changed(across=False), _just_changed(across=True)
ALL_CASES = Statement(
    select(P.id).where(P.tenant_id == TENANT_ID, P.state != literal_column("'draft'")).order_by(P.id)
)
ORPHANS = and_(
    W.tenant_id == TENANT_ID, OWED, ~exists().where(P.tenant_id == W.tenant_id, P.id == W.project_id)
)

LATE = Statement(
    select(func.count().label("late")).where(
        W.tenant_id == TENANT_ID, OWED_NOW, W.due < _today, scope_ready()
    )
)

# ---- the calendar -------------------------------------------------------------------------------------------

_D = calendar_days.c
_counts = (
    select(*_D).ext(distinct_on(_D.day)).order_by(_D.day, _D.notice.desc())
)  # the later notice knew the earlier one
SPECIAL = Statement(select(*_counts.subquery("counts").c))
DAYS = Statement(_counts.where(_D.day.between(bindparam("first", type_=Date), bindparam("last", type_=Date))))
YEARS = Statement(select(*calendar_years.c).order_by(calendar_years.c.year))

# ---- lists --------------------------------------------------------------------------------------------------

PROJECT = Statement(select(P.id).where(P.tenant_id == TENANT_ID, P.id == ROW_ID, scope_ready()))


@cache
def summary_statement(*, across: bool) -> Statement:
    """Per tenant and code: how many are open, late, resting, and due within thirty days, as of today; one by one, where
    the running totals (totals.py) do not say it."""
    found = (
        select(
            W.tenant_id,
            tenants.c.name.label("tenant_name"),
            W.code,
            *(
                func.count().filter(FIGURE_OF[name]).label(name)
                for name in ("open", "lapsed", "paused", "soon")
            ),
        )
        .select_from(
            obligations.join(projects, and_(P.tenant_id == W.tenant_id, P.id == W.project_id)).join(
                tenants, tenants.c.id == W.tenant_id
            )
        )
        .where(OWED_NOW, scope_ready())
    )
    if not across:
        found = found.where(W.tenant_id == TENANT_ID)
    return Statement(found.group_by(W.tenant_id, tenants.c.name, W.code).order_by(W.tenant_id, W.code))


# ---- feeds --------------------------------------------------------------------------------------------------

FEED = Statement(select(*obligation_feeds.c).where(V.tenant_id == TENANT_ID, V.id == ROW_ID, scope_ready()))
FEEDS = Statement(
    select(*obligation_feeds.c).where(V.tenant_id == TENANT_ID, scope_ready()).order_by(V.created_at, V.id)
)
