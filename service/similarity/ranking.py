"""Search in a set of documents: BM25 over meanings, words and character pairs."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
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


class Scored(NamedTuple):
    """A document by its number that answers a query; `score` orders one query's and means nothing beyond.

    `firm`: it shares a word or a meaning; `near`: at least a field; otherwise single characters only.
    """

    number: int
    score: float
    firm: bool
    near: bool


class Hit(NamedTuple):
    """The same by the document's id, with the phrases that match."""

    id: str
    score: float
    phrases: tuple[str, ...]
    firm: bool
    near: bool


class Postings:
    """Which documents have a token, and how much of it: what a query does not ask for is not looked at.

    Documents are added and never changed; who reads while one is added finds it or does not.
    """

    def __init__(self) -> None:
        self.sizes: list[float] = []
        self._places: dict[str, tuple[array[int], array[float]]] = {}

    def add(self, tokens: Mapping[str, float], size: float) -> int:
        """The number of the document that has these tokens."""
        number = len(self.sizes)
        self.sizes.append(size)
        for token, weight in tokens.items():
            numbers, weights = self._places.setdefault(token, (array("I"), array("d")))
            weights.append(weight)
            numbers.append(number)
        return number

    def having(self, token: str, among: Collection[int]) -> list[tuple[int, float]]:
        """The documents of these that have the token, with its weight."""
        place = self._places.get(token)
        return [] if place is None else [pair for pair in zip(*place, strict=False) if pair[0] in among]


class Index:
    """Documents read once, for many queries."""

    def __init__(self, documents: Sequence[Document] = ()) -> None:
        self._documents: list[Document] = []
        self._postings = Postings()
        for each in documents:
            self.add(each, tokens_of(each))

    def add(self, document: Document, tokens: Mapping[str, float]) -> int:
        """The number of a document that was read (`tokens_of`)."""
        self._documents.append(document)
        return self._postings.add(tokens, len(tokens))

    def scored(self, query: str, among: Collection[int] | None = None) -> list[Scored]:
        """Best first; documents that share nothing with the query are left out.

        `among`: the numbers of those that there are for who asks; how rare a word is, is counted in them alone.
        """
        there = range(len(self._documents)) if among is None else among
        sizes, total = self._postings.sizes, len(there)
        average = sum(sizes[number] for number in there) / total if total else 1.0
        lengths = {number: 1 - _B + _B * sizes[number] / average for number in there}
        scores, firmness, near = dict[int, float](), dict[int, float](), set[int]()
        for token, weight in _tokens(query).items():
            found = self._postings.having(token, lengths)
            rarity = log(1 + (total - len(found) + 0.5) / (len(found) + 0.5))
            for number, count in found:
                gain = weight * rarity * count * (_K + 1) / (count + _K * lengths[number])
                scores[number] = scores.get(number, 0.0) + gain
                if len(token) > 1:
                    near.add(number)
                    if not token.startswith("#"):
                        firmness[number] = firmness.get(number, 0.0) + weight
        best = sorted(scores.items(), key=lambda pair: (-pair[1], self._documents[pair[0]].id))
        return [
            Scored(number, round(score, 4), firmness.get(number, 0.0) >= _FIRM, number in near)
            for number, score in best
            if score > 0
        ]

    def rank(self, query: str, limit: int = 10) -> list[Hit]:
        """The best documents with the phrases that match."""
        return [
            Hit(
                self._documents[each.number].id,
                each.score,
                self.said(query, each.number),
                each.firm,
                each.near,
            )
            for each in self.scored(query)[:limit]
        ]

    def said(self, query: str, number: int) -> tuple[str, ...]:
        """The phrases of a document that match."""
        document = self._documents[number]
        return phrases(query, f"{document.name}\n{document.text}")


def tokens_of(document: Document) -> dict[str, float]:
    """What a document is found by, and how often it counts."""
    tokens = dict.fromkeys(_tokens(document.text), 1.0)
    for token in _tokens(document.name):
        tokens[token] = tokens.get(token, 0.0) + _IN_NAME
    return tokens


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
