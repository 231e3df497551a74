"""What the elements of office formats tell beyond their words: what runs, is fetched, is drawn and not written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from service.documents.forms.symbols import in_font, is_symbol_font, legible, symbol
from service.documents.forms.words import Words

# A label or format with one of these may complete a mark that stands elsewhere.
TELLING = re.compile("[密宻机機绝絕絶秘祕级級★☆⋆✡✦✧✩-✰✴-✺⭐🌟🌠]")
_REMOTE = re.compile(r"(?i)\s*(?:[a-z][a-z0-9+.-]{1,30}://|\\\\|//|mhtml:|file:|mk:|ms-[a-z]+:)")
_LOCAL = re.compile(r"(?i)\s*(?:file:/*)?[a-z]:[\\/]|\s*file:/+(?:users|home|volumes|private)/")
_DDE_FORMULA = re.compile(
    r"(?i)[\w.$-]+\|\s*'?[^!|]{0,400}!|\bDDE\s*\(|(?<![\w.])(?:CALL|REGISTER(?:\.ID)?|EXEC)\s*\("
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
    r'(?i)\bSYMBOL\s+"?(0x[0-9a-f]{1,6}|\d{1,7})"?(?:[^\\]|\\[^f])*?\\f\s*"?([^"\\]{1,40})'
)
# Relations whose far end Word or PowerPoint loads by itself when the file is opened.
_LOADED = (
    "attachedTemplate",
    "oleObject",
    "frame",
    "subDocument",
    "aFChunk",
    "package",
    "control",
    "externalCodeFile",
)
_SHAPES_OF_TEXT = {0, 1, 2, 20, 32, 75, 202, *range(136, 176)}  # VML: lines, boxes, pictures, WordArt

_FONT_NAMES = ("font-name", "font-family", "typeface")
_ACTIVE = {
    "macrosheet": "macros", "intlmacrosheet": "macros", "ddeLink": "dde", "ddeItem": "dde", "dde-source": "dde",
    "dde-connection-decl": "dde", "dde-connection-decls": "dde", "dde-connection": "dde", "ocx": "activex",
    "docSuppData": "macros",
}  # fmt: skip
_NOT_READ = {
    "custGeom": "shapes", "contentPart": "shapes", "trace": "shapes", "polyline": "shapes", "curve": "shapes",
    "arc": "shapes", "polygon": "shapes", "regular-polygon": "shapes", "binData": "pictures", "binary-data": "pictures",
    "binaryData": "pictures", "externalBook": "external", "connection": "external", "mailMerge": "external",
    "ImageObject": "pictures", "CompositeObject": "shapes", "CGTransform": "fonts", "FontFile": "fonts",
    "docOleData": "embedded",
}  # fmt: skip


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
        told = _TOLD.get(tag)
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


def is_remote(target: str) -> bool:
    """Whether an address leads to another machine."""
    return _LOCAL.match(target) is None and _REMOTE.match(target) is not None


def _relation(part: Telling, attrs: Mapping[str, str]) -> None:
    target, kind = attrs.get("Target", ""), attrs.get("Type", "").rpartition("/")[2]
    external = attrs.get("TargetMode") == "External" or is_remote(target)
    if kind in ("xlMacrosheet", "xlIntlMacrosheet", "vbaProject", "wordVbaData"):
        part.active("macros")
    if not external or kind == "hyperlink":
        return
    local = _LOCAL.match(target) is not None
    if kind == "attachedTemplate" and local:
        return  # where the writer's own template lay: adds no word to the text
    if kind in _LOADED and not local:
        part.active("remote")
    part.note("external")


def _label(*names: str) -> Callable[[Telling, Mapping[str, str]], None]:
    def told(part: Telling, attrs: Mapping[str, str]) -> None:
        for shown, unknown in (legible(attrs.get(name, "")) for name in names):
            if unknown or TELLING.search(shown):
                part.note("list_labels")

    return told


def _level_text(part: Telling, attrs: Mapping[str, str]) -> None:
    part.label = attrs.get("val", "")
    _label("val")(part, attrs)


def _bullet_font(part: Telling, attrs: Mapping[str, str]) -> None:
    part.bullet_font = attrs.get("typeface", "")


def _bullet(part: Telling, attrs: Mapping[str, str]) -> None:
    _label("char")(part, attrs)
    _label_in(part, part.bullet_font, attrs.get("char", ""))


def _label_in(part: Telling, font: str, label: str) -> None:
    """A label set in a symbol font: a star, or nobody knows what."""
    if is_symbol_font(font):
        shown, unknown = in_font(font, label)
        if unknown or TELLING.search(shown):
            part.note("list_labels")


def _number_format(part: Telling, attrs: Mapping[str, str]) -> None:
    code = attrs.get("formatCode", "")
    if TELLING.search(code):
        part.note("number_formats")
        part.more.append(re.sub(r'["\\_]', "", code))


def _geometry(part: Telling, attrs: Mapping[str, str]) -> None:
    if attrs.get("prst", "").startswith(("star", "irregularSeal")):
        part.note("shapes")


def _vml_type(part: Telling, attrs: Mapping[str, str]) -> None:
    given = attrs.get("spt", "0")
    if not (given.replace(".0", "").isdigit() and int(float(given)) in _SHAPES_OF_TEXT):
        part.note("shapes")


def _vml_shape(part: Telling, attrs: Mapping[str, str]) -> None:
    kind = re.fullmatch(r"#_x0000_t(\d{1,4})", attrs.get("type", ""))
    if "path" in attrs or (kind and int(kind[1]) not in _SHAPES_OF_TEXT):
        part.note("shapes")


def _enhanced(part: Telling, attrs: Mapping[str, str]) -> None:
    plain = (
        "rectangle",
        "round-rectangle",
        "ellipse",
        "mso-spt202",
        "mso-spt1",
        "ooxml-rect",
        "ooxml-roundRect",
    )
    if attrs.get("type", "rectangle") not in plain and not attrs.get("type", "").startswith("fontwork"):
        part.note("shapes")


def _path(part: Telling, attrs: Mapping[str, str]) -> None:
    if "d" in attrs:  # of SVG and OpenDocument; themes of Office have others
        part.note("shapes")


def _icons(part: Telling, attrs: Mapping[str, str]) -> None:
    if re.search("Star|Rating", attrs.get("iconSet", "")):
        part.note("shapes")


def _click(part: Telling, attrs: Mapping[str, str]) -> None:
    if (
        attrs.get("action", "")
        .lower()
        .startswith(("ppaction://program", "ppaction://macro", "ppaction://ole"))
    ):
        part.active("launch")


def _listener(part: Telling, attrs: Mapping[str, str]) -> None:
    if (
        attrs.get("action") in ("execute", "macro")
        or "script:" in attrs.get("href", "")
        or "macro:" in attrs.get("href", "")
    ):
        part.active("macros")


def _module(part: Telling, attrs: Mapping[str, str]) -> None:
    if "language" in attrs:
        part.active("macros")


def _fetched(part: Telling, attrs: Mapping[str, str]) -> None:
    href = attrs.get("href", "") or attrs.get("src", "")
    if is_remote(href) or href.startswith(("../", "/")) or _LOCAL.match(href):
        part.note("external")


def _document(part: Telling, attrs: Mapping[str, str]) -> None:
    if attrs.get("macrosPresent", "no") not in ("no", "false", "0"):
        part.active("macros")


def _run_font(part: Telling, attrs: Mapping[str, str]) -> None:
    fonts = [value for value in attrs.values() if is_symbol_font(value)]
    if fonts and part.parent(2) == "lvl":
        _label_in(part, fonts[0], part.label)
    elif fonts and part.parent(2) not in ("r", "pPr"):
        part.note("symbols")


def _cell_font(part: Telling, attrs: Mapping[str, str]) -> None:
    if part.parent() == "font" and is_symbol_font(attrs.get("val", "")):
        part.note("symbols")


def _simple_field(part: Telling, attrs: Mapping[str, str]) -> None:
    part.field(attrs.get("instr", ""))


_TOLD: dict[str, Callable[[Telling, Mapping[str, str]], None]] = {
    "Relationship": _relation, "lvlText": _level_text, "buFont": _bullet_font, "buChar": _bullet,
    "numFmt": _number_format,
    "list-level-style-bullet": _label("bullet-char", "num-prefix", "num-suffix"),
    "list-level-style-number": _label("num-prefix", "num-suffix"), "prstGeom": _geometry, "shapetype": _vml_type,
    "shape": _vml_shape, "enhanced-geometry": _enhanced, "iconSet": _icons, "hlinkClick": _click,
    "hlinkHover": _click, "hlinkMouseOver": _click, "event-listener": _listener, "module": _module, "image": _fetched,
    "section-source": _fetched, "object": _fetched, "object-ole": _fetched, "imagedata": _fetched,
    "path": _path,
    "wordDocument": _document, "rFonts": _run_font, "rFont": _run_font, "name": _cell_font, "fldSimple": _simple_field,
}  # fmt: skip
