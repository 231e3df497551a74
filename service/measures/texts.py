"""Small text helpers shared by the checks: what counts as a name, and what may be echoed."""

from __future__ import annotations

import unicodedata

from service.characters.placeholders import says

_ECHO_LIMIT = 64
# Letters by category, but they print nothing: Hangul fillers and the blank Braille cell.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def visible(text: str) -> str:
    """The text as compared by people: NFKC, without blanks, controls and zero-width characters.

    A name made of spaces or zero-width characters is empty here and so is evidence of nothing.
    """
    folded = unicodedata.normalize("NFKC", text)
    return "".join(
        char for char in folded if unicodedata.category(char)[0] not in "ZC" and char not in _FILLERS
    )


def is_visible(text: str) -> bool:
    """Whether a text says something; 无, / and the like do not (characters/placeholders)."""
    return says(text)


def has_surrogate(text: str) -> bool:
    """Lone surrogates pass a JSON parser but no UTF-8 encoder."""
    return any("\ud800" <= char <= "\udfff" for char in text)


def pointer_token(key: str) -> str:
    """A key as one JSON-pointer token (RFC 6901), shortened and always encodable as UTF-8."""
    short = key if len(key) <= _ECHO_LIMIT else key[:_ECHO_LIMIT] + "…"
    clean = "".join("\ufffd" if has_surrogate(char) else char for char in short)
    return clean.replace("~", "~0").replace("/", "~1")
