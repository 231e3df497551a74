"""What a world that is kept has been filled to, and what was read at each size on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec


class Figures(msgspec.Struct, frozen=True):
    """What an operation read at one size, in all its statements, and how many rows its answer shows."""

    pages: int
    rows: int
    shown: int = 0


class Told(msgspec.Struct):
    """`filled`: copies there are; `lean`: in which form, which no world changes."""

    lean: bool
    filled: int = 0
    read: dict[int, dict[str, Figures]] = {}


class Notes:
    """Those of one world: in a file beside it where it is kept, else in memory."""

    def __init__(self, kept: Path | None, *, lean: bool) -> None:
        """Raises ValueError where the world that is kept is of the other form."""
        self._file = kept and kept / "growth.json"
        self.told = Told(lean)
        if self._file and self._file.exists():
            self.told = msgspec.json.decode(self._file.read_bytes(), type=Told)
        if self.told.lean != lean:
            raise ValueError(f"{kept} is a world of the {'lean' if self.told.lean else 'whole'} form")

    def filled(self, size: int) -> None:
        self.told.filled = size
        self._write()

    def read(self, size: int, found: dict[str, Any]) -> None:
        """What was measured; the plans are not kept."""
        self.told.read[size] = {name: Figures(of.pages, of.rows, of.shown) for name, of in found.items()}
        self._write()

    def _write(self) -> None:
        if self._file:
            self._file.write_bytes(msgspec.json.encode(self.told))
