"""Which articles a text names, in English and in Chinese."""

from __future__ import annotations

import re

from service.measures.citations import article_label

LAST = 45
_ENGLISH = re.compile(r"\barts?\.?[ _](\d+(?:(?:-|, | and |_)\d+)*)", re.IGNORECASE)
_CHINESE = re.compile(
    r"第([零一二三四五六七八九十]{1,3}|\d{1,2})条(?:至第([零一二三四五六七八九十]{1,3}|\d{1,2})条)?"
)
_NUMBERS = {article_label(number)[1:-1]: number for number in range(1, LAST + 1)}


def named(text: str) -> set[int]:
    """The articles a text names: art. 9, arts 33-35, arts 8, 9, 第九条, 第三十三条至第三十五条, art_9."""
    found: set[int] = set()
    for match in _ENGLISH.finditer(text):
        for part in re.split(r", | and |_", match[1]):
            first, _, last = part.partition("-")
            found |= set(range(int(first), int(last or first) + 1))
    for match in _CHINESE.finditer(text):
        first_number = _number(match[1])
        found |= set(range(first_number, _number(match[2] or match[1]) + 1))
    return {number for number in found if 1 <= number <= LAST}


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS.get(text, 0)
