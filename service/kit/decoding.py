"""Strict decoding: JSON bodies into msgspec Structs; faults become JSON pointers in Chinese. Queries: kit/query."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.every_fault import Faults, Labels
from service.kit.misread import misread
from service.kit.saying import silent
from service.kit.text import BOM, MOST_FAULTS, clean_json, escape
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
            found = [hinted(explain(str(error)), kind)]
    told_of = {each.pointer for each in faults}
    faults += [each for each in found if each.pointer not in told_of]
    return value


def hinted(fault: FieldError, kind: Any) -> FieldError:
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
