"""Texts that must say something: a request with 无, /, 详见附件 or the like in their place is refused, with the place.

Which texts those are, their kind tells (`x-says`, kit/text): prose with a least length, and numbers of documents.
The words: characters/placeholders.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from msgspec import inspect as types

from service.characters.placeholders import figures_alone, says_nothing, unfilled
from service.kit.errors import FieldError

CODE = "says_nothing"
DETAIL = "“无”“/”“详见附件”之类不算内容，请写明实际情况"
FIGURES = "只有数字，看不出内容，请写明实际情况"
BLANK = "文号中的年份或者序号还空着（如“〔2026〕XX号”），请填写完整"


class _Text(NamedTuple):
    """A text that must say something; `number`: of a document, whose year and serial must be there; `worded`: a
    sentence or a name, which no figures alone are."""

    number: bool
    worded: bool


class _Each(NamedTuple):
    """The items of a list, or the values of an object."""

    within: _Where


class _Members(NamedTuple):
    """Members of a Struct: (attribute, name on the wire, what is in it)."""

    of: list[tuple[str, str, _Where]]


_Where: TypeAlias = _Text | _Each | _Members | None


def silent(value: Any, kind: Any) -> list[FieldError]:
    """The faults of a decoded value of this type, in reading order."""
    return [FieldError(at, CODE, told) for at, told in _walk(value, _where(kind), "")]


@cache
def _where(kind: Any) -> _Where:
    return _look(types.type_info(kind), ())


def _look(kind: Any, seen: tuple[Any, ...]) -> _Where:
    if isinstance(kind, types.Metadata):
        extra = kind.extra_json_schema or {}
        told = extra.get("x-text")
        says = _Text(told == "number", told in ("prose", "name"))
        return says if extra.get("x-says") else _look(kind.type, seen)
    if isinstance(kind, types.UnionType):
        found = [each for one in kind.types if (each := _look(one, seen)) is not None]
        return found[0] if found else None
    if isinstance(kind, types.ListType):
        within = _look(kind.item_type, seen)
        return None if within is None else _Each(within)
    if isinstance(kind, types.DictType):
        within = _look(kind.value_type, seen)
        return None if within is None else _Each(within)
    if isinstance(kind, types.StructType) and kind.cls not in seen:
        inner = [(each.name, each.encode_name, _look(each.type, (*seen, kind.cls))) for each in kind.fields]
        kept = [row for row in inner if row[2] is not None]
        return _Members(kept) if kept else None
    return None


def _walk(value: Any, where: _Where, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(where, _Text):
        if isinstance(value, str) and says_nothing(value):
            yield at, DETAIL
        elif where.number and isinstance(value, str) and unfilled(value):
            yield at, BLANK
        elif where.worded and isinstance(value, str) and figures_alone(value):
            yield at, FIGURES
    elif isinstance(where, _Each) and isinstance(value, list | dict):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for step, each in pairs:
            yield from _walk(each, where.within, f"{at}/{str(step).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(where, _Members):
        for name, step, within in where.of:
            yield from _walk(getattr(value, name, None), within, f"{at}/{step}")
