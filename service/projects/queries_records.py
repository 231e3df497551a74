"""Records of a project that stand, and what came in the place of those that do not."""

from __future__ import annotations

from sqlalchemy import (
    Text,
    bindparam,
    exists,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.statements import ROW_ID, TENANT_ID, Statement
from service.projects.models_records import project_records

R = project_records.c
_later = project_records.alias("later")
_of_case = (
    R.tenant_id == TENANT_ID,
    R.project_id == ROW_ID,
)

# What still stands of some kinds: no later record took its place. Newest first.
IN_FORCE = Statement(
    select(R.id, R.kind, R.content, R.on, R.at)
    .where(
        *_of_case,
        R.kind == func.any(bindparam("kinds", type_=ARRAY(Text))),
        ~exists().where(
            _later.c.tenant_id == R.tenant_id,
            _later.c.project_id == R.project_id,
            _later.c.supersedes == R.id,
        ),
    )
    .order_by(R.at.desc(), R.id.desc())
)
# What took the place of what, of some kinds.
REPLACED = Statement(
    select(R.id, R.supersedes).where(
        *_of_case,
        R.kind == func.any(bindparam("kinds", type_=ARRAY(Text))),
        R.supersedes.is_not(None),
    )
)
