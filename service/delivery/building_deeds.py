"""What the deeds of building, changes and money share: records that stand, corrections, days, desks."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from service.kit.db import Row
from service.kit.errors import FieldError, invalid
from service.kit.money import fen
from service.kit.outbox import Recipient
from service.measures.lifecycle import Action
from service.measures.offices import Tier
from service.measures.organs import Slot
from service.measures.periods import EARLIEST
from service.projects.case import Case
from service.projects.deeds import Desk
from service.projects.engaged import in_force_of
from service.projects.phases import not_after, not_before, organ_desks


async def in_force(desk: Desk, *kinds: Action | str) -> list[Row]:
    """The records of these kinds that nothing has taken the place of, newest first."""
    return await in_force_of(desk.tx, desk.case, *kinds)


def replaced(rows: list[Row], record: str | None, kind: Action, pointer: str = "/supersedes") -> Row | None:
    """The record of this kind in force that a correction takes the place of, or 422."""
    if record is None:
        return None
    for row in rows:
        if row["id"] == record and row["kind"] == kind.value:
            return row
    raise fault(pointer, "unknown_record", "没有这条有效的同类登记，不能更正")


def plain(body: msgspec.Struct, *without: str) -> dict[str, Any]:
    """The body as a record keeps it: JSON-ready, what was left out left out."""
    found = msgspec.to_builtins(body)
    return {k: v for k, v in found.items() if k not in without and v not in (None, "", [])}


def amount(text: str, pointer: str = "/amount_yuan") -> int:
    """Fen of an amount that must be more than nothing."""
    found = fen(text)
    if found <= 0:
        raise fault(pointer, "amount_range", "金额应大于零")
    return found


def past(desk: Desk, day: date, pointer: str, what: str, article: int) -> None:
    """422 for a day that has not come, or that can only be a slip of the pen."""
    not_after(day, desk.today, pointer, what, article=article)
    not_before(day, EARLIEST, pointer, what, article=article)


def fault(pointer: str, code: str, detail: str) -> Exception:
    """422 with one fault."""
    return invalid([FieldError(pointer, code, detail)])


def portal(case: Case) -> list[Recipient]:
    """Who follows the owner's own records: the portal it declares by; people read the case."""
    return [] if case.declarer is Tier.PROVINCE else [Recipient(case.tenant_id, "portal")]


def watchers(case: Case) -> list[Recipient]:
    """The organs that supervise the project (arts 4, 39), and the portal."""
    return [*organ_desks(case, Slot.GENERAL_OFFICE, Slot.DRC), *portal(case)]
