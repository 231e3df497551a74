"""What a query may say: which of its parameters take several values, and the values there are of each.

Read off the Struct of the query once. Several values: the parameter again and again (`state=filed&state=started`), or
apart by commas (`state=filed,started`); both mean the same, everywhere (docs/decisions/0183).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import msgspec.inspect as look

from service.vocabulary import names


class Choices(NamedTuple):
    """The values of one parameter; `others` begins those that a city may have beside them, "" if it may not."""

    values: tuple[str, ...]
    others: str = ""

    def has(self, value: str) -> bool:
        return value in self.values or bool(self.others and value.startswith(self.others))

    @property
    def told(self) -> str:
        """As an official is told which there are."""
        return f"不在可选值之内，可选：{'、'.join(self.values)}"


class Shape(NamedTuple):
    """Of a query's Struct, by the parameter's name."""

    several: frozenset[str]
    choices: dict[str, Choices]

    def judge(self, value: str, name: str, known: Callable[[str], bool] | None) -> str | None:
        """Why the value is none there is, or None."""
        if name in self.choices and not self.choices[name].has(value):
            return self.choices[name].told
        return "没有这个取值" if known is not None and not known(value) else None


@cache
def shape(kind: type) -> Shape:
    """The shape of a query."""
    several: set[str] = set()
    choices: dict[str, Choices] = {}
    fields: tuple[look.Field, ...] = look.type_info(kind).fields  # type: ignore[attr-defined]
    for field in fields:
        for part, extra in _parts(field.type, {}):
            if isinstance(part, look.ListType):
                several.add(field.encode_name)
            if (found := _choices(part, extra)) is not None:
                choices[field.encode_name] = found
    return Shape(frozenset(several), choices)


def _parts(of: Any, extra: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Every type inside a type, with what is noted of it for the OpenAPI document."""
    if isinstance(of, look.Metadata):
        yield from _parts(of.type, {**extra, **(of.extra_json_schema or {})})
    elif isinstance(of, look.UnionType):
        for each in of.types:
            yield from _parts(each, extra)
    else:
        yield of, extra
        if isinstance(of, look.ListType):
            yield from _parts(of.item_type, {})


def _choices(part: Any, extra: dict[str, Any]) -> Choices | None:
    if isinstance(part, look.EnumType):
        return Choices(tuple(str(each.value) for each in part.cls))
    if isinstance(part, look.LiteralType):
        return Choices(tuple(map(str, part.values)))
    if isinstance(part, look.StrType) and "enum" in extra:
        return Choices(tuple(extra["enum"]))
    if isinstance(part, look.StrType) and ("x-choices" in extra or "x-vocabulary" in extra):
        vocabulary = extra.get("x-choices") or extra["x-vocabulary"]
        return None if extra.get("x-open") else Choices(tuple(names(vocabulary)), extra.get("x-others", ""))
    return None
