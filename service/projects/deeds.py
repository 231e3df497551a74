"""How an act of the Measures is declared: one function that judges, one line that says which act and where.

`deed(...)` makes the route: the case as the caller read it, the table's leave before anything of the body is judged,
record, facts, step, totals, audit and event in one statement, the answer. What it is told of is the registry that
`actions`, contract tests and the sandbox look operations up in (operations.py). Acts beside the table
(measures/side_acts.py) are declared alike: they ask the row of the act they go along with, or none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, fields
from datetime import date
from functools import wraps
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import Error
from service.kit.ids import Ref, parse_ref
from service.kit.outbox import Recipient
from service.measures.gates import GatedCase
from service.measures.lifecycle import Action, Transition
from service.measures.side_acts import SIDE_ACTS
from service.projects import manning
from service.projects.case import Case, load, wait_for
from service.projects.dated_facts import gated_case_of
from service.projects.errors import REFUSED, SHUT
from service.projects.grounds import with_ground
from service.projects.operations import declare as declared
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
    def gated(self) -> GatedCase:
        """What gates and days are judged by: dated facts, figures, the day."""
        case, actor = self.case, self.actor
        return gated_case_of(
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


@dataclass(frozen=True)
class Way:
    """How a request of an act goes where it goes otherwise than most."""

    racing: bool = False  # organs act side by side, each waits for the other and no version is asked for
    hands_in: bool = False  # a text of one's own is handed in: what is known of it is read with the case
    waits: bool = (
        False  # a desk has to act next; who sends it there is told when nobody is at it (manning.py)
    )
    gated: bool | None = True  # whether the table has gates for the act; None: the table is not asked
    asked: bool = True  # False: only the judge can ask the table
    first: First | None = None  # what is known before the table is asked
    if_match: bool | None = None  # by itself, for acts of the table that do not race
    of_case: bool = True  # whether an If-Match names the version of the case
    reply: Reply = answered  # what is answered instead of the case


_WAYS = tuple(each.name for each in fields(Way))
_REFUSALS: dict[bool | None, tuple[Error, ...]] = {True: (REFUSED, SHUT), False: (REFUSED,), None: ()}


def deed(
    verb: str,
    action: Action | str | None,
    *,
    may: str,
    tag: str,
    method: str = "POST",
    also: tuple[Action, ...] = (),
    errors: tuple[Error, ...] = (),
    **more: Any,
) -> Callable[[Judge], HTTPRouteHandler]:
    """Declares POST /projects/{ref}/<verb> above its judge, whose name is the operation's and whose docstring says it.

    `action`: an act of the table, the name of one beside it, or None for what `actions` do not tell; `also` what it may
    turn out to be. `may`: resource/action of the policy. `errors`: beside what table and gates refuse. `more`: what Way
    has, and of Spec body, summary and whatever else.
    """
    way = Way(**{name: more.pop(name) for name in _WAYS if name in more})
    versioned = isinstance(action, Action) and not way.racing if way.if_match is None else way.if_match
    told = {"where": "cases", "answer": ProjectView, "before": manning.look if way.waits else None, **more}
    resource, _, act = may.partition("/")
    declare = operation(
        method,
        f"/projects/{{ref:str}}/{verb}".rstrip("/"),
        resource=resource,
        action=act,
        tag=tag,
        if_match=versioned,
        errors=(*_REFUSALS[way.gated], *errors),
        **told,
    )

    def judged_by(judge: Judge) -> HTTPRouteHandler:
        name = f"{tag}_{judge.__name__}"
        declared(name, judge.__module__, judge.__name__, *(also if action is None else (action, *also)))
        row = action if action is None or isinstance(action, Action) else _ALONG[action]
        return declare(wraps(judge)(_endpoint(way, row, judge, versioned=versioned and way.of_case)))

    return judged_by


def _endpoint(way: Way, action: Action | None, judge: Judge, *, versioned: bool) -> Any:
    """What one request does, from the case to the answer. `action`: whose row of the table is asked."""

    async def endpoint(call: Call, tx: Tx) -> Answer:
        ref = parse_ref(call.path("ref"))
        if way.racing:
            await wait_for(call.principal, tx, ref)
        today = legal_day(call.now)
        more = with_ground(today) if way.hands_in else {}
        case = await load(tx, call.principal, ref, call.expected if versioned else None, **more)
        desk = Desk(call, tx, case, actor_of(call), today, totals_of(case))
        if action is not None:
            desk.action = action
        known = None if way.first is None else way.first(desk)
        route = known if known is None or isinstance(known, str) else await known
        if action is not None and way.asked:
            desk.ask(route)
        told = await judge(desk)
        if isinstance(told, Deed):
            perform(tx, case, told, desk.actor, desk.row)
        elif told is not None:
            advance(tx, case, desk.before, desk.row, told, desk.actor)
        manning.warn(call, tx, case)
        answer = way.reply(desk)
        return answer if isinstance(answer, Answer) else await answer

    return endpoint
