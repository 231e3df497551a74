"""All faults of a body at once. The decoder stops at the first; here, and only then, each member is decoded alone.

What a member may be is read off the wire Struct; a fault that lies in no single member (a length, a tag) is told of the
whole. Nothing of this runs for a body that decodes.
"""

from __future__ import annotations

import enum
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from service.kit.errors import Choice, FieldError
from service.kit.text import escape

Explain = Callable[[str], FieldError]
# (name of the Struct, name of its member, codes) → what each code is called; {} where nobody knows.
Labels = Callable[[str, str, Sequence[str]], Mapping[str, str]]
# Objects that something else reads (`x-struct`): by the Struct that documents them, what tells all their faults.
READERS: dict[str, Callable[[dict[str, Any], str], list[FieldError]]] = {}
MISSING, UNKNOWN, CHOICE = "missing_field", "unknown_field", "invalid_choice"
_DEEP = 24
_TRIED = 2000  # members decoded alone; of what is left then, the whole's own fault is told


class Faults:
    """One body's faults, in the order of the Struct's members; `most` at most are looked for."""

    def __init__(self, explain: Explain, labels: Labels, most: int) -> None:
        self._explain = explain
        self._labels = labels
        self._most = most
        self._left = _TRIED

    def of(self, raw: bytes, kind: Any) -> list[FieldError]:
        """Of a JSON text that does not decode as `kind`; [] if it turns out to, or is nested beyond reason, or holds
        a number that none of its members could (kit/misread tells its place).
        """
        try:
            content = msgspec.json.decode(raw)
        except (msgspec.ValidationError, RecursionError):
            return []
        name = getattr(kind, "__name__", "")
        return list(islice(self._every(content, kind, "", (name, ""), 0), self._most))

    def _every(
        self, value: Any, kind: Any, at: str, place: tuple[str, str], deep: int
    ) -> Iterator[FieldError]:
        self._left -= 1
        alone = self._alone(value, kind) if self._left >= 0 else None
        if alone is None:
            return
        told = False
        if deep < _DEEP:
            for fault in self._inside(value, kind, at, place, deep + 1):
                told = True
                yield fault
        if not told:
            yield self._chosen(FieldError(at + alone.pointer, alone.code, alone.detail), kind, place)

    def _alone(self, value: Any, kind: Any) -> FieldError | None:
        try:
            msgspec.json.decode(msgspec.json.encode(value), type=kind, strict=True)
        except msgspec.ValidationError as error:
            return self._explain(str(error))
        return None

    def _inside(
        self, value: Any, kind: Any, at: str, place: tuple[str, str], deep: int
    ) -> Iterator[FieldError]:
        """The faults of what the value consists of, where its type tells what that is."""
        for part in parts(kind):
            origin = get_origin(part)
            if isinstance(value, dict) and isinstance(part, type) and issubclass(part, msgspec.Struct):
                yield from self._members(value, part, at, deep)
            elif isinstance(value, list) and origin is list:
                (within,) = get_args(part)
                for number, each in enumerate(value):
                    yield from self._every(each, within, f"{at}/{number}", place, deep)
            elif isinstance(value, dict) and origin is dict:
                within = get_args(part)[1]
                for key, each in value.items():
                    yield from self._every(each, within, f"{at}/{escape(key)}", place, deep)

    def _members(
        self, value: dict[str, Any], kind: type[msgspec.Struct], at: str, deep: int
    ) -> Iterator[FieldError]:
        config = kind.__struct_config__
        if config.tag is not None:  # which of several it is meant to be, only the decoder knows
            return
        known: dict[str, FieldInfo] = {each.encode_name: each for each in fields(kind)}
        for name, field in known.items():
            where = f"{at}/{escape(name)}"
            if name in value:
                yield from self._every(value[name], field.type, where, (kind.__name__, name), deep)
                if isinstance(value[name], dict) and (read := _reader(field.type)) is not None:
                    yield from read(value[name], where)
            elif field.required:
                yield FieldError(where, MISSING, "缺少必填项")
        if config.forbid_unknown_fields:
            for name in value:
                if name not in known:
                    there = f"，可用的有：{'、'.join(known)}" if deep == 1 else ""
                    yield FieldError(f"{at}/{escape(name)}", UNKNOWN, f"不认识的字段{there}")

    def _chosen(self, fault: FieldError, kind: Any, place: tuple[str, str]) -> FieldError:
        """With the choices there are."""
        codes = choices(kind) if fault.code == CHOICE else []
        if not codes:
            return fault
        names = self._labels(*place, codes)
        allowed = tuple(Choice(code, names.get(code, code)) for code in codes)
        told = "、".join(
            each.code if each.label == each.code else f"{each.label}（{each.code}）" for each in allowed
        )
        return FieldError(fault.pointer, fault.code, f"{fault.detail}，可选：{told}", allowed)


def _reader(kind: Any) -> Callable[[dict[str, Any], str], list[FieldError]] | None:
    """What else reads objects of this type."""
    if get_origin(kind) in (Union, types.UnionType):
        return next((read for each in get_args(kind) if (read := _reader(each)) is not None), None)
    notes = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    named = [note.extra_json_schema or {} for note in notes if isinstance(note, msgspec.Meta)]
    return next((READERS[each["x-struct"]] for each in named if each.get("x-struct") in READERS), None)


def parts(kind: Any) -> list[Any]:
    """What a type may be, without notes and without nothing."""
    if get_origin(kind) is Annotated:
        return parts(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return [each for of in get_args(kind) for each in parts(of)]
    return [kind]


def choices(kind: Any) -> list[str]:
    """The codes that a type lists."""
    found: list[str] = []
    for part in parts(kind):
        if get_origin(part) is Literal:
            found += [each for each in get_args(part) if isinstance(each, str)]
        elif isinstance(part, type) and issubclass(part, enum.Enum):
            found += [str(each.value) for each in part]
    return found
