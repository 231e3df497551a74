"""A record beside those that stand: what they show together (arts 13, 18, 24-26, 31, 38)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from service.delivery.building_deeds import in_force, replaced
from service.kit.db import Row
from service.kit.ids import new_id
from service.measures.building import LEVEL_CODES, hints, level_findings
from service.measures.findings import Finding
from service.measures.lifecycle import Action
from service.projects.deeds import Desk
from service.projects.engaged import READ, engaged
from service.projects.findings import record_findings


async def beside(
    desk: Desk, action: Action, on: date, content: Mapping[str, Any], supersedes: str | None
) -> tuple[str, str]:
    """The new record's id, and what it brings up; 422 where it would correct a record that does not stand."""
    rows = await in_force(desk, *READ)
    replaced(rows, supersedes, action)
    record = new_id()
    new = {"id": record, "kind": action.value, "on": on, "content": content}
    found = await engaged(desk.tx, desk.case, desk.actor.now, records=rows, new=new, old=supersedes)
    return record, hints(found)


def leveled_below(
    desk: Desk,
    certificates: Sequence[Row],
    new: tuple[date, Mapping[str, Any]] | None = None,
    form: Mapping[str, Any] | None = None,
) -> list[Finding]:
    """Art. 25: the graded protection as it was tested last, held against the level that was declared (`form`)."""
    told = [(row["on"], row["content"]) for row in reversed(certificates)] + ([new] if new else [])
    levels = [(on, content["level"]) for on, content in told if content.get("level") is not None]
    if form is None:
        form = ((desk.case.declared or {}).get("materials") or {}).get("form") or {}
    tested = max(levels, key=lambda each: each[0])[1] if levels else None
    holding = level_findings(form.get("protection_level"), tested)
    return record_findings(desk.tx, desk.case, LEVEL_CODES, holding, desk.actor.now)
