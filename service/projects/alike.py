"""By which similar projects are found: a few digests of words of what was declared (arts 8, 23)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Date, bindparam, delete, func
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.db import Tx
from service.kit.statements import OF_ID, OF_TENANT, Statement
from service.kit.tables import index, insert_rows, inside, table, uuid
from service.measures.form_plan import PARTS
from service.projects.case import Case
from service.similarity.comparing import Project
from service.similarity.keys import keys

# Made by service/similarity/keys.py: candidates share some. `day`: the legal day of the declaration.
similarity_keys = table(
    "similarity_keys",
    uuid("project_id"),
    Column("token", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    inside("fk_similarity_keys_project", ("project_id",), "projects", ("id",)),
    kind="case",
    key=("project_id", "token"),
)

K = similarity_keys.c
index("ix_similarity_keys_token", K.tenant_id, K.token, K.day.desc(), K.project_id.desc())
index("ix_similarity_keys_office", K.tenant_id, K.office_id, K.token, K.day.desc(), K.project_id.desc())

ADD = insert_rows(similarity_keys, ignore_conflict=True)
_DROP = Statement(
    delete(similarity_keys).where(
        K.tenant_id == OF_TENANT,
        K.project_id == OF_ID,
        func.not_(K.token == func.any(bindparam("tokens", type_=ARRAY(BigInteger)))),
    )
)


def project_of(declared: Mapping[str, Any]) -> Project:
    """What is compared of a declared text (art. 8: goals, content, technical line)."""
    materials = declared.get("materials") or {}
    basics = materials.get("basics") or {}
    return Project(
        declared.get("name") or "",
        basics.get("main_tasks") or "",
        materials.get("technical_plan") or materials.get("maintenance_plan") or _parts(materials),
        basics.get("performance_goals") or "",
    )


def _parts(materials: Mapping[str, Any]) -> str:
    """A plan that is told by its parts only; beside a text they would weigh what all plans share."""
    plan: Mapping[str, Any] = materials.get("plan") or {}
    return "\n".join(plan[key] for key in PARTS if plan.get(key))


def rows_of(case: Case, tokens: list[int], day: date) -> list[dict[str, Any]]:
    """The rows of `ADD` for one project."""
    same = {"tenant_id": case.tenant_id, "office_id": case.office_id, "project_id": case.id}
    return [{**same, "day": day.isoformat(), "token": token} for token in tokens]


def write_keys(tx: Tx, case: Case, project: Project, day: date) -> list[int]:
    """Writes the case's keys as they are now; returns them."""
    made = list(keys(project))
    tx.batch.add(_DROP, expect=None, of_tenant=case.tenant_id, of_id=case.id, tokens=made)
    tx.batch.add(ADD, expect=None, of_tenant=case.tenant_id, rows=rows_of(case, made, day))
    return made


def forget(tx: Tx, tenant: str, project: str) -> None:
    """A project that was taken back is no candidate any more."""
    tx.batch.add(_DROP, expect=None, of_tenant=tenant, of_id=project, tokens=[])
