"""Text over the wire: every string of a request is cleaned here, and is declared as one of these kinds.

`x-text` names the kind in the OpenAPI document; a test walks all of them. A string without a kind is an enum, a date
or has a pattern of ASCII characters only. Keys for comparing: service/characters/keys.py. See docs/text.md.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from service.characters.cleaning import Unclean, cleaned, is_clean
from service.kit.errors import FieldError, invalid
from service.vocabulary import names

# Something a person can see: blanks, zero-width characters and fillers alone say nothing.
SEEN = r"[^\s\u00ad\u115f\u1160\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0]"
# Private use: another sign, or none, on the next machine. In prose it is left (bullets pasted from a word processor).
_PRIVATE = r"[\ue000-\uf8ff]"
_ONE_LINE = rf"(?=.*{SEEN})(?!.*{_PRIVATE})\S(?:[^\n\t]*\S)?"
# One line, without blanks at its ends. `$(?!\n)`: Python's `$` alone would let a trailing line feed through.
LINE = rf"^{_ONE_LINE}$(?!\n)"
LINE_OR_NONE = rf"^(?:{_ONE_LINE})?$(?!\n)"

KINDS: Final = names("text_kind")


def line(
    most: int = 200,
    *,
    kind: str = "line",
    empty: bool = False,
    told: str | None = None,
    must_say: bool = False,
) -> Meta:
    """One line with something to see in it; `empty`: or nothing at all. A number must be one, not 无 or /, and so must
    `must_say`: a person, a company, an organ, a paper that a record rests on."""
    says = {"x-says": True} if (kind == "number" or must_say) and not empty else {}
    return Meta(
        min_length=None if empty else 1,
        max_length=most,
        pattern=LINE_OR_NONE if empty else LINE,
        description=told,
        extra_json_schema={"x-text": kind, **says},
    )


def prose(most: int = 4000, *, least: int = 0, kind: str = "prose") -> Meta:
    """Lines of text; `least` characters where it must say something (kit/saying: 无 and the like say nothing)."""
    says = {"x-says": True} if kind == "prose" else {}
    if not least:
        return Meta(max_length=most, extra_json_schema={"x-text": kind})
    return Meta(min_length=least, max_length=most, pattern=SEEN, extra_json_schema={"x-text": kind, **says})


def opaque(most: int) -> Meta:
    """What is only looked up or unsealed: an id, a cursor, the code of a finding."""
    return Meta(max_length=most, extra_json_schema={"x-text": "opaque"})


Line = Annotated[str, line()]
LineOrNone = Annotated[str, line(empty=True)]
Name = Annotated[str, line(kind="name")]
NameOrNone = Annotated[str, line(kind="name", empty=True)]
Number = Annotated[str, line(kind="number")]
# Whoever or whatever a record names as a fact: 待定, 无 and 某某 name nobody (arts 24, 26, 31, 38, 39).
Named = Annotated[str, line(kind="name", must_say=True)]
Stated = Annotated[str, line(must_say=True)]
Said = Annotated[str, prose(4000, least=2)]
Note = Annotated[str, prose(4000)]
Remark = Annotated[str, prose(2000)]
Long = Annotated[str, prose(20000)]
Needle = Annotated[
    str, Meta(min_length=1, max_length=100, pattern=SEEN, extra_json_schema={"x-text": "search"})
]
Secret = Annotated[str, Meta(extra_json_schema={"x-text": "secret"})]
Cursor = Annotated[str, opaque(400)]
TenantCode = Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{2,16}$(?!\n)")]
MOST_SAID = 50  # values of one filter
TenantCodes = Annotated[list[TenantCode], Meta(max_length=MOST_SAID)]
PublicRef = Annotated[str, opaque(60)]
Moment = Annotated[datetime, Meta(tz=True)]
FindingCode = Annotated[str, Meta(min_length=1, max_length=64, extra_json_schema={"x-text": "opaque"})]

# As printed on stationery and written by hand: 0791-88880000转8012、88880001, （0791）8888 0000, +86 138-0000-0000.
_DIGIT = "[0-9０-９]"
_GAP = r"[ \u00a0\u3000.．·\-\u2010-\u2015\u2212\ufe63\uff0d~～]{0,3}"
_AREA = rf"(?:[+＋]{_DIGIT}{{1,3}}{_GAP})?(?:[(（]{_DIGIT}{{2,5}}[)）]{_GAP})?"
_CALL = (
    rf"{_AREA}{_DIGIT}(?:{_GAP}{_DIGIT}){{2,39}}"  # numbers one after the other, parted by blanks, among them
)
# Lines beside the one named: 88880000/1/2, 转8012、8013, 转8012或8013.
_LINES = rf"(?:[/／]{_DIGIT}{{1,2}}){{0,4}}"
_MORE = rf"(?: ?(?:[、/／,，]|或) ?{_DIGIT}{{1,6}}){{0,4}}"
_INNER = rf"(?: ?(?:转|轉|分机|分機|内线|內線|[Ee][Xx][Tt]\.?|[xX×*#＃]) ?[:：]? ?{_DIGIT}{{1,6}}{_MORE})?"
_WORDS = r"[\u4e00-\u9fff]{1,12}"
_ONE_PHONE = rf"(?:{_WORDS} ?[:：] ?)?{_CALL}{_LINES}{_INNER}(?: ?[(（]{_WORDS}[)）])?"
PHONE = rf"^(?:{_ONE_PHONE}(?: ?[、，,;；/／|] ?{_ONE_PHONE}){{0,4}})?$(?!\n)"
Phone = Annotated[str, Meta(max_length=100, pattern=PHONE, extra_json_schema={"x-text": "telephone"})]
Email = Annotated[
    str, Meta(max_length=200, pattern=r"^([^@\s]+@[^@\s]+)?$(?!\n)", extra_json_schema={"x-text": "email"})
]

BOM = b"\xef\xbb\xbf"
_ESCAPED = re.compile(
    rb"\\[ubfr]"
)  # of JSON's escapes those that may stand for a character with something to it
MOST_FAULTS = 20
CODE = "invalid_character"


def clean_json(raw: bytes, faults: list[FieldError]) -> bytes:
    """A JSON text with every string and key of it cleaned; as it came where there is nothing to clean.

    A fault with a pointer is added for each text with a character that none may hold, which is empty then, and for
    keys that are one when cleaned. DecodeError, UnicodeDecodeError or RecursionError for what is no JSON in UTF-8.
    """
    if _ESCAPED.search(raw) is None and is_clean_source(raw.decode()):
        return raw
    tree = msgspec.json.decode(raw)
    found = clean_tree(tree, "", faults)
    return raw if found is tree else msgspec.json.encode(found)


def is_clean_source(text: str) -> bool:
    """Whether a JSON text without escapes is clean; its line ends stand between values, never inside."""
    return is_clean(text.replace("\r", "")) if "\r" in text else is_clean(text)


def clean_tree(value: Any, at: str, faults: list[FieldError]) -> Any:
    """A decoded value with clean texts, the same object where nothing changed; faults are added with pointers."""
    if isinstance(value, str):
        return _text(value, at, faults)
    if isinstance(value, list):
        items = [clean_tree(each, f"{at}/{step}", faults) for step, each in enumerate(value)]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if isinstance(value, dict):
        return _members(value, at, faults)
    return value


def _members(value: dict[str, Any], at: str, faults: list[FieldError]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    changed = False
    for name, each in value.items():
        clean = _text(name, at, faults) if isinstance(name, str) else str(name)
        if clean in found:
            faults.append(FieldError(f"{at}/{escape(clean[:64])}", "duplicate_key", "同一字段重复出现"))
        inner = clean_tree(each, f"{at}/{escape(clean[:64])}", faults)
        changed = changed or clean is not name or inner is not each
        if clean or not name:  # a name that none may have is told, and is no unknown field besides
            found[clean] = inner
    return found if changed else value


def _text(text: str, at: str, faults: list[FieldError]) -> str:
    try:
        return cleaned(text)
    except Unclean as unclean:
        faults.append(FieldError(at, CODE, told(unclean)))
        return ""


def told(unclean: Unclean) -> str:
    """The sentence for a character that no text may hold."""
    return f"第 {unclean.place} 个字处有不能使用的字符：{unclean.told}，请删去"


def clean_value(value: Any, pointer: str) -> Any:
    """A value that was read of another format (YAML), cleaned; 422 with pointers below `pointer`."""
    faults: list[FieldError] = []
    found = clean_tree(value, pointer, faults)
    if faults:
        raise invalid(faults[:MOST_FAULTS])
    return found


def clean_text(text: str, pointer: str) -> str:
    """One text that came by another road (a line of CSV, a header); 422 with the pointer."""
    try:
        return cleaned(text)
    except Unclean as unclean:
        raise invalid([FieldError(pointer, CODE, told(unclean))]) from None


def escape(step: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return step.replace("~", "~0").replace("/", "~1")
