"""Totals: equal to the query they replace, exact while folders and writers run, flat in the number of projects."""

from __future__ import annotations

from collections import Counter
from typing import Any

import asyncpg

from service.kit.db import Door
from service.kit.money import yuan
from service.monitoring.jobs import fold
from service.monitoring.queries_totals import GROUPS, totals_statement
from tests.monitoring.conftest import all_pages
from tests.monitoring.data import NAIVE


async def naive(superuser: Any) -> list[dict[str, Any]]:
    rows = await superuser.fetch(NAIVE)
    return [
        {
            "count": row["count"],
            "amount_yuan": yuan(row["amount_fen"]),
            **{name: row[name] for name in GROUPS},
        }
        for row in rows
    ]


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    """The figures without names and the ways to their rows."""
    besides = ("drill", "tenant_name")
    return {
        **answer,
        "items": [{k: v for k, v in item.items() if k not in besides} for item in answer["items"]],
    }


async def leads_to(caller: Any, drill: dict[str, Any]) -> tuple[int, str]:
    """Count and sum of the rows that a figure leads to."""
    params = "&".join(f"{name}={value}" for name, value in drill["params"].items())
    rows = await all_pages(caller, f"{drill['path'].removeprefix('/api/v1')}?{params}", limit=200)
    return len(rows), yuan(sum(int(row["amount_yuan"].replace(".", "")) for row in rows))


async def test_every_figure_leads_to_its_rows(office: Any, as_user: Any) -> None:
    """Each drill is called: as many cases, the same sum; a city's own figures are those the province has of it."""
    months = "month_from=2025-06&month_to=2025-11"
    asked = (
        "group=tenant,state",
        f"group=route,month&{months}&tenant=360100",
        "group=state&route=city_filing",
        "group=state,month&month_from=2025-03&month_to=2025-04&previous=true",
    )
    for query in asked:
        items = (await office("GET", f"/monitoring/totals?{query}")).json()["items"]
        assert len(items) > 3
        for item in items:
            for each in filter(None, (item, item.get("previous"))):
                found = await leads_to(office, each["drill"])
                assert found == (each["count"], each["amount_yuan"]), each["drill"]
    theirs = plain((await office("GET", "/monitoring/totals?tenant=360100")).json())["items"]
    for role in ("gatekeeper", "approver", "supervisor"):
        city = as_user("360100", role)
        assert plain((await city("GET", "/monitoring/totals")).json())["items"] == theirs
        assert (await city("GET", "/monitoring/totals?tenant=360200")).status_code == 404
        for path in ("unfiled", "near-line", "reasons"):
            own = await all_pages(city, f"/monitoring/{path}", limit=200)
            assert own == await all_pages(office, f"/monitoring/{path}?tenant=360100", limit=200)
            assert (await city("GET", f"/monitoring/{path}?tenant=360200")).status_code == 404


async def test_beside_each_total_is_the_same_of_the_period_before(office: Any) -> None:
    """As long, ending where this one begins, over a year's end too; what has emptied since then is told with 0."""

    async def cells(query: str) -> dict[Any, Any]:
        answer = await office("GET", f"/monitoring/totals?{query}")
        assert answer.status_code == 200, answer.text
        return {
            tuple(item.get(name) for name in ("tenant", "state", "month")): item
            for item in answer.json()["items"]
        }

    now = await cells("group=tenant,state&month_from=2025-12&month_to=2026-02&previous=true")
    then = await cells("group=tenant,state&month_from=2025-09&month_to=2025-11")
    before = {key: item["previous"] for key, item in now.items()}
    assert {(each["month_from"], each["month_to"]) for each in before.values()} == {("2025-09", "2025-11")}
    for key in now.keys() | then.keys():
        found = then.get(key, {"count": 0, "amount_yuan": "0.00"})
        assert (before[key]["count"], before[key]["amount_yuan"]) == (found["count"], found["amount_yuan"])
    alone = await cells("group=month&month_from=2025-12&month_to=2026-02&previous=true")
    assert {key[2]: item["previous"]["month_from"] for key, item in alone.items()} == {
        "2025-12": "2025-09",
        "2026-01": "2025-10",
        "2026-02": "2025-11",
    }
    assert alone[None, None, "2026-02"]["count"] == 0 < alone[None, None, "2026-02"]["previous"]["count"]
    for bad in ("previous=true", "previous=true&month_from=2026-02&month_to=2026-01"):
        assert (await office("GET", f"/monitoring/totals?{bad}")).status_code == 400, bad


async def test_needs_are_in_the_totals_and_a_round_tells_who_has_not_reported(
    office: Any, as_user: Any
) -> None:
    waiting = (await office("GET", "/monitoring/totals?group=state&state=need_reported")).json()["items"]
    assert waiting[0]["count"] > 10
    round_ = (await office("GET", "/monitoring/needs?year=2025&previous=true")).json()
    items = {item["tenant"]: item for item in round_["items"]}
    assert items["36GJ00"] == items["36GJ00"] | {"reported": False, "count": 0, "amount_yuan": "0.00"}
    assert (round_["reported"], round_["not_reported"]) == (len(items) - 1, 1)
    assert round_["closes_on"] == "2025-06-30"
    for item in items.values():
        for each in (item, item["previous"]):
            assert await leads_to(office, each["drill"]) == (each["count"], each["amount_yuan"])
        assert item["late"] <= item["count"]
    assert sum(item["late"] for item in items.values()) > 0
    own = (await as_user("360100", "gatekeeper")("GET", "/monitoring/needs?year=2025")).json()["items"]
    assert [item["count"] for item in own] == [items["360100"]["count"]]
    some = await office("GET", "/monitoring/needs?year=2025&tenant=360100,360200")
    assert [item["tenant"] for item in some.json()["items"]] == ["360100", "360200"]
    assert (
        await as_user("360100", "gatekeeper")("GET", "/monitoring/needs?tenant=360200")
    ).status_code == 404


async def test_totals_equal_the_query_they_replace(office: Any, superuser: Any, door: Door) -> None:
    expected = await naive(superuser)
    answer = plain((await office("GET", "/monitoring/totals")).json())
    assert answer["items"] == expected
    assert answer["unfolded"] > 0
    assert answer["oldest_unfolded_at"] is not None
    assert answer["as_of"]
    assert await fold(door) == answer["unfolded"]
    assert await fold(door) == 0
    answer = plain((await office("GET", "/monitoring/totals")).json())
    assert (answer["items"], answer["unfolded"], answer["oldest_unfolded_at"]) == (expected, 0, None)
    assert not any(item["state"] == "draft" for item in expected)


async def test_groups_and_filters(office: Any, superuser: Any) -> None:
    rows = await naive(superuser)
    by_tenant: Counter[str] = Counter()
    for row in rows:
        by_tenant[row["tenant"]] += row["count"]
    answer = (await office("GET", "/monitoring/totals?group=tenant")).json()["items"]
    assert {item["tenant"]: item["count"] for item in answer} == by_tenant
    assert all(item.keys() == {"tenant", "tenant_name", "count", "amount_yuan", "drill"} for item in answer)
    path = (
        "/monitoring/totals?tenant=360100&state=filed&route=city_filing&month_from=2025-06&month_to=2025-11"
    )
    months = {"2025-06", "2025-07", "2025-08", "2025-09", "2025-10", "2025-11"}
    assert plain((await office("GET", path)).json())["items"] == [
        row
        for row in rows
        if row["tenant"] == "360100" and row["state"] == "filed" and row["month"] in months
    ]
    assert (await office("GET", "/monitoring/totals?tenant=369999")).status_code == 400
    for bad in ("group=owner", "group=", "month_from=2025-13", "month_from=2025", "route=x", "nothing=1"):
        assert (await office("GET", f"/monitoring/totals?{bad}")).status_code == 400, bad


async def test_only_organs_that_watch(as_user: Any) -> None:
    paths = (
        "totals",
        "totals.csv",
        "needs",
        "duties",
        "unfiled",
        "near-line",
        "labels",
        "maintenance",
        "reasons",
        "filings-feed",
    )
    for path in paths:
        for tenant, login in (
            ("360100", "finance"),
            ("360100", "360102.user"),
            ("360000", "administrator"),
        ):
            assert (await as_user(tenant, login)("GET", f"/monitoring/{path}")).status_code == 403, (
                path,
                login,
            )
        assert (await as_user("360100")("GET", f"/monitoring/{path}")).status_code == 403
        for login in ("office", "drc", "finance", "supervisor"):
            assert (await as_user("360000", login)("GET", f"/monitoring/{path}")).status_code == 200, (
                path,
                login,
            )


async def test_no_plan_touches_other_projects_than_needs(superuser: Any, settings: Any) -> None:
    province = await asyncpg.connect(settings.province_url)
    try:
        await province.execute("SET enable_seqscan = off")  # 3,000 rows are few enough to scan
        statement = totals_statement(frozenset(), GROUPS)
        rows = await province.fetch(f"EXPLAIN {statement.plain}", *statement.arguments({}))
    finally:
        await province.close()
    text = "\n".join(row[0] for row in rows)
    assert "summary" in text
    scans = [line for line in text.splitlines() if " on projects" in line or "projects_" in line]
    of_needs = ("ix_projects_needs", "ix_projects_reported", "Bitmap Heap Scan")
    assert scans and all(any(each in line for each in of_needs) for line in scans), text
    assert "Seq Scan on projects" not in text
