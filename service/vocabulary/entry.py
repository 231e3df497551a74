"""A vocabulary: codes in their order, each with its label in Chinese and English, tone and articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TONES = ("neutral", "waiting", "active", "done", "warning", "danger")


@dataclass(frozen=True, slots=True)
class Entry:
    """One code. `tone` is how a page may colour it; `articles` are numbers of the Measures, where there are any."""

    code: str
    zh: str
    en: str
    tone: str = "neutral"
    articles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All codes of one kind. `zh`, `en`: what the kind is called."""

    name: str
    zh: str
    en: str
    entries: tuple[Entry, ...]

    @property
    def names(self) -> Mapping[str, str]:
        """Code → Chinese label, in order."""
        return {entry.code: entry.zh for entry in self.entries}


def table(name: str, zh: str, en: str, text: str) -> Vocabulary:
    """A vocabulary from lines `code | Chinese | English | tone | articles`, the last two as far as there are any.

    ValueError for a line that is none, a code said twice, an unknown tone or article.
    """
    entries = [_entry(name, line) for line in text.strip().splitlines()]
    codes = [entry.code for entry in entries]
    if len(codes) != len(set(codes)):
        raise ValueError(f"{name}: said twice: {sorted({code for code in codes if codes.count(code) > 1})}")
    return Vocabulary(name, zh, en, tuple(entries))


def _entry(name: str, line: str) -> Entry:
    parts = [part.strip() for part in line.split("|")]
    code, zh, en, tone, articles = (*parts, "", "", "", "")[:5]
    numbers = tuple(int(number) for number in articles.split())
    known = tone in ("", *TONES) and all(1 <= number <= 45 for number in numbers)
    if not (code and zh and en and known and len(parts) <= 5):
        raise ValueError(f"{name}: {line}")
    return Entry(code, zh, en, tone or "neutral", numbers)
