"""How much waits for somebody, queue by queue: for the summary over HTTP, and for reminders."""

from __future__ import annotations

from service.kit.db import Door, Row, Scope, cases, own
from service.kit.principal import Principal
from service.tasks.desks import Desks
from service.tasks.reading import NamedSource, counts_statement, summary_statement
from service.tasks.schemas import TaskCounts

MOST_COUNTED = 1000  # of a source; beyond it a count says "at least"


def parts(
    principal: Principal, desks: Desks, queue: str | None
) -> list[tuple[Scope, tuple[NamedSource, ...], bool]]:
    """What is read by which login: one statement, or two where the province's own things are not among its cases."""
    of_cases, things = desks.only(queue)
    mine, wide = own(principal), cases(principal)
    if wide.login != "province":
        return [(mine, of_cases + things, False)]
    return [part for part in ((wide, of_cases, True), (mine, things, False)) if part[1]]


async def sums(door: Door, principal: Principal, desks: Desks) -> list[Row]:
    """A row per queue that has anything: count, oldest, next_due, late, today."""
    rows: list[Row] = []
    for scope, sources, across in parts(principal, desks, None):
        rows += await door.fetch(
            scope,
            summary_statement(sources, across=across),
            tenant_id=principal.tenant,
            limit=MOST_COUNTED + 1,
            **desks.params,
        )
    return rows


async def counts(
    door: Door, principal: Principal, desks: Desks, queue: str | None, division: str | None
) -> TaskCounts:
    """How many tasks of one queue (or all) in a division (or any) fit each condition."""
    found = dict.fromkeys(("count", "without_reasons", "near_line", "provincial_review"), 0)
    for scope, sources, across in parts(principal, desks, queue):
        statement = counts_statement(sources, across=across, division=division is not None)
        given = {**desks.params, **({} if division is None else {"division": division})}
        row = await door.row(scope, statement, tenant_id=principal.tenant, limit=MOST_COUNTED + 1, **given)
        if row is not None:
            found = {name: number + row[name] for name, number in found.items()}
    return TaskCounts(
        **{name: min(number, MOST_COUNTED) for name, number in found.items()},
        capped=found["count"] > MOST_COUNTED,
    )
