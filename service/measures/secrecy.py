"""Classified material is kept out (art. 14): the scan that runs before anything is stored, echoed or logged.

Finds secrecy marks (秘密★ 机密★ 绝密★ and the ways they are typed or encoded) and `classified: true`.
工作秘密 is a lesser thing and is not refused.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

_LEVEL = "(?:绝密|絕密|机密|機密|秘密|祕密)"
_STAR = "[★☆✩✭✮✯✰⭐🌟⋆✦✧✪✫✬*※]"
_MARK = re.compile(
    f"{_LEVEL}[级級]?[\\W_]{{0,3}}{_STAR}"
    f"|{_STAR}[\\W_]{{0,3}}{_LEVEL}"
    f"|(?:密级|密級|保密等级|秘密等级|涉密等级|定密)[\\W_]{{0,3}}(?:为|是)?[\\W_]{{0,2}}{_LEVEL}"
)
_IGNORED = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]+"
)
_CLASSIFIED = re.compile(rb'"classified"\s*:\s*true')
# Every mark has 密; these are the ways its bytes can hide in a request.
_HINTS = (
    "密".encode(),
    "密".encode("gb18030"),
    b"\\u",
    b"%",
    b"&#",
    "密".encode("utf-16-le"),
    "密".encode("utf-16-be"),
)
WHOM_TO_TURN_TO = (
    "涉密项目不在本系统办理，本系统未保存任何内容；"
    "请通过本单位保密工作机构，按国家有关保密规定向保密行政管理部门办理"
)


def has_mark(text: str) -> bool:
    """Whether the text carries a secrecy mark, however spaced, escaped or full-width."""
    folded = unicodedata.normalize("NFKC", html.unescape(text))
    return "密" in folded and _MARK.search(_IGNORED.sub("", folded)) is not None


def is_classified(raw: bytes) -> bool:
    """Whether the bytes of a request part (path, query, header value, body) carry classified material."""
    if not any(hint in raw for hint in _HINTS) and not _CLASSIFIED.search(raw):
        return False
    if _CLASSIFIED.search(raw):
        return True
    return any(has_mark(text) for text in _readings(raw)) or _in_json(raw)


def _readings(raw: bytes) -> Iterator[str]:
    """The text a person could read in these bytes, per plausible encoding; percent-encoding up to twice."""
    forms = [raw]
    for _ in range(2):
        if b"%" not in forms[-1]:
            break
        forms.append(unquote_to_bytes(forms[-1].replace(b"+", b" ")))
    for form in forms:
        for encoding in ("utf-8", "gb18030"):
            yield form.decode(encoding, "ignore")
        if b"\x00" in form or form[:2] in (b"\xff\xfe", b"\xfe\xff"):
            yield form.decode("utf-16", "ignore")


def _in_json(raw: bytes) -> bool:
    """JSON escapes hide marks and keys: look at every string as decoded, duplicate keys included."""
    if b"\\u" not in raw:
        return False
    found = False

    def pairs(items: list[tuple[str, object]]) -> str:
        nonlocal found
        found = found or any(
            (key == "classified" and value is True) or has_mark(key) or _marked(value) for key, value in items
        )
        return ""

    try:
        found = _marked(json.loads(raw, object_pairs_hook=pairs)) or found
    except (ValueError, RecursionError):
        # Not JSON at all: read the escapes where they stand.
        text = re.sub(rb"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)).encode("utf-8", "ignore"), raw)
        return has_mark(text.decode("utf-8", "ignore"))
    return found


def _marked(value: object) -> bool:
    if isinstance(value, str):
        return has_mark(value)
    if isinstance(value, list):
        return any(_marked(item) for item in value)
    return False
