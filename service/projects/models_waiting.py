"""What of cases waits for a desk, the longest first (service/tasks), and what a desk judges it by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, literal_column, or_

from service.kit.tables import index
from service.projects.models import project_findings, projects

P, F = projects.c, project_findings.c
# The states in which a case is with somebody to be judged, and those in which it is back with its owner.
AT_DESKS = (
    "need_submitted",
    "need_reported",
    "appraised",
    "submitted",
    "gatekept",
    "with_province",
    "in_joint_review",
    "leading_group_decided",
)
GIVEN_BACK = ("need_returned", "need_gatekept", "returned")


def _word(text: str) -> Any:
    return literal_column(f"'{text}'")


WAITS = P.state.in_(list(map(_word, (*AT_DESKS, *GIVEN_BACK))))
_longest = (P.entered_at, P.id)
index("ix_projects_waiting", P.tenant_id, P.state, P.route, *_longest, postgresql_where=WAITS)
index(
    "ix_projects_waiting_in",
    P.tenant_id,
    P.division,
    P.state,
    P.route,
    *_longest,
    postgresql_where=WAITS,
)
index(
    "ix_projects_given_back",
    P.tenant_id,
    P.office_id,
    P.state,
    *_longest,
    postgresql_where=P.state.in_(list(map(_word, GIVEN_BACK))),
)
# Near the line (art. 9), as the decision says that the findings were made of: few of a queue, and asked for alone.
NEAR_LINE: Any = P.decision.contains(literal_column("""'{"findings": [{"code": "near_line"}]}'::jsonb"""))
index(
    "ix_projects_near_line",
    P.tenant_id,
    P.state,
    P.route,
    *_longest,
    postgresql_where=and_(WAITS, NEAR_LINE),
)
# Of a case's findings those that a desk counts by: the line, and reasons that nobody has taken or refused yet. Most
# cases have none, which a page or two of this tell.
TO_JUDGE = and_(F.reason.is_not(None), F.opinion.is_(None))
JUDGED_BY = or_(F.code == _word("near_line"), TO_JUDGE)
index("ix_project_findings_judged", F.tenant_id, F.project_id, postgresql_where=JUDGED_BY)
