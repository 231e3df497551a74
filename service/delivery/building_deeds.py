"""One way to write a deed of building: permitted first, then judged, then performed; a judge returns the Deed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.delivery.building_queries import STANDING
from service.kit.api import Answer, Call, Error, operation
from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, invalid
from service.kit.ids import parse_ref
from service.kit.money import fen
from service.kit.outbox import Recipient
from service.measures.lifecycle import Action
from service.measures.offices import Tier
from service.measures.organs import Slot
from service.measures.periods import EARLIEST
from service.projects import manning
from service.projects.api import REFUSED, SHUT
from service.projects.case import Case
from service.projects.phases import Deed, not_after, not_before, organ_desks, perform
from service.projects.schemas_out import ProjectView
from service.projects.state import Actor, opened
from service.projects.views import view

_ASKING = (Action.REQUEST_CHANGE, Action.APPLY_END)  # waits for a desk to decide: is anybody at it?


@dataclass(frozen=True)
class Desk:
    """What a judge sees: the request, the case it is allowed on, and the day."""

    call: Call
    tx: Tx
    case: Case
    actor: Actor
    today: date

    @property
    def body(self) -> Any:
        return self.call.body


Judge = Callable[[Desk], Awaitable[Deed]]


def deed(
    verb: str, action: Action, judge: Judge, *, body: Any, summary: str, resource: str = "project.building",
    act: str = "record", tag: str = "delivery", errors: tuple[Error, ...] = (),
) -> HTTPRouteHandler:  # fmt: skip
    """POST /projects/{ref}/<verb>; the judge's docstring is the description, its name the operation's."""

    async def endpoint(call: Call, tx: Tx) -> Answer:
        case, actor, row = await opened(call, tx, parse_ref(call.path("ref")), action)
        told = await judge(Desk(call, tx, case, actor, legal_day(call.now)))
        perform(tx, case, told, actor, row)
        manning.warn(call, tx, case)
        return Answer(view(case, call), version=case.version)

    endpoint.__name__, endpoint.__doc__ = judge.__name__, judge.__doc__
    return operation(
        "POST", f"/projects/{{ref:str}}/{verb}", resource=resource, action=act, summary=summary, tag=tag,
        where="cases", body=body, answer=ProjectView, if_match=True, errors=(REFUSED, SHUT, *errors),
        before=manning.look if action in _ASKING else None,
    )(endpoint)  # fmt: skip


async def standing(desk: Desk, *kinds: Action | str) -> list[Row]:
    """The records of these kinds that nothing has taken the place of, newest first."""
    names = [kind.value if isinstance(kind, Action) else kind for kind in kinds]
    return await desk.tx.fetch(STANDING, tenant_id=desk.case.tenant_id, id=desk.case.id, kinds=names)


def replaced(rows: list[Row], record: str | None, kind: Action, pointer: str = "/supersedes") -> Row | None:
    """The standing record of this kind that a correction takes the place of, or 422."""
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
