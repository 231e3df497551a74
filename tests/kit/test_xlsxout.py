"""A table opened in Excel is readable as it comes: widths, amounts in groups, a filter, its header on each page."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from service.kit.csvout import Columns, Plain
from service.kit.xlsxout import NARROWEST, WIDEST, Sheet

COLUMNS: Columns[dict[str, Any]] = (
    ("项目名称", lambda row: row["name"]),
    ("总投资（元）", lambda row: Plain(row["amount"])),
    ("理由", lambda row: row["why"]),
    ("天", lambda row: row["days"]),
)


def test_a_table_is_readable_as_it_opens() -> None:
    sheet = Sheet(COLUMNS)
    name = "南昌市城市运行一网统管平台"
    sheet.add([{"name": name, "amount": "36800000.00", "why": "已经集体研究，确有必要。" * 20, "days": 3}])
    book = zipfile.ZipFile(io.BytesIO(sheet.bytes()))
    told = book.read("xl/worksheets/sheet1.xml").decode()
    wide = {
        place: float(width)
        for first, last, width in re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', told)
        for place in range(int(first), int(last) + 1)
    }
    assert wide[1] >= 2 * len(name) and wide[2] >= len("36,800,000.00")
    assert WIDEST <= wide[3] < WIDEST + 1 and NARROWEST <= wide[4] < NARROWEST + 1
    styles = book.read("xl/styles.xml").decode()
    assert "#,##0.00" in styles and 'wrapText="1"' in styles
    assert (
        '<autoFilter ref="A1:D2"/>' in told
        and 'orientation="landscape"' in told
        and 'fitToHeight="0"' in told
    )
    assert "_xlnm.Print_Titles" in book.read("xl/workbook.xml").decode()
    assert "<f>" not in told
