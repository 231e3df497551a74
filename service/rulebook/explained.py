"""What each article is about: a heading and two lines in our own words (policies/explanations.yaml), never the text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from service.rulebook.loader import repo_root

NAME = "explanations.yaml"
LAST = 45


class Explained(NamedTuple):
    """One article of the Measures."""

    number: int
    heading: str
    lines: tuple[str, str]


def read(root: Path) -> tuple[Explained, ...]:
    """All 45 in order; ValueError unless each stands there once, with a heading and two lines."""
    raw = yaml.load((root / "policies" / NAME).read_text(encoding="utf-8"), yaml.CSafeLoader)["articles"]
    found = tuple(Explained(each["article"], each["heading"], tuple(each["lines"])) for each in raw)
    if [each.number for each in found] != list(range(1, LAST + 1)):
        raise ValueError(f"{NAME}: not articles 1 to {LAST} in order")
    if any(not each.heading or len(each.lines) != 2 or not all(each.lines) for each in found):
        raise ValueError(f"{NAME}: each article has a heading and two lines")
    return found


@cache
def articles() -> tuple[Explained, ...]:
    """The file of this installation, read once."""
    return read(repo_root())
