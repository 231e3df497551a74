"""Pages, mails, rich text and single XML files: their words are read, but how they will look is not known here."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from html.parser import HTMLParser

from service.documents.forms import kinds
from service.documents.forms.look import Look
from service.documents.forms.offices import Book, Part, read_words
from service.documents.forms.words import Broken, bare, decoded
from service.documents.names import dangerous

_RUNNING = {
    "script",
    "iframe",
    "frame",
    "object",
    "embed",
    "applet",
    "hta:application",
    "handler",
    "listener",
}
_SCHEMES = re.compile(r"(?i)[\s\x00-\x1f]*(?:java|vb|live)script\s*:|[\s\x00-\x1f]*data:text/html")
_EVENT = re.compile(r"(?i)on[a-z]{3,30}")
_INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "big",
    "cite",
    "code",
    "del",
    "em",
    "font",
    "i",
    "ins",
    "kbd",
    "mark",
    "o:p",
    "q",
    "rb",
    "ruby",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "tspan",
    "tt",
    "u",
    "var",
    "wbr",
}
_PIECE = 64 << 10
_UNENDED = 50  # tags that nothing ends
_ASIDE = {"rt", "rp", "style", "title", "script", "noscript", "template"}
_META = re.compile(rb"(?i)charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,30})")
_CHARSETS = ("utf-8", "gb2312", "gbk", "gb18030", "big5", "utf-16", "us-ascii", "iso-8859-1", "windows-1252")
# A word of RTF: \'hh, \uN with the stand-in that follows, or any other.
_RTF = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6}) ?(?:\\'[0-9a-fA-F]{2}|[^\\{}])?"
    r"|\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\(.)|([{}])|[\r\n]+"
)
_RTF_ACTIVE = re.compile(
    rb"(?i)\\obj(?:ocx|aut?link|link|emb|data|update|class)|\\fldinst[^}]{0,300}\bDDE(?:AUTO)?\b|\\\*\\template[^}]{0,200}(?:://|\\\\\\\\)"
)
_RTF_BREAKS = {"par": "\n", "line": "\n", "cell": "\n", "row": "\n", "tab": " ", "emdash": "-", "bullet": "•"}


class Page(HTMLParser):
    """The words of a page, with and without what stands beside the line; whether it runs anything."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.all: list[str] = []
        self.line: list[str] = []
        self.values: list[str] = []
        self.runs = False
        self._aside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.runs = self.runs or tag in _RUNNING
        for name, value in attrs:
            self.runs = self.runs or bool(_EVENT.fullmatch(name)) or bool(_SCHEMES.match(value or ""))
            if value and (tag, name) != ("img", "src"):
                self.values.append(value)
        if tag == "meta" and any(value and value.lower() == "refresh" for _, value in attrs):
            self.runs = True
        if tag in _ASIDE:
            self._aside += 1
        elif tag not in _INLINE:
            self._say("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _ASIDE:
            self._aside = max(0, self._aside - 1)
        elif tag not in _INLINE:
            self._say("\n")

    def handle_data(self, data: str) -> None:
        self._say(data)

    def handle_comment(self, data: str) -> None:
        self.values.append(data)

    def _say(self, text: str) -> None:
        self.all.append(text)
        if not self._aside:
            self.line.append(text)


def look_at_page(raw: bytes, look: Look) -> str:
    """An HTML page."""
    look.notes.add("markup")
    for text in _texts(raw):
        page = _page(text, look)
        if page.runs:
            look.refuse("active_content")
        look.read("".join(page.all), "".join(page.line), text)
        look.read_lines(page.values)
    return kinds.HTML


def _page(text: str, look: Look) -> Page:
    """Parsed piece by piece, for as long as the look may take."""
    page = Page()
    for start in range(0, len(text), _PIECE):
        page.feed(text[start : start + _PIECE])
        if page.runs:
            return page
        if len(page.rawdata) > _PIECE:
            _give_up(page, look)
        look.go_on()
    if page.rawdata.count("<") > _UNENDED:
        _give_up(page, look)
    page.close()
    return page


def _give_up(page: Page, look: Look) -> None:
    """What begins tags and never ends them is words: the parser would go through it anew from each."""
    look.notes.add("broken")
    page.handle_data(page.rawdata)
    page.rawdata = ""


def _texts(raw: bytes) -> list[str]:
    """The page in the encoding it names, or in all that it may be in."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return [raw.decode("utf-16", "replace")]
    said = _META.search(raw[:4096])
    named = said[1].decode().lower() if said else ""
    try:
        return [raw.decode("utf-8-sig")] + ([raw.decode(named, "replace")] if named in _CHARSETS[1:6] else [])
    except UnicodeDecodeError:
        return [raw.decode(encoding, "replace") for encoding in ("gb18030", "big5hkscs")]


def look_at_xml(raw: bytes, look: Look) -> str:
    """A single XML file: Word 2003, flat OpenDocument, SVG, anything else."""
    look.notes.add("markup")
    try:
        text = decoded(raw)
    except Broken:
        look.strings(raw)
        return kinds.XML
    part = Part(look, Book(look))
    head = text[:4096].lower()
    media = kinds.SVG if re.search(r"<(?:[a-z]+:)?svg[\s>]", head) else kinds.XML
    try:
        part.feed(text)
    except Broken:
        look.notes.add("broken")
        look.read(bare(text))
    read_words(part, look)
    page = _page(text, look)
    if page.runs or "<?xml-stylesheet" in head:
        look.refuse("active_content")
    return media


def look_at_mail(raw: bytes, look: Look) -> str:
    """A mail or a saved page (MHTML): headers, texts and what is attached."""
    look.notes.add("markup")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for number, part in enumerate(message.walk(), 1):
        look.spend(0, 1)
        look.read_lines(f"{name}: {_header(part, name)}" for name in part)
        if part.is_multipart():
            continue
        name = _filename(part)
        inner = look.inside(name or str(number))
        if name and (code := dangerous(name)) is not None:
            inner.refuse(code)
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            look.spend(len(content))
            _part(part, content, inner)
    return kinds.MAIL


def _header(part: EmailMessage, name: str) -> str:
    try:
        return str(part[name])
    except Exception:  # the header parser raises whatever a broken header leads it to
        return ""


def _filename(part: EmailMessage) -> str:
    try:
        return part.get_filename() or ""
    except Exception:
        return ""


def _part(part: EmailMessage, content: bytes, look: Look) -> None:
    look.harmless(content)
    if part.get_content_maintype() == "text":
        look.read(*_readable(part, content))
        if part.get_content_subtype() == "html":
            look_at_page(content, look)
        return
    look.strings(content)
    look.open(content, look, look.where)


def _readable(part: EmailMessage, content: bytes) -> list[str]:
    charset = (part.get_content_charset() or "utf-8").lower()
    named = charset if charset in _CHARSETS else "utf-8"
    return [content.decode(each, "ignore") for each in {named, "utf-8", "gb18030", "big5hkscs"}]


def look_at_rtf(raw: bytes, look: Look) -> str:
    """Rich text: its words without their controls; objects in it are not taken."""
    look.notes.add("rich_text")
    if _RTF_ACTIVE.search(raw):
        look.refuse("active_content")
    text = raw.decode("latin-1")
    for encoding in ("gb18030", "big5hkscs"):
        look.read(_rtf(text, encoding, False), _rtf(text, encoding, True))
    if b"\\pict" in raw or b"\\shppict" in raw:
        look.notes.add("pictures")
    return kinds.RTF


def _rtf(text: str, encoding: str, parted: bool) -> str:
    """The words; `parted` sets a blank where a group begins or ends."""
    out: list[str] = []
    held = bytearray()
    at = 0
    for match in _RTF.finditer(text):
        held += text[at : match.start()].encode("latin-1")
        at = match.end()
        if match[1]:
            held.append(int(match[1], 16))
            continue
        out.append(held.decode(encoding, "ignore"))
        held.clear()
        if match[2]:
            out.append(chr(int(match[2]) & 0xFFFF))
        elif match[3]:
            out.append(_RTF_BREAKS.get(match[3], ""))
        elif match[5]:
            out.append(" " if match[5] == "~" else match[5] if match[5] in "\\{}" else "")
        elif match[6] and parted:
            out.append(" ")
    out.append((held + text[at:].encode("latin-1")).decode(encoding, "ignore"))
    return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
