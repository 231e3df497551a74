"""What the deeds of acceptance, evaluation and orders share: read, ask the table, perform, answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Text, Uuid, bindparam, select

from service.kit.api import Answer, Call
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import FieldError, invalid
from service.kit.ids import parse_ref
from service.kit.outbox import Recipient
from service.kit.statements import Statement
from service.measures.gates import Standing
from service.measures.lifecycle import Action, Transition, procedure_of
from service.measures.offices import Tier
from service.measures.organs import ROLES, THREE, Slot, deciding_tier
from service.projects import manning, state
from service.projects.case import Case, in_reach
from service.projects.facts import standing_of
from service.projects.models import projects
from service.projects.phases import Deed, not_after, perform, tier_desks
from service.projects.state import Actor
from service.projects.views import view

# Taken where organs act side by side: the second waits and then reads what the first wrote.
_LOCK = Statement(
    select(projects.c.version)
    .where(
        projects.c.tenant_id == bindparam("tenant_id", type_=Text),
        projects.c.id == bindparam("id", type_=Uuid(as_uuid=False)),
    )
    .with_for_update()
)


@dataclass
class Act:
    """A deed that the table permits, before its body is judged."""

    action: Action
    case: Case
    actor: Actor
    row: Transition
    today: date

    @property
    def standing(self) -> Standing:
        case = self.case
        return standing_of(
            case.dated, self.actor.books, case.tenant_id, self.actor.now, case.rule_changes, kind=case.kind
        )

    def fact(self, name: str) -> dict[str, Any]:
        return dict(self.case.dated.get(name) or {})


async def opened(call: Call, tx: Tx, action: Action, *, racing: bool = False) -> Act:
    """The case and the table's leave: 404, 412, then 409 before anything of the body is judged.

    `racing`: organs that act side by side wait for each other instead of holding each other's version.
    """
    ref = parse_ref(call.path("ref"))
    if racing:
        in_reach(call.principal, ref, tx.scope)
        await tx.fetch(_LOCK, tenant_id=ref.tenant, id=ref.id)
    case, actor, row = await state.opened(call, tx, ref, action, racing=racing)
    return Act(action, case, actor, row, legal_day(call.now))


def done(call: Call, tx: Tx, act: Act, event: str, recipients: Sequence[Recipient], **more: Any) -> Answer:
    """Performs the deed (`more` as in Deed) and answers with the case."""
    deed = Deed(act.action, more.pop("on", act.today), event, recipients, **more)
    perform(tx, act.case, deed, act.actor, act.row)
    manning.warn(call, tx, act.case)
    return Answer(view(act.case, call), version=act.case.version)


def plain(value: Any) -> Any:
    """A struct as JSON-ready values for a record."""
    return msgspec.to_builtins(value)


def told_by(act: Act, day: date, what: str, article: int) -> None:
    """What is reported has happened."""
    not_after(day, act.today, "/on", what, article=article)


def accepting_tier(case: Case) -> Tier:
    """Art. 32: cities accept their projects, also those that the province's leading group decided on."""
    return Tier.PROVINCE if case.declarer is Tier.PROVINCE else Tier.CITY


def judging_tier(case: Case) -> Tier:
    """Whose organs decide on the case (R5)."""
    procedure = procedure_of(case.route, case.declarer)
    return Tier.CITY if procedure is None else deciding_tier(procedure)


def three_desks(case: Case, tier: Tier) -> list[Recipient]:
    """General office, DRC and finance of a tier (arts 32, 40)."""
    return tier_desks(case, tier, *(ROLES[tier][slot] for slot in THREE))


def desk(case: Case, tier: Tier, slot: Slot) -> list[Recipient]:
    return tier_desks(case, tier, ROLES[tier][slot])


def fault(pointer: str, code: str, detail: str) -> Any:
    """One fault of a body."""
    return invalid([FieldError(pointer, code, detail)])
