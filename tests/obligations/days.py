"""A case on a day of its life, and what it owes then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from service.measures.deadlines import CaseOnDay, Obligation, Status, due
from service.measures.gates import GatedCase
from service.measures.lifecycle_states import Procedure, State
from service.measures.offices import Tier

FILING, REVIEW, DEPARTMENT = Procedure.CITY_FILING, Procedure.PROVINCIAL_REVIEW, Procedure.DEPARTMENTAL
ONE = timedelta(days=1)


def on(day: str, **value: Any) -> dict[str, Any]:
    return {"on": day, **value}


def case(state: State, today: str, procedure: Procedure | None = FILING, **more: Any) -> CaseOnDay:
    facts = {name: value for name, value in more.pop("facts", {}).items() if value is not None}
    figures = more.pop("figures", {})
    tier = Tier.PROVINCE if procedure is DEPARTMENT else Tier.CITY
    for name in ("since", "created", "filed"):
        if isinstance(more.get(name), str):
            more[name] = date.fromisoformat(more[name])
    more.setdefault("created", date(2025, 1, 10))
    return CaseOnDay(
        state,
        procedure,
        more.pop("declarer", tier),
        GatedCase(date.fromisoformat(today), facts, figures),
        **more,
    )


def the(made: CaseOnDay, code: str, key: str | None = None) -> Obligation:
    found = [each for each in due(made) if each.code == code and key in (None, each.key)]
    assert len(found) == 1, [(each.code, each.key) for each in due(made)]
    return found[0]


def none(made: CaseOnDay, code: str) -> bool:
    return code not in {each.code for each in due(made)}


def edges(state: State, code: str, last: str, **more: Any) -> Obligation:
    """Open on the day before and on the last day itself, late on the day after; the last day's obligation."""
    day = date.fromisoformat(last)
    for today, status in ((day - ONE, Status.OPEN), (day, Status.OPEN), (day + ONE, Status.LAPSED)):
        found = the(case(state, today.isoformat(), **more), code)
        assert (found.due, found.status) == (day, status), (today, found)
    return the(case(state, last, **more), code)
