"""Classified material is kept out (art. 14): the scan that runs before anything is stored, echoed or logged.

Finds secrecy marks (秘密★ 机密★ 绝密★ and the ways they are typed or encoded) and `classified: true`.
工作秘密 and 商业秘密 are lesser things and are not refused; nor is talk about secrecy that marks nothing.
Every pattern is bounded, so that the scan is linear in the size of the request.
"""

from __future__ import annotations

import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

WHOM_TO_TURN_TO = (
    "涉密项目不在本系统办理，本系统未保存任何内容；"
    "请通过本单位保密工作机构，按国家有关保密规定向保密行政管理部门办理"
)

# --- What a mark is, in folded text: one space for any white space, nothing invisible, one form per character ---

_GAP = r"[\W_]{0,3}"  # 机·密, 机"密, 机.密
# 工作秘密, 商业秘密 and 商业机密 are no levels of state secrets.
_LEVEL = f"(?:绝{_GAP}密|(?<!商业)机{_GAP}密|(?<!商业)(?<!工作)秘{_GAP}密)"
_KIND = f"(?:{_GAP}(?:级|件|文 ?件|资 ?料|材 ?料))?"  # 机密级, 机密件, 机密文件
_STAR = "[★☆⋆⍟⍣٭⁂⚝⛤-⛧✡✦✧✩-✰✴-✺⭐-⭒⯌-⯎⯪⯫🌟🌠🔯🟀-🟔]"
_WEAK = "[*※∗⁎⁑✢-✥✱-✳✻-✽❃❉-❋꙳]"  # also list bullets, emphasis and footnotes: a star only with a term
_TERM = r"(?:(?:\d ?){1,4}(?:年|个? ?月|[日天])|[一二三四五六七八九十百]{1,5} ?(?:年|个? ?月)|长 ?期|永 ?久)"
_TERM_NEXT = f"(?=[\\W_]{{0,4}}{_TERM})"
_END = r"(?=$|[\W_]|\d|保密期)"  # of the clause: 机密性, 秘密共享, 机密计算 go on
_OR = f"(?! ?[、,/|□~-] ?□? ?{_LEVEL})"  # 秘密、机密、绝密 lists the levels and gives none
_LABEL = "(?:密[\\W_]{0,3}级|(?:保密|秘密|涉密|密件)(?:等级|级别|程度)|定密)(?:标识|标志|标注)?"
_MARK = re.compile(
    # 机密★, 机密件★10年; not across the end of a sentence (不涉及国家秘密。★投标人须…) unless a term follows
    f"{_LEVEL}{_KIND}(?:[^\\w。;!?]|_){{0,4}}{_STAR}"
    f"|{_LEVEL}{_KIND}[\\W_]{{0,4}}(?:{_STAR}|{_WEAK}){_TERM_NEXT}"
    # ★机密, ★机密级; not ★机密性要求
    f"|{_STAR}{_GAP}{_LEVEL}(?:[级件]|文 ?件|资 ?料|材 ?料|{_END})"
    f"|{_WEAK}{_GAP}{_LEVEL}{_KIND}{_TERM_NEXT}"
    # 密级：机密; not 密级为机密的内容, not 密级（秘密、机密、绝密）
    f"|{_LABEL}[\\W_]{{0,5}}[为是]?{_GAP}{_LEVEL}{_KIND}{_END}{_OR}"
)
_CLASSIFIED = re.compile(r'"classified"\s*:\s*true')

# --- How text is folded ---

_VARIANTS = ("宻密", "祕秘", "絕绝", "絶绝", "機机", "級级", "長长", "個个", "業业", "為为", "爲为", "資资")
_UNSEEN = ("Mn", "Me", "Cf")  # combining marks, zero-width and directional characters
_INVISIBLE = re.compile(
    "["
    + "".join(f"\\u{code:04x}" for code in range(0x10000) if unicodedata.category(chr(code)) in _UNSEEN)
    + "\\u115f\\u1160\\u3164\\uffa0"  # Hangul fillers
    + "]+"
)
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_SPACE = re.compile(r"\s+")
_ENTITY_ZEROS = re.compile(r"(&#[xX]?)0+")
_ENTITY_ENDLESS = re.compile(r"&#[0-9]{8,}")  # no character; int() would refuse its length


def has_mark(text: str) -> bool:
    """Whether the text carries a secrecy mark, however spaced, escaped or full-width."""
    for _ in range(2):  # &amp;#26426; is escaped twice
        if "&" in text:
            text = html.unescape(_ENTITY_ENDLESS.sub("", _ENTITY_ZEROS.sub(r"\1", text)))
    if "密" not in text and "宻" not in text:
        return False
    # Before NFKC too: it sorts combining marks, which takes quadratic time on long runs.
    folded = _seen(unicodedata.normalize("NFKC", _seen(text)))
    for pair in _VARIANTS:
        folded = folded.replace(pair[0], pair[1])
    return _MARK.search(_SPACE.sub(" ", folded)) is not None


def _seen(text: str) -> str:
    text = _INVISIBLE.sub("", text)
    return _BEYOND.sub(lambda m: "" if unicodedata.category(m[0]) in _UNSEEN else m[0], text)


# --- How bytes are read ---

_OTHERS = ("gb18030", "big5", "utf-16-le", "utf-16-be")
# Every mark has 密 (or 宻, which Big5 has not); these are the ways it can hide in a request.
_HINTS = (
    *("密".encode(encoding) for encoding in ("utf-8", *_OTHERS)),
    *("宻".encode(encoding) for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")),
)
_ASCII_HINTS = (b"%", b"&#", b"&amp;", b"=?", b"\x00")  # URL, HTML, MIME, UTF-16
_JSON_HINTS = (b"u5bc6", b"u5bbb", b"\\u00")  # 密, 宻, and ASCII that may escape anything in turn
_ESCAPE = re.compile(r'[\\%]u([0-9a-fA-F]{4})|\\(["\\/bfnrt])')
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_MIME = re.compile(rb"=\?[^?\s]{1,40}\?([bBqQ])\?([^?\s]*)\?=(?:\s+(?==\?))?")
_LAYERS = 3  # of percent-encoding, and of JSON strings inside JSON strings


def is_classified(raw: bytes) -> bool:
    """Whether the bytes of a request part (path, query, header value, body) carry classified material."""
    if not _hinted(raw):
        return b'"classified"' in raw and _CLASSIFIED.search(raw.decode("utf-8", "ignore")) is not None
    return any(_CLASSIFIED.search(text) or has_mark(text) for text in _readings(raw))


def _hinted(raw: bytes) -> bool:
    """Whether decoding can bring up 密 at all; this much is done for every request."""
    if any(hint in raw for hint in _ASCII_HINTS) or (
        not raw.isascii() and any(hint in raw for hint in _HINTS)
    ):
        return True
    return b"\\u" in raw and any(hint in raw.lower() for hint in _JSON_HINTS)


def _readings(raw: bytes) -> Iterator[str]:
    """Every text that a person or a parser could read in these bytes."""
    for form in _forms(raw):
        for text in _texts(form):
            yield text
            for _ in range(_LAYERS):
                plain = _unescaped(text)
                if plain == text:
                    break
                text = plain
                yield text


def _forms(raw: bytes) -> Iterator[bytes]:
    """The bytes as they are, without MIME encoded words, and percent-decoded."""
    yield raw
    if b"=?" in raw and (words := _MIME.sub(_mime_word, raw)) != raw:
        yield words
    for _ in range(_LAYERS):
        plain = unquote_to_bytes(raw.replace(b"+", b" ")) if b"%" in raw else raw
        if plain == raw:
            return
        yield (raw := plain)


def _mime_word(match: re.Match[bytes]) -> bytes:
    if match[1] in b"qQ":
        return binascii.a2b_qp(match[2], header=True)
    try:
        return binascii.a2b_base64(match[2] + b"==")
    except binascii.Error:
        return b""


def _texts(form: bytes) -> Iterator[str]:
    """Valid UTF-8 is UTF-8 (密 in the other encodings is not); anything else may be any of them."""
    try:
        yield form.decode()
        if b"\x00" not in form:
            return
    except UnicodeDecodeError:
        yield form.decode("utf-8", "ignore")
    for encoding in _OTHERS:
        yield form.decode(encoding, "ignore")


def _unescaped(text: str) -> str:
    """The text with JSON's escapes read where they stand: in values and keys, duplicates and broken JSON too."""
    if "\\" not in text and "%u" not in text:
        return text
    text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else _ESCAPED.get(m[2], m[2]), text)
    return text.encode("utf-16", "surrogatepass").decode(
        "utf-16", "replace"
    )  # joins the pairs of stars like 🌟
