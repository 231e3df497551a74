"""Of many texts those that share most with one: found by the tokens they share, without reading the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import fsum

from service.similarity.comparing import overlap_of
from service.similarity.ranking import Postings


class Nearest:
    """Texts by their tokens (`comparing.whole_tokens`), a number each."""

    def __init__(self) -> None:
        self._postings = Postings()

    def add(self, tokens: Mapping[str, float]) -> int:
        """The number of the text."""
        return self._postings.add(tokens, fsum(tokens.values()))

    def to(self, tokens: Mapping[str, float], among: Collection[int], most: int) -> list[int]:
        """The numbers of those that overlap most (`comparing.overlap`), the nearest first; of strangers none."""
        shared = dict[int, float]()
        for token, weight in tokens.items():
            for number, other in self._postings.having(token, among):
                shared[number] = shared.get(number, 0.0) + (weight + other) / 2
        own, sizes = fsum(tokens.values()), self._postings.sizes
        near = {number: overlap_of(sum_, own, sizes[number]) for number, sum_ in shared.items()}
        return sorted(near, key=lambda number: (-near[number], number))[:most]
