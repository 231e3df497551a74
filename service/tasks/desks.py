"""Whose queues they are: the sources that a reader has, by what he may do and where he sits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from service.kit.asking import Asking
from service.kit.authn import Principal
from service.kit.clock import SHANGHAI, legal_day
from service.kit.scopes import bound_office
from service.measures.offices import Tier
from service.measures.organs import slot_of
from service.measures.parameters import BeforeFirstRules, RuleBook, UnknownParameter
from service.rulebook.book import RuleBooks
from service.sheets.targets import mine as second_sheets
from service.tasks import sources, things
from service.tasks.lines import NO_DAY, Source
from service.tasks.queues import OF_DUTIES, of_cases, of_duties, owner_of
from service.tasks.reading import NamedSource

TERM, STEPS = "gatekeeping.practice_days", "review.city_steps"
DEFAULT_DAYS = 10
# Sources that stand on a permission alone: name, pair, source, queue; of cases, or of the reader's own tenant.
_BY_RIGHT_CASES = (
    ("suspicions", ("suspicion", "decide"), sources.doubtful, "suspicion"),
    ("assignments", ("assignment", "score"), things.assignments, "assignment"),
    ("entries", ("library", "import"), things.proposed_entries, "entry_confirmation"),
    ("spills", ("spill", "confirm"), things.requested_spills, "spill_confirmation"),
)
_BY_RIGHT_OWN = (
    ("adoptions", ("adoption", "confirm"), things.requested, "adoption"),
    ("provisions", ("provision", "decide"), things.confirmed, "provision"),
    ("invitations", ("link", "answer"), things.invited, "invitation"),
    ("clients", ("client", "confirm"), things.pending_clients, "client_confirmation"),
    ("issuers", ("issuer", "confirm"), things.pending_issuers, "issuer_confirmation"),
    ("rounds", ("declaration_round", "confirm"), things.proposed_rounds, "round_confirmation"),
    ("amendments", ("rulebook.amendment", "confirm"), things.proposed_amendments, "amendment_confirmation"),
)


@dataclass
class Desks:
    """The reader's sources: of cases (of all tenants, for the province's organs) and of his own tenant."""

    cases: list[NamedSource] = field(default_factory=list)
    own: list[NamedSource] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)

    def only(self, queue: str | None) -> tuple[tuple[NamedSource, ...], tuple[NamedSource, ...]]:
        """The sources that can hold the queue."""

        def kept(sources: list[NamedSource]) -> tuple[NamedSource, ...]:
            return tuple(each for each in sources if queue is None or queue in each.queues)

        return kept(self.cases), kept(self.own)


def desks_of(call: Asking, queue: str | None = None) -> Desks:
    """Everything that can wait for the caller."""
    principal, one = call.principal, queue is not None
    book, today = call.service(RuleBooks).of(principal.tenant), legal_day(call.now)
    found = Desks(params=_params(call, book, today, queue))
    _of_cases(found, principal, _steps(book, today))
    _of_duties(found, principal, one=one)
    _by_right(found, call)
    return found


def _params(call: Asking, book: RuleBook, today: date, queue: str | None) -> dict[str, Any]:
    principal = call.principal
    person = principal.actor.partition(" via ")[0]
    return {
        "today": today,
        "term_days": term_days(book, today),
        "office": owner_of(principal)[1] or principal.seat or principal.office,
        "me": principal.user,
        "user": principal.user or f"client:{principal.client}",
        "actor": person,
        "sheets": second_sheets(call),
        "queue": queue,
    }


def _of_cases(found: Desks, principal: Principal, steps: str) -> None:
    mine, office = owner_of(principal)
    for queue in of_cases(principal, steps):
        narrow = queue.holder == "owner" and mine and office is not None
        for state in queue.states:
            for route in queue.routes:
                name = f"{queue.code}:{state.value}:{route}:{'+'.join(queue.when)}:{narrow}"
                source = sources.cases(queue, state.value, route, office=narrow)
                found.cases.append(NamedSource(name, source, frozenset({queue.code}), route))


def _of_duties(found: Desks, principal: Principal, *, one: bool) -> None:
    whole = bound_office(principal.scope) is None  # of one office's duties no other's are looked for

    def add(name: str, source: Source, queues: frozenset[str] = OF_DUTIES) -> None:
        found.cases.append(NamedSource(f"{name}:{whole}", source, queues, by_office=whole))

    for number, desk in enumerate(of_duties(principal)):
        found.params[f"desk_{number}"] = desk
        add(f"desk:{number}:{one}", sources.desk(number, one=one))
    mine, office = owner_of(principal)
    if mine and office is not None:
        found.cases.append(NamedSource(f"owner:{one}", sources.owner(one=one), OF_DUTIES))
    elif mine:
        for of in (Tier.CITY, Tier.COUNTY):
            add(f"owners:{of.value}:{one}", sources.owners(of, one=one))
    if "supervisor" in principal.roles:
        for tier in ("province",) if principal.tier == "province" else ("city", "county"):
            add(f"overdue:{tier}", sources.overdue(tier), frozenset({"overdue"}))


def _by_right(found: Desks, call: Asking) -> None:
    principal = call.principal

    def may(pair: tuple[str, str]) -> bool:
        return call.services.policy.allowed(principal, *pair)

    def add(where: list[NamedSource], name: str, source: Source, queue: str) -> None:
        where.append(NamedSource(name, source, frozenset({queue})))

    for where, rights in ((found.cases, _BY_RIGHT_CASES), (found.own, _BY_RIGHT_OWN)):
        for name, pair, source, queue in rights:
            if may(pair):
                add(where, name, source, queue)
    if "agency" in principal.roles and found.params["office"]:
        add(found.cases, "commissioned", sources.commissioned, "appraisal")
    if "info_centre" in principal.roles:
        add(found.cases, f"frameworks:{principal.tier}", things.unsigned(principal.tier), "framework")
    if may(("order", "issue")) and principal.tier != "county":
        for slot in slot_of(Tier(principal.tier), principal.roles):
            organ = f"{principal.tier}.{slot.value}"
            add(found.cases, f"orders:{organ}", things.answered(organ), "order_answered")
    if found.params["sheets"]:
        add(found.own, "workbooks", things.checked_workbooks, "workbook_confirmation")


def term_days(book: RuleBook, today: date) -> int:
    """How long gatekeeping may take by practice (arts 9, 23 name no period); a city may have made it shorter."""
    return int(_asked(lambda: book.number_on(TERM, today), DEFAULT_DAYS))


def _steps(book: RuleBook, today: date) -> str:
    return str(_asked(lambda: book.text_on(STEPS, today), "direct"))


def _asked(read: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return read()
    except (UnknownParameter, BeforeFirstRules):
        return otherwise


def behind(place: Mapping[str, Any], days: int) -> dict[str, Any]:
    """A cursor's place as parameters; `floor`: from when on a queue's index holds what lies behind it."""
    due, at = place["after_due_order"], place["after_since"]
    endless = due == NO_DAY
    begun = datetime(1, 1, 2, tzinfo=UTC)
    term = datetime.max.replace(tzinfo=UTC) if endless else _midnight(due, days)
    return {**place, "floor": at if endless else begun, "floor_term": term}


def _midnight(due: date, days: int) -> datetime:
    return datetime.combine(due - timedelta(days=days), datetime.min.time(), SHANGHAI)
