"""What a JSON text says that readers take differently: a name given twice in one object, a number no double can hold.

Of two members with one name one reader keeps the first and another the last (RFC 8259, section 4); so neither counts,
wherever in the text they stand. One pass, linear in the length of the text; places are looked up only where one is.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from service.kit.errors import FieldError

_DIGITS = 400  # a longer integer is beyond every double, and Python refuses to read one of thousands
TWICE, TOO_LARGE = "duplicate_key", "invalid_value"


class _Twice(dict[str, Any]):
    """An object of which some names stand more than once."""

    names: tuple[str, ...] = ()


class _Reader:
    """Reads one text, and notes whether anything in it is to be told."""

    def __init__(self) -> None:
        self.found = False

    def read(self, raw: bytes) -> Any:
        return json.loads(
            raw,
            object_pairs_hook=self._object,
            parse_int=self._integer,
            parse_float=self._number,
            parse_constant=_constant,
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        self.found = True
        twice = _Twice(made)
        twice.names = tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return twice

    def _integer(self, digits: str) -> int | float:
        return int(digits) if len(digits) <= _DIGITS else self._number("inf")

    def _number(self, text: str) -> float:
        number = float(text)
        self.found = self.found or math.isinf(number)
        return number


def _constant(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are no JSON


def misread(raw: bytes, most: int) -> list[FieldError]:
    """At most `most` such places of a JSON text, with pointers. ValueError, RecursionError for what is no JSON."""
    reader = _Reader()
    tree = reader.read(raw)
    if not reader.found:
        return []
    faults: list[FieldError] = []
    for fault in _places(tree, ""):
        faults.append(fault)
        if len(faults) == most:
            break
    return faults


def _places(value: Any, at: str) -> Iterator[FieldError]:
    if isinstance(value, dict):
        for name in value.names if isinstance(value, _Twice) else ():
            yield FieldError(f"{at}/{_step(name)}", TWICE, "同一字段重复出现")
        for name, each in value.items():
            yield from _places(each, f"{at}/{_step(name)}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _places(each, f"{at}/{index}")
    elif isinstance(value, float) and math.isinf(value):
        yield FieldError(at, TOO_LARGE, "数字超出可以表示的范围")


def _step(name: str) -> str:
    return name[:64].replace("~", "~0").replace("/", "~1")
