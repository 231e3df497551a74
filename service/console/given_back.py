"""Why a case came back or was halted: the first thing its owner asks, told before all else on every page of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from service.console.visiting import Visit

# What somebody else decided and gave a reason for.
STATES = frozenset({"returned", "need_returned", "suspended", "terminated"})


class GivenBack(NamedTuple):
    """The act that brought the case here, who did it, when, and the reason that was given."""

    action: str
    person: Mapping[str, Any] | None
    at: str
    reason: str


def given_back(project: Mapping[str, Any], history: Mapping[str, Any] | None) -> GivenBack | None:
    """None where the case stands where it was carried to, or where no reason was given."""
    if project["state"] not in STATES or not history:
        return None
    last = next(
        (each for each in reversed(history["transitions"]) if each["to_state"] == project["state"]), None
    )
    if last is None or not last["reason"]:
        return None
    return GivenBack(last["action"], last["actor_person"], last["at"], last["reason"])


def untouched(project: Mapping[str, Any], back: GivenBack | None) -> bool:
    """Whether it came back and was not changed since: then changing it comes first, and handing in does not press."""
    return back is not None and project["updated_at"] <= back.at


async def given_back_of(visit: Visit, project: Mapping[str, Any] | None) -> GivenBack | None:
    """The same where the page has not read what happened: one read, of cases that came back only."""
    if project is None or project["state"] not in STATES:
        return None
    return given_back(project, await visit.maybe("projects_history", ref=project["id"]))
