"""A text as weighted tokens: meanings (synonyms are one), words, and pairs of characters for what no list knows."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from service.characters.keys import folded
from service.similarity.vocabulary import ORDINARY, Weight, common, find, places, synonyms

LONGEST = 4000  # characters read of one text: enough for what a project is about
MEANING, LITERAL, LATIN, PAIR = 1.3, 0.35, 0.8, 0.3
# Who declares says nothing of what: "住建局…" stands before whatever the bureau builds.
_OFFICE = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,8}?(?:(?<![布格结邮])局|(?<![大展餐歌客])厅|委员会|办公室|(?<!村)委(?=[\u4e00-\u9fff])(?![员托任派])|组织部|宣传部"
    r"|(?:[支大总]队|供销社|残联|妇联|法院|检察院)(?=[\u4e00-\u9fff]))"
)
_GAP = re.compile(r"(?<=[\u4e00-\u9fff])[^\S\n]+(?=[\u4e00-\u9fff])")
# Signs between each and every character, which a reader reads over: 文·旅·市·场. In a row of words signs stand
# between words.
_SPREAD = re.compile(r"[\u4e00-\u9fff](?:[^\w\s]{1,3}[\u4e00-\u9fff]){3,}(?![\u4e00-\u9fff])")
_SIGNS = re.compile(r"[^\w\s]+")
_GRAMMAR = "pcurmdqfyeo"  # prepositions, conjunctions, particles, pronouns, numbers, adverbs …
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[a-z][a-z0-9+\-]{1,}|[0-9]+[a-z]+")
_HALF = 0.5


class Read(NamedTuple):
    """A text as read: folded characters, the weight of each, and its tokens with their weights."""

    text: str
    characters: tuple[float, ...]
    tokens: dict[str, float]
    meanings: dict[str, str]  # meaning → the wording found


def is_han(character: str) -> bool:
    """Whether it is a Chinese character."""
    return "\u4e00" <= character <= "\u9fff"


def normal(text: str) -> str:
    """One spelling of widths, look-alikes, case and blanks; what nobody sees is gone, and what one reads over."""
    plain = _GAP.sub("", folded(text[:LONGEST]))
    return _SPREAD.sub(lambda row: _SIGNS.sub("", row[0]), plain)


@lru_cache(maxsize=4096)
def read(text: str, name: bool = False) -> Read:
    """Cuts a text; in a project's name some common words count more than in its text."""
    plain = normal(text)
    for place in reversed(find(places(), plain)):
        plain = plain[: place.start] + " " * (place.end - place.start) + plain[place.end :]
    if name:
        plain = _OFFICE.sub(lambda office: " " * len(office[0]), plain, count=1)
    weights = [0.0] * len(plain)
    tokens: dict[str, float] = {}
    cut = _words(plain)
    for start, word in cut:
        weight = _weight(word, name)
        weights[start : start + len(word)] = [weight] * len(word)
    spans = find(synonyms(), plain)
    covered = [False] * len(plain)
    meanings: dict[str, str] = {}
    for span in spans:
        word = plain[span.start : span.end]
        weight = min(_listed(span.meaning, name), _listed(word, name))
        tokens[f"={span.meaning}"] = max(tokens.get(f"={span.meaning}", 0.0), MEANING * weight)
        meanings.setdefault(span.meaning, word)
        for at in range(span.start, span.end):
            weights[at] = weight
            covered[at] = True
    for start, word in cut:
        if len(word) > 1 and (weight := _weight(word, name)) > 0:
            share = LITERAL if all(covered[start : start + len(word)]) else 1.0
            tokens[word] = max(tokens.get(word, 0.0), share * weight)
    for latin in _LATIN.findall(plain):
        tokens[latin] = LATIN * _weight(latin, name)
    _pairs(plain, weights, tokens)
    return Read(plain, tuple(weights), {k: v for k, v in tokens.items() if v > 0}, meanings)


def _words(plain: str) -> list[tuple[int, str]]:
    """Words of Chinese characters with their places; what only holds sentences together is left out."""
    import rjieba  # its dictionary takes half a second: only who compares texts waits for it

    found, at = [], 0
    for word, kind in rjieba.tag(plain, True):
        if _HAN.search(word) and kind[0] not in _GRAMMAR:
            found.append((at, word))
        at += len(word)
    return found


def _weight(word: str, name: bool) -> float:
    weight = _known(word) or ORDINARY
    return weight.name if name else weight.text


def _listed(term: str, name: bool) -> float:
    """Of a wording with a meaning: only what is listed counts; 城市更新 is more than the city and a renewal."""
    weight = common().get(term, ORDINARY)
    return weight.name if name else weight.text


@lru_cache(maxsize=8192)
def _known(word: str) -> Weight | None:
    """The weight of a common word, or of one made of common words only (建设项目)."""
    listed = common().get(word)
    if listed is not None:
        return listed
    for cut in range(2, len(word) - 1):
        first, rest = common().get(word[:cut]), _known(word[cut:])
        if first is not None and rest is not None:
            return Weight(max(first.text, rest.text), max(first.name, rest.name))
    return None


def _pairs(plain: str, weights: list[float], tokens: dict[str, float]) -> None:
    """Neighbouring characters that both mean something: they match where words were cut differently."""
    for at in range(len(plain) - 1):
        weight = min(weights[at], weights[at + 1])
        if weight > 0 and _HAN.match(plain[at]) and _HAN.match(plain[at + 1]):
            pair = f"~{plain[at : at + 2]}"
            tokens[pair] = max(tokens.get(pair, 0.0), PAIR * weight)
