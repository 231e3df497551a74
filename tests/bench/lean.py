"""The lean form of a filled world: for a million cases on one disk.

Whatever a list, a queue, a total, a search, a monitor or the daily look reads every case has. What is read of one case
at a time, or from its end in the order of time, only one case in so many has beyond what is young.
"""

from __future__ import annotations

ONE_IN = 20
YOUNG = "90 days"
_SOME = f"c.n % {ONE_IN} = 0"
# By table: which copies have its rows (`c`: the copy, `t`: the row of the life that is copied).
_WHICH = {
    "project_versions": _SOME,
    "project_drafts": f"({_SOME} OR c.state IN ('draft', 'need_draft', 'returned'))",
    "outbox": _SOME,
    "event_feed": _SOME,
    "audit_entries": _SOME,
    "inbox": f"({_SOME} OR t.at + c.shift > now() - interval '{YOUNG}')",
}
TOLD = (
    f"lean: only one case in {ONE_IN} has {', '.join(sorted(_WHICH))}; of messages also those of the last {YOUNG}, "
    "of drafts also those that are still written"
)


def which(table: str, lean: bool) -> str:
    """What a copy must be to have rows of a table, as an addition to the condition of a join."""
    return f" AND {_WHICH[table]}" if lean and table in _WHICH else ""
