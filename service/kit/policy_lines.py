"""The tables of policies/access/permissions: each row understood, or refused.

A row is `object | actions | who | articles`: one permission for each action and each role that `who` names, a
`tier.role` or a group of roles.yaml. What nobody wrote is nobody's: no patterns, no inheritance, no row that denies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

_WORDS = r"[a-z_]+(?: [a-z_]+)*"
_WHO = r"[a-z_]+(?:\.[a-z_]+)?(?: [a-z_]+(?:\.[a-z_]+)?)*"
_ROW = re.compile(rf"([a-z_]+(?:\.[a-z_]+)?) *\| ({_WORDS}) *\| ({_WHO}) *\| (\d+(?: \d+)*)")


class Line(NamedTuple):
    """One permission of one role and the articles it rests on: what Casbin is given."""

    role: str
    tier: str
    obj: str
    act: str
    articles: tuple[int, ...]

    @property
    def fields(self) -> list[str]:
        """The line as Casbin keeps it."""
        return [f"role:{self.role}", self.tier, self.obj, self.act, " ".join(map(str, self.articles))]

    @property
    def said(self) -> str:
        """The permission in a line, for who has to find it."""
        return f"{self.obj} | {self.act} | {self.tier}.{self.role} | {' '.join(map(str, self.articles))}"


def read_lines(path: Path, groups: Mapping[str, tuple[str, ...]]) -> tuple[Line, ...]:
    """Every permission of a file, or of all files of a directory.

    `groups`: what `who` may name, each with its `tier.role`s; a role is a group of one. ValueError names file and
    line of what is no permission of theirs, or is there twice: a role reads in one row why it may.
    """
    lines: dict[tuple[str, str, str, str], Line] = {}
    for file in sorted(path.glob("*.txt")) if path.is_dir() else [path]:
        for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if not text or text.startswith("#"):
                continue
            for line in _read(text, groups, f"{file}:{number}"):
                if line[:4] in lines:
                    raise ValueError(f"{file}:{number}: repeated: {line.said}")
                lines[line[:4]] = line
    return tuple(lines.values())


def _read(text: str, groups: Mapping[str, tuple[str, ...]], place: str) -> Iterator[Line]:
    row = _ROW.fullmatch(text)
    if row is None or not groups.keys() >= set(row[3].split()):
        raise ValueError(f"{place}: not a permission of a known role: {text}")
    articles = tuple(map(int, row[4].split()))
    for act in row[2].split():
        for each in (member for name in row[3].split() for member in groups[name]):
            tier, _, role = each.partition(".")
            yield Line(role, tier, row[1], act, articles)
