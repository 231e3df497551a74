"""What a row of READ (queries.py) says of a case's text: its parts go out as they stand."""

from __future__ import annotations

from typing import Any

import msgspec

from service.kit.db import Row
from service.kit.wire import unsent
from service.projects.case import WORKING

NULL, _EMPTY = msgspec.Raw(b"null"), msgspec.Raw(b"{}")


class Text(msgspec.Struct):
    """A case's text with its parts as they stand."""

    name: str | None = None
    facts: msgspec.Raw = NULL
    materials: msgspec.Raw = NULL
    reuse_check: msgspec.Raw = NULL

    def part(self, name: str) -> Any:
        """A part decoded; None where there is none."""
        return msgspec.json.decode(getattr(self, name))

    def shown(self, name: str) -> msgspec.Raw:
        """A part as an answer shows it."""
        part: msgspec.Raw = getattr(self, name)
        return _EMPTY if part == NULL else part

    def named(self, row: Row) -> str:
        """The name in the text, else the case's."""
        name: str = row["name"] if self.name is None else self.name
        return name


_TEXT = msgspec.json.Decoder(Text)


def text_of(row: Row) -> Text:
    """The text of a row; an empty one where the reader sees none."""
    return _TEXT.decode(unsent(row["text"]) or b"{}")


def at_work(row: Row) -> bool:
    """Whether a row of READ shows a working copy to who works on it; what is asked of one stands in GIVEN."""
    return row["state"] in WORKING and bool(row["sees_text"])
