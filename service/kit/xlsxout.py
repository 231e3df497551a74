"""xlsx for spreadsheet programs: text stays text, amounts and dates are numbers that add up, nothing is a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Generic

import xlsxwriter

from service.kit.clock import SHANGHAI
from service.kit.csvout import Cell, Columns, Plain, Row

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_TEXT = 32_767  # characters of a cell; more would be lost without a word
EXACT_DIGITS = 15  # of a number; longer ones stay text
NARROWEST, WIDEST = 10, 46  # of a column, in letters of half width; longer texts go on in the next line
_AMOUNT = re.compile(r"-?\d{1,13}\.\d{2}")


def new_book(out: io.BytesIO) -> xlsxwriter.Workbook:
    """A workbook that makes no formulas, links or numbers of text, and writes row by row."""
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    return xlsxwriter.Workbook(out, {**plain, "constant_memory": True})


class Sheet(Generic[Row]):
    """A workbook of one sheet being written, with the columns of the CSV; rows are added in pages.

    Opened and printed as it is: columns as wide as what stands in them, the header on every page, a filter on each.
    """

    def __init__(self, columns: Columns[Row], title: str = "导出") -> None:
        self._columns = columns
        self._out = io.BytesIO()
        self._book = new_book(self._out)
        self._formats = {
            name: self._book.add_format({"num_format": form})
            for name, form in (
                ("text", "@"), ("amount", "#,##0.00"), ("day", "yyyy-mm-dd"), ("moment", "yyyy-mm-dd hh:mm:ss"),
            )
        }  # fmt: skip
        self._formats["long"] = self._book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        bold = self._book.add_format({"bold": True, "bg_color": "#EDEDED"})
        self._sheet = self._book.add_worksheet(title)
        self._sheet.freeze_panes(1, 0)
        self._wide = [_width(header) + 4 for header, _ in columns]  # room for the filter's arrow
        for place, (header, _) in enumerate(columns):
            self._sheet.write_string(0, place, header, bold)
        self.rows = 0

    def add(self, items: Iterable[Row]) -> None:
        """Appends one line per item."""
        for item in items:
            self.rows += 1
            for place, (_, read) in enumerate(self._columns):
                self._write(place, read(item))

    def _write(self, place: int, value: Cell) -> None:
        row, sheet, formats = self.rows, self._sheet, self._formats
        if value is None or value == "":
            return
        if isinstance(value, datetime):
            local = value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
            sheet.write_datetime(row, place, local, formats["moment"])
            self._room(place, 19)
        elif isinstance(value, date):
            sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), formats["day"])  # noqa: DTZ001
            self._room(place, 10)
        elif isinstance(value, int) and len(str(abs(value))) <= EXACT_DIGITS:
            sheet.write_number(row, place, value)
        elif isinstance(value, Plain) and _AMOUNT.fullmatch(value):
            sheet.write_number(row, place, float(value), formats["amount"])
            self._room(place, len(value) + len(value) // 3)
        else:
            text = str(value)
            cut = "…（内容超过单元格上限，全文见系统）"
            shown = text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(cut)] + cut
            wide = self._room(place, _width(shown))
            sheet.write_string(row, place, shown, formats["long" if wide > WIDEST else "text"])

    def _room(self, place: int, wide: int) -> int:
        self._wide[place] = max(self._wide[place], wide)
        return wide

    def bytes(self) -> bytes:
        """The file; nothing can be added after."""
        sheet, last = self._sheet, len(self._columns) - 1
        for place, wide in enumerate(self._wide):
            sheet.set_column(place, place, min(max(wide + 1, NARROWEST), WIDEST))
        sheet.autofilter(0, 0, self.rows, last)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        self._book.close()
        return self._out.getvalue()


def _width(text: str) -> int:
    """About how wide a text is, in letters of half width: Chinese ones count twice. The first 200 letters tell."""
    return sum(2 if ord(letter) > 255 else 1 for letter in text[:200])
