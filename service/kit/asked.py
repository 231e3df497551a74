"""What a query may say: which of its parameters take several values, the values there are of each, how they are spelt.

Read off the Struct of the query once. Several values: the parameter again and again (`state=filed&state=started`), or
apart by commas (`state=filed,started`); both mean the same, everywhere (docs/decisions/0183).
"""

from __future__ import annotations

import re
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


class Spelt(NamedTuple):
    """How values of one kind are written, and how that is told."""

    pattern: re.Pattern[str]
    told: str


# What JSON and RFC 3339 know. The decoder knows more (1e2, 1.0, True, seconds since 1970), as other programs do not.
_SPELT: dict[type, Spelt] = {
    look.IntType: Spelt(re.compile(r"0|-?[1-9][0-9]{0,18}"), "应为整数，只用半角数字，如 20"),
    look.BoolType: Spelt(re.compile("true|false"), "应为 true 或 false"),
    look.DateTimeType: Spelt(
        re.compile(
            r"(?:19|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}[Tt][0-9:]{8}(?:\.[0-9]{1,9})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
        ),
        "应写作 2026-01-31T09:00:00+08:00，带时区（地址中 + 写作 %2B），在 1900 至 2199 年之间",
    ),
}


class Shape(NamedTuple):
    """Of a query's Struct, by the parameter's name."""

    names: frozenset[str]
    several: frozenset[str]
    choices: dict[str, Choices]
    spelt: dict[str, Spelt]

    def judge(self, value: str, name: str, known: Callable[[str], bool] | None) -> str | None:
        """Why the value is none there is, or None."""
        if name in self.choices and not self.choices[name].has(value):
            return self.choices[name].told
        return "没有这个取值" if known is not None and not known(value) else None

    def misspelt(self, value: str, name: str) -> str | None:
        """How it should be written, or None."""
        spelt = self.spelt.get(name)
        return None if spelt is None or spelt.pattern.fullmatch(value) else spelt.told


@cache
def shape(kind: type) -> Shape:
    """The shape of a query."""
    several: set[str] = set()
    choices: dict[str, Choices] = {}
    spelt: dict[str, Spelt] = {}
    fields: tuple[look.Field, ...] = look.type_info(kind).fields  # type: ignore[attr-defined]
    for field in fields:
        for part, extra in _parts(field.type, {}):
            if isinstance(part, look.ListType):
                several.add(field.encode_name)
            if (found := _choices(part, extra)) is not None:
                choices[field.encode_name] = found
            if type(part) in _SPELT:
                spelt[field.encode_name] = _SPELT[type(part)]
    return Shape(frozenset(each.encode_name for each in fields), frozenset(several), choices, spelt)


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
