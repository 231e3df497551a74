"""Where a page of monitoring goes on: the cursor of a list, sealed for its context and the caller's scope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from service.kit.api import Call
from service.kit.db import Row
from service.kit.paging import seal, unseal


def place(
    call: Call, context: str, names: tuple[str, ...], read: Callable[[str], date]
) -> dict[str, Any] | None:
    """Where the cursor says to go on, as the statement's parameters; `read` reads the day or moment."""
    cursor: str | None = call.query.cursor
    if cursor is None:
        return None
    at, *rest = unseal(call.services.cursor_secret, f"{context}:{call.principal.scope}", cursor)
    return dict(zip(names, (read(at), *rest), strict=True))


def cursor_after(
    call: Call, context: str, rows: list[Row], key: Callable[[Row], dict[str, Any]]
) -> str | None:
    """The cursor of the next page, None on the last: `rows` are one more than the page takes where there is one."""
    if len(rows) <= call.query.limit:
        return None
    at, *rest = key(rows[call.query.limit - 1]).values()
    return seal(call.services.cursor_secret, f"{context}:{call.principal.scope}", [at.isoformat(), *rest])
