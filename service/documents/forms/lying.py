"""What stands on a page in any order, read as it lies there: line by line, and column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def as_they_lie(pieces: Sequence[tuple[float, float, str]], step: float) -> Iterator[str]:
    """(height, place in the line, text) of each piece; `step`: how far apart what is one line may lie.

    Lines with their pieces joined; then columns, where a piece of a character or two is set from top to bottom, and
    whole lines under each other stay lines.
    """
    lines: dict[int, list[tuple[float, str]]] = {}
    columns: dict[int, list[tuple[float, str]]] = {}
    for y, x, text in pieces:
        lines.setdefault(_near(-y, step), []).append((x, text))
        columns.setdefault(_near(x, step), []).append((-y, text))
    laid = [[text for _, text in sorted(lines[key], key=lambda each: each[0])] for key in sorted(lines)]
    yield "\n".join("".join(line) for line in laid)
    stood = [
        ["\n" + text if len(text) > 2 else text for _, text in sorted(columns[key])]
        for key in sorted(columns)
    ]
    yield "\n".join("".join(column) for column in stood)


def _near(at: float, step: float) -> int:
    return round(max(-1e9, min(1e9, at)) / step) if at == at else 0
