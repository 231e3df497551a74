"""规则: what an article is about and what rests on it, the figures in force; 期限: what falls due for whom."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console.amended import changes_of
from service.console.figures import choices, grouped, told
from service.console.pages import page, render
from service.console.records import show_list
from service.console.registers_cases import DUTIES
from service.console.visiting import Visit
from service.kit.errors import or_404
from service.kit.handler import Rendered
from service.vocabulary import VOCABULARIES

_SOME = "5"  # of the days that an article fixes: the first ones; the list has them all


class Part(NamedTuple):
    """One page about the rules. `here`: it is the one that is shown."""

    label: str
    address: str
    here: bool


_PARTS = (
    ("各条", "/console/rules", "rulebook_articles"),
    ("现行数值", "/console/figures", "rulebook_rulebook"),
    ("解释", "/console/readings", "rulebook_interpretation_list"),
    ("本市设置", "/console/overlays", "rulebook_overlay_page"),
    ("规定修改", "/console/amendments", "rulebook_amendment_list"),
    ("申报要求", "/console/requirements", "rounds_declaration_list"),
    ("规则推演", "/console/what-if", "rulebook_what_if"),
)


def parts_of(visit: Visit) -> list[Part]:
    """The pages about the rules that the caller's roles open."""
    return [Part(label, address, visit.path == address) for label, address, name in _PARTS if visit.may(name)]


async def book_of(visit: Visit, **asked: str) -> dict[str, Any]:
    """The rule book of a day (today), by key: what the caller's own decisions are made by."""
    found = await visit.ask("rulebook_rulebook", {name: value for name, value in asked.items() if value})
    return {each["key"]: each for each in found["entries"]} | {"": found}


@page("GET", "/console/rules")
async def rules(visit: Visit) -> Rendered:
    """The 45 articles in our own words, with what rests on each; `text` finds words in all of them."""
    articles = await visit.ask("rulebook_articles")
    book = await visit.maybe("rulebook_rulebook")
    readings = await visit.maybe("rulebook_interpretation_list")
    figures = Counter(each["article"] for each in book["entries"]) if book else Counter[int]()
    standing = [each["standing"] for each in readings["items"] if each["standing"]] if readings else []
    read = Counter(number for each in standing for number in each["articles"])
    owed = Counter(number for each in VOCABULARIES["duty"].entries for number in each.articles)
    words = visit.query.get("text", "").split()
    rows = [
        {**each, "rests": _counted(each["number"], figures, read, owed)}
        for each in articles["items"]
        if all(word in "".join((each["name"], each["heading"], *each["explanation"])) for word in words)
    ]
    return render(visit, "rules.html", rows=rows, words=" ".join(words), parts=parts_of(visit))


def _counted(number: int, *of: Counter[int]) -> list[str]:
    kinds = ("{} 个数", "{} 条解释", "{} 项期限")
    return [words.format(count[number]) for words, count in zip(kinds, of, strict=True) if count[number]]


@page("GET", "/console/rules/{number:str}")
async def article(visit: Visit) -> Rendered:
    """One article: what a chip leads to. Our two lines, what readings say, which figures, deeds and days rest on it."""
    articles = (await visit.ask("rulebook_articles"))["items"]
    found = or_404(next((each for each in articles if str(each["number"]) == visit.part("number")), None))
    number = found["number"]
    readings = await visit.maybe("rulebook_interpretation_list", {"article": str(number)})
    book = await visit.maybe("rulebook_rulebook")
    entries = [each for each in book["entries"] if each["article"] == number] if book else []
    return render(
        visit,
        "article.html",
        article=found,
        parts=parts_of(visit),
        figures=choices(entries),
        rows={each["key"]: each for each in entries},
        readings=[each for each in readings["items"] if each["standing"]] if readings else [],
        told=told,
        carries=await _carries(visit, number),
        owed=await visit.maybe("obligations_list_page", {"article": str(number), "limit": _SOME}),
        around=[each for each in articles if abs(each["number"] - number) == 1],
        changes=await changes_of(
            visit, [each["key"] for each in entries], readings["items"] if readings else ()
        ),
    )


async def _carries(visit: Visit, number: int) -> dict[str, list[Any]]:
    """What the service does by an article: deeds, what falls due, what a declaration is checked for."""
    kinds = ("action", "duty", "finding")
    known = await visit.ask("vocabulary_labels", {"name": ",".join(kinds)})
    return {
        each["name"]: [entry for entry in each["entries"] if number in entry["articles"]]
        for each in known["items"]
    }


@page("GET", "/console/figures")
async def figures(visit: Visit) -> Rendered:
    """Every figure in force on a day: its value, what it rests on, since when, where a city has its own."""
    asked = visit.picked("on") | (visit.picked("tenant") if visit.tier == "province" else {})
    book = await visit.ask("rulebook_rulebook", asked)
    rows = {each["key"]: each for each in book["entries"]}
    overlays = {
        key: told(each["unit"], each["province_value"], key)
        for key, each in rows.items()
        if each["own_since"] is not None
    }
    return render(
        visit,
        "figures.html",
        book=book,
        groups=grouped(book["entries"]),
        rows=rows,
        overlays=overlays,
        parts=parts_of(visit),
    )


@page("GET", "/console/duties")
async def duties(visit: Visit) -> Rendered:
    """What falls due, the earliest first; `mine` narrows to this desk."""
    mine = visit.query.get("all") != "1"
    return await show_list(visit, DUTIES, {"mine": "true"} if mine else {})


ROUTES: list[HTTPRouteHandler] = [rules, article, figures, duties]
