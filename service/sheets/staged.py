"""What is kept of a file between sending and committing: its cells as they stood, and the bodies made of them."""

from __future__ import annotations

import zlib
from typing import Any

import msgspec

from service.sheets.cells import Cell
from service.sheets.rows import Thing


class Staged(msgspec.Struct):
    """`cells`: rows by their number; `bodies`: rows of each thing and its body, kept under the name of before."""

    cells: list[tuple[int, list[Cell]]]
    bodies: list[tuple[list[int], dict[str, Any]]] = msgspec.field(name="entries")

    def things(self) -> list[Thing]:
        return [Thing(rows, body) for rows, body in self.bodies]


def pack(staged: Staged) -> bytes:
    return zlib.compress(msgspec.json.encode(staged), 6)


def unpack(content: bytes) -> Staged:
    """What `pack` made; it was bounded when it came in."""
    return msgspec.json.decode(zlib.decompress(content), type=Staged)
