"""One text, one meaning, as portals and officials meet it: what looks the same is the same, wherever it is typed."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from service.kit.ids import new_id
from tests.factories import draft

BIDI, CONTROLS = "\u202e", "\r\x0b\x0c\x85\u2028\u2029\x7f\x1b"
# A name of an office or a project as it is typed, pasted and read out of a PDF.
FORMS = (
    "西湖区文旅（智慧）中心Ａ",
    "西湖区文旅(智慧)中心A",
    "西湖区 文旅（智慧） 中心A",
    "西湖区文旅（智慧）中心\u200bA",
    "⻄湖区⽂旅（智慧）中心A",
    "西湖区文旅（智慧）中心a",
    "西湖区文旅（智慧）中心А",
    "\u00ad西湖区\u3000文旅（智慧）中心A\ufeff",
    "西湖区文旅〔智慧〕中心A",
)


def office(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "tier": "city",
        "division": "360100",
        "office_kind": "administrative",
        "valid_from": "2024-01-01",
        **changes,
    }


def expert(name: str, employer: str = "某某大学", **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "title": "教授级高级工程师",
        "fields": ["architecture"],
        "employer_name": employer,
        "valid_from": "2024-01-01",
        **changes,
    }


async def test_look_alikes_of_an_office_are_that_office(as_user: Any) -> None:
    admin = as_user("360100", "administrator")
    made = await admin("POST", "/offices", office(FORMS[0]))
    assert made.status_code == 201 and made.json()["name"] == FORMS[0]
    for form in FORMS[1:]:
        twin = await admin("POST", "/offices", office(form))
        assert (twin.status_code, twin.json()["code"]) == (409, "office_exists"), form
    other = await admin("POST", "/offices", office("西湖区文旅（智慧）中心B"))
    assert other.status_code == 201
    renamed = await admin("PATCH", f"/offices/{other.json()['id']}", {"name": FORMS[4]}, etag='"1"')
    assert (renamed.status_code, renamed.json()["code"]) == (409, "office_exists")
    for form in FORMS:
        found = (await admin("GET", f"/offices?name={quote(form.strip())}&limit=200")).json()["items"]
        assert [each["name"] for each in found] == [FORMS[0]], form


async def test_an_expert_is_entered_once_unless_told_apart(as_user: Any) -> None:
    agency = as_user("360100", "agency")
    made = await agency("POST", "/experts", expert("王·大卫"))
    assert made.status_code == 201, made.text
    for name, employer in (
        ("王·大卫", "某某大学"),
        ("王•大卫", "某某　大学"),
        ("⺩·大卫", "某某大学\u200b"),
        ("王・大卫", "某某⼤学"),
    ):
        twin = await agency("POST", "/experts", expert(name, employer))
        assert (twin.status_code, twin.json()["code"]) == (409, "expert_exists"), name
        assert "以何区分" in twin.json()["detail"]
    namesake = await agency("POST", "/experts", expert("王·大卫", told_apart="计算机学院"))
    assert (namesake.status_code, namesake.json()["told_apart"]) == (201, "计算机学院")
    path = f"/experts/{namesake.json()['id']}"
    back = await agency("PATCH", path, {"told_apart": ""}, etag='"1"')
    assert (back.status_code, back.json()["code"]) == (409, "expert_exists")
    moved = await agency("PATCH", path, {"employer_name": "另一大学", "told_apart": ""}, etag='"1"')
    assert moved.status_code == 200


@pytest.mark.parametrize(
    ("name", "needles"),
    [
        ("西湖文旅监管平台甲", ("⻄湖⽂旅监管", "监管 西湖", "西\u200b湖", "平台　甲")),
        ("ＡＩ政务助手乙", ("AI政务助手", "ai", "ａｉ", "АI政务", "政务 ai")),
        ("智慧　水务丙", ("智慧水务", "智慧 水务", "水务 智慧", "智慧　⽔务丙")),
        ("Café 系统丁", ("cafe\u0301", "CAFÉ", "café系统")),
        ("城管（二期）戊", ("城管(二期)", "城管〔二期〕", "（二期） 城管")),
    ],
)
async def test_projects_are_found_however_they_are_typed(
    as_user: Any, name: str, needles: tuple[str, ...]
) -> None:
    unit, mark = as_user("360100", "unit"), new_id()[-6:]
    made = await unit("POST", "/projects", draft("360100", name=name + mark))
    assert (made.status_code, made.json()["name"]) == (201, name + mark)
    for needle in needles:
        found = (await unit("GET", f"/projects?text={quote(f'{needle} {mark}')}")).json()["items"]
        assert [each["id"] for each in found] == [made.json()["id"]], needle
    owner = (await unit("GET", f"/projects?text={quote(f'南昌市 政府 {mark}')}")).json()["items"]
    assert len(owner) == 1
    assert not (await unit("GET", f"/projects?text={quote(f'{needles[0]} 没有 {mark}')}")).json()["items"]
    assert (await unit("GET", f"/projects?text={quote('　')}")).status_code == 400


async def test_people_are_found_however_they_are_typed(as_user: Any) -> None:
    admin = as_user("360100", "administrator")
    place = (await admin("GET", "/me")).json()["office"]["id"]
    login = f"b{new_id()[-8:]}"
    made = await admin("POST", "/users", {"login": login, "name": "买买提·吐尔逊", "office_id": place})
    assert made.status_code == 201, made.text
    for needle in ("买买提•吐尔逊", "吐尔逊 买买提", "买买提・吐", "买\u00ad买提"):
        found = (await admin("GET", f"/users?name={quote(needle)}")).json()["items"]
        assert [each["login"] for each in found] == [login], needle


@pytest.mark.parametrize("sign", [BIDI, *CONTROLS])
async def test_what_deceives_is_refused_wherever_it_comes_in(as_user: Any, sign: str) -> None:
    unit, keeper, admin = (
        as_user("360100", "unit"),
        as_user("360100", "gatekeeper"),
        as_user("360100", "administrator"),
    )
    bad = f"会纪{sign}3号"
    made = draft("360100", name=f"项目{new_id()}")
    for change in (
        {"name": bad},
        {"external_ref": bad},
        {"facts": {**made["facts"], "participating_offices": [bad]}},
        {
            "materials": {
                **made["materials"],
                "resolution": {"body": "局党组", "date": "2026-01-15", "number": bad},
            }
        },
        {
            "materials": {
                **made["materials"],
                "resolution": {"body": bad, "date": "2026-01-15", "number": "1"},
            }
        },
        {"materials": {**made["materials"], "funding": [{"source": bad, "amount_yuan": "1.00"}]}},
    ):
        answer = await unit("POST", "/projects", {**made, **change})
        assert answer.status_code == 422, change
        assert sign not in answer.text and "\\u" not in answer.text
    assert (await admin("POST", "/offices", office(bad))).status_code == 422
    assert (await unit("GET", f"/projects?text={quote(bad)}")).status_code == 400
    app = await as_user("360100", "app_provider")("POST", "/apps", {"name": bad})
    assert app.status_code == 422
    line = json.dumps({"name": "在建", "approval_number": bad}, ensure_ascii=False).encode()
    headers = {"content-type": "application/x-ndjson"}
    sent = await keeper("POST", "/imports?dry_run=true", content=line, headers=headers)
    assert sent.status_code == 422 and "/1/approval_number" in sent.text, sent.text


async def test_prose_keeps_its_lines_and_nothing_unseen(as_user: Any) -> None:
    unit = as_user("360100", "unit")
    made = draft("360100", name=f"正文{new_id()}")
    made["materials"]["technical_plan"] = "一、架构\r\n\t依托\u200b政务云\x0b二、\ufeff数据\u2028完"
    answer = await unit("POST", "/projects", made)
    assert answer.json()["materials"]["technical_plan"] == "一、架构\n\t依托政务云\n二、数据\n完"


async def test_a_mark_before_json_is_read_over_and_packed_json_is_told(as_user: Any) -> None:
    unit = as_user("360100", "unit")
    raw = json.dumps(draft("360100", name=f"编码{new_id()}"), ensure_ascii=False).encode()
    headers = {"content-type": "application/json"}
    assert (
        await unit("POST", "/projects", content=b"\xef\xbb\xbf" + raw, headers=headers)
    ).status_code == 201
    packed = await unit(
        "POST", "/projects", content=b"\x1f\x8b", headers={**headers, "content-encoding": "gzip"}
    )
    assert packed.status_code == 415


@pytest.mark.parametrize(
    "phone", ["0791-88880000转8012", "0791-88880000、0791-88880001", "0791－88880000", "电话"]
)
async def test_telephones_are_taken_as_printed(as_user: Any, phone: str) -> None:
    app = {"name": f"电话{new_id()}", "support": {"name": "值班", "phone": phone}}
    made = await as_user("360100", "app_provider")("POST", "/apps", app)
    if phone == "电话":
        fault = made.json()["errors"][0]
        assert (made.status_code, fault["pointer"]) == (422, "/support/phone") and "0791-88880000" in fault[
            "detail"
        ]
    else:
        assert (made.status_code, made.json()["content"]["support"]["phone"]) == (201, phone), made.text
