"""A page of OFD: its words also as they lie on it, since its text objects may stand in the file in any order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.documents.forms.look import Look
from service.documents.forms.lying import as_they_lie
from service.documents.forms.offices import Book, Part

_STEP = 1.5  # millimetres between what still is one line
_PLAIN = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Page(Part):
    """One part of an OFD file; most hold no text objects (GB/T 33190, 11)."""

    def __init__(self, look: Look, book: Book) -> None:
        super().__init__(look, book)
        self._laid: list[tuple[float, float, str]] = []
        self._corner, self._matrix = (0.0, 0.0), _PLAIN
        self._code = (0.0, 0.0)
        self._from_behind = self._backwards = False

    def seen(self, tag: str, attrs: Mapping[str, str]) -> None:
        super().seen(tag, attrs)
        if tag == "TextObject":
            corner, turned = _numbers(attrs.get("Boundary", "")), _numbers(attrs.get("CTM", ""))
            self._corner = (corner[0], corner[1]) if len(corner) == 4 else (0.0, 0.0)
            self._matrix = turned if len(turned) == 6 else _PLAIN
            mirrored = self._matrix[0] < 0 or attrs.get("HScale", "").startswith("-")
            self._from_behind = mirrored or attrs.get("ReadDirection") == "180"
        elif tag == "TextCode":
            start = _numbers(f"{attrs.get('X', '')} {attrs.get('Y', '')}")
            self._code = (start[0], start[1]) if len(start) == 2 else self._code
            self._backwards = self._from_behind or "-" in attrs.get("DeltaX", "")

    def ended(self, tag: str, own: str) -> None:
        super().ended(tag, own)
        if tag == "TextCode" and (text := own.strip()):
            if self._backwards:
                text = text[::-1]
                self.more.append(text)
            a, b, c, d, e, f = self._matrix
            x, y = self._code
            down, right = self._corner[1] + b * x + d * y + f, self._corner[0] + a * x + c * y + e
            self._laid.append((-down, right, text))

    def readings(self) -> Iterator[str]:
        yield from super().readings()
        if len(self._laid) > 1:
            yield from as_they_lie(self._laid, _STEP)


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(map(float, text.split()))
    except ValueError:
        return ()
