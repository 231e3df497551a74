"""Workbooks: sent, checked by the operation's own function, put in force as a whole, told by row and column."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook

from service.kit import clock, keys
from service.kit.authn import issue_token
from service.kit.ids import new_id
from service.settings import Settings
from tests.sheets.books import RUNNING, csv, running, xlsx
from tests.worlds import Caller

HEAD = ["登录名*", "姓名*", "单位*", "角色"]
OFFICE = "南昌市政府办公室"


async def sent(call: Any, sheet: str, raw: bytes) -> dict[str, Any]:
    """The workbook as it stands when its check has ended."""
    begun = await call("POST", "/workbooks", content=raw, params={"sheet": sheet})
    assert begun.status_code in (200, 202), begun.text
    return await ended(call, begun.json()["id"])


async def ended(call: Any, ref: str) -> dict[str, Any]:
    while True:
        found = await call("GET", f"/workbooks/{ref}")
        told: dict[str, Any] = found.json()
        if told["state"] not in ("checking", "committing"):
            return told
        await asyncio.sleep(0.02)


async def committed(call: Any, book: dict[str, Any]) -> dict[str, Any]:
    began = await call(
        "POST", f"/workbooks/{book['id']}/commit", headers={"if-match": f'"{book["version"]}"'}
    )
    assert began.status_code == 202, began.text
    return await ended(call, book["id"])


def person(login: str, *roles: str, office: str = OFFICE) -> list[str]:
    return [login, f"姓名{login}", office, "、".join(roles)]


async def test_fifteen_people_come_in_one_upload_and_the_same_file_twice_changes_nothing(
    as_user: Any,
) -> None:
    admin, mark = as_user("360100", "administrator"), new_id()[-8:]
    rows = [HEAD, *(person(f"sheet-{mark}-{n}", "设区市审计机关人员") for n in range(15))]
    book = await sent(admin, "people", xlsx(rows))
    assert (book["state"], book["things"], book["wrong"]) == ("checked", 15, 0), book
    assert (await admin("GET", "/users", params={"login": f"sheet-{mark}-3"})).json()["items"] == []
    done = await committed(admin, book)
    assert (done["state"], done["made"], done["present"]) == ("committed", 15, 0), done
    (made,) = (await admin("GET", "/users", params={"login": f"sheet-{mark}-3"})).json()["items"]
    assert made["roles"] == ["auditor"]
    again = await admin("POST", "/workbooks", content=xlsx(rows), params={"sheet": "people"})
    same = csv(rows)  # another file, the same people
    other = await committed(admin, await sent(admin, "people", same))
    assert (other["made"], other["present"]) == (0, 15)
    assert again.status_code in (200, 202)


async def test_all_or_nothing_and_the_answer_marks_the_cells(as_user: Any) -> None:
    admin, mark = as_user("360100", "administrator"), new_id()[-8:]
    rows = [
        HEAD,
        person(f"ok-{mark}"),
        person("BAD LOGIN"),
        person(f"two-{mark}", "设区市统筹把关人员", "设区市批复人员"),
        person(f"where-{mark}", office="没有的单位"),
        person(f"ok-{mark}"),
    ]
    book = await sent(admin, "people", xlsx(rows))
    found = {(fault["row"], fault["column"], fault["code"]) for fault in book["faults"]}
    assert book["state"] == "faulty"
    assert found == {
        (3, "登录名", "wrong_type"),
        (4, "", "roles_exclude_each_other"),
        (5, "单位", "unknown_office"),
        (6, "", "repeated_row"),
    }
    refused = await admin(
        "POST", f"/workbooks/{book['id']}/commit", headers={"if-match": f'"{book["version"]}"'}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "workbook_state")
    back = (await admin("GET", f"/workbooks/{book['id']}/answer")).content
    table = CalamineWorkbook.from_filelike(BytesIO(back)).get_sheet_by_index(0).to_python()
    assert table[0][-2:] == ["导入结果", "问题"]
    assert [row[-2] for row in table[1:]] == ["未导入（有其他行须改正）", *["有问题"] * 4]
    assert "没有这个单位" in table[4][-1]
    mended = [[*HEAD, "导入结果", "问题"], [*person(f"ok-{mark}"), "有问题", "…"]]
    assert (await sent(admin, "people", xlsx(mended)))["state"] == "checked"


def another(client: httpx.AsyncClient, settings: Settings) -> Caller:
    """A second person at the gatekeeper's desk."""
    assert settings.signing_keys_file is not None
    made = issue_token(
        keys.load(settings.signing_keys_file),
        issuer=settings.issuer,
        audience=settings.audience,
        tenant="360100",
        tier="city",
        roles=("gatekeeper",),
        user=new_id(),
        login="second-keeper",
        now=clock.timestamp(),
    )
    return Caller(client, made)


async def test_running_projects_want_a_second_person(
    as_user: Any, client: httpx.AsyncClient, settings: Settings
) -> None:
    """Who sent them does not put them in force; another with the same right does, and the life goes on from there."""
    keeper, other = as_user("360100", "gatekeeper"), another(client, settings)
    name = f"表格登记的系统{new_id()[-6:]}"
    book = await sent(keeper, "projects", xlsx([RUNNING, running(name)]))
    assert book["state"] == "checked", book
    own = await keeper(
        "POST", f"/workbooks/{book['id']}/commit", headers={"if-match": f'"{book["version"]}"'}
    )
    assert (own.status_code, own.json()["code"]) == (409, "same_person")
    assert (await committed(other, book))["made"] == 1
    found = (await keeper("GET", "/projects", params={"text": name})).json()["items"]
    assert [each["state"] for each in found] == ["started"]


@pytest.mark.parametrize(
    ("sheet", "who", "rows"),
    [
        (
            "offices",
            "administrator",
            [
                ["单位名称", "层级", "区划代码", "单位类型", "有效期起"],
                ["市表格局", "市级", "360100", "行政机关", "2026-01-01"],
            ],
        ),
        (
            "systems",
            None,
            [
                ["系统名称", "单位", "已上云", "年运维费（元）"],
                ["老办公系统", OFFICE, "是", 120000.5],
            ],
        ),
        (
            "experts",
            "agency",
            [
                ["姓名", "职称", "专业领域", "工作单位", "聘期起"],
                ["赵专家", "教授", "总体架构、密码应用", "某大学", "2026年1月1日"],
            ],
        ),
        (
            "plan-items",
            "gatekeeper",
            [
                [
                    "规划名称",
                    "起始年度",
                    "条目编号",
                    "条目名称",
                    "责任单位",
                    "项目类别",
                    "估算投资（元）",
                    "实施年度",
                    "衔接说明",
                ],
                [
                    "市三年规划",
                    2027,
                    "A-1",
                    "城市大脑",
                    "市数据局",
                    "其他",
                    "1,000,000",
                    "2027、2028",
                    "与省规划衔接",
                ],
                ["市三年规划", 2027, "A-2", "一网统管", "市数据局", "其他", 2000000, "2028", "与省规划衔接"],
            ],
        ),
    ],
)
async def test_every_directory_is_the_same_mechanism(
    as_user: Any, sheet: str, who: str | None, rows: Any
) -> None:
    call = as_user("360100", who)
    book = await sent(call, sheet, xlsx(rows))
    assert book["state"] == "checked", book["faults"]
    done = await committed(call, book)
    assert (done["state"], done["made"]) == ("committed", 1), done
    again = await sent(call, sheet, csv(rows, "gb18030"))
    assert (again["state"], again["present"]) == ("checked", 1), again["faults"]
