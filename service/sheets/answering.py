"""The same workbook, with what became of each row: a result and what is wrong, the cells at fault marked."""

from __future__ import annotations

import io
from collections import defaultdict
from datetime import date, datetime
from typing import Any

from service.kit.xlsxout import MAX_TEXT, new_book
from service.sheets.cells import Cell
from service.sheets.columns import Sheet
from service.sheets.rows import PROBLEM, RESULT, plain_label
from service.sheets.staged import Staged
from service.vocabulary import names

_RESULTS = names("row_result")


def answer(sheet: Sheet, staged: Staged, state: str, faults: list[list[Any]]) -> bytes:
    """xlsx, also where a CSV was sent."""
    out = io.BytesIO()
    book = new_book(out)
    page = book.add_worksheet(sheet.title)
    forms = {
        (kind, bad): book.add_format({"num_format": form, **({"bg_color": "#FFC7CE"} if bad else {})})
        for kind, form in (("text", "@"), ("number", "General"), ("date", "yyyy-mm-dd"))
        for bad in (False, True)
    }
    by_row: defaultdict[int, list[list[Any]]] = defaultdict(list)
    for fault in faults:
        by_row[fault[0]].append(fault)
    head = _head(sheet, staged)
    width = max((len(cells) for _, cells in staged.cells), default=0)
    labels = [plain_label(_text(cell)) for cell in dict(staged.cells).get(head, [])]
    keep = [place for place in range(width) if place >= len(labels) or labels[place] not in (RESULT, PROBLEM)]
    for number, cells in staged.cells:
        bad = {plain_label(fault[1]) for fault in by_row[number]}
        for place, source in enumerate(keep):
            cell: Cell = cells[source] if source < len(cells) else ""
            wrong = number != head and source < len(labels) and labels[source] in bad
            _write(page, number - 1, place, cell, forms, wrong)
        _told(page, number, len(keep), number == head, by_row[number], _RESULTS.get(state, ""), number > head)
    for place, fault in enumerate(by_row[0]):
        page.write_string(max((n for n, _ in staged.cells), default=0) + 1 + place, 0, fault[3])
    book.close()
    return out.getvalue()


def _head(sheet: Sheet, staged: Staged) -> int:
    labels = {plain_label(each.label) for each in sheet.columns}
    known = [
        (sum(plain_label(_text(c)) in labels for c in cells), -number) for number, cells in staged.cells[:10]
    ]
    return -max(known)[1] if known else 0


def _told(
    page: Any, number: int, place: int, is_head: bool, faults: list[list[Any]], result: str, below: bool
) -> None:
    if is_head:
        page.write_string(number - 1, place, RESULT)
        page.write_string(number - 1, place + 1, PROBLEM)
    elif faults:
        page.write_string(number - 1, place, _RESULTS["wrong"])
        text = "；".join(f"“{label}”{detail}" if label else detail for _, label, _, detail in faults)
        page.write_string(number - 1, place + 1, text[:MAX_TEXT])
    elif below:
        page.write_string(number - 1, place, result)


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else str(cell[1])


def _write(page: Any, row: int, place: int, cell: Cell, forms: Any, wrong: bool) -> None:
    if isinstance(cell, str):
        if cell or wrong:
            page.write_string(row, place, cell, forms["text", wrong])
        return
    kind, value = cell
    if kind == "n":
        page.write_number(row, place, value, forms["number", wrong])
    elif kind == "b":
        page.write_boolean(row, place, value, forms["number", wrong])
    elif kind == "d":
        day = date.fromisoformat(str(value))
        page.write_datetime(row, place, datetime(day.year, day.month, day.day), forms["date", wrong])  # noqa: DTZ001
    else:
        page.write_string(row, place, str(value), forms["text", wrong])
