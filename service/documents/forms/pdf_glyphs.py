"""What the glyphs of a PDF's font are by the font itself, to hold it against what the PDF says they are.

A table of characters (ToUnicode) is what programs copy; a reader sees the glyphs. Where the font names its glyphs or
keeps its own table, and a sign of a mark is told as something else, the words were not read. Fonts that say nothing of
their glyphs (most subsets) cannot be held against anything.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from service.measures.secrecy_folding import fold
from service.measures.secrecy_words import STAR

_SIGNS = re.compile(f"[绝绝絕机機秘祕密宻㊙{STAR[1:]}")
_NAMED = re.compile(r"/?u(?:ni)?([0-9A-Fa-f]{4,6})(?:\.[\w.]*)?")
_IN_PROGRAM = re.compile(rb"uni([0-9A-F]{4})(?![0-9A-F])")
_CODED = {
    **dict.fromkeys(("/GB-EUC", "/GBpc-EUC"), "gb2312"),
    **dict.fromkeys(("/GBK-EUC", "/GBKp-EUC"), "gbk"),
    "/GBK2K": "gb18030",
    **dict.fromkeys(("/ETen-B5", "/ETenms-B5", "/HKscs-B5", "/B5pc"), "big5hkscs"),
}
_MOST = 200_000  # codes of a table
_UNICODE = {(0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (0, 6), (3, 1), (3, 10)}


def lies(font: DictionaryObject, told: Mapping[str, str]) -> bool:
    """Whether a sign of a mark is told as another; `told`: code, as a character, to what the PDF says of it."""
    said = fold("密" + "".join(told.values()))
    if any(chr(int(name, 16)) for name in _program_names(font) if _hidden(chr(int(name, 16)), said)):
        return True
    shown = _shown(font)
    return any(
        _SIGNS.search(signs) and not (set(fold("密" + signs)[1:]) & set(fold("密" + told[code])[1:]))
        for code in told
        if (signs := shown.get(ord(code)) if len(code) == 1 else None)
    )


def _hidden(char: str, said: str) -> bool:
    """Whether a sign that the font has under its name is told by no code."""
    return bool(_SIGNS.match(char)) and char != "密" and fold("密" + char)[1:] not in said[1:]


def _program_names(font: DictionaryObject) -> Iterator[str]:
    for key in ("/FontFile", "/FontFile3"):
        program = _at(_descriptor(font), key)
        if isinstance(program, StreamObject):
            yield from {found.decode() for found in _IN_PROGRAM.findall(program.get_data())}


def _shown(font: DictionaryObject) -> dict[int, str]:
    """Code → the characters that its glyph is, where that can be known."""
    encoding = _at(font, "/Encoding")
    if str(font.get("/Subtype")) != "/Type0":
        return dict(_differences(encoding))
    name = str(encoding).rsplit("-", 1)[0]
    if name.endswith(("-UCS2", "-UTF16")):
        return {ord(sign): sign for sign in _signs()}
    if name in _CODED:
        coded = {sign: sign.encode(_CODED[name], "ignore") for sign in _signs()}
        return {int.from_bytes(raw): sign for sign, raw in coded.items() if raw}
    return _of_glyphs(font) if name == "/Identity" else {}


def _signs() -> list[str]:
    return [chr(code) for code in range(0x10000) if _SIGNS.match(chr(code))]


def _differences(encoding: Any) -> Iterator[tuple[int, str]]:
    listed = _at(encoding, "/Differences") if isinstance(encoding, DictionaryObject) else None
    code = 0
    for each in listed if isinstance(listed, ArrayObject) else ():
        if isinstance(each, int):
            code = each
            continue
        if named := _NAMED.fullmatch(str(each)):
            yield code, chr(min(int(named[1], 16), 0x10FFFF))
        code += 1


def _of_glyphs(font: DictionaryObject) -> dict[int, str]:
    descendants = _at(font, "/DescendantFonts")
    if not isinstance(descendants, ArrayObject) or not descendants:
        return {}
    under = descendants[0].get_object()
    program = _at(_descriptor(under), "/FontFile2")
    glyphs = _table(program.get_data()) if isinstance(program, StreamObject) else {}
    places = _at(under, "/CIDToGIDMap")
    if not isinstance(places, StreamObject):
        return glyphs
    raw = places.get_data()
    return {
        at // 2: glyphs[glyph]
        for at in range(0, len(raw) - 1, 2)
        if (glyph := int.from_bytes(raw[at : at + 2])) in glyphs
    }


def _descriptor(font: DictionaryObject) -> DictionaryObject:
    found = _at(font, "/FontDescriptor")
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _at(found: DictionaryObject, key: str) -> Any:
    return found[key].get_object() if key in found else None


def _table(program: bytes) -> dict[int, str]:
    """Glyph → its characters by the `cmap` of a TrueType font (OpenType 1.9, cmap); empty where it has none."""
    glyphs: dict[int, str] = {}
    try:
        for number in range(min(struct.unpack_from(">H", program, 4)[0], 64)):
            tag, _, at, _ = struct.unpack_from(">4sLLL", program, 12 + 16 * number)
            if tag == b"cmap":
                for sub in range(min(struct.unpack_from(">H", program, at + 2)[0], 32)):
                    platform, kind, offset = struct.unpack_from(">HHL", program, at + 4 + 8 * sub)
                    if (platform, kind) in _UNICODE:
                        for code, glyph in _codes(program, at + offset):
                            if glyph and chr(code) not in glyphs.get(glyph, ""):
                                glyphs[glyph] = glyphs.get(glyph, "") + chr(code)
    except (struct.error, ValueError):
        pass  # a table that is cut off: what was read of it counts
    return glyphs


def _codes(program: bytes, at: int) -> Iterator[tuple[int, int]]:
    form = struct.unpack_from(">H", program, at)[0]
    if form == 4:
        yield from _segments(program, at)
    elif form == 6:
        first, count = struct.unpack_from(">HH", program, at + 6)
        yield from ((first + n, struct.unpack_from(">H", program, at + 10 + 2 * n)[0]) for n in range(count))
    elif form == 12:
        left = _MOST
        for group in range(min(struct.unpack_from(">L", program, at + 12)[0], _MOST)):
            start, end, glyph = struct.unpack_from(">LLL", program, at + 16 + 12 * group)
            left -= max(0, end - start) + 1
            if left < 0 or end > 0x10FFFF:
                return
            yield from ((code, glyph + code - start) for code in range(start, end + 1))


def _segments(program: bytes, at: int) -> Iterator[tuple[int, int]]:
    size = struct.unpack_from(">H", program, at + 6)[0]
    left = _MOST
    for n in range(0, size, 2):
        end, start, delta, where = (
            struct.unpack_from(">H", program, at + place + n)[0]
            for place in (14, 16 + size, 16 + 2 * size, 16 + 3 * size)
        )
        for code in range(start, min(end, 0xFFFE) + 1):
            left -= 1
            if left < 0:
                return
            glyph = code
            if where:
                glyph = struct.unpack_from(
                    ">H", program, at + 16 + 3 * size + n + where + 2 * (code - start)
                )[0]
                if not glyph:
                    continue
            yield code, (glyph + delta) & 0xFFFF
