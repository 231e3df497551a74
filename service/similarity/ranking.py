"""Search in a set of documents: BM25 over meanings, words and character pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log
from typing import NamedTuple

from service.similarity.comparing import phrases
from service.similarity.vocabulary import field_terms, fields, find
from service.similarity.words import is_han, normal, read

_K, _B, _IN_NAME = 1.2, 0.6, 2.5
_FIELD, _CHARACTER, _FIRM = 0.25, 0.08, 0.3


class Document(NamedTuple):
    """What is searched: a name that says most, and a text."""

    id: str
    name: str
    text: str = ""


class Hit(NamedTuple):
    """A document that answers a query; `score` orders one query's hits and means nothing beyond.

    `firm`: it shares a word or a meaning; `near`: at least a field; otherwise single characters only.
    """

    id: str
    score: float
    phrases: tuple[str, ...]
    firm: bool
    near: bool


class Index:
    """Documents read once, for many queries."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents
        self._tokens: list[dict[str, float]] = []
        frequency: Counter[str] = Counter()
        for document in documents:
            tokens = dict.fromkeys(_tokens(document.text), 1.0)
            for token in _tokens(document.name):
                tokens[token] = tokens.get(token, 0.0) + _IN_NAME
            self._tokens.append(tokens)
            frequency.update(tokens.keys())
        self._average = sum(len(each) for each in self._tokens) / len(documents) if documents else 1.0
        total = len(documents)
        self._rarity = {
            token: log(1 + (total - count + 0.5) / (count + 0.5)) for token, count in frequency.items()
        }

    def rank(self, query: str, limit: int = 10) -> list[Hit]:
        """Best first; documents that share nothing with the query are left out."""
        asked = _tokens(query)
        scored = []
        for number, tokens in enumerate(self._tokens):
            length = 1 - _B + _B * len(tokens) / self._average
            score = 0.0
            for token, weight in asked.items():
                count = tokens.get(token)
                if count is not None:
                    score += weight * self._rarity[token] * count * (_K + 1) / (count + _K * length)
            if score > 0:
                scored.append((score, number))
        scored.sort(key=lambda pair: (-pair[0], self._documents[pair[1]].id))
        found = []
        for score, number in scored[:limit]:
            document = self._documents[number]
            said = phrases(query, f"{document.name}\n{document.text}")
            shared = [token for token in asked if len(token) > 1 and token in self._tokens[number]]
            firm = sum(asked[token] for token in shared if not token.startswith("#")) >= _FIRM
            found.append(Hit(document.id, round(score, 4), said, firm, bool(shared)))
        return found


def _tokens(text: str) -> dict[str, float]:
    """What is searched by: tokens as compared, and faintly single characters and the fields words belong to."""
    found = dict(read(text, True).tokens)
    plain = normal(text)
    for span in find(field_terms(), plain):
        for field in fields()[span.meaning]:
            found[f"#{field}"] = _FIELD
    for character in plain:
        if is_han(character):
            found.setdefault(character, _CHARACTER)
    return found


def rank(query: str, documents: Sequence[Document], limit: int = 10) -> list[Hit]:
    """Documents that answer a query, best first, with the phrases that match."""
    return Index(documents).rank(query, limit)
