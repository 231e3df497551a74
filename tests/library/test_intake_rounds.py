"""Rounds of intake and needs that come late (arts 8, 9, 14; law.md, trap 6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lives import Life, World, good, needs
from tests.lives.needs import KEEPER, OFFICE


def notice(year: int, **changes: Any) -> dict[str, Any]:
    return {
        "year": year,
        "document_number": f"赣府厅字〔{year}〕8号",
        "document_date": f"{year}-01-05",
        "issued_by": ["general_office", "drc", "finance"],
        "opens": f"{year}-02-01",
        "kinds": ["new", "rebuild", "expand", "migrate"],
        "requirements": "围绕三年规划提出下一年度需求，附建设依据。",
        **changes,
    }


async def late(gatekept: Life, **body: Any) -> Any:
    return await gatekept.tried(KEEPER, "need/report", body)


async def test_the_legal_window_stands_by_itself_and_the_thirtieth_of_june_is_in_it(
    city: World, travel: Any
) -> None:
    """Arts 8, 9: the last minute of 30 June in Jiangxi is in time, the next minute is late."""
    gatekept = await needs.gatekept(city)
    travel(2029, 7, 1, 0, 0)
    refused = await late(gatekept)
    assert (refused.status_code, refused.json()["code"], refused.json()["article"]) == (
        409,
        "intake_closed",
        9,
    )
    assert refused.json()["practice"] is True
    assert "管理惯例" in refused.json()["detail"]
    travel(2029, 6, 30, 23, 58)
    assert good(await late(gatekept)).json()["dated"]["need_reported"]["basis"] == "in_window"


async def test_a_department_is_late_too(department: World, travel: Any) -> None:
    """Art. 8."""
    travel(2029, 7, 1)
    draft = await needs.drafted(department)
    refused = await draft.tried("owner", "need/report", {})
    assert (refused.status_code, refused.json()["code"], refused.json()["article"]) == (
        409,
        "intake_closed",
        8,
    )


async def test_a_late_need_cites_its_deployment(city: World, travel: Any) -> None:
    """law.md, trap 6: the fact and the citation together; one alone is not enough."""
    deployed = await needs.gatekept(city, national_or_provincial_deployment=True)
    plain = await needs.gatekept(city)
    travel(2029, 7, 2)
    assert (await late(deployed)).json()["code"] == "intake_closed"
    refused = await late(plain, deployment_citation="国办函〔2029〕1号")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/deployment_citation")
    taken = good(await late(deployed, deployment_citation="国办函〔2029〕1号")).json()
    assert taken["dated"]["need_reported"]["basis"] == "deployment"
    (record,) = await deployed.records("need_report")
    assert (record["content"]["practice"], record["content"]["deployment_citation"]) == (
        True,
        "国办函〔2029〕1号",
    )


async def test_a_round_is_announced_by_three_organs_read_by_all_and_reopened(
    city: World, as_user: Any, travel: Any
) -> None:
    """Art. 14; law.md, trap 6: reopening is practice."""
    travel(2030, 1, 10)
    made = good(await city.by(OFFICE)("POST", "/intake-rounds", notice(2030, closes="2030-05-31")))
    assert (made.status_code, made.json()["version"]) == (201, 1)
    for tenant, who in (
        ("360100", "360102.user"),
        ("360200", "unit"),
        ("360000", "department"),
        ("360100", None),
    ):
        seen = good(await as_user(tenant, who)("GET", "/intake-rounds?year=2030")).json()["items"]
        assert [(each["year"], each["closes"], each["open_today"]) for each in seen] == [
            (2030, "2030-05-31", False)
        ]
    gatekept = await needs.gatekept(city)
    early = await late(gatekept)
    assert (early.status_code, early.json()["code"]) == (409, "intake_closed")
    travel(2030, 2, 1, 0, 1)
    maintain = await needs.gatekept(
        city, kind="maintain", project_class="infrastructure", investment_yuan="100000000.00"
    )
    kind = await late(maintain)
    assert (kind.status_code, kind.json()["code"], kind.json()["article"]) == (409, "intake_kind", 14)
    again = {"until": "2030-07-15", "reason": "县区灾后重建"}
    path = f"/intake-rounds/{made.json()['id']}/reopen"
    assert (await city.by(OFFICE)("POST", path, again, etag='"1"')).json()["code"] == "round_open"
    travel(2030, 6, 1)
    assert (await late(gatekept)).json()["code"] == "intake_closed"
    assert (await as_user("360000", "drc")("POST", path, again, etag='"1"')).status_code == 403
    assert (await city.by(OFFICE)("POST", path, again, etag='"3"')).json()["code"] == "stale_version"
    past = await city.by(OFFICE)("POST", path, {**again, "until": "2030-05-30"}, etag='"1"')
    assert (past.status_code, past.json()["errors"][0]["pointer"]) == (422, "/until")
    opened = good(await city.by(OFFICE)("POST", path, again, etag='"1"')).json()
    assert (opened["version"], opened["reopened_until"]) == (2, "2030-07-15")
    assert "惯例" in opened["reopening_basis"]
    travel(2030, 7, 15, 23, 0)
    assert good(await late(gatekept)).json()["dated"]["need_reported"]["basis"] == "reopened"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"issued_by": ["general_office", "drc", "drc"]}, "/issued_by"),
        ({"closes": "2031-07-01"}, "/closes"),
        ({"closes": "2031-01-31"}, "/closes"),
        ({"opens": "2030-12-31"}, "/opens"),
        ({"document_date": "2099-01-01"}, "/document_date"),
        ({"kinds": ["new", "new"]}, "/kinds"),
    ],
)
async def test_a_notice_that_does_not_fit_is_refused_by_pointer(
    city: World, travel: Any, changes: dict[str, Any], pointer: str
) -> None:
    """Arts 8, 9, 14."""
    travel(2031, 1, 10)
    refused = await city.by(OFFICE)("POST", "/intake-rounds", notice(2031, **changes))
    assert refused.status_code == 422, refused.text
    assert pointer in [each["pointer"] for each in refused.json()["errors"]]
    assert good(await city.by(OFFICE)("GET", "/intake-rounds?year=2031")).json()["items"] == []


async def test_a_notice_is_amended_and_the_earlier_one_stays(
    city: World, superuser: Any, travel: Any
) -> None:
    """Art. 14."""
    travel(2032, 1, 10)
    first = good(await city.by(OFFICE)("POST", "/intake-rounds", notice(2032))).json()
    second = good(
        await city.by(OFFICE)("POST", "/intake-rounds", notice(2032, document_number="更正〔2032〕1号"))
    ).json()
    assert (first["id"], first["version"], second["version"]) == (second["id"], 1, 2)
    assert second["closes"] == "2032-06-30"
    rows = await superuser.fetch("SELECT action FROM intake_notices WHERE year = 2032 ORDER BY number")
    assert [row["action"] for row in rows] == ["announced", "amended"]


async def test_everybody_hears_of_a_round_once(city: World, as_user: Any, relay: Any, travel: Any) -> None:
    travel(2033, 1, 10)
    good(await city.by(OFFICE)("POST", "/intake-rounds", notice(2033)))
    await relay()
    for tenant in ("360100", "360200"):
        items = good(await as_user(tenant, "gatekeeper")("GET", "/inbox?limit=100")).json()["items"]
        assert sum("2033 年度需求征集" in each["title"] for each in items) == 1
