"""How an act of the Measures is declared: one function that judges, one line that says which act and where.

`deed(...)` makes the route: the case as the caller read it, the table's leave before anything of the body is judged,
record, facts, step, totals, audit and event in one statement, the answer. What it is told of is the registry that
`actions`, contract tests and the sandbox look operations up in (operations.py). Acts beside the table
(measures/side_acts.py) are declared alike: they ask the row of the act they go along with, or none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from inspect import isawaitable
from types import ModuleType
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import Error
from service.kit.ids import Ref, parse_ref
from service.kit.outbox import Recipient
from service.measures.gates import Standing
from service.measures.lifecycle import Action, Transition
from service.measures.side_acts import SIDE_ACTS
from service.projects import manning
from service.projects.case import Case, load, wait_for
from service.projects.errors import REFUSED, SHUT
from service.projects.facts import standing_of
from service.projects.operations import DECLARED, JUDGED
from service.projects.phases import Deed, perform
from service.projects.schemas_out import ProjectView
from service.projects.state import Actor, Step, Totals, actor_of, advance, permit, totals_of
from service.projects.views import view

# The act of the table whose row an act beside it goes by.
_ALONG = {act.name: act.along for act in SIDE_ACTS}


@dataclass
class Desk:
    """What a judge sees: the request, the case on which the table permits the act, who acts, and the day."""

    call: Call
    tx: Tx
    case: Case
    actor: Actor
    today: date
    before: Totals | None  # where the case was counted when the request came
    action: Action = field(init=False)  # whose row of the table is asked; most acts beside it have none
    row: Transition = field(init=False)
    moved: dict[str, Any] = field(
        default_factory=dict
    )  # what amended law changed of the route (rerouting.py)
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

    def ask(self, route: str | None = None) -> None:
        """The table's leave, or 409; by another route than the case's own where that is still to be decided."""
        self.row = permit(self.case, self.action, self.actor, route)

    def become(self, action: Action) -> None:
        """What was asked for turns out to be another act, which the table permits as well or refuses."""
        self.action = action
        self.ask()

    def told(self, event: str, recipients: list[Recipient], **more: Any) -> Deed:
        """The deed of the act declared, today unless `on` says otherwise; `more` as in Deed."""
        return Deed(self.action, more.pop("on", self.today), event, recipients, **more)

    def step(self, event: str, recipients: list[Recipient], **more: Any) -> Step:
        """The step of the act declared: it moves the case and leaves no record of its own; `more` as in Step."""
        return Step(self.action, event, recipients, **more)


# A deed leaves a record and facts; a step only moves the case (declaration, gatekeeping); None: the judge has moved it.
Judge = Callable[[Desk], Awaitable[Deed | Step | None]]
# What must be known before the table is asked: the route to ask by where it is not the case's own.
First = Callable[[Desk], Awaitable[str | None] | str | None]
Reply = Callable[[Desk], Awaitable[Answer] | Answer]


def answered(desk: Desk) -> Answer:
    """The case as it stands after the act."""
    return Answer(view(desk.case, desk.call), version=desk.case.version)


def made(kind: str, reply: Callable[[Desk, Ref], Any]) -> Callable[[Desk], Answer]:
    """The answer of an act that makes a thing of that kind, whose id and view the judge left: 201 and where it is."""

    def answer(desk: Desk) -> Answer:
        ref = Ref(desk.case.tenant_id, desk.left[0])
        headers = {"location": f"/api/v1/{kind}/{ref}"}
        return Answer(reply(desk, ref), version=desk.case.version, headers=headers)

    return answer


def deed(
    verb: str,
    action: Action | str | None,
    *,
    may: str,
    tag: str,
    method: str = "POST",
    racing: bool = False,
    waits: bool = False,
    gated: bool | None = True,
    of_case: bool = True,
    also: tuple[Action, ...] = (),
    first: First | None = None,
    asked: bool = True,
    reply: Reply = answered,
    errors: tuple[Error, ...] = (),
    **spec: Any,
) -> Callable[[Judge], HTTPRouteHandler]:
    """Declares POST /projects/{ref}/<verb> above its judge, whose name is the operation's and whose docstring says it.

    `action`: an act of the table, the name of one beside it, or None for what `actions` do not tell. `may`:
    resource/action of the policy. `racing`: organs act side by side, each waits for the other and no version is asked
    for. `waits`: a desk has to act next, whoever sends it there is told when nobody is at it (manning.py). `gated`:
    whether the table has gates for the act; None: the table is not asked. `of_case`: whether an If-Match names the
    version of the case. `also`: what it may turn out to be. `first`: what is known before the table is asked; `asked`
    False: the judge asks it. `reply`: what is answered instead of the case. `errors`: beside what table and gates
    refuse. `spec`: body, summary and whatever else of Spec.
    """
    resource, _, act = may.partition("/")
    whose = action if action is None or isinstance(action, Action) else _ALONG[action]
    versioned = spec.pop("if_match", isinstance(action, Action) and not racing)
    declare = operation(
        method,
        f"/projects/{{ref:str}}/{verb}".rstrip("/"),
        resource=resource,
        action=act,
        tag=tag,
        if_match=versioned,
        errors=(*_REFUSALS[gated], *errors),
        **{
            "where": "cases",
            "answer": ProjectView,
            "before": manning.look if waits else None,
            **spec,
        },
    )
    way = _Way(whose, first, reply, asked=asked, racing=racing, versioned=versioned and of_case)

    def judged_by(judge: Judge) -> HTTPRouteHandler:
        endpoint = wraps(judge)(_endpoint(way, judge))
        name = f"{tag}_{judge.__name__}"
        DECLARED.update(dict.fromkeys(also if action is None else (action, *also), name))
        JUDGED[name] = (judge.__module__, judge.__name__)
        return declare(endpoint)

    return judged_by


_REFUSALS: dict[bool | None, tuple[Error, ...]] = {True: (REFUSED, SHUT), False: (REFUSED,), None: ()}


@dataclass(frozen=True)
class _Way:
    """What `deed` was told of how a request goes. `action`: whose row is asked."""

    action: Action | None
    first: First | None
    reply: Reply
    asked: bool
    racing: bool
    versioned: bool


def _endpoint(way: _Way, judge: Judge) -> Any:
    """What one request of the act does, from the case to the answer."""

    async def endpoint(call: Call, tx: Tx) -> Answer:
        ref = parse_ref(call.path("ref"))
        if way.racing:
            await wait_for(call.principal, tx, ref)
        case = await load(tx, call.principal, ref, call.expected if way.versioned else None)
        desk = Desk(call, tx, case, actor_of(call), legal_day(call.now), totals_of(case))
        if way.action is not None:
            desk.action = way.action
        known = None if way.first is None else way.first(desk)
        route = await known if isawaitable(known) else known
        if way.action is not None and way.asked:
            desk.ask(route)
        told = await judge(desk)
        if isinstance(told, Deed):
            perform(tx, case, told, desk.actor, desk.row)
        elif told is not None:
            advance(tx, case, desk.before, desk.row, told, desk.actor)
        manning.warn(call, tx, case)
        answer = way.reply(desk)
        return await answer if isawaitable(answer) else answer

    return endpoint


def routes_of(*modules: ModuleType) -> list[HTTPRouteHandler]:
    """What these modules declare, in their order."""
    return [
        each for module in modules for each in vars(module).values() if isinstance(each, HTTPRouteHandler)
    ]
