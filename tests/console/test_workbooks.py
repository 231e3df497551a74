"""用表格导入 without JavaScript: the empty table, a faulty one told row by row, a good one without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

AT = "/console/workbooks/new"
SAME_SITE = {"sec-fetch-site": "same-origin"}


async def test_a_table_is_filled_sent_and_imported(visit: Callable[..., Any]) -> None:
    unit = await visit("361100", "unit")
    empty = await unit.go("/console/workbooks")
    assert f'href="{AT}"' in empty.html, "the list of what was sent says where one sends"
    assert f'href="{AT}"' in (await unit.go("/console/systems")).html
    shown = await unit.go(AT)
    assert shown.status == 200 and not shown.codes and "下载空白表格" in shown.text
    blank = await unit.client.get("/console/files/template.xlsx?sheet=systems")
    assert blank.status_code == 200 and blank.content.startswith(b"PK")

    async def send(text: str, key: str) -> Any:
        form = next(each for each in shown.forms if each.fields.get("_part.sheet") == "systems")
        given = {name: value for name, value in form.fields.items() if name != "_file"} | {"_key": key}
        files = {"_file": ("系统.csv", ("\ufeff" + text).encode(), "text/csv")} if text else None
        return await unit.client.post(
            AT, data=given, files=files or {"_file": ("", b"", "text/csv")}, headers=SAME_SITE
        )

    nothing = await send("", "sheet-0")
    assert nothing.status_code == 422 and "请先选择文件" in nothing.text
    office = "上饶市政府办公室"
    wrong = await send(f"系统名称,单位,等级保护级别\n值班系统,{office},九级\n", "sheet-1")
    assert wrong.status_code == 303, wrong.text
    page = await unit.go(wrong.headers["location"].partition("#")[0])
    assert "等级保护级别\n应为整数" in page.text and page.form("workbooks_withdraw") and not page.codes
    good = await send(f"系统名称,单位,等级保护级别\n值班系统,{office},2\n", "sheet-2")
    page = await unit.go(good.headers["location"].partition("#")[0])
    assert "要改的地方" not in page.text and page.form("workbooks_withdraw") and not page.codes, page.text
    busy = "正在处理" in page.text
    assert busy is ('hx-trigger="load delay:1s"' in page.html), "what ends by itself is looked at again"
