"""What the elements of office formats tell beyond their words: what runs, is fetched, is drawn and not written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from service.documents.forms.elements import TELLING, TOLD
from service.documents.forms.symbols import is_symbol_font, symbol
from service.documents.forms.words import Words

_DDE_FORMULA = re.compile(
    r"(?i)(?<![\w.$-])[\w.$-]+\|\s{0,40}'?[^!|]{0,400}!|\bDDE\s*\(|(?<![\w.])(?:CALL|REGISTER(?:\.ID)?|EXEC)\s*\("
)
_QUOTED = re.compile(r'"[^"]*"')
_FETCHING = re.compile(r"(?i)\b(?:WEBSERVICE|RTD|IMAGE|IMPORTXML|IMPORTDATA|CUBE\w+)\s*\(")
_SPELLING = re.compile(r"(?i)(?<![\w.])(?:UNICHAR|CHAR|_xlfn\.UNICHAR)\s*\(")
_DDE_FIELD = re.compile(r"(?i)\bDDE(?:AUTO)?\b")
_FETCHED_FIELD = re.compile(r"(?i)\b(?:INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|RD)\b")
_BUILT_FIELD = re.compile(
    r"(?i)(?:^|\s)(?:EQ|QUOTE|MACROBUTTON|GOTOBUTTON|PRINT|AUTOTEXT|AUTOTEXTLIST|SYMBOL)\s"
)
_SYMBOL_FIELD = re.compile(
    r'(?i)\bSYMBOL\s+"?(0x[0-9a-f]{1,6}|\d{1,7})"?(?:[^\\]|\\[^f]){0,200}?\\f\s{0,40}"?([^"\\]{1,40})'
)

_FONT_NAMES = ("font-name", "font-family", "typeface")
_ACTIVE = {
    "macrosheet": "macros",
    "intlmacrosheet": "macros",
    "ddeLink": "dde",
    "ddeItem": "dde",
    "dde-source": "dde",
    "dde-connection-decl": "dde",
    "dde-connection-decls": "dde",
    "dde-connection": "dde",
    "ocx": "activex",
    "docSuppData": "macros",
}
_NOT_READ = {
    "custGeom": "shapes",
    "contentPart": "shapes",
    "trace": "shapes",
    "polyline": "shapes",
    "curve": "shapes",
    "arc": "shapes",
    "polygon": "shapes",
    "regular-polygon": "shapes",
    "binData": "pictures",
    "binary-data": "pictures",
    "binaryData": "pictures",
    "externalBook": "external",
    "connection": "external",
    "mailMerge": "external",
    "ImageObject": "pictures",
    "CompositeObject": "shapes",
    "CGTransform": "fonts",
    "FontFile": "fonts",
    "docOleData": "embedded",
}


class Telling(Words):
    """Reads one part and hears what its elements tell. `note` takes a code of notes.py, `refuse` ends the look."""

    def __init__(self, note: Callable[[str], None], active: Callable[[str], None]) -> None:
        super().__init__()
        self.note, self.active = note, active
        self.more: list[str] = []  # readings beside the ones of the part's text
        self.line_fields: list[str] = []
        self.bullet_font = self.label = ""

    def seen(self, tag: str, attrs: Mapping[str, str]) -> None:
        if tag in _ACTIVE:
            self.active(_ACTIVE[tag])
        if tag in _NOT_READ:
            self.note(_NOT_READ[tag])
        told = TOLD.get(tag)
        if told is not None:
            told(self, attrs)
        if not attrs:
            return
        if "formula" in attrs or "Formula" in attrs:
            self.formula(attrs.get("formula") or attrs.get("Formula") or "")
        for key in _FONT_NAMES:
            if key in attrs and is_symbol_font(attrs[key]):
                self._font(tag)

    def ended(self, tag: str, own: str) -> None:
        if tag in ("instrText", "delInstrText"):
            self.line_fields.append(own)
            for found in _SYMBOL_FIELD.finditer(own):
                self._symbol_field(found)
        elif tag == "p" and self.line_fields:
            self.field("".join(self.line_fields))
            self.line_fields = []
        elif tag == "text" and self.parent().endswith("-style") and TELLING.search(own):
            self.note("number_formats")
        elif tag == "AbbreviatedData" and (re.search("[BQA]", own) or own.count("L") > 4):
            self.note("shapes")
        elif tag == "f":
            self.formula(own)

    def field(self, code: str) -> None:
        """A field of Word: what it would fetch, run or build."""
        if _DDE_FIELD.search(code):
            self.active("dde")
        if _FETCHED_FIELD.search(code):
            self.note("external")
        if _BUILT_FIELD.search(f" {code} "):
            self.note("fields")

    def formula(self, text: str) -> None:
        """A formula of a sheet: what it would run, fetch or spell."""
        text = _QUOTED.sub('""', text)
        if _DDE_FORMULA.search(text):
            self.active("dde")
        if _FETCHING.search(text):
            self.note("external")
        if _SPELLING.search(text):
            self.note("formulas")

    def _symbol_field(self, found: re.Match[str]) -> None:
        shown = symbol(found[2], int(found[1], 16 if found[1][:2].lower() == "0x" else 10))
        self.open[-1].flags &= ~1
        self._say(shown or "★")
        if shown is None:
            self.note("symbols")

    def _font(self, tag: str) -> None:
        """A symbol font outside a run: whatever is set in it shows something else."""
        around = self.parent()
        if tag in ("buFont", "font-face") or around in ("rPr", "list-level-style-bullet", "endParaRPr"):
            return
        self.note("symbols")
