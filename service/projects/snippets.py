"""What cases are found by: every three characters in a row of what is searched, each as a number (decision 0276).

"Contains" can use no index under row level security, comparing numbers can. The rows are the worker's alone
(caselist/snipping.py). Each case carries a digest of what its rows were made of, and an index has those whose digest is
not that of their words: so nobody who writes a case need know of the rows, and none is missed before they are made.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Column, literal_column

from service.kit.tables import index, inside, table, uuid
from service.projects.models import projects

CODES: Final = 0x110000  # how many characters there are: the base in which three of them are one number
# A snippet: (first × CODES + second) × CODES + third, 0 behind the end; doubled, and one more where the case has left
# its city. So one and two characters are ranges, the province's login sees the odd ones only, and it fits a bigint.
case_snippets = table(
    "case_snippets",
    Column("snippet", BigInteger, nullable=False),
    uuid("project_id"),
    inside("fk_case_snippets_project", ("project_id",), "projects", ("id",), gone="CASCADE"),
    key=("snippet", "project_id"),
)
index("ix_case_snippets_project", case_snippets.c.tenant_id, case_snippets.c.project_id)

# As the policies of migration 0028 have it, in the words of migration 0083: what the province's login may see.
AWAY: Final = (
    "(projects.state NOT IN ('draft', 'need_draft', 'need_submitted', 'need_gatekept') AND NOT (projects.state IN "
    "('need_returned', 'withdrawn') AND projects.submissions = 0 AND projects.origin = 'declared'))"
)
FLAG: Final = f"CASE WHEN {AWAY} THEN 1::bigint ELSE 0::bigint END"
# Of the words and the flag; stands beside the model as the keys do (kit/keyed.py): no row is read with it.
DIGEST: Final = f"hashtextextended(projects.search_key, {FLAG})"
BEHIND: Any = literal_column(f"(projects.snipped_as IS DISTINCT FROM {DIGEST})")
# By the version, an order that no other index has: so this one is read, whatever is expected of the condition.
index("ix_projects_behind", projects.c.tenant_id, projects.c.version, projects.c.id, postgresql_where=BEHIND)

Range = tuple[int, int]
MOST_ASKED: Final = 6  # of a search's snippets; more would find nothing less
# As many cases without snippets are searched by themselves; where there are more, the list is walked.
MOST_BEHIND: Final = 300


def _range(part: str) -> Range:
    """The numbers of all snippets that begin with one to three characters, in every case."""
    low = 0
    for character in part:
        low = low * CODES + ord(character)
    wide = CODES ** (3 - len(part))
    return 2 * low * wide, 2 * (low + 1) * wide - 1


def ranges(asked: list[str]) -> list[Range]:
    """Of which snippets every case has one that holds all words (`keys.words`): of each word some, evenly."""
    parts = [word[at : at + 3] for word in asked for at in range(max(1, len(word) - 2))]
    parts = list(dict.fromkeys(parts))
    if len(parts) > MOST_ASKED:
        parts = [parts[at * (len(parts) - 1) // (MOST_ASKED - 1)] for at in range(MOST_ASKED)]
    return [_range(part) for part in parts]
