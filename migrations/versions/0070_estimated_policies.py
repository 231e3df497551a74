"""The policies by which a tenant reads say the same in a form of which PostgreSQL supposes that half of the rows pass.

Of `scope = '*' OR scope = office` it supposes that one row in a hundred does, since neither side is a column of the
table: every list then looked so short that reading and sorting a whole tenant seemed cheaper than walking an index to
the fifty-first row (docs/decisions/0239). Of a CASE it knows nothing and supposes half.
"""

import re

from alembic import op
from sqlalchemy import text

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

_SEAT = "split_part(current_setting('app.scope'::text, true), '/'::text, 2)"
_OF_OFFICE = re.compile(
    rf"\(\({re.escape(_SEAT)} = '\*'::text\) OR \({re.escape(_SEAT)} = \((\w+)\)::text\)\)"
)
# Of `projects`: whose undeclared cases are seen, a disjunction of which the same holds.
_UNDECLARED = "((state <> ALL (ARRAY['draft'::text, 'need_draft'::text])) OR "


def _estimated(table: str, qual: str) -> str:
    said = _OF_OFFICE.sub(rf"CASE WHEN ({_SEAT} = '*'::text) THEN true ELSE ({_SEAT} = (\1)::text) END", qual)
    if table == "projects" and _UNDECLARED in said:
        first = said.index(_UNDECLARED)
        depth, last = 0, first
        for last in range(first, len(said)):
            depth += (said[last] == "(") - (said[last] == ")")
            if not depth:
                break
        said = f"{said[:first]}CASE WHEN {said[first : last + 1]} THEN true ELSE false END{said[last + 1 :]}"
    return said


def upgrade() -> None:
    rows = op.get_bind().execute(
        text(
            "SELECT tablename, policyname, qual FROM pg_policies WHERE schemaname = 'public' AND cmd = 'SELECT' "
            "AND 'tj_tenant' = ANY (roles) AND qual IS NOT NULL ORDER BY 1, 2"
        )
    )
    for table, policy, qual in rows.fetchall():
        said = _estimated(table, qual)
        if said != qual:
            op.execute(f'ALTER POLICY "{policy}" ON "{table}" USING ({said})')
