"""Classified material is kept out (art. 14): the scan that runs before anything is stored, echoed or logged.

Finds secrecy marks (秘密★ 机密★ 绝密★, the ways they are typed, wrapped or stated) and `classified: true`; 工作秘密 and
商业秘密 are lesser things and are not refused, nor is talk about secrecy that marks nothing. docs/secrecy.md tells what
is read and what is not. The work is linear in the size and bounded; what lies beyond the bounds is not called clean.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from service.measures import secrecy_marks
from service.measures.secrecy_folding import fold, hinted
from service.measures.secrecy_reading import Beyond, Budget, first_texts, settled, unescaped

WHOM_TO_TURN_TO = (
    "涉密项目不在本系统办理，本系统未保存任何内容；"
    "请通过本单位保密工作机构，按国家有关保密规定向保密行政管理部门办理"
)
_CLASSIFIED = re.compile(r'"classified"\s*:\s*true')
# What ASCII needs to spell anything else (percent, entities, escapes, MIME words, wide encodings), or to declare.
_SPELLING = (b"%", b"&", b"\\", b"=?", b"\x00", b'"classified"')
_AROUND = " \"'.,:;。(){}[]<>\\"
_SHOWN = 24  # characters of a mark that are told to whom sent it


class Verdict(StrEnum):
    """What the scan can say. CANNOT_BE_CHECKED: wrapped too deep, or too much to look at; never to be stored unread."""

    CLEAN = "clean"
    MARKED = "marked"
    CANNOT_BE_CHECKED = "cannot_be_checked"


class Finding(NamedTuple):
    """The verdict; `words` are the marking words (folded, at most 24 characters): for the sender's eyes only."""

    verdict: Verdict
    words: str = ""
    read: int = 0  # characters gone through, for the proof that it is a small multiple of the input


def harmless(raw: bytes) -> bool:
    """Whether the bytes spell themselves and nothing else: letters of ASCII, none of which escapes another.

    Every mark has a letter beyond ASCII (`secrecy_folding`), and `classified` is declared in a string of JSON. So these
    need no look; nearly all heads of requests are such.
    """
    return raw.isascii() and not any(sign in raw for sign in _SPELLING)


def look(raw: bytes) -> Finding:
    """Looks at the bytes of a request part: path, query, header value, body."""
    budget = Budget(len(raw))
    try:
        for text in first_texts(raw):
            budget.read += len(text)
            if (found := _look(text, budget)) is not None:
                return found
    except (Beyond, secrecy_marks.TooMany):
        return Finding(Verdict.CANNOT_BE_CHECKED, read=budget.read)
    return Finding(Verdict.CLEAN, read=budget.read)


def look_at_text(text: str) -> Finding:
    """Looks at text as a person reads it (a file's, a name), and with the escapes that stand in it resolved."""
    budget = Budget(len(text))
    try:
        found = _in(text, budget)
        deeper = settled(text, budget) if found is None else text
        if deeper != text:
            found = _in(deeper, budget)
    except (Beyond, secrecy_marks.TooMany):
        return Finding(Verdict.CANNOT_BE_CHECKED, read=budget.read)
    return found or Finding(Verdict.CLEAN, read=budget.read)


def is_classified(raw: bytes) -> bool:
    """Whether the bytes carry classified material, or cannot be told not to: either way they are refused."""
    return look(raw).verdict is not Verdict.CLEAN


def has_mark(text: str) -> bool:
    """Whether the text carries a secrecy mark, or cannot be told not to. Tell the two apart by `look_at_text`."""
    return look_at_text(text).verdict is not Verdict.CLEAN


def _look(text: str, budget: Budget) -> Finding | None:
    """As JSON means it, then with all that is wrapped deeper resolved: each form is read once."""
    plain = unescaped(text, budget)
    if (found := _declared(plain) or _in(plain, budget)) is not None:
        return found
    deeper = settled(plain, budget)
    return None if deeper == plain else _declared(deeper) or _in(deeper, budget)


def _declared(text: str) -> Finding | None:
    declared = '"classified"' in text and _CLASSIFIED.search(text)
    return Finding(Verdict.MARKED, '"classified": true') if declared else None


def _in(text: str, budget: Budget) -> Finding | None:
    if not hinted(text):
        return None
    budget.read += len(text)
    folded = fold(text)
    budget.read += len(folded)
    mark = secrecy_marks.find(folded, 1000 + len(folded) // 200)
    if mark is None:
        return None
    words = " ".join(folded[mark.start : mark.end].split()).strip(_AROUND)[:_SHOWN]
    return Finding(Verdict.MARKED, words, budget.read)
