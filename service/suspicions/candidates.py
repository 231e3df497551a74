"""Similar projects of a case: candidates read by its keys, the texts compared."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import NamedTuple

from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.projects.alike import project_of
from service.projects.case import Case
from service.similarity.comparing import Likeness, Project
from service.similarity.owners import one_house
from service.similarity.parts import parts
from service.suspicions.queries import NEAREST


class Similar(NamedTuple):
    """Another project about the same thing."""

    row: Row
    likeness: Likeness


def day_of(case: Case) -> date:
    """The legal day of the last declaration."""
    return legal_day(case.submitted_at or case.updated_at)


async def similar_to(tx: Tx, case: Case, project: Project, tokens: list[int], near: int) -> list[Similar]:
    """Projects of the same house, declared within `near` days, that may be parts of one with this (art. 8)."""
    day = day_of(case)
    rows = await tx.fetch(
        NEAREST,
        tenant_id=case.tenant_id,
        id=case.id,
        office_id=case.office_id,
        tokens=tokens,
        since=day - timedelta(days=near),
        until=day + timedelta(days=near),
    )
    found = []
    for number, row in enumerate(rows, 1):
        if number % 8 == 0:  # the worker's loop goes on with the news in between
            await asyncio.sleep(0)
        theirs = row["owner_name"], row["division"]
        if row["office_id"] != case.office_id and not one_house(case.owner_name, case.division, *theirs):
            continue
        likeness = parts(project, project_of(row["declared"] or {"name": row["name"]}))
        if likeness.score:
            found.append(Similar(row, likeness))
    return found
