"""A list as a file, in the form its caller asks for: CSV, or xlsx by `format=xlsx` or the Accept header."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Generic

from service.kit import csvout, xlsxout
from service.kit.api import Answer, Call
from service.kit.csvout import Columns, Row


class Export(Generic[Row]):
    """A file being written; rows are added in pages, beside the event loop where that takes long."""

    def __init__(self, call: Call, columns: Columns[Row]) -> None:
        self._xlsx = wants_xlsx(call)
        self._sheet: csvout.Sheet[Row] | xlsxout.Sheet[Row] = (
            xlsxout.Sheet(columns) if self._xlsx else csvout.Sheet(columns)
        )

    @property
    def rows(self) -> int:
        return self._sheet.rows

    async def add(self, items: Iterable[Row]) -> None:
        """Appends one line per item."""
        if self._xlsx:
            await asyncio.to_thread(self._sheet.add, items)
        else:
            self._sheet.add(items)

    async def answer(self, name: str, title: str, day: date, headers: Mapping[str, str]) -> Answer:
        """The whole file as a download."""
        ending, media = ("xlsx", xlsxout.MEDIA_TYPE) if self._xlsx else ("csv", csvout.MEDIA_TYPE)
        content = await asyncio.to_thread(self._sheet.bytes)
        named = csvout.disposition(name, title, day, ending)
        return Answer(content, headers={"content-type": media, **named, **headers})


def wants_xlsx(call: Call) -> bool:
    """By `format`, or else by the Accept header."""
    if call.form is not None:
        return call.form == "xlsx"
    return xlsxout.MEDIA_TYPE in call.request.headers.get("accept", "")
