"""What each step of a case is called in the timeline of an evidence pack: our own words, for officials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.vocabulary import names

STEP_NAMES: Mapping[str, str] = names("action")

# What a step is called where it came out the other way: a reader of the timeline must not take it for the opposite.
AGAINST: Mapping[str, str] = names("action_against")
# Where a record says how it came out, and which answers are in favour.
_FAVOUR: Mapping[str, tuple[object, ...]] = {
    "done": (True,),
    "accepted": (True,),
    "approve": (True,),
    "passed": (True,),
    "agreed": (True,),
    "decision": ("approve",),
    "verdict": ("pass",),
}


def step_name(action: str, record: Mapping[str, Any]) -> str:
    """The step by its outcome; `record`: what the deed recorded, empty where it recorded nothing."""
    told = [record[key] in good for key, good in _FAVOUR.items() if record.get(key) is not None]
    name = STEP_NAMES.get(action, action)
    if told and not all(told):
        return AGAINST.get(action, f"{name}：没有通过")
    return name
