"""Experts for an appraisal (art. 18): who may be drawn, the draw that anybody can repeat, what is scored.

The text says that the agency picks experts from the pool; that they are drawn at random unless a reason is given is
administrative practice. A draw is an order over the eligible, made from a recorded seed: a replacement is the next.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from service.characters.keys import key
from service.vocabulary import names

# Art. 18 as scored criteria; art. 18 also asks for necessity and technical plan of the materials.
CRITERIA: Mapping[str, str] = names("criterion")
FIELDS: Mapping[str, str] = names("expert_field")
OBJECTIONS: Mapping[str, str] = names("expert_objection")
MAX_EXPERTS = 15


@dataclass(frozen=True, slots=True)
class Expert:
    """An expert as a draw sees one; `valid_to` is the first day the appointment no longer stands."""

    id: str
    fields: frozenset[str]
    employer: str
    employer_office: str | None
    valid_from: date
    valid_to: date | None
    suspended: bool = False
    login: bool = True
    name: str = ""
    told_apart: str = ""

    @property
    def person(self) -> tuple[str, str, str]:
        """Who it is, whatever account it is entered under: name and employer, and what tells namesakes apart."""
        return key(self.name), key(self.employer), key(self.told_apart)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is appraised: fields of expertise wanted (none: any), and whose people step aside."""

    fields: frozenset[str]
    owner_office: str
    interested: frozenset[str]  # names of the owner and of every participating office


def conflict(expert: Expert, subject: Subject) -> bool:
    """Whether the expert's employer owns or builds the project (art. 18: an appraisal is another's judgement)."""
    names = {key(name) for name in subject.interested} - {""}
    return expert.employer_office == subject.owner_office or key(expert.employer) in names


def objection(expert: Expert, subject: Subject, on: date, *, directed: bool = False) -> str | None:
    """Why the expert cannot serve on the day, as a code of OBJECTIONS; a directed choice may cross fields."""
    if on < expert.valid_from or (expert.valid_to is not None and on >= expert.valid_to):
        return "not_valid"
    if expert.suspended:
        return "suspended"
    if not expert.login:
        return "no_login"
    if conflict(expert, subject):
        return "own_employer"
    if not directed and subject.fields and not subject.fields & expert.fields:
        return "other_field"
    return None


def eligible(registered: Iterable[Expert], subject: Subject, on: date) -> tuple[str, ...]:
    """The ids a draw may fall on, sorted: with the seed, all that the draw depends on."""
    return tuple(sorted(expert.id for expert in registered if objection(expert, subject, on) is None))


def same_people(registered: Iterable[Expert], seated: Collection[str]) -> frozenset[str]:
    """Those of the pool who are one of the seated under another account: a person has one seat (art. 18)."""
    experts = list(registered)
    people = {expert.person for expert in experts if expert.id in seated}
    return frozenset(expert.id for expert in experts if expert.person in people and expert.name)


def draw_order(seed: str, ids: Collection[str]) -> tuple[str, ...]:
    """The eligible in the order of the draw: by SHA-256 over seed, line feed and id, then by id."""
    return tuple(sorted(set(ids), key=lambda each: (_lot(seed, each), each)))


def next_drawn(order: Iterable[str], passed: Collection[str]) -> str | None:
    """The first of the order who neither serves nor served nor is barred by now; None when the order is through."""
    return next((each for each in order if each not in passed), None)


def remaining(order: tuple[str, ...], drawn: Collection[str]) -> tuple[str, ...]:
    """What of the order comes after the last one drawn: who was passed over once stays passed over."""
    last = max((index for index, each in enumerate(order) if each in drawn), default=-1)
    return order[last + 1 :]


def follows(order: tuple[str, ...], drawn: Iterable[str]) -> bool:
    """Whether the drawn stand in the order, one after the other: what a check of the draw comes to."""
    places = [order.index(each) if each in order else -1 for each in drawn]
    return all(place >= 0 for place in places) and places == sorted(set(places))


def odd_at_least(figure: int) -> int:
    """The smallest panel: an odd number, so that a majority exists, of at least the figure of the rule book."""
    return max(figure, 1) | 1


def averages(scores: Iterable[Mapping[str, int]]) -> dict[str, str]:
    """By criterion, the mean of all scores with one decimal, half up; nobody's own score shows in it."""
    given = list(scores)
    if not given:
        return {}
    return {name: _mean([each[name] for each in given]) for name in CRITERIA if all(name in e for e in given)}


def majority(recommendations: Iterable[str]) -> str | None:
    """What more than half of the experts recommend, if anything."""
    count = Counter(recommendations)
    top = count.most_common(1)
    return top[0][0] if top and top[0][1] * 2 > count.total() else None


def _mean(values: list[int]) -> str:
    tenths = (20 * sum(values) + len(values)) // (2 * len(values))
    return f"{tenths // 10}.{tenths % 10}"


def _lot(seed: str, each: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{each}".encode()).digest()
