"""What every answer has in common: documented headers, yuan and never fen, one spelling of time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx

from tests.contract.operations import Operation, resolved

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_ONE_SPELLING = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_TOLD = (
    "etag",
    "link",
    "location",
    "retry-after",
    "idempotent-replayed",
    "last-modified",
    "www-authenticate",
)


def wire_faults(operation: Operation, answer: httpx.Response) -> list[str]:
    """What is wrong with the spelling of an answer of 2xx; [] when nothing is."""
    documented = {
        name.lower()
        for name in resolved(operation.doc["responses"][str(answer.status_code)]).get("headers", {})
    }
    faults = [
        f"header {name} is not documented" for name in _TOLD if name in answer.headers.keys() - documented
    ]
    if answer.headers.get("content-type", "").endswith("json"):
        faults += in_json(answer.json())
    return faults


def in_json(value: Any) -> Iterator[str]:
    """The faults inside plain data."""
    for pointer, key, text in _texts(value, ""):
        if key.endswith("_fen"):
            yield f"{pointer} is in fen"
        if isinstance(text, str) and _TIME.match(text) and not _ONE_SPELLING.fullmatch(text):
            yield f"{pointer} spells time as {text}"


def _texts(value: Any, at: str) -> Iterator[tuple[str, str, Any]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield f"{at}/{step}", str(step), inner
        yield from _texts(inner, f"{at}/{step}")
