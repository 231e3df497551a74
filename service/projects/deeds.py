"""How an act of the Measures is declared: one function that judges, one line that says which act and where.

`deed(...)` makes the route: the case as the caller read it, the table's leave before anything of the body is judged,
record, facts, step, totals, audit and event in one statement, the answer. What it is told of is the registry that
`actions`, contract tests and the sandbox look operations up in (operations.py).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from types import ModuleType
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import Error
from service.kit.ids import parse_ref
from service.kit.outbox import Recipient
from service.measures.gates import Standing
from service.measures.lifecycle import Action, Transition
from service.projects import manning
from service.projects.case import Case, wait_for
from service.projects.errors import REFUSED, SHUT
from service.projects.facts import standing_of
from service.projects.operations import DECLARED
from service.projects.phases import Deed, perform
from service.projects.schemas_out import ProjectView
from service.projects.state import Actor, Step, advance, opened, permit, totals_of
from service.projects.views import view


@dataclass
class Desk:
    """What a judge sees: the request, the case on which the table permits the act, who acts, and the day."""

    call: Call
    tx: Tx
    action: Action
    case: Case
    actor: Actor
    row: Transition
    today: date
    left: Any = None  # by the judge, for a reply that tells more than the case

    @property
    def body(self) -> Any:
        return self.call.body

    @property
    def standing(self) -> Standing:
        """What gates and days are judged by: dated facts, figures, the day."""
        case, actor = self.case, self.actor
        return standing_of(
            case.dated, actor.books, case.tenant_id, actor.now, case.rule_changes, kind=case.kind
        )

    def fact(self, name: str) -> dict[str, Any]:
        """A dated fact of the case; empty when there is none."""
        return dict(self.case.dated.get(name) or {})

    def become(self, action: Action) -> None:
        """What was asked for turns out to be another act, which the table permits as well or refuses."""
        self.action, self.row = action, permit(self.case, action, self.actor)

    def told(self, event: str, recipients: list[Recipient], **more: Any) -> Deed:
        """The deed of the act declared, today unless `on` says otherwise; `more` as in Deed."""
        return Deed(self.action, more.pop("on", self.today), event, recipients, **more)


# A deed leaves a record and facts; a step only moves the case (declaration, gatekeeping); None: the judge has moved it.
Judge = Callable[[Desk], Awaitable[Deed | Step | None]]


def answered(desk: Desk) -> Answer:
    """The case as it stands after the act."""
    return Answer(view(desk.case, desk.call), version=desk.case.version)


def deed(
    verb: str,
    action: Action,
    *,
    may: str,
    tag: str,
    racing: bool = False,
    waits: bool = False,
    gated: bool = True,
    also: tuple[Action, ...] = (),
    reply: Callable[[Desk], Answer] = answered,
    errors: tuple[Error, ...] = (),
    **spec: Any,
) -> Callable[[Judge], HTTPRouteHandler]:
    """Declares POST /projects/{ref}/<verb> above its judge, whose name is the operation's and whose docstring says it.

    `may`: resource/action of the policy. `racing`: organs act side by side, each waits for the other and no version is
    asked for. `waits`: a desk has to act next, whoever sends it there is told when nobody is at it (manning.py).
    `gated`: whether the table has gates for the act. `also`: what it may turn out to be. `reply`: what is answered
    instead of the case. `errors`: beside what table and gates refuse. `spec`: body, summary and whatever else of Spec.
    """
    resource, _, act = may.partition("/")
    declare = operation(
        "POST",
        f"/projects/{{ref:str}}/{verb}",
        resource=resource,
        action=act,
        tag=tag,
        if_match=not racing,
        errors=(REFUSED, SHUT, *errors) if gated else (REFUSED, *errors),
        before=manning.look if waits else None,
        **{"where": "cases", "answer": ProjectView, **spec},
    )

    def judged_by(judge: Judge) -> HTTPRouteHandler:
        endpoint = wraps(judge)(_endpoint(action, judge, reply, racing=racing))
        DECLARED.update(dict.fromkeys((action, *also), f"{tag}_{judge.__name__}"))
        return declare(endpoint)

    return judged_by


def _endpoint(action: Action, judge: Judge, reply: Callable[[Desk], Answer], *, racing: bool) -> Any:
    """What one request of the act does, from the case to the answer."""

    async def endpoint(call: Call, tx: Tx) -> Answer:
        ref = parse_ref(call.path("ref"))
        if racing:
            await wait_for(call.principal, tx, ref)
        case, actor, row = await opened(call, tx, ref, action, racing=racing)
        desk = Desk(call, tx, action, case, actor, row, legal_day(call.now))
        before = totals_of(case)
        told = await judge(desk)
        if isinstance(told, Deed):
            perform(tx, case, told, actor, desk.row)
        elif told is not None:
            advance(tx, case, before, desk.row, told, actor)
        manning.warn(call, tx, case)
        return reply(desk)

    return endpoint


def routes_of(*modules: ModuleType) -> list[HTTPRouteHandler]:
    """What these modules declare, in their order."""
    return [
        each for module in modules for each in vars(module).values() if isinstance(each, HTTPRouteHandler)
    ]
