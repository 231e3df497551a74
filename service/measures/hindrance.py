"""Art. 29: force majeure as it is claimed by the owner and found by the organ that takes money back (R28).

A claim is an argument before that organ and no gate: while it waits, a recall answers it; refused, it has no effect;
found to be so, its days move the half year, and while it lasts nothing can be taken back. What begins after the half
year is over came too late to move it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from service.measures.periods import add_months, moved


class Finding(StrEnum):
    """How a claim stands: claimed (it waits), accepted, refused."""

    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Spell:
    """One claim. `until`: the day it ended, None while it lasts; `told`: the day it was claimed."""

    id: str
    since: date
    until: date | None
    state: Finding
    told: date

    @property
    def stop(self) -> tuple[date, date | None]:
        return self.since, self.until


# The claim of a record from before claims were decided: nobody has found anything about it yet.
RECORDED = "recorded"


def spells(fact: Mapping[str, Any]) -> tuple[Spell, ...]:
    """The claims that the fact `force_majeure` carries, in the order in which they were made."""
    if not fact:
        return ()
    claims = fact.get("claims")
    if claims is None:
        claims = [{"id": RECORDED, "since": fact["on"], "until": fact.get("until"), "state": Finding.CLAIMED}]
    return tuple(
        Spell(
            each["id"],
            date.fromisoformat(each["since"]),
            _day(each.get("until")),
            Finding(each["state"]),
            date.fromisoformat(each.get("told") or each["since"]),
        )
        for each in claims
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def pending(fact: Mapping[str, Any]) -> tuple[Spell, ...]:
    """The claims that wait for a decision."""
    return tuple(each for each in spells(fact) if each.state is Finding.CLAIMED)


def accepted(fact: Mapping[str, Any]) -> tuple[Spell, ...]:
    """The claims that were found to be so."""
    return tuple(each for each in spells(fact) if each.state is Finding.ACCEPTED)


def lasting(fact: Mapping[str, Any]) -> Spell | None:
    """The claim that has no end yet and was not refused; there is one at most."""
    return next(
        (each for each in spells(fact) if each.until is None and each.state is not Finding.REFUSED), None
    )


def start_due(approved: date, months: int, fact: Mapping[str, Any], today: date) -> date:
    """The last day to begin on: the months from the approval, later by the days that were found not to count.

    An accepted spell that lasts counts up to today, so that the day is never behind while it lasts. `earlier_days`:
    what spells that were over had given a case before claims were decided.
    """
    due = add_months(approved, months) + timedelta(days=int(fact.get("earlier_days") or 0))
    return moved(due, approved, [each.stop for each in accepted(fact)], today)


def written(claims: tuple[Spell, ...], earlier_days: int = 0) -> dict[str, Any]:
    """The claims as the fact carries them; "on" and "until" are those of the latest."""
    last = claims[-1]
    return {
        "on": last.since.isoformat(),
        "until": last.until.isoformat() if last.until else None,
        "earlier_days": earlier_days,
        "claims": [
            {
                "id": each.id,
                "since": each.since.isoformat(),
                "state": each.state.value,
                "until": each.until.isoformat() if each.until else None,
                "told": each.told.isoformat(),
            }
            for each in claims
        ],
    }
