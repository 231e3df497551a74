"""An HTML form as JSON: pairs named by JSON pointers (`/materials/funding/0/amount_yuan`) become one object.

What a field means is told by its name's mark: `/users:number`, `/free:boolean`, `/tags:lines`, `/extra:named` (a line
each, its name before the first colon; what begins with a blank goes on with the line above); without a mark it is a
text. An empty value is left out, since a form sends all its fields; the ordinary decoder judges what comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartParser,
    parse_options_header,
)

from service.kit.errors import ServiceError

MOST_FIELDS, MOST_ROWS, DEEPEST = 2000, 1000, 12
MOST_PARTS = 50
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_NUMBERS = frozenset("0123456789")
_COLON = re.compile("[：:]")


def pairs_of(raw: bytes, media: str) -> list[tuple[str, str]]:
    """The pairs of an urlencoded body; 415 for another media type, 400 for what cannot be read."""
    if media.partition(";")[0].strip().lower() != FORM:
        raise ServiceError(415, "unsupported_media_type", "请求内容应为表单")
    try:
        found = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise ServiceError(400, "malformed_form", "表单内容无法读取") from None
    return [(name, value.replace("\r\n", "\n")) for name, value in found]


class File(NamedTuple):
    """A file of a form: its name as the browser tells it, and what is in it."""

    name: str
    body: bytes


def parts_of(raw: bytes, media: str) -> tuple[list[tuple[str, str]], dict[str, File]]:
    """The pairs and the files of a multipart body (RFC 7578); 400 for what cannot be read."""
    boundary = parse_options_header(media)[1].get("boundary", "")
    pairs, files = list[tuple[str, str]](), dict[str, File]()
    try:
        parser = MultipartParser(
            BytesIO(raw),
            boundary,
            content_length=len(raw),
            part_limit=MOST_PARTS,
            memory_limit=len(raw) + 1,
            spool_limit=len(raw) + 1,
        )
        for part in parser:
            if part.filename is None:
                pairs.append((part.name, part.value.replace("\r\n", "\n")))
            else:
                files[part.name] = File(part.filename, part.raw)
    except (MultipartError, UnicodeDecodeError, ValueError):
        raise ServiceError(400, "malformed_form", "表单内容无法读取") from None
    return pairs, files


def body_of(pairs: Iterable[tuple[str, str]]) -> bytes:
    """JSON of the pairs whose names are pointers; the others are the page's own. Repeated names become a list."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        if name.startswith("/"):
            pointer, _, mark = name.partition(":")
            read = _value(value, mark)
            if read is not None:
                _put(tree, [_plain(part) for part in pointer.split("/")[1:]], read, several=mark == "each")
    return msgspec.json.encode(_rows(tree))


def _plain(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def _value(text: str, mark: str) -> Any:
    """What a field says; None where nothing was filled in. What cannot be read goes on as a text, to be refused."""
    said = text.strip()
    if not said:
        return None
    if mark == "number" and said.lstrip("-").isascii() and said.lstrip("-").isdecimal() and len(said) < 18:
        return int(said)
    if mark == "boolean" and said in ("true", "false"):
        return said == "true"
    if mark == "lines":
        return [line.strip() for line in said.split("\n") if line.strip()]
    if mark == "named":
        return _named(text)
    if mark == "json":
        try:
            return msgspec.json.decode(said)
        except msgspec.DecodeError:
            return said
    return text


def _named(text: str) -> Any:
    """Name → text; the text as it is where a line has no name, to be refused."""
    found, last = dict[str, str](), ""
    for line in filter(str.strip, text.split("\n")):
        name, *rest = _COLON.split(line, maxsplit=1)
        if line[0].isspace() and last:
            found[last] += f"\n{line.strip()}"
        elif rest and name.strip():
            last = name.strip()
            found[last] = rest[0].strip()
        else:
            return text
    return found


def _put(tree: dict[str, Any], parts: list[str], value: Any, *, several: bool) -> None:
    if len(parts) > DEEPEST:
        raise ServiceError(400, "malformed_form", "表单内容无法读取")
    at = tree
    for part in parts[:-1]:
        inner = at.setdefault(part, {})
        if not isinstance(inner, dict):
            raise ServiceError(400, "malformed_form", "表单内容无法读取")
        at = inner
    last = parts[-1]
    if several:
        rows = at.setdefault(last, [])
        if not isinstance(rows, list):
            raise ServiceError(400, "malformed_form", "表单内容无法读取")
        rows.append(value)
    else:
        at.setdefault(last, value)


def _rows(tree: Any) -> Any:
    """Objects whose names are all numbers are lists, in the order of the numbers; gaps close."""
    if not isinstance(tree, dict):
        return tree
    made = {name: _rows(value) for name, value in tree.items()}
    if made and all(name and _NUMBERS.issuperset(name) for name in made) and len(made) <= MOST_ROWS:
        return [made[name] for name in sorted(made, key=int)]
    return made
