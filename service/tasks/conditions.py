"""What a reader asks of the cases that wait: the road, the line being near, reasons to judge, the division.

Each source is narrowed before its limit, so that a page is full of what was asked for, however long the queue is. What
hangs on a case is asked of each row by itself, in the queue's own order: a join would be free to read all findings of a
tenant instead, which grow with it. Cases near the line are few of a queue: an index has them in its order. Duties do
not say their division, but their office, of which a division has few, and the way of their case: the first of each
office of that way are merged.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import (
    Select,
    Text,
    and_,
    bindparam,
    column,
    func,
    lateral,
    literal_column,
    select,
    true,
    values,
)

from service.identity.models import offices
from service.kit.statements import AT_MOST
from service.obligations.models import obligations
from service.projects.models import project_findings, projects
from service.projects.models_waiting import JUDGED_BY, NEAR_LINE, TO_JUDGE
from service.tasks.lines import ORDER, word

F, P = project_findings.c, projects.c
_DIVISION = bindparam("division", type_=Text)


class Conditions(NamedTuple):
    """Of the statement; None and false: not asked. `division`: whether one was named (the parameter of that name)."""

    route: str | None = None
    near_line: bool | None = None
    to_judge: bool | None = None
    division: bool = False


EVERY = Conditions()


def narrowed(
    found: Select[Any], tenant: Any, asked: Conditions, route: str | None, *, by_office: bool = False
) -> Select[Any]:
    """A source with the conditions. `route`: of all its cases, where it has but one; it then selects from projects.

    `by_office`: it selects duties of all offices, and an index has those of each.
    """
    if asked == EVERY:
        return found
    columns = {each.name: each.element for each in found.selected_columns}
    project = columns["project_id"]
    found = found.where(project.is_not(None))

    def of_case(condition: Any) -> Any:
        of = and_(P.tenant_id == tenant, P.id == project)
        return select(condition).where(of).correlate_except(projects).scalar_subquery()

    def of_findings(condition: Any) -> Any:
        any_of = func.coalesce(func.bool_or(condition), literal_column("false"))
        of = and_(F.tenant_id == tenant, F.project_id == project, JUDGED_BY)
        return select(any_of).where(of).correlate_except(project_findings).scalar_subquery()

    of = [P.route == word(asked.route)] if asked.route is not None and route is None else []
    of += [P.division == _DIVISION] if asked.division else []
    near_line = asked.near_line
    if near_line and route is not None:
        found, near_line = found.where(NEAR_LINE), None
    for wanted, condition in ((near_line, F.code == word("near_line")), (asked.to_judge, TO_JUDGE)):
        if wanted is not None:
            held = of_findings(condition)
            of.append(held if wanted else ~held)
    if route is None and (asked.route is not None or asked.division):
        of = [of_case(and_(*of))]  # in this order: of few that go the way what was found is asked
    found = found.where(*of)
    return _office_by_office(found, tenant, asked.route) if by_office and asked.division else found


def _office_by_office(found: Select[Any], tenant: Any, route: str | None) -> Select[Any]:
    """The first duties of each office of the division, merged: those of other divisions are not read.

    Of one way those that say so, and those that say none yet, of which the case alone is asked (decision 0310).
    """
    seats = select(offices.c.id).where(offices.c.tenant_id == tenant, offices.c.division == _DIVISION)
    seat: Any = seats.subquery("seat")
    found, each = found.where(obligations.c.office_id == seat.c.id), seat
    if route is not None:
        ways = [(route,), ("",)]
        way: Any = values(column("route", Text), name="way", literal_binds=True).data(ways)
        found, each = (
            found.where(obligations.c.route == way.c.route).correlate(seat, way),
            seat.join(way, true()),
        )
    first: Any = lateral(found.correlate(seat), name="of_office")
    merged = select(*first.c).select_from(each.join(first, true()))
    return merged.order_by(*(first.c[name] for name, _ in ORDER.columns)).limit(AT_MOST)
