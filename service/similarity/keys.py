"""A project as a few numbers: those that share some are candidates, found in a table instead of by comparing all."""

from __future__ import annotations

from hashlib import blake2b

from service.similarity.comparing import Project
from service.similarity.words import read

MOST = 24


def keys(project: Project) -> tuple[int, ...]:
    """The heaviest tokens as 63-bit numbers, heaviest first; a digest, so that a key reveals no text."""
    tokens = {k: v for k, v in read(project.body).tokens.items() if not k.startswith("~")}
    for token, weight in read(project.name, True).tokens.items():
        tokens[token] = 2 * max(tokens.get(token, 0.0), weight)
    heaviest = sorted(tokens.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    return tuple(number(token) for token, _ in heaviest)


def number(token: str) -> int:
    """A token as a number that PostgreSQL's bigint holds."""
    return int.from_bytes(blake2b(token.encode(), digest_size=8).digest()) >> 1
