"""Ranking apps for a query in Chinese, in one place: `rank`. Pure: no I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from service.characters.keys import folded
from service.similarity.ranking import Document, Index
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
    """The apps that match, best first; the same input gives the same order.

    Where some share a word or a meaning with the query, faint associations are left out.
    """
    found = Index([_document(app) for app in apps]).rank(query, len(apps))
    firm = [hit for hit in found if hit.firm and hit.score >= _SHARE_OF_BEST * found[0].score]
    by_id = {app.id: app for app in apps}
    chosen = firm or [hit for hit in found if hit.near][:_FAINT]
    return [Hit(hit.id, hit.score, _said(by_id[hit.id], hit.phrases)) for hit in chosen]


def _said(app: AppText, phrases: tuple[str, ...]) -> tuple[str, ...]:
    """The app's own words around what matched, then what matched."""
    words = [word for phrase in phrases for word in phrase.split("＝")]
    around = [
        text
        for text in (app.name, app.category, *app.functions, *app.data_items)
        if any(word in plain(text) for word in words)
    ]
    return tuple(dict.fromkeys((*around, *phrases)))[:_PHRASES]


def _document(app: AppText) -> Document:
    return Document(
        app.id, app.name, "\n".join((app.category, *app.functions, *app.data_items, app.description))
    )
