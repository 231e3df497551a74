"""The watched lists: complete, in order, without duplicates, over all tenants; drafts never in them."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from service.kit.clock import legal_day, now
from service.kit.ids import new_id
from service.monitoring.queries import FINDINGS, UNFILED
from tests.monitoring.conftest import all_pages

WATCHED = {
    "near-line": "near_line",
    "labels": "label_without_evidence",
    "maintenance": "under_line_by_maintenance",
}


@pytest.mark.parametrize("name", WATCHED)
async def test_watched_findings_are_complete_and_in_order(office: Any, superuser: Any, name: str) -> None:
    for suffix, hidden in (("", ("draft", "withdrawn")), ("?include_withdrawn=true", ("draft",))):
        items = await all_pages(office, f"/monitoring/{name}{suffix}", limit=150)
        rows = await superuser.fetch(
            "SELECT p.tenant_id || '-' || p.id AS id FROM project_findings f "
            "JOIN projects p ON p.tenant_id = f.tenant_id AND p.id = f.project_id "
            "WHERE f.code = $1 AND p.state <> ALL ($2) ORDER BY f.submitted_at DESC, f.project_id DESC",
            WATCHED[name],
            list(hidden),
        )
        assert [item["id"] for item in items] == [row["id"] for row in rows]
        assert len(items) > 150
        assert {item["code"] for item in items} == {WATCHED[name]}
        assert not {item["state"] for item in items} & set(hidden)


async def test_small_pages_lose_and_repeat_nothing(office: Any) -> None:
    """Many rows share one moment, so the rest of the key has to carry the page."""
    path = "/monitoring/labels?tenant=360100"
    whole = await all_pages(office, path, limit=200)
    assert len(whole) > 30
    assert await all_pages(office, path, limit=3) == whole
    across = await all_pages(office, "/monitoring/labels", limit=200)
    assert [item for item in across if item["tenant"] == "360100"] == whole


async def test_reasons_come_with_text_and_opinion(office: Any, superuser: Any) -> None:
    items = await all_pages(office, "/monitoring/reasons", limit=200)
    (row,) = await superuser.fetch(
        "SELECT count(*) AS n FROM project_findings f JOIN projects p ON p.tenant_id = f.tenant_id "
        "AND p.id = f.project_id WHERE f.reason IS NOT NULL AND p.state NOT IN ('draft', 'withdrawn')"
    )
    assert len(items) == row["n"] == len({(item["id"], item["code"]) for item in items})
    keys = [(item["submitted_at"], item["id"].partition("-")[2], item["code"]) for item in items]
    assert keys == sorted(keys, reverse=True)
    sample = next(item for item in items if item["code"] == "not_in_library")
    assert (sample["reason"], sample["opinion"]) == ("上级临时部署", "accepted")
    only = await all_pages(office, "/monitoring/reasons?code=negative_17_1", limit=200)
    assert only == [item for item in items if item["code"] == "negative_17_1"]


async def test_unfiled_oldest_document_first(office: Any, superuser: Any) -> None:
    items = await all_pages(office, "/monitoring/unfiled", limit=100)
    rows = await superuser.fetch(
        "SELECT p.tenant_id || '-' || p.id AS id, a.document_date, a.approved_at FROM projects p "
        "JOIN approvals a ON a.tenant_id = p.tenant_id AND a.project_id = p.id WHERE p.state = 'city_approved' "
        "ORDER BY a.document_date, p.id"
    )
    assert [
        (item["id"], item["document_date"], datetime.fromisoformat(item["approved_at"])) for item in items
    ] == [(row["id"], row["document_date"].isoformat(), row["approved_at"]) for row in rows]
    own = [item for item in items if item["tenant"] == "360200"]
    assert await all_pages(office, "/monitoring/unfiled?tenant=360200", limit=2) == own
    assert own == [item for item in await all_pages(office, "/monitoring/unfiled", limit=7) if item in own]


async def test_recording_an_approval_late_hides_no_day(office: Any) -> None:
    items = await all_pages(office, "/monitoring/unfiled", limit=200)
    today = legal_day(now())
    late = 0
    for item in items:
        document = date.fromisoformat(item["document_date"])
        late += document.isoformat() < item["approved_at"][:10]
        assert item["document_number"].startswith("发改")
        assert item["days_waiting"] == (today - document).days
        assert item["practice"] == {
            "days": 10,
            "due_on": (document + timedelta(days=10)).isoformat(),
            "days_over": max(0, item["days_waiting"] - 10),
            "basis": "行政惯例，非办法规定的期限",
        }
    assert late > len(items) / 2
    assert [item["days_waiting"] for item in items] == sorted(
        (item["days_waiting"] for item in items), reverse=True
    )


async def test_cursors_are_bound_to_their_list(office: Any, as_user: Any) -> None:
    page = (await office("GET", "/monitoring/labels?limit=1")).json()
    cursor = page["next_cursor"]
    assert (await office("GET", f"/monitoring/labels?limit=1&cursor={cursor}")).status_code == 200
    assert (await office("GET", f"/monitoring/near-line?cursor={cursor}")).status_code == 400
    assert (await office("GET", f"/monitoring/labels?cursor={cursor[:-2]}aa")).status_code == 400
    assert (await office("GET", "/monitoring/unfiled?cursor=x")).status_code == 400


async def test_feed_of_filings(office: Any, superuser: Any) -> None:
    project = {
        "id": new_id(),
        "tenant": "360100",
        "name": "P",
        "owner_name": "市数据局",
        "external_ref": None,
        "route": None,
    }
    for seq, kind in (
        (1, "filing.filed"),
        (2, "project.handed_over"),
        (3, "filing.filed"),
        (4, "filing.filed"),
    ):
        await superuser.execute(
            "INSERT INTO event_feed VALUES ('360000', $1, gen_random_uuid(), '360100', $2, "
            "$3, now()) ON CONFLICT DO NOTHING",
            seq,
            kind,
            json.dumps({"filing": {"number": "F"}, "project": project}),
        )
    first = (await office("GET", "/monitoring/filings-feed?limit=2")).json()
    assert ([item["seq"] for item in first["items"]], first["next_after"]) == ([1, 3], 3)
    assert first["items"][0]["filing"] == {"number": "F"}
    rest = (await office("GET", "/monitoring/filings-feed?after=3")).json()
    assert ([item["seq"] for item in rest["items"]], rest["next_after"]) == ([4], 4)
    empty = (await office("GET", "/monitoring/filings-feed?after=4")).json()
    assert empty == {"items": [], "next_after": 4}


async def test_plans_start_from_the_tenants_and_use_indexes(settings: Any, superuser: Any) -> None:
    province = await asyncpg.connect(settings.province_url)
    try:
        unfiled = UNFILED.statement(UNFILED.wish({}, across=True))
        watched = FINDINGS.statement(FINDINGS.wish({"one_code": "", "not_withdrawn": True}, across=True))
        await province.execute("SET enable_seqscan = off")  # 3,000 rows are few enough to scan
        plans = []
        for statement, params in (
            (unfiled, {"limit": 50}),
            (watched, {"limit": 50, "one_code": "near_line"}),
        ):
            rows = await province.fetch(f"EXPLAIN {statement.plain}", *statement.arguments(params))
            plans.append("\n".join(row[0] for row in rows))
    finally:
        await province.close()
    assert "ix_projects_" in plans[0]
    assert "pk_approvals" in plans[0] and "Seq Scan on approvals" not in plans[0]
    assert "ix_project_findings_code" in plans[1]
    assert all("Seq Scan on project" not in plan for plan in plans)
