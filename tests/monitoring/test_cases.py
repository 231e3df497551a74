"""The list of cases against a naive query of all rows: every filter, every order, pages, counts, files, plans."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest

from service.caselist.few import FEW
from service.caselist.queries import DUE, PROJECTS, WAITING
from service.kit.clock import legal_day, now
from service.kit.listing import Wish
from tests.monitoring.conftest import all_pages

TENANT = "360100"
ENDED = "('retired', 'withdrawn', 'terminated', 'funds_recalled')"
AMOUNT = "coalesce(p.approved_fen, p.investment_fen)"
DAYS = "($2::date - (p.entered_at AT TIME ZONE 'Asia/Shanghai')::date)"


def found(codes: str) -> str:
    return (
        "EXISTS (SELECT FROM project_findings f WHERE f.tenant_id = p.tenant_id AND f.project_id = p.id "
        f"AND f.code IN ({codes}))"
    )


# What is asked, and what it means.
FILTERS = {
    "state=filed": "p.state = 'filed'",
    "state=filed,submitted": "p.state IN ('filed', 'submitted')",
    "state=filed&state=submitted": "p.state IN ('filed', 'submitted')",
    "holder=province": "p.holder = 'province'",
    "route=city_filing,provincial_review": "p.route IN ('city_filing', 'provincial_review')",
    "kind=new&project_class=other": "p.kind = 'new' AND p.project_class = 'other'",
    "project_class=integration": "p.project_class = 'integration'",
    "finding=near_line": found("'near_line'"),
    "finding=near_line,negative_17_1&state=filed": found("'near_line', 'negative_17_1'")
    + " AND p.state = 'filed'",
    "amount_from=1002000.00": f"{AMOUNT} >= 100200000",
    "amount_from=1001000&amount_to=1002000.5": f"{AMOUNT} BETWEEN 100100000 AND 100200050",
    "waiting_over=200": f"{DAYS} > 200 AND p.state NOT IN {ENDED}",
    "updated_since=2025-10-01T00:00:00%2B08:00": "p.updated_at >= '2025-10-01T00:00:00+08:00'",
    "month_from=2025-03&month_to=2025-05": "p.month BETWEEN '2025-03' AND '2025-05' AND p.route IS NOT NULL",
    f"text={quote('２８号')}": "p.dated #>> '{approved,number}' LIKE '%28号%'",
    f"text={quote('F-2 项目')}": "p.filing_number LIKE 'F-2%' AND p.name LIKE '%项目%'",
}
ORDERS = {
    "newest": ("p.created_at DESC, p.id DESC", "true"),
    "waiting": ("p.entered_at, p.id", f"p.state NOT IN {ENDED}"),
    "amount_up": (f"{AMOUNT}, p.id", "true"),
    "amount_down": (f"{AMOUNT} DESC, p.id DESC", "true"),
    "updated": ("p.updated_at, p.id", "true"),
}


async def naive(superuser: Any, where: str, order: str, tenants: tuple[str, ...] = (TENANT,)) -> list[str]:
    rows = await superuser.fetch(
        "SELECT p.tenant_id || '-' || p.id AS id FROM projects p WHERE p.tenant_id = ANY ($1) "
        "AND p.state NOT IN ('draft', 'need_submitted') "
        f"AND $2::date IS NOT NULL AND {where} ORDER BY {order}",
        list(tenants),
        legal_day(now()),
    )
    return [row["id"] for row in rows]


@pytest.mark.parametrize("asked", FILTERS)
async def test_filters_mean_what_they_say(office: Any, superuser: Any, asked: str) -> None:
    items = await all_pages(office, f"/projects?tenant={TENANT}&order=newest&{asked}", limit=200)
    wanted = await naive(superuser, FILTERS[asked], ORDERS["newest"][0])
    assert [item["id"] for item in items] == wanted
    assert wanted or "integration" in asked
    counted = (await office("GET", f"/projects?tenant={TENANT}&count=true&limit=1&{asked}")).json()
    assert (counted["total"], counted["more"]) == (len(wanted), False)


async def test_numbers_are_found_however_they_are_typed(office: Any, superuser: Any) -> None:
    (row,) = await superuser.fetch(
        "SELECT tenant_id || '-' || id AS id, filing_number AS filing, dated #>> '{approved,number}' AS document "
        "FROM projects WHERE tenant_id = $1 AND state = 'filed' ORDER BY id LIMIT 1",
        TENANT,
    )
    document = row["document"].replace("〔", " [").replace("〕", "] ")
    for asked in (f"filing_number={quote(row['filing'].lower())}", f"document_number={quote(document)}"):
        for scope in ("", f"&tenant={TENANT}"):
            page = (await office("GET", f"/projects?{asked}{scope}")).json()
            assert [item["id"] for item in page["items"]] == [row["id"]]
            assert page["items"][0]["document_number"] == row["document"]
        assert (await office("GET", f"/projects?{asked}9")).json()["items"] == []


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("asked", ["", "state=filed,submitted,with_province", "finding=near_line"])
async def test_orders_keep_their_place_over_pages(
    office: Any, superuser: Any, order: str, asked: str
) -> None:
    sql, kept = ORDERS[order]
    where = f"{kept} AND {FILTERS.get(asked, 'true')}"
    if asked.startswith("state"):
        where = f"{kept} AND p.state IN ('filed', 'submitted', 'with_province')"
    path = f"/projects?order={order}&{asked}"
    own = await all_pages(office, f"{path}&tenant={TENANT}", limit=31)
    assert [item["id"] for item in own] == await naive(superuser, where, sql)
    two = await all_pages(office, f"{path}&tenant=360200,{TENANT}", limit=150)
    assert [item["id"] for item in two] == await naive(superuser, where, sql, (TENANT, "360200"))


async def test_over_all_tenants_and_counted_as_far_as_a_thousand(office: Any, superuser: Any) -> None:
    page = (await office("GET", "/projects?count=true&order=amount_down&limit=5")).json()
    assert (page["total"], page["more"]) == (1000, True)
    every = await superuser.fetch("SELECT id FROM tenants")
    wanted = await naive(superuser, "true", ORDERS["amount_down"][0], tuple(row["id"] for row in every))
    assert [item["id"] for item in page["items"]] == wanted[:5]
    assert len(wanted) > 2000
    plain = (await office("GET", "/projects?limit=1")).json()
    assert not {"total", "more"} & plain.keys()


async def test_items_tell_what_a_desk_decides_by(office: Any, superuser: Any) -> None:
    items = await all_pages(office, f"/projects?tenant={TENANT}", limit=200)
    rows = await superuser.fetch(
        f"SELECT p.tenant_id || '-' || p.id AS id, p.state IN {ENDED} AS ended, {DAYS} AS days, {AMOUNT} AS fen, "
        "ARRAY(SELECT f.code FROM project_findings f WHERE f.project_id = p.id ORDER BY 1) AS codes, "
        "(SELECT count(*) FROM project_findings f WHERE f.project_id = p.id AND f.reason IS NOT NULL "
        "AND f.opinion IS NULL) AS reasons FROM projects p WHERE p.tenant_id = $1 "
        "AND p.state NOT IN ('draft', 'need_submitted')",
        TENANT,
        legal_day(now()),
    )
    told = {row["id"]: row for row in rows}
    assert len(items) == len(told) > 100
    for item in items:
        row = told[item["id"]]
        assert sorted(item["finding_codes"]) == sorted(row["codes"])
        assert item["reasons_to_judge"] == row["reasons"]
        assert item["near_line"] == ("near_line" in row["codes"])
        assert item["days_waiting"] == (None if row["ended"] else row["days"])
        assert item["amount_yuan"] == f"{row['fen'] // 100}.{row['fen'] % 100:02d}"
        assert "due" not in item
    assert {item["reasons_to_judge"] for item in items} == {0, 1}


async def test_by_what_is_due_first(as_user: Any) -> None:
    keeper = as_user("360200", "gatekeeper")
    cases = await all_pages(keeper, "/projects?order=due&route=city_filing", limit=9)
    first: dict[str, str] = {}
    for each in await all_pages(keeper, "/obligations", limit=200):
        first.setdefault(each["project_id"], each["due"])
    told = {item["id"]: item["due"] for item in cases}
    assert len(told) == len(cases) > 9
    assert [item["due"] for item in cases] == sorted(told.values())
    assert told == {ref: due for ref, due in first.items() if ref in told}
    mine = await all_pages(keeper, "/projects?route=city_filing", limit=200)
    assert {item["id"] for item in mine} & first.keys() == told.keys()


async def test_files_are_filtered_and_sorted_as_the_list(office: Any) -> None:
    asked = f"tenant={TENANT}&state=filed,submitted&order=amount_up&amount_from=1002000"
    items = await all_pages(office, f"/projects?{asked}", limit=200)
    answer = await office("GET", f"/exports/projects.csv?{asked}")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [item["id"] for item in items]
    sheet = await office("GET", f"/exports/projects.csv?{asked}&format=xlsx")
    assert (sheet.status_code, sheet.headers["x-row-count"]) == (200, str(len(items)))


async def test_a_list_that_did_not_change_is_not_sent_again(office: Any) -> None:
    first = await office("GET", "/projects?limit=3")
    tag = first.headers["etag"]
    again = await office("GET", "/projects?limit=3", headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = await office("GET", "/projects?limit=2", headers={"if-none-match": tag})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("state=aproved", "approved、"),
        ("state=filed,aproved", "approved、"),
        ("finding=near", "near_line、"),
        ("order=biggest", "amount_down"),
        ("state=", "filed、"),
        ("state=filed,filed", "重复"),
        ("state=filed&state=filed", "重复"),
        ("amount_from=-1", "金额"),
        ("limit=1&limit=2", "重复"),
    ],
)
async def test_what_there_is_not_is_told_with_what_there_is(office: Any, asked: str, told: str) -> None:
    answer = await office("GET", f"/projects?{asked}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_query")
    (fault,) = answer.json()["errors"]
    assert told in fault["detail"]
    assert fault["pointer"] == asked.partition("=")[0]


async def test_plans_read_indexes_in_the_order_asked(settings: Any) -> None:
    """No order sorts a tenant: each walks its index as far as the page goes, over one tenant as over all."""
    connection = await asyncpg.connect(settings.province_url)
    given = {
        "tenant_id": TENANT,
        "limit": 51,
        "today": date(2026, 1, 1),
        "sees_suspicions": False,
        "state": list(WAITING),
    }
    indexes = {
        "newest": "ix_projects_list",
        "waiting": "ix_projects_since",
        "amount_up": "ix_projects_figure",
        "amount_down": "ix_projects_figure",
        "updated": "ix_projects_changed",
        "due": "ix_obligations_owed",
    }
    try:
        await connection.execute(
            "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off"
        )
        for order, index in indexes.items():
            filters = frozenset({"state"}) if order == "waiting" else frozenset[str]()
            for across in (False, True):
                listing = DUE if order == "due" else PROJECTS
                statement = listing.statement(Wish(filters, order, False, across))
                rows = await connection.fetch(f"EXPLAIN {statement.plain}", *statement.arguments(given))
                plan = "\n".join(row[0] for row in rows)
                assert index in plan, f"{order} {across}\n{plan}"
                inner = plan if across or order == "waiting" else ""
                assert "Sort" not in plan or inner, f"{order} {across}\n{plan}"
                assert "Seq Scan on projects" not in plan
    finally:
        await connection.close()


async def test_waiting_is_counted_from_the_last_change_of_state(as_user: Any) -> None:
    """A step that changes the state begins the count anew; one that does not (an edit) leaves it."""
    from tests.factories import draft

    unit = as_user(TENANT, "unit")
    made = await unit("POST", "/projects", draft(TENANT, external_ref="waits-1"))
    ref = made.json()["id"]

    async def listed() -> dict[str, Any]:
        items = (await unit("GET", "/projects?external_ref=waits-1")).json()["items"]
        assert [item["id"] for item in items] == [ref]
        return dict(items[0])

    first = await listed()
    assert (first["since"], first["days_waiting"]) == (first["created_at"], 0)
    edited = await unit("PATCH", f"/projects/{ref}", {"name": "项目改名"}, etag=made.headers["etag"])
    assert (await listed())["since"] == first["since"]
    sent = await unit("POST", f"/projects/{ref}/submit", {}, etag=edited.headers["etag"])
    assert sent.status_code == 200, sent.text
    after = await listed()
    assert after["since"] > first["since"]
    later = datetime.fromisoformat(after["since"]) - timedelta(seconds=1)
    changed = await unit("GET", f"/projects?updated_since={quote(later.isoformat())}")
    assert ref in {item["id"] for item in changed.json()["items"]}


@pytest.mark.parametrize(
    "asked",
    [
        "tenant=360100&amount_from=4000000",
        "tenant=360100,360200&amount_from=4000000&order=waiting",
        "tenant=360100&finding=near_line,negative_17_1&order=amount_up",
        "tenant=360100&route=city_filing&kind=new&order=waiting",
    ],
)
async def test_a_list_of_few_is_the_one_that_is_walked(
    office: Any, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    """Made of the ids that a filter's own index gives, or walked in its order: over all tenants, page by page."""

    async def seen() -> list[str]:
        # Cases of two cities may have been made at one moment here, under one number.
        return sorted(item["id"] for item in await all_pages(office, f"/projects?{asked}", limit=50))

    looked = await seen()
    assert looked
    assert len(looked) <= FEW, "not few"
    monkeypatch.setattr("service.caselist.listing.FEW", -1)
    assert await seen() == looked
