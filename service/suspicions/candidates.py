"""Similar projects of a case: its keys written, candidates read by them, the texts compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Text, Uuid, bindparam, delete, func
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.clock import legal_day
from service.kit.db import Row, Statement, Tx
from service.kit.tables import insert_rows
from service.projects.case import Case
from service.similarity.comparing import Likeness, Project, similarity
from service.similarity.keys import keys
from service.similarity.owners import alike
from service.suspicions.models import similarity_keys
from service.suspicions.queries import NEAREST

K = similarity_keys.c
_ADD = insert_rows(similarity_keys, ignore_conflict=True)
_DROP = Statement(
    delete(similarity_keys).where(
        K.tenant_id == bindparam("of_tenant", type_=Text),
        K.project_id == bindparam("of_id", type_=Uuid(as_uuid=False)),
        func.not_(K.token == func.any(bindparam("tokens", type_=ARRAY(BigInteger)))),
    )
)


class Similar(NamedTuple):
    """Another project about the same thing."""

    row: Row
    likeness: Likeness


def project_of(declared: Mapping[str, Any]) -> Project:
    """What is compared of a declared text (art. 8: goals, content, technical line)."""
    materials = declared.get("materials") or {}
    basics = materials.get("basics") or {}
    return Project(
        declared.get("name") or "",
        basics.get("main_tasks") or "",
        materials.get("technical_plan") or materials.get("maintenance_plan") or "",
        basics.get("performance_goals") or "",
    )


def day_of(case: Case) -> date:
    """The legal day of the last declaration."""
    return legal_day(case.submitted_at or case.updated_at)


def index(tx: Tx, case: Case, project: Project) -> list[int]:
    """Writes the case's keys as they are now; returns them."""
    made, day = list(keys(project)), day_of(case).isoformat()
    tx.batch.add(_DROP, expect=None, of_tenant=case.tenant_id, of_id=case.id, tokens=made)
    same = {"tenant_id": case.tenant_id, "office_id": case.office_id, "project_id": case.id, "day": day}
    tx.batch.add(_ADD, expect=None, rows=[{**same, "token": token} for token in made])
    return made


def forget(tx: Tx, tenant: str, project: str) -> None:
    """A project that was taken back is no candidate any more."""
    tx.batch.add(_DROP, expect=None, of_tenant=tenant, of_id=project, tokens=[])


async def similar_to(tx: Tx, case: Case, project: Project, tokens: list[int], near: int) -> list[Similar]:
    """Projects of the same or a like-named office, declared within `near` days, that are about the same thing."""
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
    for row in rows:
        if row["office_id"] != case.office_id and not alike(case.owner_name, row["owner_name"]):
            continue
        likeness = similarity(project, project_of(row["declared"] or {"name": row["name"]}))
        if likeness.similar:
            found.append(Similar(row, likeness))
    return found
