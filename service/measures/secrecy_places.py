"""Where in a request a mark stands: told to whom sent it, in the answer and nowhere else.

Places are JSON pointers made of plain names and indexes. A key that is not a plain name may itself be what was marked
and is never repeated: the pointer then ends at the object that holds it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from service.measures.secrecy import Finding, Verdict, look

MOST = 5  # places that are told
_DEPTH = 64
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FORM = re.compile(rb"[A-Za-z0-9_.%+*-]{1,80}=[^\s\"{}]*")
_UNKNOWN_SIZE = 1 << 20  # a part that nobody could name is not searched beyond this


class Told(NamedTuple):
    """The verdict, and (pointer, words) of what is marked; a pointer '' is the whole."""

    verdict: Verdict
    places: tuple[tuple[str, str], ...] = ()


def look_at_body(raw: bytes) -> Told:
    """The verdict on a body, with the fields that carry the marks."""
    found = look(raw)
    if found.verdict is not Verdict.MARKED:
        return Told(found.verdict)
    return Told(found.verdict, tuple(_in_json(raw) or _in_form(raw) or [("", found.words)])[:MOST])


def parameter(query: bytes) -> tuple[str, str] | None:
    """(name, words) of the marked parameter of a query string; None when it cannot be told."""
    return next(iter(_in_form(query)), None)


def answer(raw: bytes) -> list[Any]:
    """As `look_at_body`, as JSON has it: what the process for large bodies hands back."""
    told = look_at_body(raw)
    return [told.verdict.value, [list(place) for place in told.places]]


def _in_form(raw: bytes) -> list[tuple[str, str]]:
    if len(raw) > _UNKNOWN_SIZE or not _FORM.match(raw):
        return []
    places = []
    for name, value in parse_qsl(raw.decode("latin-1"), keep_blank_values=True, encoding="latin-1"):
        found = look(value.encode("latin-1"))
        if found.verdict is Verdict.MARKED:
            places.append((name if _PLAIN.fullmatch(name) else "", found.words))
    return places


def _in_json(raw: bytes) -> list[tuple[str, str]]:
    """All members are kept, since of two with one name the later would hide the earlier."""
    try:
        value = json.loads(raw, object_pairs_hook=_Members)
    except (ValueError, RecursionError):
        return []
    places: list[tuple[str, str]] = []
    for place in _walk(value, "", 0):
        places.append(place)
        if len(places) == MOST:
            break
    return places


class _Members(list[tuple[str, Any]]):
    """The members of an object, in order."""


def _walk(value: Any, pointer: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if (found := _look(value)) is not None:
            yield pointer, found.words
    elif depth < _DEPTH and isinstance(value, _Members):
        for key, inner in value:
            yield from _member(key, inner, pointer, depth)
    elif depth < _DEPTH and isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, f"{pointer}/{index}", depth + 1)


def _member(key: str, inner: Any, pointer: str, depth: int) -> Iterator[tuple[str, str]]:
    at = f"{pointer}/{key}" if _PLAIN.fullmatch(key) else pointer
    if key == "classified" and inner is True:
        yield at, "classified: true"
        return
    told = False
    for place in _walk(inner, at, depth + 1):
        told = True
        yield place
    if not told:  # in the key, or in both together: {"密级": "机密"}
        whole = f"{key}: {inner}" if isinstance(inner, str) else key
        if (found := _look(whole)) is not None:
            yield at, found.words


def _look(text: str) -> Finding | None:
    found = look(json.dumps(text, ensure_ascii=False).encode("utf-8", "ignore"))
    return found if found.verdict is Verdict.MARKED else None
