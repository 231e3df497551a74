"""The words that mean the same and the words that mean little, from policies/; names of places say nothing here."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from service.characters.keys import folded
from service.province import home

_ROOT = Path(__file__).resolve().parents[2]
SYNONYMS = _ROOT / "policies" / "synonyms.yaml"
COMMON = _ROOT / "policies" / "common_words.yaml"
_LISTS = ("divisions.json", "local_codes.json")
_SHORT_PLACE = 3  # 南昌市 may also be written 南昌; of 东湖区 the short form is an ordinary word


class Weight(NamedTuple):
    """How much a word counts in a text and in a name, 1 being an ordinary word."""

    text: float
    name: float


ORDINARY = Weight(1.0, 1.0)


class Terms(NamedTuple):
    """Terms by their first character, longest first, and what each stands for."""

    lengths: dict[str, tuple[int, ...]]
    meaning: dict[str, str]


def _plain(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def _terms(meaning: dict[str, str]) -> Terms:
    lengths: dict[str, set[int]] = {}
    for term in meaning:
        lengths.setdefault(term[0], set()).add(len(term))
    return Terms({first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}, meaning)


@cache
def synonyms() -> Terms:
    """Every wording and the first one of its group."""
    groups: list[list[str]] = _plain(SYNONYMS)["groups"]
    return _terms({folded(str(term)): folded(str(group[0])) for group in groups for term in group})


@cache
def fields() -> dict[str, tuple[str, ...]]:
    """Fields a word makes one think of."""
    found: dict[str, tuple[str, ...]] = {}
    for field, words in _plain(SYNONYMS)["fields"].items():
        for word in words:
            found[folded(str(word))] = (*found.get(folded(str(word)), ()), field)
    return found


@cache
def field_terms() -> Terms:
    """The words of all fields, to be found in a text."""
    return _terms({word: word for word in fields()})


@cache
def common() -> dict[str, Weight]:
    """Words that weigh less than others."""
    found: dict[str, Weight] = {}
    for tier in _plain(COMMON)["tiers"]:
        weight = Weight(tier["weight"], tier.get("in_name", tier["weight"]))
        found |= {folded(str(word)): weight for word in tier["words"]}
    return found


@cache
def places() -> Terms:
    """Names of the province's divisions."""
    national, local = (json.loads((home() / name).read_text(encoding="utf-8"))["rows"] for name in _LISTS)
    names = {row["name"] for row in national}
    short = {name[:-1] for name in names if len(name) >= _SHORT_PLACE and name[-1] in "省市县"}
    names |= {name for name in short if len(name) >= _SHORT_PLACE - 1}
    names |= {row["name"] for row in local if row["tier"] == "city"}
    return _terms(dict.fromkeys(names, ""))


class Span(NamedTuple):
    """A term found in a text."""

    start: int
    end: int
    meaning: str


def find(terms: Terms, text: str) -> list[Span]:
    """Every term of the text that is not inside a longer one."""
    found: list[Span] = []
    reach = 0
    for start, first in enumerate(text):
        for length in terms.lengths.get(first, ()):
            end = start + length
            if end > len(text):
                continue
            if end <= reach:
                break
            meaning = terms.meaning.get(text[start:end])
            if meaning is not None:
                found.append(Span(start, end, meaning))
                reach = end
                break
    return found
