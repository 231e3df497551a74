"""The lines of policies/access: each understood, or refused."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path
from typing import NamedTuple

_LINE = re.compile(
    r"p, role:([a-z_]+), (province|city|county), ([a-z_]+(?:\.[a-z_]+)?), ([a-z_]+), (\d+(?: \d+)*)"
)


class Line(NamedTuple):
    """One permission of policy.csv and the articles it rests on."""

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
    def csv(self) -> str:
        """The line as it stands in the file."""
        return ", ".join(["p", *self.fields])


def read_lines(path: Path, known: Container[tuple[str, str]]) -> tuple[Line, ...]:
    """Every permission of a file, or of a directory's policy*.csv; `known`: the (tier, role)s there are.

    ValueError names file and line of what is no permission of theirs, or is there twice.
    """
    # Casbin drops a line it does not recognise without a word; here a line is understood or refused.
    # A directory means its policy*.csv, one per feature.
    lines: dict[tuple[str, str, str, str], Line] = {}
    for file in sorted(path.glob("policy*.csv")) if path.is_dir() else [path]:
        for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if not text or text.startswith("#"):
                continue
            match = _LINE.fullmatch(text)
            if match is None or (match[2], match[1]) not in known:
                raise ValueError(f"{file}:{number}: not a permission of a known role: {text}")
            line = Line(match[1], match[2], match[3], match[4], tuple(map(int, match[5].split())))
            if line[:4] in lines:
                raise ValueError(f"{file}:{number}: repeated: {text}")
            lines[line[:4]] = line
    return tuple(lines.values())
