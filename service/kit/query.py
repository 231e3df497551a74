"""The query string into a Struct, strictly: each kind of value is spelt one way, and every fault is told at once.

What is a number, a day or a switch elsewhere has other spellings too (`1e2`, `1.0`, `True`, seconds since 1970); two
programs that read them differently see two requests (docs/decisions/0301).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from service.characters.cleaning import Unclean, cleaned
from service.kit.asked import Shape, shape
from service.kit.decoding import explain, hinted
from service.kit.errors import FieldError, ServiceError
from service.kit.text import CODE, MOST_FAULTS, told

Known = Mapping[str, Callable[[str], bool]]
Pairs = dict[str, Any]
_NOTHING: Known = {}


def decode_query(raw: bytes, kind: Any, known: Known = _NOTHING) -> Any:
    """The query string as `kind`. 400 with every fault: names, spellings, values there are not (`known`, kit/asked)."""
    if kind is None:
        if raw:
            raise bad_query([FieldError("", "unknown_parameter", "该接口不接受查询参数")])
        return None
    faults: list[FieldError] = []
    pairs = _pairs(raw, shape(kind), faults) if raw else {}
    faults += _judged(pairs, shape(kind), known, {each.pointer for each in faults})
    query: Any = None
    if not faults:
        try:
            query = msgspec.convert(pairs, type=kind, strict=False)
        except msgspec.ValidationError as error:
            faults = [*_members(pairs, kind, set())] or [_of_parameter(hinted(explain(str(error)), kind))]
    else:
        faults += _members(pairs, kind, {each.pointer for each in faults})
    # msgspec reads the word "null" as None: a filter would silently fall away.
    faults += [_no_choice(name) for name in pairs if query is not None and getattr(query, name) is None]
    if faults:
        raise bad_query(faults)
    return query


def _no_choice(name: str) -> FieldError:
    return FieldError(name, "invalid_choice", "不在可选值之内")


def _pairs(raw: bytes, asked: Shape, faults: list[FieldError]) -> Pairs:
    """The parameters by name: a text, or the list of those that may be several; without those that are faulty."""
    try:
        items = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=100, errors="strict")
    except (ValueError, UnicodeDecodeError):
        raise bad_query([FieldError("", "malformed_query", "查询参数编码有误")]) from None
    pairs: Pairs = {}
    wrong: dict[str, FieldError] = {}
    for name, value in items:
        try:
            clean = cleaned(value)
        except Unclean as unclean:
            wrong.setdefault(name, FieldError(name, CODE, told(unclean)))
            continue
        several = name in asked.several
        # A line feed is never meant, and a pattern's `$` alone would let a trailing one through.
        if "\n" in clean or (name in pairs and not several):
            wrong.setdefault(name, FieldError(name, "invalid_parameter", "查询参数重复，或含有换行"))
        elif several:
            values: list[str] = pairs.setdefault(name, [])
            values += clean.split(",")
            if len(set(values)) != len(values):
                wrong.setdefault(name, FieldError(name, "invalid_parameter", "同一取值重复出现"))
        else:
            pairs[name] = clean
    faults += wrong.values()
    return {name: value for name, value in pairs.items() if name not in wrong}


def _judged(pairs: Pairs, asked: Shape, known: Known, told_of: set[str]) -> Iterator[FieldError]:
    """The first value of each parameter that is none there is (with those there are, where they can be told), or that
    is spelt in no way its kind is."""
    for name, given in pairs.items():
        if name in told_of or name not in asked.names:
            continue
        for value in given if isinstance(given, list) else [given]:
            if (why := asked.judge(value, name, known.get(name))) is not None:
                yield FieldError(name, "invalid_choice", why)
                break
            if (why := asked.misspelt(value, name)) is not None:
                yield FieldError(name, "invalid_format", why)
                break


def _members(pairs: Pairs, kind: Any, told_of: set[str]) -> Iterator[FieldError]:
    """The faults of each parameter by itself, but for those told of."""
    fields = {each.encode_name: each for each in msgspec.structs.fields(kind)}
    for name, field in fields.items():
        if name in told_of:
            continue
        if name not in pairs:
            if field.required:
                yield FieldError(name, "missing_field", "缺少必填项")
            continue
        try:
            msgspec.convert(pairs[name], type=field.type, strict=False)
        except msgspec.ValidationError as error:
            fault = explain(str(error))
            yield FieldError(name, fault.code, fault.detail)
    for name in pairs:
        if name not in fields and name not in told_of:
            yield _of_parameter(hinted(FieldError(f"/{name}", "unknown_field", "不认识的字段"), kind))


def _of_parameter(fault: FieldError) -> FieldError:
    """Of a query a pointer is the parameter's name."""
    return FieldError(fault.pointer.removeprefix("/"), fault.code, fault.detail)


FORMS = ("csv", "xlsx")


def form_of(raw: bytes) -> tuple[bytes, str | None]:
    """Of the query of a list as a file: what is left for its filters, and `format`; 400 for a form there is not."""
    parts = raw.split(b"&") if raw else []
    named = [part.partition(b"=")[2] for part in parts if part.partition(b"=")[0] == b"format"]
    if not named:
        return raw, None
    form = named[0].decode("ascii", "replace")
    if len(named) > 1 or form not in FORMS:
        detail = f"不在可选值之内，可选：{'、'.join(FORMS)}"
        raise bad_query([FieldError("format", "invalid_choice", detail)])
    return b"&".join(part for part in parts if part.partition(b"=")[0] != b"format"), form


def bad_query(faults: Sequence[FieldError]) -> ServiceError:
    """400 with what is wrong with each parameter."""
    detail = f"查询参数有误：{faults[0].detail}"
    if len(faults) > 1:
        detail += f"（共 {len(faults)} 处，见 errors）"
    return ServiceError(400, "invalid_query", detail, errors=list(faults[:MOST_FAULTS]))
