"""The one function that writes a project's state: lifecycle step, transition, totals, audit and event together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.audit.actions import record
from service.kit.api import Call
from service.kit.authn import Principal
from service.kit.db import Tx
from service.kit.errors import ServiceError
from service.kit.ids import new_id
from service.kit.money import yuan, yuan_or_none
from service.kit.outbox import Recipient, emit
from service.kit.roles import Roles
from service.kit.tables import insert_row
from service.measures.lifecycle import Action, NotAllowed, Refusal, Transition, step
from service.projects.case import Case, roles_on, write
from service.projects.dated_facts import gated_case_of
from service.projects.hands import barred, roles_of, same_person, with_hand
from service.projects.law import reach
from service.projects.models import transitions
from service.projects.models_records import summary_deltas
from service.rulebook.book import RuleBooks

_TRANSITION = insert_row(transitions)
_DELTA = insert_row(summary_deltas)
Totals = tuple[str, str, str, int]


@dataclass(frozen=True)
class Actor:
    """Who acts, when, under which trace."""

    principal: Principal
    now: datetime
    trace_id: str
    books: RuleBooks
    rules: Roles | None = None  # None: the clock or the worker, which is nobody's hand

    @property
    def roles(self) -> list[str]:
        return roles_of(self.principal)

    def barred(self, case: Case) -> dict[str, str]:
        """The roles that the same person's earlier hands on the case rule out."""
        return {} if self.rules is None else barred(case.hands, self.principal, self.rules)


def actor_of(call: Call) -> Actor:
    return Actor(call.principal, call.now, call.trace_id, call.service(RuleBooks), call.services.policy.roles)


def system_actor(tenant: str, job: str, now: datetime, books: RuleBooks) -> Actor:
    """The clock as an actor of the table: what nobody does by hand (a lapsed entry) is done on its day.

    Its name, `client:<tenant>:system:<job>`, is nobody's: registered clients have no colon in theirs.
    """
    principal = Principal(
        tenant=tenant,
        tier="province",
        user=None,
        login=None,
        client=f"system:{job}",
        office=None,
        roles=("clock",),
        expires=now.timestamp(),
        token_id=f"system:{job}",
        issued=now.timestamp(),
    )
    return Actor(principal, now, f"system:{job}", books)


@dataclass(frozen=True)
class Step:
    """What a verb wants: the action, its event and whom it concerns; `extra` joins the event's snapshot."""

    action: Action
    kind: str
    recipients: Sequence[Recipient]
    reason: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


def permit(case: Case, action: Action, actor: Actor, route: str | None = None) -> Transition:
    """The transition the table allows, or 409 with the article that says why not.

    `same_person` when the table allows it, but to another: the caller's earlier hands were the other side's.
    """
    try:
        return step(
            case.stage,
            action,
            route=route or case.route,
            declarer_tier=case.declarer,
            holder=case.desk,
            roles=roles_on(case.state, actor.roles, sees_text=case.content is not None),
            gated=gated_case_of(
                case.dated, actor.books, case.tenant_id, actor.now, case.rule_changes, kind=case.kind
            ),
            barred=actor.barred(case),
        )
    except NotAllowed as refusal:
        if refusal.reason is Refusal.SAME_PERSON:
            raise same_person(refusal.detail, refusal.article) from None
        more = {} if refusal.gate is None else {"gate": refusal.gate}
        raise ServiceError(
            409,
            "action_not_allowed" if refusal.gate is None else "gate_shut",
            refusal.detail,
            reason=refusal.reason.value,
            action=action.value,
            state=case.state,
            holder=case.holder,
            article=refusal.article,
            **more,
        ) from None


def totals_of(case: Case) -> Totals | None:
    """The cell of the summary the case counts in; drafts and what is not routed count nowhere."""
    if case.route is None or case.month is None:
        return None
    amount = case.approved_fen if case.approved_fen is not None else case.investment_fen
    return case.route, case.state, case.month, amount


def advance(tx: Tx, case: Case, before: Totals | None, row: Transition, wish: Step, actor: Actor) -> None:
    """Moves the case along `row`, with everything that belongs to it, in the transaction's one statement."""
    from_state = case.state
    leave_hand(case, row, actor)
    case.told = list(wish.recipients)
    case.enter(row.target.value, actor.now)
    if row.holder_after is not None:
        case.holder = row.holder_after.value
    reach(case, actor.now)
    write(tx, case, actor.now)
    principal = actor.principal
    tx.batch.add(
        _TRANSITION,
        tenant_id=case.tenant_id,
        office_id=case.office_id,
        id=new_id(),
        project_id=case.id,
        action=wish.action.value,
        from_state=from_state,
        to_state=case.state,
        actor=principal.actor,
        actor_tenant=principal.tenant,
        client=principal.client,
        reason=wish.reason,
        citation={"articles": list(row.articles)},
        details=wish.details,
        at=actor.now,
    )
    count(tx, case.tenant_id, before, -1, actor.now)
    count(tx, case.tenant_id, totals_of(case), 1, actor.now)
    audited(tx, case, wish.action.value, actor, _sealed(wish.details))
    emit(
        tx,
        tenant=case.tenant_id,
        kind=wish.kind,
        recipients=wish.recipients,
        snapshot={**snapshot(case), "reason": wish.reason, "actor": principal.actor, **wish.extra},
        trace_id=actor.trace_id,
        now=actor.now,
    )


def leave_hand(case: Case, row: Transition, actor: Actor) -> None:
    """Notes on the case that this person acted in it, and in which of the roles that the row names."""
    if actor.rules is not None:
        ruled_out = actor.barred(case)
        used = [role for role in row.who if role in actor.roles and role not in ruled_out]
        case.hands = with_hand(case.hands, actor.principal, used)


def count(tx: Tx, tenant: str, totals: Totals | None, sign: int, now: datetime) -> None:
    """One −1/+1 row of the summary."""
    if totals is None:
        return
    route, state, month, amount = totals
    tx.batch.add(
        _DELTA,
        tenant_id=tenant,
        id=new_id(),
        route=route,
        state=state,
        month=month,
        count=sign,
        amount_fen=sign * amount,
        at=now,
    )


def audited(tx: Tx, case: Case, action: str, actor: Actor, summary: dict[str, Any]) -> None:
    """The audit row of a command on a case: ids, versions and digests; administrators read it and see no cases."""
    record(
        tx,
        tenant=case.tenant_id,
        principal=actor.principal,
        action=f"project.{action}",
        object_kind="project",
        object_id=case.id,
        summary={"version": case.version, **summary},
        request_id=actor.trace_id,
        now=actor.now,
    )


def _sealed(details: dict[str, Any]) -> dict[str, Any]:
    """What of a step's details may stand in the audit trail."""
    return {k: v for k, v in details.items() if k in ("submission", "digest", "record")}


def snapshot(case: Case) -> dict[str, Any]:
    """The case as an event carries it: enough for inbox, webhook and feed without reading back."""
    return {
        "project": {
            "id": str(case.ref),
            "tenant": case.tenant_id,
            "external_ref": case.external_ref,
            "name": case.name,
            "owner_name": case.owner_name,
            "owner_office_id": case.office_id,
            "tier": case.tier,
            "division": case.division,
            "state": case.state,
            "holder": case.holder,
            "route": case.route,
            "project_class": case.project_class,
            "kind": case.kind,
            "investment_yuan": yuan(case.investment_fen),
            "approved_amount_yuan": yuan_or_none(case.approved_fen),
            "filing_number": case.filing_number,
            "articles": (case.decision or {}).get("articles", []),
            "version": case.version,
        }
    }
