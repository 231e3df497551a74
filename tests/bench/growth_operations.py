"""What is measured of growth: who reads what, what is written, what the worker does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg

from service.kit import clock
from service.kit.clock import legal_day
from service.kit.db import RELAY, Door
from service.kit.telemetry import Telemetry
from service.monitoring.jobs import fold
from service.obligations import jobs as obligations
from service.portfolio.retention import Retention
from tests import factories
from tests.bench.lives import As, carried, good

CITY, PROVINCE, COUNTY = "360100", "360000", "360102.unit"
UNANSWERED = -1  # in place of the rows shown: the service failed, or was not ready in its time
Skip = Callable[[], None]

READERS: tuple[tuple[str, str, str], ...] = (
    ("province", PROVINCE, "office"),
    ("city", CITY, "gatekeeper"),
    ("county office", CITY, COUNTY),
    ("supervisor", CITY, "supervisor"),
    ("provider", PROVINCE, "app_provider"),
    ("administrator", CITY, "administrator"),
    ("auditor", PROVINCE, "auditor"),
    ("portal", CITY, ""),
)
PATHS = (
    "/projects?limit=50",
    "/projects?limit=50&count=true",
    "/projects?state=submitted",
    "/projects?state=filed&order=waiting",
    "/projects?order=due",
    "/projects?order=amount_down",
    "/projects?order=updated",
    "/projects?finding=near_line",
    "/projects?text=第77期项目",
    "/projects?text=查无此项",
    "/projects?holder=owner",
    "/projects?route=city_filing&kind=new",
    "/projects?amount_from=300000000",
    "/projects?waiting_over=60",
    "/projects?month_from=2026-01",
    "/projects?division=360102",
    "/projects?external_ref=OA-77",
    "/projects?filing_number=360100-2026-0001",
    "/obligations",
    "/obligations?state=lapsed",
    "/obligations?state=open",
    "/obligations?article=23",
    "/obligations?code=filing",
    "/obligations?mine=true",
    "/obligations/summary",
    "/obligations/calendar.ics",
    "/tasks",
    "/tasks/summary",
    "/tasks?queue=gatekeeping&near_line=true&counts=true",
    "/tasks?route=provincial_review&to_judge=false&division=360102",
    "/monitoring/totals",
    "/monitoring/totals?group=tenant,state",
    "/monitoring/unfiled",
    "/monitoring/near-line",
    "/monitoring/labels",
    "/monitoring/reasons",
    "/monitoring/maintenance",
    "/monitoring/filings-feed",
    "/suspicions",
    "/suspicions/monitors",
    "/filings",
    "/acceptance-filings",
    "/library",
    "/orders",
    "/reports/late",
    "/maintenance/proposals",
    "/maintenance/plans",
    "/adoptions",
    "/provisions",
    "/apps",
    "/apps?order=used",
    "/apps?text=统一身份认证",
    "/apps?text=查无此物",
    "/apps/suggest?text=统一认证",
    "/apps/coverage",
    "/offices",
    "/offices?name=数据",
    "/users",
    "/clients",
    "/audit",
    "/audit?action=project.submit",
    "/inbox",
    "/inbox?unread=true",
    "/inbox?open=true",
    "/inbox?kind=filing.filed",
    "/events?limit=50",
    "/systems",
    "/systems/counts",
    "/assignments",
    "/experts",
    "/workbooks",
    "/webhooks",
    "/link-invitations",
    "/me",
    "/spills",
    "/monitoring/duties",
    "/monitoring/duties?by_code=true",
    "/monitoring/needs?year=2026",
    "/obligations?late=true",
    "/obligations?due_before=2026-06-01",
    "/intake-rounds",
    "/plans",
    "/deputies",
    "/issuers",
    "/library-imports",
    "/projects?project_code=2601-360100-04-01-100077",
    "/projects?document_number=洪发改〔2026〕12号",
    "/declaration-rounds",
    "/me/notifications",
)

# What hangs on one case.
CASE = (
    "",
    "/history",
    "/obligations",
    "/actions",
    "/documents",
    "/documents/checklist",
    "/records",
    "/evidence",
    "/appraisals",
    "/joint-review",
    "/links",
    "/building",
    "/acceptance",
    "/acceptance/checklist",
)
# Files with everything: their reads are told per line.
EXPORTS = (
    "/exports/projects.csv",
    "/exports/filings.csv",
    "/exports/maintenance-proposals.csv?year=2026",
    "/exports/monitoring/unfiled.csv",
    "/exports/monitoring/near-line.csv",
    "/exports/monitoring/labels.csv",
    "/exports/monitoring/reasons.csv",
    "/exports/monitoring/maintenance.csv",
    "/monitoring/totals.csv",
)


def among(path: str, only: str) -> bool:
    """Whether it is measured: `only`, texts with commas between, of which a path has one; empty: all of them."""
    return any(each in path for each in only.split(","))


async def reads(as_: As, skip: Skip, only: str = "") -> AsyncIterator[tuple[str, int]]:
    """Every reader's every list, first page, and how many rows it shows; once before, so that statements are prepared
    and caches are warm."""
    for label, tenant, login in READERS:
        call = as_(tenant, login or None)
        for path in PATHS:
            if not among(path, only):
                continue
            opened = await _open(call, path)
            skip()
            if opened:  # the second time is measured
                answer = await call("GET", path)
                opened = None if answer.status_code >= 500 else True
            if opened is not False:
                yield f"{label}: {path}", _shown(answer) if opened else UNANSWERED
        if not only:
            async for name in _case(call, skip):
                yield f"{label}: {name}", 0


def _shown(answer: Any) -> int:
    """How many rows an answer has: of a page, of a calendar's file or of a table's."""
    if not answer.headers["content-type"].startswith("application/json"):
        return int(answer.text.count("BEGIN:VEVENT") or answer.text.count("\n"))
    told = answer.json()
    return len(told.get("items", ())) if isinstance(told, dict) else len(told)


async def _open(call: Any, path: str) -> bool | None:
    """Whether the reader may; None: the service failed. Whatever else is no answer ends the measuring."""
    answer = await call("GET", path)
    if answer.status_code >= 500:
        print(f"{path}: {answer.status_code} {answer.text[:200]}", flush=True)
        return None
    if answer.status_code not in (200, 403):
        raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")
    return bool(answer.status_code == 200)


async def _case(call: Any, skip: Skip) -> AsyncIterator[str]:
    """One case and what hangs on it."""
    page = await call("GET", "/projects?limit=1")
    for item in page.json()["items"] if page.status_code == 200 else ():
        for more in CASE:
            path = f"/projects/{item['id']}{more}"
            if await _open(call, path):
                skip()
                await good(call("GET", path))
                yield f"/projects/{{id}}{more}"


async def writes(as_: As, door: Door, skip: Skip) -> AsyncIterator[str]:
    """A draft on its way to the filing, twice: what is measured is the second time."""
    unit, keeper, approver = as_(CITY, "unit"), as_(CITY, "gatekeeper"), as_(CITY, "approver")
    for measured in (False, True):
        async for name in _filed(unit, keeper, approver, skip):
            if measured:
                yield f"write: {name}"
        skip()
        await carried(door)
        if measured:
            yield "work: relay of the five events, all subscribers"


async def _filed(unit: Any, keeper: Any, approver: Any, skip: Skip) -> AsyncIterator[str]:
    body = {**factories.draft(CITY), "name": "城市内涝监测预警平台", "owner_office_id": None}
    del body["owner_office_id"]
    skip()
    made = await good(unit("POST", "/projects", body))
    yield "create a draft"
    ref = made.json()["id"]
    skip()
    preview = (await good(unit("POST", f"/projects/{ref}/preview"))).json()
    yield "preview"
    etag = await factories.answered(unit, ref, made.headers["etag"], preview)
    skip()
    etag = (
        await good(unit("PATCH", f"/projects/{ref}", {"name": "城市内涝监测预警系统"}, etag=etag))
    ).headers["etag"]
    yield "change the draft"
    reasons = [{"code": code, "reason": "上级统一部署"} for code in preview["reasons_required"]]
    steps = (
        (unit, "submit", {"reasons": reasons}),
        (keeper, "gatekeeping/pass", {"opinions": [{"code": each["code"], "accepted": True} for each in reasons]}),
        (approver, "approve", {"approved_amount_yuan": "3900000.00", "document_number": "洪发改〔2026〕12号",
                               "document_date": "2026-02-01", "document_digest": "a" * 64}),
        (keeper, "file", {}),
    )  # fmt: skip
    for who, verb, sent in steps:
        skip()
        etag = (await good(who("POST", f"/projects/{ref}/{verb}", sent, etag=etag))).headers["etag"]
        yield verb


async def work(door: Door, admin_url: str, skip: Skip) -> AsyncIterator[tuple[str, int]]:
    """What the worker does by the clock, with the number of cases it is shared by."""
    await fold(door)
    skip()
    await fold(door)
    yield "work: folding of the totals", 1
    retention = Retention()
    while await retention.purge(
        door, Telemetry()
    ):  # the day's round, all that is old; then comes what is usual
        continue
    skip()
    await retention.purge(door, Telemetry())
    yield "work: purge, when what is old has gone", 1
    # The daily look in the smallest city, told per case: what it asks of the whole city is shared by all of them.
    admin = await asyncpg.connect(admin_url)
    try:
        tenant = await admin.fetchval(
            "SELECT tenant_id FROM projects WHERE tenant_id <> $1 GROUP BY 1 ORDER BY count(*), 1 LIMIT 1",
            PROVINCE,
        )
        await admin.execute(
            "UPDATE obligation_cases SET looked_on = looked_on - 1 WHERE tenant_id = $1", tenant
        )
        await admin.execute("VACUUM ANALYZE obligation_cases")
    finally:
        await admin.close()
    today = legal_day(clock.now())
    skip()
    seen = await obligations.sweep(door, Telemetry(), _others(await _tenants(door), tenant, today))
    yield "work: daily look at what is due, per case", max(seen, 1)


async def _tenants(door: Door) -> list[str]:
    return [row["tenant_id"] for row in await door.fetch(RELAY, obligations.TENANTS)]


def _others(tenants: list[str], tenant: str, today: Any) -> dict[str, Any]:
    return {each: today for each in tenants if each != tenant}
