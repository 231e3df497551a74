"""`python -m tests.bench.similar [PROJECTS]`: one check for similar projects among 100,000 of one tenant (< 200 ms).

The rows are made in SQL: a tenth share each of the checked project's own words, so that no word is rare.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import date, timedelta
from statistics import median
from time import perf_counter
from typing import Any

import asyncpg

from service.kit.db import Door, tenant_scope
from service.projects.alike import project_of
from service.similarity.comparing import Project, similarity, whole_tokens
from service.similarity.keys import keys
from service.similarity.words import read
from service.suspicions.queries import NEAREST
from tests.bench.world import World, world

CHECKED = Project(
    "城市停车泊位管理平台",
    "汇聚停车场和路边泊位信息，引导车主停放，欠费追缴",
    "地磁检测，云端统一计费，对接支付渠道",
    "路边停车有序",
)
_ADD = """
INSERT INTO similarity_keys (tenant_id, office_id, project_id, token, day)
SELECT p.tenant_id, p.office_id, p.id, k.token, p.created_at::date
FROM projects p CROSS JOIN LATERAL (
    SELECT DISTINCT CASE WHEN random() < 0.1 THEN ($1::bigint[])[1 + floor(random() * cardinality($1))]
                         ELSE floor(random() * 20000)::bigint END AS token
    FROM generate_series(1, 24) g WHERE p.id IS NOT NULL
) k WHERE p.state <> 'draft' AND p.tenant_id = '360100' AND k.token IS NOT NULL ON CONFLICT DO NOTHING
"""


async def measure(place: World, projects: int) -> str:
    """One line: the candidate query, the comparison of what it found, both."""
    office, own, count, rows = await _moved_to_one_tenant(place)
    door = Door({"tenant": place.settings.tenant_url})
    await door.open()
    try:
        asked, compared, found = [], [], 0
        for _ in range(15):
            start = perf_counter()
            near = await door.fetch(
                tenant_scope("360100"),
                NEAREST,
                tenant_id="360100",
                id="00000000-0000-0000-0000-000000000000",
                office_id=str(office),
                tokens=own,
                since=date(2026, 9, 1) - timedelta(days=365),
                until=date(2026, 9, 1) + timedelta(days=365),
            )
            asked.append(perf_counter() - start)
            read.cache_clear()  # as if none of the texts had been met before
            whole_tokens.cache_clear()
            start = perf_counter()
            for row in near:
                similarity(CHECKED, project_of(row["declared"]))
            compared.append(perf_counter() - start)
            found = len(near)
    finally:
        await door.close()
    query, texts = median(asked) * 1000, median(compared) * 1000
    return (
        f"similar projects: {count} projects of one tenant, {rows} keys; candidates {query:.1f} ms, "
        f"{found} texts compared {texts:.1f} ms, a check {query + texts:.1f} ms (target 200; {projects} made)"
    )


async def _moved_to_one_tenant(place: World) -> tuple[Any, Any, Any, Any]:
    """All of one tenant, with the keys of what is checked."""
    admin = await asyncpg.connect(place.admin_url)
    try:
        await admin.execute("SET session_replication_role = replica")
        office = await admin.fetchval("SELECT id FROM offices WHERE tenant_id = '360100' LIMIT 1")
        own = list(keys(CHECKED))
        await admin.execute(
            "UPDATE projects SET tenant_id = '360100', external_ref = NULL "
            "WHERE state <> 'draft' AND tenant_id <> '360100'"
        )
        await admin.execute(_ADD, own)
        count = await admin.fetchval("SELECT count(DISTINCT project_id) FROM similarity_keys")
        rows = await admin.fetchval("SELECT count(*) FROM similarity_keys")
        await admin.execute("ANALYZE similarity_keys; ANALYZE projects")
    finally:
        await admin.close()
    return office, own, count, rows


def main() -> None:
    """Prints the line; the first argument is how many projects are made."""
    projects = int(sys.argv[1]) if len(sys.argv) > 1 else 130_000
    with world(projects) as place:
        line = asyncio.run(measure(place, projects))
        print(line)
        if float(line.rpartition("a check ")[2].partition(" ms")[0]) >= 200:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
