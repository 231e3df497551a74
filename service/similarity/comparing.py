"""How alike two projects are, and in which words: goals, content and technical line (art. 8)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import fsum
from typing import NamedTuple

from service.similarity.words import Read, read

# At and over it two projects are held to be about the same thing. Low: projects worded in ways no list knows score low,
# and precision hardly falls on the way down (tests/similarity/data).
THRESHOLD = 0.07
_NAME, _CROSS, _WHOLE, _SHORTER = 0.2, 0.1, 0.7, 0.4
_DOUBT = 1.0  # so that two names that say next to nothing are not alike in it
_DOUBT_OF_TEXTS = 2.0  # texts are longer: what all of them say adds up
_TELLING = 2.0  # what a name must weigh to be taken at its word
_APART = 0.5  # taken off at most where both names, alone, say something of their own
_AGREE, _STRANGERS = 0.2, 0.7  # names that agree less than this; what is then taken off at most
_TITLE, _TASKS, _GOALS, _PLAN = 0.5, 1.0, 0.5, 0.3
MOST_PHRASES = 6
_PHRASE = 0.5  # what a meaning must weigh to be named
_LEAST, _DENSE = 0.75, 0.25  # what a phrase must weigh to be shown, in all and per character


class Project(NamedTuple):
    """What is compared of a project."""

    name: str
    main_tasks: str = ""
    technical_plan: str = ""
    goals: str = ""

    @property
    def body(self) -> str:
        return "\n".join(part for part in (self.main_tasks, self.goals, self.technical_plan) if part)


class Likeness(NamedTuple):
    """A score from 0 to 1 and the phrases it rests on."""

    score: float
    phrases: tuple[str, ...]

    @property
    def similar(self) -> bool:
        return self.score >= THRESHOLD


def similarity(a: Project, b: Project) -> Likeness:
    """Scores two projects; the order of the two does not matter."""
    score = _score(a, b)
    return Likeness(score, phrases(_text(a), _text(b)) if score > 0 else ())


def score(a: Project, b: Project) -> float:
    """The score alone: phrases cost most of a comparison."""
    return _score(a, b)


def _text(project: Project) -> str:
    return f"{project.name}\n{project.body}"


def _score(a: Project, b: Project) -> float:
    """Names against names, names against the whole of the other, wholes against wholes.

    A name says as much as its words weigh: two departments' "management platform" are alike in nothing. Where two
    telling names share nothing, and neither text speaks of the other's, texts alike are alike in boilerplate.
    """
    names = read(a.name, True).tokens, read(b.name, True).tokens
    wholes = whole_tokens(a), whole_tokens(b)
    said = min(1.0, min(fsum(name.values()) for name in names) / _TELLING)
    cross = (_found(names[0], wholes[1]) + _found(names[1], wholes[0])) / 2
    in_name = overlap(*names)
    texts = overlap(*wholes, _DOUBT_OF_TEXTS if a.body and b.body else _DOUBT)
    of_name, of_cross = _NAME * said, _CROSS * said
    score = (of_name * in_name + of_cross * cross + _WHOLE * texts) / (of_name + of_cross + _WHOLE)
    score *= 1 - _STRANGERS * said * (1 - min(1.0, max(in_name, cross) / _AGREE))
    if not (a.body and b.body):
        score *= said * (1 - _APART * min(1.0, *(_alone(*pair) for pair in (names, names[::-1]))))
    return round(score, 4)


def _alone(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """What a name says and the other does not: with nothing but names to go by, each may have its own object."""
    return fsum(weight for token, weight in one.items() if token not in other)


def _found(part: Mapping[str, float], whole: Mapping[str, float]) -> float:
    """The share of a name that the other project speaks of."""
    total = fsum(part.values())
    return fsum(weight for token, weight in part.items() if token in whole) / total if total else 0.0


@lru_cache(maxsize=2048)
def whole_tokens(project: Project) -> dict[str, float]:
    """Tokens of name and texts; what a project does counts more than what with."""
    tokens: dict[str, float] = {}
    shares = ((project.main_tasks, _TASKS), (project.goals, _GOALS), (project.technical_plan, _PLAN))
    for text, share in shares:
        for token, weight in read(text).tokens.items():
            tokens[token] = max(tokens.get(token, 0.0), share * weight)
    for token, weight in read(project.name, True).tokens.items():
        tokens[token] = max(tokens.get(token, 0.0), _TITLE * weight)
    return tokens


def overlap(a: Mapping[str, float], b: Mapping[str, float], doubt: float = _DOUBT) -> float:
    """Shared weight against both sides, leaning to the shorter one: a part of a whole is alike too."""
    if not a or not b:
        return 0.0
    shared = fsum((weight + b[token]) / 2 for token, weight in a.items() if token in b)
    return overlap_of(shared, fsum(a.values()), fsum(b.values()), doubt)


def overlap_of(shared: float, of_a: float, of_b: float, doubt: float = _DOUBT_OF_TEXTS) -> float:
    """The same of what is shared and what either side weighs, by default of two texts."""
    both = 2 * shared / (of_a + of_b + 2 * doubt)
    return (1 - _SHORTER) * both + _SHORTER * min(1.0, shared / (min(of_a, of_b) + doubt))


def phrases(a: str, b: str) -> tuple[str, ...]:
    """What both texts say, heaviest first: longest common passages, and different words for one thing."""
    left, right = read(a), read(b)
    found = _passages(left, right)
    for meaning, wording in left.meanings.items():
        other = right.meanings.get(meaning)
        weight = left.tokens.get(f"={meaning}", 0.0)
        if other is not None and other not in wording and wording not in other and weight >= _PHRASE:
            found[f"{wording}＝{other}"] = weight
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(phrase for phrase, _ in best[:MOST_PHRASES])


def _passages(left: Read, right: Read) -> dict[str, float]:
    """Longest common passages of at least two characters that weigh something."""
    text, weights, other = left.text, left.characters, right.text
    found: dict[str, float] = {}
    at = 0
    while at < len(text) - 1:
        if weights[at] == 0 or not _joins(text[at + 1]) or text[at : at + 2] not in other:
            at += 1
            continue
        end = at + 2
        while end < len(text) and _joins(text[end]) and text[at : end + 1] in other:
            end += 1
        passage, weight = _trimmed(text, weights, at, end)
        if weight > _LEAST and weight >= _DENSE * len(passage):
            found[passage] = max(found.get(passage, 0.0), weight)
        at = end
    kept: dict[str, float] = {}
    for passage in sorted(found, key=len, reverse=True):
        if not any(passage in longer for longer in kept):
            kept[passage] = found[passage]
    return kept


def _joins(character: str) -> bool:
    """Whether a passage may go on over it: not over commas and line ends."""
    return character.isalnum()


def _trimmed(text: str, weights: tuple[float, ...], start: int, end: int) -> tuple[str, float]:
    """Without what means nothing at its ends."""
    while end > start and weights[end - 1] == 0:
        end -= 1
    return text[start:end], fsum(weights[start:end])
