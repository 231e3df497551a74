"""Every write of obligations: many rows at once, each statement repeatable."""

from __future__ import annotations

from sqlalchemy import Date, bindparam, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert as upsert

from service.kit.statements import ROW_IDS, TENANT_ID, Statement, scope_ready
from service.kit.tables import insert_given
from service.obligations.asked import number_of
from service.obligations.models import (
    obligation_alarms,
    obligation_cases,
    obligation_looks,
    obligation_reminders,
    obligations,
)
from service.obligations.queries import ORPHANS, OWED
from service.projects.models import projects
from service.rulebook.queries import rule_changes

P = projects.c
KEY = ("tenant_id", "office_id", "id", "project_id", "code", "key")
DERIVED = tuple(each.name for each in obligations.columns if each.name not in KEY)


def _write() -> Statement:
    made = insert_given(obligations)
    changed = {name: made.excluded[name] for name in DERIVED}
    return Statement(made.on_conflict_do_update(index_elements=["tenant_id", "id"], set_=changed))


def _lock(*, looked: bool) -> Statement:
    """Takes each case's row, in the order of their ids; who comes second derives from what the first has left.

    `looked`: the worker's daily look, which reminds; a reading leaves that to it.
    """
    ids = ROW_IDS
    found = (
        select(
            P.tenant_id,
            P.office_id,
            P.id,
            bindparam("looked_on", type_=Date),
            bindparam("today", type_=Date),
            P.version,
            number_of(projects),
            rule_changes(TENANT_ID),
        )
        .where(P.tenant_id == TENANT_ID, P.id == func.any(ids), P.state != literal_column("'draft'"))
        .order_by(P.id)
    )
    names = ["looked_on", "derived_on", "derived_version", "derived_told", "derived_rules"]
    made = upsert(obligation_cases).from_select(["tenant_id", "office_id", "project_id", *names], found)
    marks = {name: made.excluded[name] for name in (names if looked else names[1:])}
    again = made.on_conflict_do_update(index_elements=["tenant_id", "project_id"], set_=marks)
    return Statement(again.returning(obligation_cases.c.project_id, obligation_cases.c.counted_for))


WRITE = _write()
LOCK, LOCK_READ = _lock(looked=True), _lock(looked=False)
_R = obligation_reminders.c
REMIND = Statement(
    insert_given(obligation_reminders).on_conflict_do_nothing().returning(_R.obligation_id, _R.point)
)
_A = obligation_alarms.c
ALARM = Statement(
    upsert(obligation_alarms)
    .values({each.name: bindparam(each.name, type_=each.type) for each in obligation_alarms.columns})
    .on_conflict_do_nothing()
    .returning(_A.name)
)
_L = obligation_looks.c
LOOKED = Statement(
    select(_L.at).where(
        _L.tenant_id == TENANT_ID,
        _L.day == bindparam("today", type_=Date),
        _L.rules == rule_changes(TENANT_ID),
        scope_ready(),
    )
)


def _mark() -> Statement:
    given = {each.name: bindparam(each.name, type_=each.type) for each in obligation_looks.columns}
    made = upsert(obligation_looks).values(given)
    return Statement(
        made.on_conflict_do_update(
            index_elements=["tenant_id"], set_={name: made.excluded[name] for name in ("day", "at", "rules")}
        )
    )


MARK_LOOK = _mark()
FORGET_ORPHANS = Statement(delete(obligations).where(ORPHANS))
FORGET_OWED = Statement(delete(obligations).where(obligations.c.tenant_id == TENANT_ID, OWED))
