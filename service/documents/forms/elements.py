"""What single elements of office formats tell: a rule each, by the element's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from service.documents.forms.symbols import in_font, is_symbol_font, legible

if TYPE_CHECKING:
    from service.documents.forms.telling import Telling

# A label or format with one of these may complete a mark that stands elsewhere.
TELLING = re.compile("[密宻机機绝絕絶秘祕级級★☆⋆✡✦✧✩-✰✴-✺⭐🌟🌠]")
_REMOTE = re.compile(r"(?i)\s*(?:[a-z][a-z0-9+.-]{1,30}://|\\\\|//|mhtml:|file:|mk:|ms-[a-z]+:)")
_LOCAL = re.compile(r"(?i)\s*(?:file:/*)?[a-z]:[\\/]|\s*file:/+(?:users|home|volumes|private)/")
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


TOLD: dict[str, Callable[[Telling, Mapping[str, str]], None]] = {
    "Relationship": _relation,
    "lvlText": _level_text,
    "buFont": _bullet_font,
    "buChar": _bullet,
    "numFmt": _number_format,
    "list-level-style-bullet": _label("bullet-char", "num-prefix", "num-suffix"),
    "list-level-style-number": _label("num-prefix", "num-suffix"),
    "prstGeom": _geometry,
    "shapetype": _vml_type,
    "shape": _vml_shape,
    "enhanced-geometry": _enhanced,
    "iconSet": _icons,
    "hlinkClick": _click,
    "hlinkHover": _click,
    "hlinkMouseOver": _click,
    "event-listener": _listener,
    "module": _module,
    "image": _fetched,
    "section-source": _fetched,
    "object": _fetched,
    "object-ole": _fetched,
    "imagedata": _fetched,
    "path": _path,
    "wordDocument": _document,
    "rFonts": _run_font,
    "rFont": _run_font,
    "name": _cell_font,
    "fldSimple": _simple_field,
}
