"""How a row becomes what an answer shows."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

import msgspec

ViewT = TypeVar("ViewT", bound=msgspec.Struct)
_ABSENT = object()


def of_row(kind: type[ViewT], row: Any, /, **own: Any) -> ViewT:
    """The row as a `kind`: `own` as it is given, every other member from the column of its name, as it is.

    What not every reader may see is said in `own`. A member with a default keeps it where the row has no such column;
    KeyError for any other, TypeError for an `own` that the kind has not.
    """
    for name, needed in _members(kind):
        if name not in own:
            value = row[name] if needed else row.get(name, _ABSENT)
            if value is not _ABSENT:
                own[name] = value
    return kind(**own)


@cache
def _members(kind: type[msgspec.Struct]) -> tuple[tuple[str, bool], ...]:
    """Names of the members, and whether a row must have each."""
    return tuple((each.name, each.required) for each in msgspec.structs.fields(kind))


def columns_of(row: Any, *names: str) -> dict[str, Any]:
    """These columns of a row by their names: what an event tells or a statement is given of it."""
    return {name: row[name] for name in names}
