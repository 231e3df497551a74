"""What stands for one thing is registered once: a running system of an office, an entry of before by its document."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.factories import city_office

# The same to a reader: width, blanks, punctuation, capitals and invisible characters make no other name.
SAME = ("OA办公系统", "ＯＡ办公系统", "oa 办公系统", "“OA”办公系统", "OA\u3000办公系统")


def _told(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


async def test_an_office_has_one_running_system_of_a_name(as_user: Any) -> None:
    unit = as_user("361000", "unit")
    made = await unit("POST", "/systems", {"name": SAME[0]})
    for name in SAME:
        assert _told(await unit("POST", "/systems", {"name": name})) == [("/name", "already_registered")]
    other = await unit("POST", "/systems", {"name": "OA办公系统二期"})
    path, etag = f"/systems/{other.json()['id']}", other.headers["etag"]
    assert _told(await unit("PATCH", path, {"name": SAME[2]}, etag=etag)) == [("/name", "already_registered")]
    same = await unit("PATCH", path, {"name": "OA办公系统二期", "purpose": "办公"}, etag=etag)
    assert same.status_code == 200, same.text
    # What runs no longer stands in nobody's way, and comes back only while no other has its name.
    first = f"/systems/{made.json()['id']}"
    gone = await unit("PATCH", first, {"status": "retired"}, etag=made.headers["etag"])
    assert (await unit("POST", "/systems", {"name": SAME[1]})).status_code == 201
    back = await unit("PATCH", first, {"status": "running"}, etag=gone.headers["etag"])
    assert _told(back) == [("/name", "already_registered")]
    elsewhere = await as_user("361000", "361002.unit")("POST", "/systems", {"name": SAME[0]})
    assert elsewhere.status_code == 201, elsewhere.text


async def test_of_two_at_once_one_is_registered(as_user: Any) -> None:
    unit = as_user("361100", "unit")
    answers = await asyncio.gather(*(unit("POST", "/systems", {"name": name}) for name in SAME))
    assert sorted(each.status_code for each in answers) == [201, 422, 422, 422, 422]


@pytest.mark.parametrize(
    ("named", "number"), [("甲", "赣数〔2025〕31号"), ("乙", "赣数[2025]31号"), ("丙", "赣数（2025）３１号")]
)
async def test_an_entry_of_before_is_brought_along_once(as_user: Any, named: str, number: str) -> None:
    drc, office = as_user("360000", "drc"), as_user("360000", "office")
    body = {
        "owner": f"361000-{city_office('361000')}",
        "project_name": f"早先入库的{named}项目",
        "entered_on": "2026-01-05",
        "document": {"issuer": "省领导小组办公室", "number": "赣数〔2025〕31号", "date": "2026-01-05"},
    }
    first = await drc("POST", "/library-imports", body)
    assert first.status_code == 201, first.text
    again = {**body, "document": {**body["document"], "number": number}}  # type: ignore[dict-item]
    assert _told(await office("POST", "/library-imports", again)) == [("/project_name", "already_registered")]
    refused = {"accepted": False, "reason": "文件并无此项目"}
    path = f"/library-imports/{first.json()['id']}/confirm"
    assert (await office("POST", path, refused, etag='"1"')).status_code == 200
    assert (await office("POST", "/library-imports", again)).status_code == 201
