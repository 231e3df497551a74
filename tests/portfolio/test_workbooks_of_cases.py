"""Workbooks of needs, declarations, adoptions and library entries: the record is the one that the JSON operation makes.

Who may, who is the second person, who is told, and what is left of a work whose process died.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from service.kit import clock
from service.kit.ids import new_id
from service.settings import Settings
from service.sheets.running import Workbooks
from service.sheets.workbook_rows import SILENT
from tests.catalogue.conftest import publish as publish
from tests.catalogue.conftest import relay as relay
from tests.catalogue.sides import CITY, PROVINCE, wish
from tests.factories import city_office, draft
from tests.portfolio.test_workbooks import HEAD, OFFICE, another, committed, ended, person, sent
from tests.sheets.books import RUNNING, csv, running, xlsx

# What is each record's own.
_OWN = {
    "id",
    "name",
    "project_name",
    "app_id",
    "app_name",
    "created_at",
    "updated_at",
    "requested_at",
    "decided_at",
    "proposed_at",
    "confirmed_at",
    "numbers",
    "document",
}


def alike(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in _OWN}


async def refused(call: Any, book: dict[str, Any]) -> tuple[int, str]:
    answer = await call(
        "POST", f"/workbooks/{book['id']}/commit", headers={"if-match": f'"{book["version"]}"'}
    )
    return answer.status_code, answer.json()["code"]


async def heard(call: Any, words: str) -> list[str]:
    """Messages of the caller's desk that say so."""
    found = (await call("GET", "/inbox?limit=200")).json()["items"]
    return [each["body"] for each in found if words in each["title"] + each["body"]]


DECLARED = {
    "项目单位": OFFICE,
    "项目类别": "其他",
    "建设性质": "新建",
    "总投资（元）": "4,000,000.00",
    "使用财政性资金": "是",
    "涉密项目": "否",
    "接入共享交换平台": "是",
    "数据共享方案": "业务数据经共享交换平台提供，每日更新",
    "数据目录": "办件信息、处置结果",
    "集体研究机构": "局党组会议",
    "集体研究日期": "2026年1月15日",
    "会议纪要文号": "会纪〔2026〕3号",
    "技术方案": "依托政务云建设，接入共享平台",
    "资金来源1": "市级财政预算",
    "资金来源1金额（元）": 4000000,
}


def declared(name: str) -> dict[str, Any]:
    """The body that a portal would send for such a row."""
    whole = draft("360100", name=name)
    said = whole["facts"]
    kept = ("project_class", "kind", "investment_yuan", "fiscal_funds", "classified", "sharing")
    materials = {key: whole["materials"][key] for key in ("resolution", "technical_plan", "funding")}
    return {**whole, "facts": {key: said[key] for key in kept}, "materials": materials}


@pytest.mark.parametrize(("sheet", "path"), [("needs", "/needs"), ("declarations", "/projects")])
async def test_a_declaration_out_of_a_workbook_is_the_declaration(
    as_user: Any, sheet: str, path: str
) -> None:
    unit, keeper, mark = as_user("360100", "unit"), as_user("360100", "gatekeeper"), new_id()[-6:]
    row = {"项目名称": f"表格草稿{sheet}{mark}", **DECLARED}
    raw = xlsx([list(row), list(row.values())])
    other = await keeper("POST", "/workbooks", content=raw, params={"sheet": sheet})
    assert (other.status_code, other.json()["code"]) == (403, "forbidden")
    book = await sent(unit, sheet, raw)
    assert book["state"] == "checked", book["faults"]
    assert await refused(keeper, book) == (404, "not_found")
    done = await committed(unit, book)
    assert (done["state"], done["made"]) == ("committed", 1), done
    by_json = await unit("POST", path, declared(f"接口草稿{sheet}{mark}"))
    assert by_json.status_code == 201, by_json.text
    listed = (await unit("GET", "/projects", params={"text": row["项目名称"]})).json()["items"]
    assert len(listed) == 1
    made = (await unit("GET", f"/projects/{listed[0]['id']}")).json()
    theirs = (await unit("GET", f"/projects/{by_json.json()['id']}")).json()
    assert alike(made) == alike(theirs)


async def test_an_adoption_out_of_a_workbook_is_the_adoption(as_user: Any, publish: Any, relay: Any) -> None:
    user, keeper, mark = as_user(CITY, "360102.user"), as_user(CITY, "gatekeeper"), new_id()[-6:]
    name = f"表格申请的应用{mark}"
    await publish(PROVINCE, name, reach="province")
    app = await publish(PROVINCE, f"接口申请的应用{mark}", reach="province")
    raw = xlsx([["应用", "使用人数", "使用范围", "数据需求"], [name, 40, "窗口人员办件核验", "地名地址库"]])
    other = await keeper("POST", "/workbooks", content=raw, params={"sheet": "adoptions"})
    assert (other.status_code, other.json()["code"]) == (403, "forbidden")
    book = await sent(user, "adoptions", raw)
    assert book["state"] == "checked", book["faults"]
    assert (await committed(user, book))["made"] == 1
    by_json = await user("POST", "/adoptions", wish(app))
    assert by_json.status_code == 201, by_json.text
    listed = (await user("GET", "/adoptions?limit=200")).json()["items"]
    (ref,) = [each["id"] for each in listed if each["app_name"] == name]
    made, theirs = [(await user("GET", f"/adoptions/{each}")).json() for each in (ref, by_json.json()["id"])]
    assert alike(made) == alike(theirs)
    await relay()
    told = as_user(PROVINCE, "app_provider")
    assert await heard(told, name)


async def test_a_library_entry_is_put_in_force_by_the_other_who_is_told(as_user: Any, relay: Any) -> None:
    """Arts 8, 9; R15: as one enters and another confirms it over the interface."""
    drc, office, mark = as_user("360000", "drc"), as_user("360000", "office"), new_id()[-6:]
    head = ["项目单位", "项目名称", "入库文件制发单位", "入库文件文号", "入库文件日期", "入库日期"]
    issuer, number = "省领导小组办公室", f"赣数〔2026〕{mark}号"
    raw = xlsx([head, [OFFICE, f"表格入库{mark}", issuer, number, "2026-01-05", "2026/1/5"]])
    other = await as_user("360100", "gatekeeper")(
        "POST", "/workbooks", content=raw, params={"sheet": "library", "name": f"入库{mark}.xlsx"}
    )
    assert (other.status_code, other.json()["code"]) == (403, "forbidden")
    begun = await drc(
        "POST", "/workbooks", content=raw, params={"sheet": "library", "name": f"入库{mark}.xlsx"}
    )
    book = await ended(drc, begun.json()["id"])
    assert book["state"] == "checked", book["faults"]
    await relay()
    (told,) = await heard(office, f"入库{mark}.xlsx")
    assert "须由上传人以外的一人核对后确认" in told and "请核对后确认导入" in told
    assert not await heard(as_user("360000", "finance"), f"入库{mark}.xlsx")
    assert await refused(drc, book) == (409, "same_person")
    assert (await committed(office, book))["made"] == 1
    body = {
        "owner": f"360100-{city_office('360100')}",
        "project_name": f"接口入库{mark}",
        "entered_on": "2026-01-05",
        "document": {"issuer": issuer, "number": number, "date": "2026-01-05"},
    }
    entry = await drc("POST", "/library-imports", body)
    await office("POST", f"/library-imports/{entry.json()['id']}/confirm", {"accepted": True}, etag='"1"')
    found = (await office("GET", "/library-imports?limit=200")).json()["items"]
    made, theirs = [
        next(each for each in found if each["project_name"] == f"{how}入库{mark}") for how in ("表格", "接口")
    ]
    assert made["document"] == theirs["document"]
    # Of the workbook, proposing and confirming is one deed: its record is in its first version.
    assert {**alike(made), "version": 2} == alike(theirs)
    assert (made["state"], made["proposed_by"] != made["decided_by"]) == ("confirmed", True)


async def test_the_second_keeper_is_told_once_there_is_something_to_confirm(
    as_user: Any, relay: Any, client: httpx.AsyncClient, settings: Settings
) -> None:
    keeper, mark = as_user("360100", "gatekeeper"), new_id()[-6:]
    second = another(client, settings)
    name, faulty = f"等人确认{mark}", running(f"有误{mark}", **{"批复金额（元）": "390万元"})

    async def upload(file: str, *rows: Any) -> dict[str, Any]:
        begun = await keeper(
            "POST", "/workbooks", content=csv([RUNNING, *rows]), params={"sheet": "projects", "name": file}
        )
        return await ended(keeper, begun.json()["id"])

    wrong = await upload(f"甲{mark}.csv", faulty)
    book = await upload(f"乙{mark}.csv", running(name, 批复文号=f"洪发改〔2025〕{mark}号"))
    assert (wrong["state"], book["state"]) == ("faulty", "checked"), book["faults"]
    await relay()
    assert not await heard(second, f"甲{mark}.csv")
    (told,) = await heard(second, f"乙{mark}.csv")
    assert "在建和已建项目" in told and "1项" in told
    assert not await heard(as_user("360200", "gatekeeper"), f"乙{mark}.csv")
    assert (await committed(second, book))["made"] == 1
    again = await upload(f"丙{mark}.csv", running(name, 批复文号=f"洪发改〔2025〕{mark}号"), [])
    assert (again["state"], again["present"]) == ("checked", 1), again
    await relay()
    assert not await heard(second, f"丙{mark}.csv")


@pytest.fixture
def later() -> Any:
    """later(): so much time goes by that work without a beat is taken for interrupted."""
    yield lambda: clock.travel(clock.now() + SILENT + timedelta(seconds=1))
    clock.travel(None)


async def test_work_whose_process_died_stands_still_and_the_file_may_be_sent_again(
    as_user: Any, app: Any, later: Callable[[], None]
) -> None:
    """While it was checked, and while it was put in force: nothing is half done, and nothing is lost."""
    admin, login = as_user("360100", "administrator"), f"died-{new_id()[-8:]}"
    raw, params = xlsx([HEAD, person(login)]), {"sheet": "people"}
    work: Workbooks = app.app.state.services.shelf[Workbooks]

    async def dies(method: str, path: str, **more: Any) -> dict[str, Any]:
        """The process ends before its turn comes."""
        async with work._tenants["360100"]:
            begun = await as_user("360100", "administrator")(method, path, **more)
            assert begun.status_code == 202, begun.text
            await work.close()
        told: dict[str, Any] = begun.json()
        return told

    async def state(ref: str) -> str:
        return str((await admin("GET", f"/workbooks/{ref}")).json()["state"])

    book = await dies("POST", "/workbooks", content=raw, params=params)
    assert await state(book["id"]) == "checking"
    assert (
        await admin("POST", "/workbooks", content=raw, params=params)
    ).status_code == 200  # it has its time
    later()
    assert await state(book["id"]) == "interrupted"
    book = await sent(admin, "people", raw)
    assert book["state"] == "checked", book["faults"]
    path, tag = f"/workbooks/{book['id']}/commit", {"if-match": f'"{book["version"]}"'}
    await dies("POST", path, headers=tag)
    later()
    assert await state(book["id"]) == "interrupted"
    assert (await admin("GET", "/users", params={"login": login})).json()["items"] == []
    anew = await sent(admin, "people", raw)
    assert (anew["id"], anew["state"]) == (book["id"], "checked")
    assert (await committed(admin, anew))["made"] == 1
    assert len((await admin("GET", "/users", params={"login": login})).json()["items"]) == 1
