"""What a deadline is made of: a case on a day, whose duty it is, what pauses it, and the obligation itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from service.measures.findings import Severity
from service.measures.gates import GatedCase
from service.measures.hindrance import accepted
from service.measures.lifecycle_states import Procedure, State
from service.measures.offices import Tier
from service.measures.organs import ROLES, Slot, deciding_tier
from service.measures.rule_entries import Basis
from service.vocabulary import names


class Status(StrEnum):
    """open: may still be kept; lapsed: owed and late; done: kept; void: no longer owed."""

    OPEN = "open"
    LAPSED = "lapsed"
    DONE = "done"
    VOID = "void"


class Halt(StrEnum):
    """What lets a deadline rest or moves it; each is a recorded fact, never a date typed in for the deadline."""

    FORCE_MAJEURE = "force_majeure"
    SUSPENSION = "suspension"
    EXTENSION = "extension"


HALT_NAMES: Mapping[str, str] = names("halt")
HALT_ARTICLES: Mapping[Halt, int] = {Halt.FORCE_MAJEURE: 29, Halt.SUSPENSION: 41, Halt.EXTENSION: 30}

# Our own words for each duty.
TITLES: Mapping[str, str] = names("duty")
# Duties that are kept once they are no longer derived (an order that stands open no more has been closed), and the
# states in which that means the opposite.
ENDS_WHEN_GONE: Mapping[str, frozenset[State]] = {
    "rectification": frozenset(),
    "change_decision": frozenset(),
    "extension_decision": frozenset({State.ACCEPTED, State.EVALUATED}),  # accepted without an answer
    "end_decision": frozenset(),
    "force_majeure_decision": frozenset(),
    "supplementary_filing": frozenset(),
    "gatekeeping": frozenset(),
    "need_report": frozenset({State.NEED_RETURNED}),
}


@dataclass(frozen=True, slots=True)
class Duty:
    """Who has to act: the owner's own office (no roles), or the desk whose roles are named, of a tier."""

    tier: Tier
    roles: tuple[str, ...] = ()

    @property
    def of_owner(self) -> bool:
        return not self.roles

    @property
    def desk(self) -> str:
        """Whose it is as one word: "city.gatekeeper+approver"; "city." is the owner's."""
        return f"{self.tier.value}.{'+'.join(self.roles)}"

    @property
    def supervisor(self) -> Tier:
        """The tier whose supervisors learn of a lapse: a county's duties are seen by its city (art. 5)."""
        return Tier.PROVINCE if self.tier is Tier.PROVINCE else Tier.CITY


# Desks of more than one role together: the duty is each one's.
TOGETHER = (("gatekeeper", "approver"), ("office", "drc"))


def desks_of(tier: str, roles: Iterable[str]) -> list[str]:
    """The desks, as duties name them (`Duty.desk`), whose duties somebody with these roles has."""
    held = list(roles)
    together = [pair for pair in TOGETHER if not set(pair).isdisjoint(held)]
    return [f"{tier}.{'+'.join(each)}" for each in (*((role,) for role in held), *together)]


# Who hears of a lapse beside whoever has the duty and their supervisors (R31): the owner whose approval it is, and the
# leading group's office that waits for it.
ALSO_TOLD: Mapping[str, tuple[Duty | None, ...]] = {
    code: (None, Duty(Tier.PROVINCE, (ROLES[Tier.PROVINCE][Slot.GENERAL_OFFICE],)))
    for code in ("filing", "supplementary_filing")
}  # None: the owner's own office


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that does not count, or an extension, with its reason; `until` None: it lasts."""

    halt: Halt
    since: date
    until: date | None

    @property
    def stop(self) -> tuple[date, date | None]:
        return self.since, self.until

    def lasts(self, today: date) -> bool:
        """Whether the deadline rests today; an extension moves a date and rests nothing. Force majeure ends on its
        last day (R28), a suspension on the day it goes on (R44)."""
        if self.halt is Halt.EXTENSION or today < self.since:
            return False
        if self.until is None:
            return True
        return today < self.until if self.halt is Halt.SUSPENSION else today <= self.until


@dataclass(frozen=True, slots=True)
class Obligation:
    """One deadline of a case. `points`: its own reminder days beside the usual ones, as (name, day);
    `amended_by`: the documents that amended the figures it was worked out by."""

    code: str
    key: str
    duty: Duty
    due: date
    since: date
    article: int
    basis: Basis
    severity: Severity
    status: Status
    paused: bool = False
    done_on: date | None = None
    pauses: tuple[Pause, ...] = ()
    points: tuple[tuple[str, date], ...] = ()
    amended_by: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return TITLES[self.code]


@dataclass(frozen=True, slots=True)
class CaseOnDay:
    """A case as deadlines read it. `gated` carries today, the dated facts and the figures of the case's tenant;
    `provincial` the province's own figures: what a city shortens binds nobody at the province (law.md, trap 8).
    `since`: the day the case came into its state; `queries`: filing query → (asked, answered or None);
    `opinions`: slot → the day of its last opinion in a joint review.
    """

    state: State
    procedure: Procedure | None
    declarer: Tier
    gated: GatedCase
    created: date
    since: date | None = None
    filed: date | None = None
    provincial: Mapping[str, Any] = field(default_factory=dict)
    queries: Mapping[str, tuple[date, date | None]] = field(default_factory=dict)
    opinions: Mapping[str, date] = field(default_factory=dict)
    below_limit: bool = False  # what a city's draft declares so far (art. 9)

    @property
    def today(self) -> date:
        return self.gated.on

    @property
    def entered(self) -> date:
        """The day of the state; the day of registration for a case that was taken over in it."""
        return self.since or self.created

    def day(self, name: str) -> date | None:
        return self.gated.day(name)

    def fact(self, name: str) -> Mapping[str, Any]:
        return self.gated.fact(name)

    def figure(self, key: str, default: int, tier: Tier = Tier.CITY) -> int:
        """A period; for a provincial duty as the province has it."""
        return int((self.provincial if tier is Tier.PROVINCE else self.gated.figures).get(key, default))

    def owner(self) -> Duty:
        return Duty(self.declarer)

    def organ(self, *slots: Slot, tier: Tier | None = None) -> Duty:
        """The desk that holds the slots in the deciding tier (R5), or in the tier that is named."""
        if tier is None:
            tier = Tier.PROVINCE if self.procedure is None else deciding_tier(self.procedure)
        return Duty(tier, tuple(ROLES[tier][slot] for slot in slots))

    def accepting(self) -> Tier:
        """Whose organs accept: a city's for whatever the city declared, the province's for departments (art. 32)."""
        return Tier.PROVINCE if self.procedure is Procedure.DEPARTMENTAL else Tier.CITY

    def halts(self, *wanted: Halt) -> tuple[Pause, ...]:
        """The recorded times that do not count. A suspension without an end lasts while the state says so."""
        found = []
        if Halt.FORCE_MAJEURE in wanted:  # what was found to be so; a claim alone moves nothing (R28)
            found += [
                Pause(Halt.FORCE_MAJEURE, each.since, each.until)
                for each in accepted(self.fact("force_majeure"))
            ]
        if Halt.SUSPENSION in wanted:
            fact, since = self.fact("suspended"), self.day("suspended")
            until = date.fromisoformat(fact["until"]) if fact.get("until") else None
            if since is not None and (until is not None or self.state is State.SUSPENDED):
                found.append(Pause(Halt.SUSPENSION, since, until))
        return tuple(found)

    def owed(
        self,
        code: str,
        due: date,
        since: date,
        duty: Duty,
        article: int,
        *,
        key: str = "",
        practice: bool = False,
        severity: Severity = Severity.NOTICE,
        done: date | None = None,
        failed: bool = False,
        pauses: Sequence[Pause] = (),
        points: Sequence[tuple[str, date]] = (),
    ) -> Obligation:
        """The obligation with its status of today: kept, resting, late, or open. The due day itself is in time."""
        resting = done is None and any(pause.lasts(self.today) for pause in pauses)
        late = (failed or self.today > due) and not resting
        status = Status.DONE if done is not None else Status.LAPSED if late else Status.OPEN
        return Obligation(
            code,
            key,
            duty,
            due,
            since,
            article,
            Basis.PRACTICE if practice else Basis.LAW,
            severity,
            status,
            resting,
            done,
            tuple(pauses),
            tuple(points),
        )


def days(count: int) -> timedelta:
    return timedelta(days=count)
