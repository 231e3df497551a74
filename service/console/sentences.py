"""Sentences of the service as a page says them: amounts in 万元, articles once and as chips, what to do apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from service.console.amounts import in_wan
from service.measures.citations import article_label

_YUAN = re.compile(r"([0-9][0-9,]*\.[0-9]{2}) ?元")
_ARTICLE = "第[一二三四五六七八九十]{1,4}条(?:第[一二三四五六七八九十]{1,3}项)?"
# Articles in brackets, where the chips below say the same.
_CITED = re.compile(rf"（(?:依据)?{_ARTICLE}(?:、{_ARTICLE})*）")
_NUMBERS = {article_label(number): number for number in range(1, 46)}
_ASKS = ("请", "须", "应当")


class Told(NamedTuple):
    """A message in its parts: what happened, by which articles, what is to be done."""

    what: str
    articles: list[int]
    do: str


def amounts(text: str | None) -> str:
    """Exact amounts of a sentence in 万元, to the fen: 15,000,000.00 元 → 1,500 万元."""
    return _YUAN.sub(lambda found: in_wan(found[1].replace(",", "")), text or "")


def brief(text: str | None) -> str:
    """A sentence whose articles stand beside it as chips: without them, amounts in 万元, with its full stop."""
    said = _CITED.sub("", amounts(text)).strip()
    return said if not said or said.endswith(("。", "！", "？", "：")) else f"{said}。"


def told(body: str | None) -> Told:
    """A message's text in its parts; what it asks for begins with 请."""
    named = re.findall("第[一二三四五六七八九十]{1,4}条", body or "")
    numbers = [_NUMBERS[each] for each in named if each in _NUMBERS]
    sentences = [each for each in re.split("(?<=[。；])", brief(body)) if each.strip("。； ")]
    asks = [each for each in sentences if each.startswith(_ASKS)]
    happened = "".join(each for each in sentences if each not in asks)
    return Told(happened, list(dict.fromkeys(numbers)), "".join(asks))


SENTENCES: Mapping[str, Callable[..., Any]] = {"amounts": amounts, "brief": brief, "told": told}
