"""What an event says in words it says as a field too: amounts and days, wherever in the data they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

_YUAN = re.compile(r"(\d[\d,]*(?:\.\d+)?) ?元")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SAID = ("message", "steps", "reason")


def only_said(data: dict[str, Any]) -> list[str]:
    """The figures of a message that no other member of the event has."""
    message = str(data.get("message") or "")
    there = list(_leaves({name: of for name, of in data.items() if name not in _SAID}))
    days = {day for text in there for day in _DAY.findall(str(text))}
    amounts = {
        Decimal(str(value).replace(",", ""))
        for value in there
        if re.fullmatch(r"-?[\d,]+(\.\d+)?", str(value))
    }
    missing = [day for day in _DAY.findall(message) if day not in days]
    for text in _YUAN.findall(message):
        if Decimal(text.replace(",", "")) not in amounts:
            missing.append(f"{text} 元")
    return missing


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    else:
        yield value
