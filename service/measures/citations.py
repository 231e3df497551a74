"""How a rule is cited: article, item and, where one was leaned on, the reading (art. 44)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

_DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """1..99 in Chinese numerals, as articles are numbered: 9 -> 九, 17 -> 十七, 23 -> 二十三."""
    if not 1 <= number <= 99:
        raise ValueError(f"no article has the number {number}")
    tens, units = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[units] if units else "")


def article_label(article: int, item: int | None = None) -> str:
    """The article's label, and its item where one is meant: 第九条, 第十七条第三项."""
    label = f"第{chinese_number(article)}条"
    return label if item is None else f"{label}第{chinese_number(item)}项"


@cache
def articles_label(articles: tuple[int, ...]) -> str:
    """Several articles in one reference: 第九条、第二十三条."""
    return "、".join(article_label(article) for article in articles)


@dataclass(frozen=True, slots=True)
class Citation:
    """One place in the Measures; `reading` is the id of an interpretation entry such as R3."""

    article: int
    item: int | None = None
    reading: str | None = None

    def label(self) -> str:
        """The reference as an official reads it: 第九条（解释口径 R3）."""
        text = article_label(self.article, self.item)
        return text if self.reading is None else f"{text}（解释口径 {self.reading}）"
