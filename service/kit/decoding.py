"""Strict decoding: JSON bodies and query strings into msgspec Structs; faults become JSON pointers in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from service.characters.cleaning import Unclean, cleaned
from service.kit.asked import shape
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.every_fault import Faults, Labels
from service.kit.misread import misread
from service.kit.saying import silent
from service.kit.text import BOM, CODE, MOST_FAULTS, clean_json, escape, told
from service.kit.wanted import wanted

_AT = re.compile(r" - at `(?:key in )?\$(.*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_FIELD = re.compile(r"`([^`]*)`")
# What msgspec says, what we call it, how an official is told (the last two: kit/wanted).
_KINDS = (
    ("Object missing required field", "missing_field", "缺少必填项"),
    ("Object contains unknown field", "unknown_field", "不认识的字段"),
    ("Invalid enum value", "invalid_choice", "不在可选值之内"),
    ("Expected", "wrong_type", None),
    ("Invalid", "invalid_format", None),
)


# Objects and lists of one text: a megabyte of empty ones would hold everybody up for a second and more.
_MOST_OPENED = 50_000


def unnamed(component: str, name: str, codes: Sequence[str]) -> Mapping[str, str]:
    """Labels nobody gave."""
    return {}


def decode_body(
    raw: bytes, content_type: str, kind: Any, *, encoding: str = "", labels: Labels = unnamed
) -> Any:
    """The body as `kind`, its texts cleaned (kit/text). 415 for other media types and for what is compressed, 400
    for what is not JSON, 422 with pointers otherwise.
    """
    if encoding.strip().lower() not in ("", "identity"):
        raise ServiceError(415, "unsupported_media_type", "请求内容请勿压缩（Content-Encoding）")
    media = content_type.partition(";")[0].strip().lower()
    if media != "application/json" and not media.endswith("+json"):
        raise ServiceError(415, "unsupported_media_type", "请求内容应为 application/json")
    return decode_json(raw, kind, labels)


def decode_json(raw: bytes, kind: Any, labels: Labels = unnamed) -> Any:
    """A JSON text as `kind`, its texts cleaned: a body, a line of an import. 400, or 422 with every fault: of what is
    read differently elsewhere (kit/misread), of characters, of the members.
    """
    source, faults = raw.removeprefix(BOM), list[FieldError]()
    if raw.count(b"{") + raw.count(b"[") > _MOST_OPENED:
        raise ServiceError(400, "malformed_json", f"请求内容中的对象和列表不得超过 {_MOST_OPENED} 个")
    try:
        faults += misread(source, MOST_FAULTS)
        value = _decoded(clean_json(source, faults), kind, labels, faults)
    except (msgspec.DecodeError, ValueError, RecursionError):
        if not faults:
            raise ServiceError(400, "malformed_json", "请求内容不是有效的 JSON（UTF-8）") from None
        value = None
    if faults:
        raise invalid(faults[:MOST_FAULTS])
    return value


def _decoded(clean: bytes, kind: Any, labels: Labels, faults: list[FieldError]) -> Any:
    """The value, and beside the faults that there are those of its members; one for each place."""
    value = None
    try:
        value = msgspec.json.decode(clean, type=kind, strict=True)
        found = silent(value, kind)
    except msgspec.ValidationError as error:
        found = Faults(explain, labels, MOST_FAULTS).of(clean, kind)
        if not found and not faults:
            found = [_hinted(explain(str(error)), kind)]
    told_of = {each.pointer for each in faults}
    faults += [each for each in found if each.pointer not in told_of]
    return value


_NOTHING: Mapping[str, Callable[[str], bool]] = {}


def decode_query(raw: bytes, kind: Any, known: Mapping[str, Callable[[str], bool]] = _NOTHING) -> Any:
    """The query string as `kind`; unknown parameters are errors, and values there are not (`known`, kit/asked)."""
    if kind is None:
        if raw:
            raise _bad_query("", "unknown_parameter", "该接口不接受查询参数")
        return None
    pairs = _pairs(raw, kind) if raw else {}
    _judge(pairs, kind, known)
    try:
        query = msgspec.convert(pairs, type=kind, strict=False)
    except msgspec.ValidationError as error:
        fault = _hinted(explain(str(error)), kind)
        raise _bad_query(
            fault.pointer.removeprefix("/").partition("/")[0], fault.code, fault.detail
        ) from None
    for name in pairs:
        # msgspec reads the word "null" as None: a filter would silently fall away.
        if getattr(query, name) is None:
            raise _bad_query(name, "invalid_choice", "不在可选值之内")
    return query


def _pairs(raw: bytes, kind: Any) -> dict[str, Any]:
    """The parameters by name: a text, or the list of those that may be several."""
    try:
        items = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=100, errors="strict")
    except (ValueError, UnicodeDecodeError):
        raise _bad_query("", "malformed_query", "查询参数编码有误") from None
    several = shape(kind).several
    pairs: dict[str, Any] = {}
    for name, value in items:
        # A line feed is never meant, and a pattern's `$` alone would let a trailing one through.
        if "\n" in (clean := _clean_parameter(name, value)) or (name in pairs and name not in several):
            raise _bad_query(name, "invalid_parameter", "查询参数重复，或含有换行")
        if name in several:
            values: list[str] = pairs.setdefault(name, [])
            values += clean.split(",")
            if len(set(values)) != len(values):
                raise _bad_query(name, "invalid_parameter", "同一取值重复出现")
        else:
            pairs[name] = clean
    return pairs


def _judge(pairs: Mapping[str, Any], kind: Any, known: Mapping[str, Callable[[str], bool]]) -> None:
    """400 for the first value that is none there is, with those there are where they can be told."""
    asked = shape(kind)
    for name, given in pairs.items():
        for value in given if isinstance(given, list) else [given]:
            why = asked.judge(value, name, known.get(name))
            if why is not None and name in kind.__struct_encode_fields__:
                raise _bad_query(name, "invalid_choice", why)


FORMS = ("csv", "xlsx")


def form_of(raw: bytes) -> tuple[bytes, str | None]:
    """Of the query of a list as a file: what is left for its filters, and `format`; 400 for a form there is not."""
    parts = raw.split(b"&") if raw else []
    named = [part.partition(b"=")[2] for part in parts if part.partition(b"=")[0] == b"format"]
    if not named:
        return raw, None
    form = named[0].decode("ascii", "replace")
    if len(named) > 1 or form not in FORMS:
        raise _bad_query("format", "invalid_choice", f"不在可选值之内，可选：{'、'.join(FORMS)}")
    return b"&".join(part for part in parts if part.partition(b"=")[0] != b"format"), form


def _clean_parameter(name: str, value: str) -> str:
    try:
        return cleaned(value)
    except Unclean as unclean:
        raise _bad_query(name, CODE, told(unclean)) from None


def _bad_query(name: str, code: str, detail: str) -> ServiceError:
    return ServiceError(
        400, "invalid_query", f"查询参数有误：{detail}", errors=[FieldError(name, code, detail)]
    )


def _hinted(fault: FieldError, kind: Any) -> FieldError:
    """Beside a misspelt name the names there are, where it stands at the top."""
    names = getattr(kind, "__struct_encode_fields__", ())
    if fault.code != "unknown_field" or fault.pointer.count("/") != 1 or not names:
        return fault
    return FieldError(fault.pointer, fault.code, f"{fault.detail}，可用的有：{'、'.join(names)}")


def explain(message: str) -> FieldError:
    """msgspec's message as a field error; values of the request are never echoed."""
    found = _AT.search(message)
    steps = _STEP.findall(found[1]) if found else []
    pointer = "".join("/" + escape(name or index) for name, index in steps)
    text = message[: found.start()] if found else message
    for prefix, code, detail in _KINDS:
        if text.startswith(prefix):
            named = _FIELD.search(text)
            if code in ("missing_field", "unknown_field") and named:
                pointer += "/" + escape(named[1])
            return FieldError(pointer, code, detail or wanted(text))
    return FieldError(pointer, "invalid_value", "取值不正确")
