"""Ranking apps for a query in Chinese, in one place: `rank`. Pure: no I/O, no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from service.characters.keys import folded
from service.similarity.ranking import Document, Index, Scored
from service.vocabulary import names

CATEGORIES: Mapping[str, str] = names("app_category")
_SHARE_OF_BEST, _FAINT, _PHRASES = 0.2, 10, 5


@dataclass(frozen=True, slots=True)
class AppText:
    """What is searched of an app; `category` is its Chinese name."""

    id: str
    name: str
    description: str
    functions: tuple[str, ...] = ()
    data_items: tuple[str, ...] = ()
    category: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An app that matches, how well, and the phrases that made it match."""

    id: str
    score: float
    phrases: tuple[str, ...] = field(default=())


def plain(text: str) -> str:
    """For comparing: full-width forms folded, lower case, blanks and punctuation as one blank."""
    return " ".join("".join(char if char.isalnum() else " " for char in folded(text)).split())


def rank(query: str, apps: Sequence[AppText]) -> list[Hit]:
    """The apps that match, best first; the same input gives the same order."""
    index = Index([document(app) for app in apps])
    return [
        Hit(apps[each.number].id, each.score, said(query, apps[each.number], index, each.number))
        for each in chosen(query, index)
    ]


def chosen(query: str, index: Index, among: Collection[int] | None = None) -> list[Scored]:
    """The apps that match, best first.

    Where some share a word or a meaning with the query, faint associations are left out.
    """
    found = index.scored(query, among)
    firm = [each for each in found if each.firm and each.score >= _SHARE_OF_BEST * found[0].score]
    return firm or [each for each in found if each.near][:_FAINT]


def said(query: str, app: AppText, index: Index, number: int) -> tuple[str, ...]:
    """The app's own words around what matched, then what matched."""
    phrases = index.said(query, number)
    words = [word for phrase in phrases for word in phrase.split("＝")]
    around = [
        text
        for text in (app.name, app.category, *app.functions, *app.data_items)
        if any(word in plain(text) for word in words)
    ]
    return tuple(dict.fromkeys((*around, *phrases)))[:_PHRASES]


def document(app: AppText) -> Document:
    """An app as the ranking reads it."""
    return Document(
        app.id, app.name, "\n".join((app.category, *app.functions, *app.data_items, app.description))
    )
