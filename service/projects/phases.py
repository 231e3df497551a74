"""One act of a phase: permitted by the table, recorded, its facts left on the case, told, in one transaction.

Phases (library, reviews, delivery …) stand on this and never write a case or its state themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.kit.db import Tx
from service.kit.errors import FieldError, invalid
from service.kit.ids import new_id
from service.kit.outbox import Recipient, figures_of
from service.kit.tables import insert_row
from service.measures.citations import articles_label
from service.measures.lifecycle import Action, Transition, procedure_of
from service.measures.offices import Tier
from service.measures.organs import ROLES, Slot, deciding_tier
from service.projects.case import Case
from service.projects.dated_facts import record_fact
from service.projects.models_records import project_records
from service.projects.state import Actor, Step, advance, permit, totals_of
from service.projects.submission import PROVINCE

_RECORD = insert_row(project_records)


@dataclass(frozen=True)
class Deed:
    """What a desk does to a case. `on`: the legal day of the act; `content`: what the record keeps, JSON-ready.

    `dated`: dated facts to leave on the case ({name: {…}}; "on" is added when absent). `event` is a kind of
    `service/event_kinds.py`; `message` the sentence of the notification, `steps` {role: what to do next}. `figures`:
    amounts and days that the sentence tells and the record does not keep.
    """

    action: Action
    on: date
    event: str
    recipients: Sequence[Recipient]
    content: Mapping[str, Any] = field(default_factory=dict)
    kind: str | None = None  # of the record; the action's name when left out
    dated: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    message: str = ""
    steps: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    supersedes: str | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    record_id: str = field(default_factory=new_id)  # for facts that name their record
    revise: Callable[[Case], None] | None = (
        None  # what else of the case changes with it: amount, declared text
    )


def perform(tx: Tx, case: Case, deed: Deed, actor: Actor, row: Transition | None = None) -> str:
    """Does it and returns the record's id. `row`: the transition when the caller has asked `permit` already.

    Ask `permit` before anything else of a request is judged, so that a wrong state or organ is told first.
    """
    row = row or permit(case, deed.action, actor)
    before = totals_of(case)
    if deed.revise is not None:
        deed.revise(case)
    for name, value in deed.dated.items():
        day = date.fromisoformat(str(value.get("on", deed.on)))
        case.dated = record_fact(case.dated, name, day, **{k: v for k, v in value.items() if k != "on"})
    record_id = add_record(tx, case, deed, actor)
    wish = Step(
        deed.action,
        deed.event,
        deed.recipients,
        reason=deed.reason,
        details={"record": record_id, "on": deed.on.isoformat()},
        extra={
            "message": deed.message,
            "steps": dict(deed.steps),
            "record": record_id,
            "figures": {"on": deed.on.isoformat(), **figures_of(deed.content), **deed.figures},
            **deed.extra,
        },
    )
    advance(tx, case, before, row, wish, actor)
    return record_id


def add_record(tx: Tx, case: Case, deed: Deed, actor: Actor) -> str:
    """The append-only row of what was told."""
    record_id = deed.record_id
    # A tenant's own login writes in its own name only: so the worker that carries out what the province decided.
    writer = case.tenant_id if tx.scope.login == "tenant" else actor.principal.tenant
    tx.batch.add(
        _RECORD,
        tenant_id=case.tenant_id,
        office_id=case.office_id,
        id=record_id,
        project_id=case.id,
        kind=deed.kind or deed.action.value,
        content=dict(deed.content),
        on=deed.on,
        supersedes=deed.supersedes,
        by=actor.principal.actor,
        by_tenant=writer,
        at=actor.now,
    )
    return record_id


def owner_desks(case: Case) -> list[Recipient]:
    """The declaring side: its own people, and the portal that declared for a city."""
    if case.declarer is Tier.PROVINCE:
        return [Recipient(case.tenant_id, "department", case.office_id)]
    return [Recipient(case.tenant_id, "unit", case.office_id), Recipient(case.tenant_id, "portal")]


def tier_desks(case: Case, tier: Tier, *roles: str) -> list[Recipient]:
    """Desks of the organs of a tier: the province's tenant, or the case's city."""
    tenant = PROVINCE if tier is Tier.PROVINCE else case.tenant_id
    return [Recipient(tenant, role) for role in roles]


def organ_desks(case: Case, *slots: Slot) -> list[Recipient]:
    """Desks of the organs that hold these slots in the deciding tier (art. 5, R5)."""
    procedure = procedure_of(case.route, case.declarer)
    tier = Tier.PROVINCE if procedure is None else deciding_tier(procedure)
    return tier_desks(case, tier, *(ROLES[tier][slot] for slot in slots))


def funding_desks(case: Case) -> list[Recipient]:
    """Whoever's budget pays (art. 34): finance of the deciding tier, and the city's own on the province's route."""
    desks = organ_desks(case, Slot.FINANCE)
    if case.declarer is not Tier.PROVINCE:
        desks += tier_desks(case, Tier.CITY, ROLES[Tier.CITY][Slot.FINANCE])
    return list(dict.fromkeys(desks))


def not_after(day: date, limit: date, pointer: str, what: str, *, article: int | None = None) -> None:
    """422 when a day lies after its limit (usually today)."""
    if day > limit:
        cited = "" if article is None else f"（{articles_label((article,))}）"
        raise invalid([FieldError(pointer, "date_order", f"{what}不能晚于 {limit.isoformat()}{cited}")])


def not_before(day: date, limit: date | None, pointer: str, what: str, *, article: int | None = None) -> None:
    """422 when a day lies before the day of what must precede it."""
    if limit is not None and day < limit:
        cited = "" if article is None else f"（{articles_label((article,))}）"
        raise invalid([FieldError(pointer, "date_order", f"{what}不能早于 {limit.isoformat()}{cited}")])


def fact_day(case: Case, name: str) -> date | None:
    """The day of a fact the case carries."""
    fact = case.dated.get(name)
    return date.fromisoformat(fact["on"]) if fact and fact.get("on") else None
