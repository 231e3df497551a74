"""Parts of one mark in different places of a file, which a page may show beside each other.

A title that a field puts before a line, two text boxes, cells and text objects that lie elsewhere than they stand in
the file: no reading joins them. Each part is a line of its own; where all parts of a mark are met, that is not "read".
"""

from __future__ import annotations

import re
import unicodedata

from service.measures.secrecy_words import STAR, TERM

_STARTS = f"[绝絕絶机機秘祕密宻*※{STAR[1:]}"
# Without what one character makes a sentence of (U+FDFA): none of it is in a mark.
_LINE = re.compile(rf"(?m)^[^\S\n]*(?P<said>{_STARTS}[^\n\ufdf0-\ufdff]{{0,20}}?)[^\S\n]*$")
_ENDS = re.compile("[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_REMEMBERED = 10_000  # lines that are not looked at again
_SIMPLE = str.maketrans("絕絶機祕宻級", "绝绝机秘密级")
_LEVEL = re.compile("([绝机秘]密)(?:级|件)?")
_LABEL = re.compile("密级:?")
_TAIL = re.compile(rf"(?P<secret>密?)\s*(?:{STAR}\s*(?:{TERM})?|[*※]\s*{TERM})")


class Halves:
    """What was met of marks in one file so far."""

    def __init__(self) -> None:
        self._levels: set[str] = set()
        self._met: set[str] = set()
        self._heard: set[str] = set()

    def hear(self, text: str) -> bool:
        """Whether, with the lines of this text, all parts of a mark were met apart from each other."""
        for line in _LINE.finditer(_ENDS.sub("\n", text)):
            said = line["said"]
            if said not in self._heard:
                if len(self._heard) < _REMEMBERED:
                    self._heard.add(said)
                self._line(unicodedata.normalize("NFKC", said).translate(_SIMPLE))
        met = self._met
        starred = "tail" in met and (bool(self._levels) or {"first", "密"} <= met)
        # Several levels of their own are the choices of a form.
        return "密★" in met or starred or ("label" in met and len(self._levels) == 1)

    def _line(self, said: str) -> None:
        if said in ("绝", "机", "秘"):
            self._met.add("first")
        elif said == "密":
            self._met.add("密")
        elif level := _LEVEL.fullmatch(said):
            self._levels.add(level[1])
        elif _LABEL.fullmatch(said):
            self._met.add("label")
        elif tail := _TAIL.fullmatch(said):
            self._met.add("密★" if tail["secret"] else "tail")
