"""The unified social credit code of an organisation (GB 32100-2015): eighteen characters, the last a check digit."""

from __future__ import annotations

import re

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
_SHAPE = re.compile(rf"[0-9A-Z]{{2}}[0-9]{{6}}[{_SIGNS}]{{10}}")
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def check_sign(first: str) -> str:
    """The check digit of the first seventeen characters, each of them one of the standard's."""
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(first, _WEIGHTS, strict=True))
    return _SIGNS[-total % 31]


def is_credit_code(text: str) -> bool:
    """Whether the text is a credit code with a right check digit. Capital letters, as the standard prints them."""
    return (
        _SHAPE.fullmatch(text) is not None
        and all(sign in _SIGNS for sign in text)
        and text[-1] == check_sign(text[:17])
    )
