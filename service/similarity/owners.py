"""Whether two offices may be one and the same house: a bureau and its information centre, under other names."""

from __future__ import annotations

from functools import lru_cache

from service.characters.keys import folded
from service.similarity.vocabulary import find, places

_ALIKE = 0.7


def alike(a: str, b: str) -> bool:
    """Names without their places: one within the other, or nearly the same characters in the same order."""
    first, second = _bare(a), _bare(b)
    if min(len(first), len(second)) < 2:
        return False
    if first in second or second in first:
        return True
    pairs = [{text[at : at + 2] for at in range(len(text) - 1)} for text in (first, second)]
    return 2 * len(pairs[0] & pairs[1]) / (len(pairs[0]) + len(pairs[1])) >= _ALIKE


def one_house(a: str, of_a: str, b: str, of_b: str) -> bool:
    """Whether two owners, by name and division, may be one: a city's bureau and a county's of the same name are two."""
    return of_a == of_b and alike(a, b)


@lru_cache(maxsize=4096)
def _bare(name: str) -> str:
    plain = folded(name)
    for place in reversed(find(places(), plain)):
        plain = plain[: place.start] + plain[place.end :]
    return "".join(character for character in plain if character.isalnum())
