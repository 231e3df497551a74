"""Workbooks to try things with, as an office's program writes them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter


def xlsx(
    rows: Sequence[Sequence[Any]], *, title: str = "Sheet1", formats: dict[Any, str] | None = None
) -> bytes:
    """One sheet; a cell is text, a number, a flag, a date, or ("=formula", stored value)."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(title)
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if isinstance(value, tuple):
                sheet.write_formula(row, column, value[0], None, value[1])
            elif isinstance(value, str):
                sheet.write_string(row, column, value)
            elif value is not None:
                sheet.write(row, column, value)
    book.close()
    return out.getvalue()


RUNNING = (
    "项目名称*",
    "项目单位*",
    "项目类别*",
    "建设性质*",
    "总投资（元）*",
    "使用财政性资金*",
    "涉密项目*",
    "状态*",
    "批复金额（元）*",
    "批复文号*",
    "来源文件*",
    "来源文号*",
    "来源文件日期*",
    "批复日期*",
    "开工日期",
)


def running(name: str = "表格导入的城管系统", **changes: Any) -> list[Any]:
    """A row of a running project of the seeded city 360100."""
    row = {
        "项目名称": name,
        "项目单位": "南昌市政府办公室",
        "项目类别": "其他",
        "建设性质": "新建",
        "总投资（元）": 4000000,
        "使用财政性资金": "是",
        "涉密项目": "否",
        "状态": "已开工",
        "批复金额（元）": "3,900,000.00",
        "批复文号": "洪发改〔2025〕8号",
        "来源文件": "关于城管业务系统的批复",
        "来源文号": "洪发改〔2025〕8号",
        "来源文件日期": "2025年3月1日",
        "批复日期": "2025/3/1",
        "开工日期": "2025-5-6",
        **changes,
    }
    return [row[label.removesuffix("*")] for label in RUNNING]


def csv(rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig") -> bytes:
    """As a spreadsheet program saves it."""
    lines = (",".join(f'"{"" if cell is None else cell}"' for cell in row) for row in rows)
    return "\r\n".join(lines).encode(encoding)
