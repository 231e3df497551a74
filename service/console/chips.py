"""Chips: an article, a reading or a practice that a page cites, each leading to the help behind it.

Law, reading and practice look different. A chip is a link, so that it works without script; with script the help
opens beside the page (console.js). Who is not signed in sees the words without a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from service.measures.citations import article_label

LAST_ARTICLE = 45
_NUMBERS = {article_label(number): number for number in range(1, LAST_ARTICLE + 1)}
# Not where another document's article is meant: 《网络安全法》第二十一条.
_CITED = re.compile(r"(?<!》)(第[一二三四五六七八九十]{1,4}条)")
_BRACKETED = re.compile(r"（(第[一二三四五六七八九十]{1,4}条(?:、第[一二三四五六七八九十]{1,4}条)*)）")
_LINK = Markup('<a class="{}" href="{}" title="{}">{}</a>')
_BARE = Markup('<span class="{}">{}</span>')


@pass_context
def art(context: Context, number: int | None, basis: str | None = "law") -> Markup:
    """The chip of an article; `basis` practice: the term is custom, which the article does not fix."""
    if not number:
        return Markup()
    if basis == "practice":
        return _chip(
            context, "art practice", f"/console/rules/{number}#practice", "惯例", "办法没有规定，这是管理惯例"
        )
    return _chip(context, "art", f"/console/rules/{number}", article_label(number), "看这一条讲什么")


@pass_context
def reading(context: Context, ident: str) -> Markup:
    """The chip of a reading (art. 44)."""
    return _chip(context, "art reading", f"/console/readings/{ident}", f"解释 {ident}", "看这条解释")


@pass_context
def cited(context: Context, text: str | None, articles: Iterable[int] = ()) -> Markup:
    """A sentence of ours in which every article is a chip; `articles` that it does not name stand behind it.

    Brackets around nothing but articles go, and the commas between these: a chip has an edge of its own.
    """
    said = _BRACKETED.sub(lambda found: found[1].replace("、", ""), text or "")
    named = set[int]()
    parts = []
    for part in _CITED.split(said):
        number = _NUMBERS.get(part)
        if number is not None:
            named.add(number)
        parts.append(escape(part) if number is None else art(context, number))
    parts += [art(context, each) for each in articles if each not in named]
    return Markup().join(parts)


def _chip(context: Context, kind: str, address: str, text: str, title: str) -> Markup:
    if context.get("visitor") is None:
        return _BARE.format(kind, text)
    return _LINK.format(kind, address, title, text)
