"""Tables written as text: a column headed 密级 whose cell names a level says it of that row, however far below."""

from __future__ import annotations

import re

from service.measures import secrecy_words as words

_ROWS = 60  # looked at below one heading
_HEAD = re.compile(rf"(?:^|(?<=[\n,;|\t])) ?\"?{words.LABEL}\"? ?(?=$|[\n,;|\t])|(?<= ){words.LABEL}(?=\n|$)")
_CELL = re.compile("(绝|机|秘) ?密(?:级|件)?")
_LINE = re.compile("[^\n]*")


def column(text: str, most: int) -> tuple[int, int] | None:
    """Where in folded text such a cell's row stands; at most `most` headings are looked at.

    None where all levels stand in the column: a list of what they mean.
    """
    done = 0  # every line is gone through once: a table ends where the next heading stands
    for number, head in enumerate(_HEAD.finditer(text)):
        if number >= most:
            return None
        if head.start() < done:
            continue
        begins = text.rfind("\n", max(0, head.start() - 400), head.start()) + 1
        heading = text[begins : head.start()]
        sign = next(
            (each for each in "|,;" if each in heading or text[head.end() : head.end() + 1] == each), " "
        )
        done = text.find("\n", head.end(), head.end() + 400)
        found = _below(text, done, heading.count(sign), sign)
        levels = {level for level, _ in found}
        if 0 < len(levels) < 3:
            return found[0][1]
    return None


def _below(text: str, at: int, place: int, sign: str) -> list[tuple[str, tuple[int, int]]]:
    """Each level named in the column, and its row."""
    found: list[tuple[str, tuple[int, int]]] = []
    for _ in range(_ROWS):
        if at < 0:
            break
        row = _LINE.match(text, at + 1)
        if row is None or (sign not in row[0] and place) or _HEAD.search(row[0]):
            break
        cells = row[0].split(sign, place + 1)
        if len(cells) > place and (level := _CELL.fullmatch(cells[place].strip(' "\t'))):
            found.append((level[1], row.span()))
        at = row.end() if row.end() < len(text) else -1
    return found
