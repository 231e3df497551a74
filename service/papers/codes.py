"""Verification codes: 28 characters nobody guesses (140 bits), in fours, without those that one mistakes on paper.

Papers issued before have sixteen (80 bits) and go on: the number of tries is bounded per address.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import NamedTuple

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_MISREAD = str.maketrans("OIL", "011")
LENGTH = 28  # of new ones: 128 bits and more
_LENGTHS = (16, LENGTH)
_CODE = re.compile("[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3,6}")
MARK = b"tongjian-paper:"  # before number and code in the metadata of our PDF


class Mark(NamedTuple):
    """What a PDF says of itself in its metadata."""

    number: str
    code: str


def new_code() -> str:
    """`K7M2-9XQ4-0ABC-ZZ19-3MPR-W8HE-5TKD`."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(LENGTH))
    return "-".join(signs[at : at + 4] for at in range(0, LENGTH, 4))


def plain(code: str) -> str:
    """A code as typed from paper, in one spelling; '' for what is none."""
    signs = code.upper().translate(_MISREAD).replace("-", "").replace(" ", "")
    return signs if len(signs) in _LENGTHS and set(signs) <= set(_SIGNS) else ""


def code_digest(code: str) -> str:
    """What is stored of it."""
    return hashlib.sha256(plain(code).encode()).hexdigest()


def marked(number: str, code: str) -> str:
    """What goes into the metadata of a PDF."""
    return f"{MARK.decode()}{number}:{code}"


def mark_of(raw: bytes) -> Mark | None:
    """Number and code that a file names in plain bytes, read without opening it."""
    at = raw.find(MARK)
    if at < 0:
        return None
    told = raw[at + len(MARK) : at + len(MARK) + 96]
    number, _, rest = told.partition(b":")
    if not (number.isascii() and number.replace(b"-", b"").isalnum()):
        return None
    code = _CODE.match(rest.decode("ascii", "replace"))
    return Mark(number.decode(), "" if code is None else code[0])
