"""Whether the characters of a PDF's font can be known: what is not told by the file is not read."""

from __future__ import annotations

import re
from typing import Any

from pypdf.generic import DictionaryObject

_SYMBOLS = re.compile(r"(?i)wingdings|webdings|dingbats|^symbol|monotypesorts|marlett")
_KNOWN_BASE = {"/WinAnsiEncoding", "/MacRomanEncoding", "/StandardEncoding", "None"}
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
        return set()
    if kind not in ("/Type1", "/TrueType", "/MMType1"):
        return {"fonts"}
    descriptor: Any = font.get("/FontDescriptor")
    descriptor = descriptor.get_object() if descriptor is not None else {}
    embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    symbolic = bool(int(descriptor.get("/Flags", 0)) & _SYMBOLIC)
    known = str(font.get("/Encoding")) in _KNOWN_BASE
    return set() if known and not embedded and not symbolic else {"fonts"}
