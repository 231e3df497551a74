"""Running projects in a spreadsheet: the same import, its faults by row and column."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sheets.books import RUNNING, csv, running, xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def tried(as_user: Any, raw: bytes, media: str = "text/csv") -> Any:
    keeper = as_user("360100", "gatekeeper")
    return await keeper(
        "POST", "/imports", content=raw, params={"dry_run": "true"}, headers={"content-type": media}
    )


async def test_a_csv_without_the_columns_is_told_what_it_lacks(as_user: Any) -> None:
    raw = "项目名称,项目单位,批复金额\n城管系统,南昌市政府办公室,4000000\n".encode()
    told = await tried(as_user, raw)
    assert told.status_code == 422
    details = [each["detail"] for each in told.json()["errors"]]
    assert any("CSV" in each and "缺少列“批复文号”" in each for each in details), details
    assert any("批复金额（元）" in each and "单位" in each for each in details), details


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
async def test_csv_as_chinese_programs_write_it(as_user: Any, encoding: str) -> None:
    told = await tried(as_user, csv([RUNNING, running()], encoding))
    assert told.status_code == 200, told.text
    (item,) = told.json()["items"]
    assert (item["line"], item["name"], item["route"]) == (2, "表格导入的城管系统", "city_filing")


async def test_a_workbook_is_the_same_import(as_user: Any) -> None:
    """Faults of cells and of the Measures stand at their row and column, all of them at once."""
    rows = [
        ["在建项目登记表"], RUNNING, running(), running("第二个", **{"批复金额（元）": "390万元"}),
        running("第三个", **{"开工日期": "1999-01-01"}), running("第四个", **{"项目单位": "没有的单位"}),
    ]  # fmt: skip
    told = await tried(as_user, xlsx(rows), XLSX)
    found = {(each["pointer"], each["code"]): each["detail"] for each in told.json()["errors"]}
    assert (
        found["/4", "amount_unit"].startswith("xlsx 第 4 行“批复金额（元）”")
        and "3900000.00" in found["/4", "amount_unit"]
    )
    assert "xlsx 第 5 行“开工日期”" in found["/5/dated/started", "date_order"]
    assert "xlsx 第 6 行“项目单位”" in found["/6", "unknown_office"]
    assert len(found) == 3
