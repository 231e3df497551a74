"""Strict decoding: JSON bodies and query strings into msgspec Structs; faults become JSON pointers in Chinese."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from service.kit.errors import FieldError, ServiceError, invalid
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


def decode_body(raw: bytes, content_type: str, kind: Any) -> Any:
    """The body as `kind`. 415 for other media types, 400 for what is not JSON, 422 with pointers otherwise."""
    media = content_type.partition(";")[0].strip().lower()
    if media != "application/json" and not media.endswith("+json"):
        raise ServiceError(415, "unsupported_media_type", "请求内容应为 application/json")
    try:
        value = msgspec.json.decode(raw, type=kind, strict=True)
    except msgspec.ValidationError as error:
        raise invalid([_hinted(explain(str(error)), kind)]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ServiceError(400, "malformed_json", "请求内容不是有效的 JSON（UTF-8）") from None
    try:
        json.loads(raw, object_pairs_hook=_unrepeated)
    except _Repeated as repeated:
        raise invalid(
            [FieldError("/" + escape(repeated.args[0]), "duplicate_key", "同一字段重复出现")]
        ) from None
    if b"\\u0000" in raw:
        storable(json.loads(raw))
    return value


def storable(value: Any, at: str = "") -> None:
    """422 at the first text or key with a null character, which no database keeps."""
    found = _holding("\x00", value, at)
    if found is not None:
        raise invalid([FieldError(found, "invalid_character", "文本中不能含有空字符")])


def _holding(character: str, value: Any, at: str = "") -> str | None:
    """The pointer of the first text or key with the character in it; depth is bounded by the schema that passed."""
    if isinstance(value, str):
        return at if character in value else None
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        if isinstance(step, str) and character in step:
            return at
        found = _holding(character, inner, f"{at}/{escape(str(step))}")
        if found is not None:
            return found
    return None


class _Repeated(Exception):
    """A key that stands twice in one object: which of the two counts would be anybody's guess."""


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _Repeated(next(key for key in keys if keys.count(key) > 1)[:64])
    return found


def decode_query(raw: bytes, kind: Any) -> Any:
    """The query string as `kind`; unknown or repeated parameters are errors."""
    if kind is None:
        if raw:
            raise _bad_query("", "unknown_parameter", "该接口不接受查询参数")
        return None
    pairs: dict[str, str] = {}
    if raw:
        try:
            items = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=40, errors="strict")
        except (ValueError, UnicodeDecodeError):
            raise _bad_query("", "malformed_query", "查询参数编码有误") from None
        for name, value in items:
            # A line feed is never meant, and a pattern's `$` alone would let a trailing one through.
            if name in pairs or "\x00" in value or "\n" in value:
                raise _bad_query(name, "invalid_parameter", "查询参数重复，或含有空字符、换行")
            pairs[name] = value
    try:
        query = msgspec.convert(pairs, type=kind, strict=False)
    except msgspec.ValidationError as error:
        fault = _hinted(explain(str(error)), kind)
        raise _bad_query(fault.pointer.removeprefix("/"), fault.code, fault.detail) from None
    for name in pairs:
        # msgspec reads the word "null" as None: a filter would silently fall away.
        if getattr(query, name) is None:
            raise _bad_query(name, "invalid_choice", "不在可选值之内")
    return query


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


def escape(step: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return step.replace("~", "~0").replace("/", "~1")
