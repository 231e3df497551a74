"""Whether the characters of a PDF's font can be known: what is not told by the file is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pypdf._cmap import get_encoding
from pypdf.generic import ArrayObject, DictionaryObject

from service.documents.forms.pdf_glyphs import lies

_SYMBOLS = re.compile(r"(?i)wingdings|webdings|dingbats|^symbol|monotypesorts|marlett")
_KNOWN_BASE = {"/WinAnsiEncoding", "/MacRomanEncoding", "/StandardEncoding", "None"}
_MOST_FORMS = 500  # drawings in drawings that are gone through for their fonts
_SYMBOLIC = 4  # ISO 32000-1, table 123


def font_notes(font: DictionaryObject) -> set[str]:
    """Notes on one font dictionary; empty when its codes mean what the standard or its own table says."""
    kind = str(font.get("/Subtype"))
    name = str(font.get("/BaseFont", "")).lstrip("/").rpartition("+")[2]
    if kind == "/Type3":
        return {"fonts"}
    if _SYMBOLS.search(name):
        return {"symbols"}
    if kind.startswith("/CIDFont"):
        return set()  # told by the font that uses it
    if "/ToUnicode" in font:
        _, told = get_encoding(font)
        return {"fonts"} if "" in told.values() or _elsewhere(font) or lies(font, told) else set()
    if kind not in ("/Type1", "/TrueType", "/MMType1"):
        return {"fonts"}
    descriptor: Any = font.get("/FontDescriptor")
    descriptor = descriptor.get_object() if descriptor is not None else {}
    embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    symbolic = bool(int(descriptor.get("/Flags", 0)) & _SYMBOLIC)
    known = str(font.get("/Encoding")) in _KNOWN_BASE
    return set() if known and not embedded and not symbolic else {"fonts"}


def _elsewhere(font: DictionaryObject) -> bool:
    """Whether its glyphs are told by number and lie in no font of the file: what is seen is the reader's choice."""
    under: Any = font.get("/DescendantFonts")
    under = under.get_object() if under is not None else None
    if (
        not str(font.get("/Encoding")).startswith("/Identity")
        or not isinstance(under, ArrayObject)
        or not under
    ):
        return False
    descriptor: Any = under[0].get_object().get("/FontDescriptor")
    descriptor = descriptor.get_object() if descriptor is not None else {}
    return not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def unmapped(text: str, page: DictionaryObject) -> bool:
    """Whether the page's text has a character that none of its fonts tells: a number of a glyph that passes for one."""
    told: set[str] = set()
    for font in _fonts(page):
        encoding, table = get_encoding(font)
        if not table and isinstance(encoding, str):
            return False  # such a font has its own note
        told.update(*table.values(), *(encoding.values() if isinstance(encoding, dict) else ()))
    return any(not char.isspace() and (char not in told or char in "\0\ufffd") for char in set(text))


def _fonts(page: DictionaryObject) -> Iterator[DictionaryObject]:
    """Of the page and of whatever is drawn on it."""
    waiting, seen, left = [page], set[int](), _MOST_FORMS
    while waiting and left:
        resources: Any = waiting.pop().get("/Resources")
        resources = resources.get_object() if resources is not None else {}
        for kind in ("/Font", "/XObject"):
            group: Any = resources.get(kind)
            for found in (group.get_object() if group is not None else {}).values():
                each = found.get_object()
                if isinstance(each, DictionaryObject) and id(each) not in seen:
                    seen.add(id(each))
                    left -= kind == "/XObject"
                    if kind == "/Font":
                        yield each
                    else:
                        waiting.append(each)
