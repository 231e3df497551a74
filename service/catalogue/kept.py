"""An app's stored content as it is read: what was taken under older rules is shown, never refused."""

from __future__ import annotations

from typing import Any

import msgspec

from service.catalogue.schemas import AppContent
from service.characters.cleaning import Unclean, cleaned
from service.kit.db import Row
from service.kit.decoding import explain

_MOST = 200  # texts that are mended at most; more than any content has


def kept(content: Any) -> AppContent:
    """The content; a text that today's rules would not take is made one line, or left out where that does not help."""
    for _ in range(_MOST):
        try:
            return msgspec.convert(content, AppContent)
        except msgspec.ValidationError as error:
            content = _mended(content, explain(str(error)).pointer)
    return msgspec.convert(content, AppContent)


def _mended(content: Any, pointer: str) -> Any:
    """The content with the text at the pointer mended; a second call for one that stayed wrong empties it."""
    made = msgspec.json.decode(msgspec.json.encode(content))
    *path, last = [int(step) if step.isdigit() else step for step in pointer.strip("/").split("/")]
    place = made
    for step in path:
        place = place[step]
    place[last] = _one_line(place[last])
    return made


def _one_line(value: Any) -> Any:
    if not isinstance(value, str):
        raise TypeError("stored content of another shape")
    try:
        line = " ".join(each for each in cleaned(value).split() if each)
    except Unclean:
        line = ""
    line = "".join(character for character in line if not "\ue000" <= character <= "\uf8ff").strip()
    return line if line != value else ""


def content_of(app: dict[str, Any] | Row) -> AppContent:
    """The working copy."""
    return kept(app["content"])
