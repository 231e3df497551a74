"""Records of a project as building reads them."""

from __future__ import annotations

from sqlalchemy import Text, Uuid, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.db import Statement
from service.projects.models import project_records

R = project_records.c
_later = project_records.alias("later")
_of_case = (
    R.tenant_id == bindparam("tenant_id", type_=Text),
    R.project_id == bindparam("id", type_=Uuid(as_uuid=False)),
)

# What still stands of some kinds: no later record took its place. Newest first.
STANDING = Statement(
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
