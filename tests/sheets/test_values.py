"""Cells as values: what a spreadsheet may have spoiled is told, never repaired."""

from __future__ import annotations

from typing import Any

import pytest

from service.sheets.cells import cell_of
from service.sheets.columns import Column
from service.sheets.values import CellFault, value_of


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("date", "2026-3-1", "2026-03-01"),
        ("date", "2026年3月1日", "2026-03-01"),
        ("date", "2026/3/1", "2026-03-01"),
        ("date", "２０２６．３．１", "2026-03-01"),
        ("date", "2026-03-01 00:00:00", "2026-03-01"),
        ("date", 46082, "2026-03-01"),
        ("amount", "3,900,000.00", "3900000.00"),
        ("amount", "￥３９０００００元", "3900000.00"),
        ("amount", 3900000.1, "3900000.10"),
        ("amount", 0, "0.00"),
        ("code", "0791", "0791"),
        ("code", 360100.0, "360100"),
        ("phone", 13800138000, "13800138000"),
        ("text", 12.0, "12"),
        ("flag", "否", False),
        ("flag", True, True),
        ("integers", "2027、2028年", [2027, 2028]),
        ("texts", "甲、乙；丙", ["甲", "乙", "丙"]),
        ("date", "", None),
    ],
)
def test_taken(kind: Any, cell: Any, value: Any) -> None:
    assert value_of(Column("列", "/x", kind), cell_of(cell)) == value


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("date", "3/1/2026", "date"),  # month or day first: nobody knows
        ("date", "2026年3月", "date"),
        ("date", "2026-02-30", "date"),
        ("date", 12, "date"),
        ("amount", "390万元", "amount_unit"),
        ("amount", "0.39亿", "amount_unit"),
        ("amount", "3.9E+06", "digits_lost"),
        ("amount", "39,00,000", "amount"),
        ("amount", 1.005, "amount"),
        ("amount", 1e16, "digits_lost"),
        ("amount", "1" * 40, "digits_lost"),
        ("date", float("inf"), "cell_error"),
        ("date", float("nan"), "cell_error"),
        ("amount", "９" * 30 + "亿", "amount_unit"),
        ("code", 7918888, "number_for_text"),
        ("code", "1.23E+17", "digits_lost"),
        ("phone", 79188880000, "number_for_text"),  # 0791…: the nought is gone
        ("text", 360102199001011234, "digits_lost"),
        ("text", "=cmd|' /C calc'!A0", "formula"),
        ("flag", "大概", "flag"),
        ("integer", "三", "integer"),
    ],
)
def test_told(kind: Any, cell: Any, code: str) -> None:
    with pytest.raises(CellFault) as fault:
        value_of(Column("列", "/x", kind), cell_of(cell))
    assert fault.value.code == code


def test_a_choice_lists_the_choices() -> None:
    column = Column("类别", "/x", "choice", choices={"新建": "new", "改建": "rebuild"})
    assert (value_of(column, "新建"), value_of(column, "rebuild")) == ("new", "rebuild")
    with pytest.raises(CellFault) as fault:
        value_of(column, "扩建")
    assert "新建、改建" in fault.value.detail
