"""A cell as a value of the wire: nothing is guessed. What a spreadsheet may have spoiled is told, not repaired."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from service.sheets.cells import Cell, empty, shown
from service.sheets.columns import Column

EXACT_DIGITS = 15  # of a number in a spreadsheet; the others are nought
_DAY_ONE = date(1899, 12, 30)  # serial number 0 of the 1900 system, past its leap day
_SERIALS = range(32874, 73051)  # 1990 to 2100: other numbers in a column of dates are none
_DATES = (
    re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.0+)?)?"),
    re.compile(r"(\d{4})(年)(\d{1,2})月(\d{1,2})日?"),
    re.compile(r"(\d{4})()(\d{2})(\d{2})"),
)
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+")
_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_FORMULA = re.compile(r"\s*[=＝]")
_PARTS = re.compile(r"[、，,;；\n/|]+")
_YES, _NO = ("是", "有", "y", "yes", "true", "√", "✓", "1"), ("否", "无", "n", "no", "false", "×", "0")


class CellFault(Exception):
    """Why a cell cannot be taken: a stable code and what to do."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def value_of(column: Column, cell: Cell) -> Any:
    """The value for the body; None for an empty cell. Raises CellFault."""
    if empty(cell):
        return None
    if not isinstance(cell, str) and cell[0] == "e":
        raise CellFault("cell_error", f"单元格显示为“{cell[1]}”，请填写实际的值")
    if isinstance(cell, str) and _FORMULA.match(cell) and column.kind != "amount":
        raise CellFault("formula", "单元格以等号开头，不接受公式，请填写实际的值")
    return _READERS[column.kind](column, cell)


def _plain(cell: Cell) -> str:
    """Numbers and dates as they are typed on any keyboard: full-width signs are the same."""
    return unicodedata.normalize("NFKC", shown(cell)).strip()


def _text(_column: Column, cell: Cell) -> str:
    if not isinstance(cell, str) and cell[0] == "n":
        return _digits(cell)
    return shown(cell).strip()


def _digits(cell: Cell) -> str:
    """A whole number in a column of text, where the spreadsheet has kept all of it."""
    text = shown(cell)
    if "e" in text.lower() or len(text.strip("-").replace(".", "")) > EXACT_DIGITS:
        raise CellFault("digits_lost", "数字超过 15 位，表格软件已丢失末位；请把该列设为文本后重新填写")
    return text


def _code(_column: Column, cell: Cell) -> str:
    if not isinstance(cell, str) and cell[0] == "n":
        digits = _digits(cell)
        if len(digits) != 6:  # a division's code begins with no nought; of others nobody can tell
            detail = "该列应为文本：数字单元格会丢失开头的 0；请把该列设为文本后重新填写"
            raise CellFault("number_for_text", detail)
        return digits
    text = shown(cell).strip()
    if _SCIENTIFIC.fullmatch(_plain(cell)):
        raise CellFault("digits_lost", "编号已被表格软件改为科学计数，末位丢失；请把该列设为文本后重新填写")
    return text


def _phone(_column: Column, cell: Cell) -> str:
    if not isinstance(cell, str) and cell[0] == "n":
        digits = _digits(cell)
        if not (len(digits) == 11 and digits.startswith("1")) and not 7 <= len(digits) <= 8:
            detail = "电话为数字单元格，区号开头的 0 可能已丢失；请把该列设为文本后重新填写"
            raise CellFault("number_for_text", detail)
        return digits
    return _code(_column, cell)


def _amount(_column: Column, cell: Cell) -> str:
    if not isinstance(cell, str):
        if cell[0] != "n":
            raise CellFault("amount", "应为金额（元），例如 3900000.00")
        return _yuan(shown(cell))
    text = _plain(cell)
    for unit, ten in (("亿", 100_000_000), ("万", 10_000)):
        if unit in text:
            figures = _AMOUNT.match(text)
            meant = f"，若为 {figures[0]}{unit}元，请写 {_times(figures[0], ten)}" if figures else ""
            raise CellFault("amount_unit", f"金额以元为单位填写，不换算{unit}元{meant}")
    bare = text.removeprefix("¥").removeprefix("￥").removesuffix("元").strip()
    if _SCIENTIFIC.fullmatch(bare):
        raise CellFault("digits_lost", "金额已被表格软件改为科学计数，可能已舍入；请填写完整数字")
    if not _AMOUNT.fullmatch(bare):
        raise CellFault("amount", "应为金额（元），例如 3900000.00")
    return _yuan(bare.replace(",", ""))


def _times(figures: str, ten: int) -> str:
    return f"{Decimal(figures.replace(',', '')) * ten:.2f}"


def _yuan(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise CellFault("amount", "应为金额（元），例如 3900000.00") from None
    if not value.is_finite() or value.adjusted() > EXACT_DIGITS:
        raise CellFault("digits_lost", "金额超过 15 位有效数字，表格软件已丢失末位")
    if value != round(value, 2):
        raise CellFault("amount", "金额至多两位小数")
    if len(value.as_tuple().digits) > EXACT_DIGITS:
        raise CellFault("digits_lost", "金额超过 15 位有效数字，表格软件已丢失末位")
    return f"{value:.2f}"


def _integer(_column: Column, cell: Cell) -> int:
    text = _plain(cell).removesuffix("级").removesuffix("年")
    if not isinstance(cell, str) and cell[0] not in ("n",):
        raise CellFault("integer", "应为整数")
    if not re.fullmatch(r"-?\d{1,9}", text):
        raise CellFault("integer", "应为整数")
    return int(text)


def _date(_column: Column, cell: Cell) -> str:
    if not isinstance(cell, str):
        kind, value = cell
        if kind == "d":
            return str(value)
        if kind == "n" and isinstance(value, int | float) and int(value) in _SERIALS:
            return (_DAY_ONE + timedelta(days=int(value))).isoformat()
        raise CellFault("date", "应为日期，例如 2026-03-01")
    text = _plain(cell)
    for form in _DATES:
        if found := form.fullmatch(text):
            try:
                return date(int(found[1]), int(found[3]), int(found[4])).isoformat()
            except ValueError:
                raise CellFault("date", "没有这一天，请按 2026-03-01 的格式填写") from None
    raise CellFault("date", "应为年月日俱全的日期，例如 2026-03-01、2026/3/1 或 2026年3月1日")


def _flag(_column: Column, cell: Cell) -> bool:
    if not isinstance(cell, str) and cell[0] == "b":
        return bool(cell[1])
    text = _plain(cell).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CellFault("flag", "应填“是”或“否”")


def _choice(column: Column, cell: Cell) -> str:
    return _chosen(column, _plain(cell))


@lru_cache(maxsize=4096)
def _folded(label: str) -> str:
    """A choice as it is compared: ten thousand rows ask for the same few."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", label))


def _chosen(column: Column, text: str) -> str:
    same = re.sub(r"\s", "", text)
    for label, code in (*column.choices.items(), *column.also.items()):
        if same == code or same == _folded(label):
            return code
    raise CellFault("invalid_choice", f"没有这个选项，可选：{'、'.join(column.choices)}")


def parts(cell: Cell) -> list[str]:
    """Several values in one cell."""
    return [part.strip() for part in _PARTS.split(_plain(cell)) if part.strip()]


def _integers(_column: Column, cell: Cell) -> list[int]:
    found = [part.removesuffix("年").removesuffix("年度") for part in parts(cell)]
    if not all(re.fullmatch(r"\d{1,9}", part) for part in found):
        raise CellFault("integer", "应为整数，多个用顿号隔开")
    return [int(part) for part in found]


_READERS: dict[str, Any] = {
    "text": _text,
    "code": _code,
    "phone": _phone,
    "amount": _amount,
    "integer": _integer,
    "date": _date,
    "flag": _flag,
    "choice": _choice,
    "texts": lambda _column, cell: parts(cell),
    "choices": lambda column, cell: [_chosen(column, part) for part in parts(cell)],
    "integers": _integers,
    "office": _text,
    "office_ref": _text,
    "person": _text,
    "app": _text,
}
