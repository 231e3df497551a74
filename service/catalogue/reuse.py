"""What a new build could use instead (art. 23): shared apps its tenant may see, and what the tenant has built itself.

Projects of others are met only as the published apps they became.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import asyncpg

from service.catalogue.reuse_queries import ACCEPTED, APPS
from service.kit.api import Call
from service.kit.db import Row, own, tenant_scope
from service.kit.errors import ServiceError
from service.kit.ids import Ref
from service.projects.schemas_out import Candidate
from service.similarity.comparing import Likeness, Project, similarity

STRONG = 0.35  # name and content really match: chosen on the demo's apps and cases, where strangers stay under 0.33
WORTH = 0.1  # below it nothing is shown
MOST = 10
_NOBODY = "00000000-0000-0000-0000-000000000000"


async def look(call: Call, name: str, content: Mapping[str, Any]) -> list[Candidate]:
    """Candidates for a project of this name and content, best first; ServiceError 503 when they cannot be read."""
    basics = (content.get("materials") or {}).get("basics") or {}
    # Not the technical plan: whatever stands on shared platforms names them there, as it should.
    wanted = Project(name, basics.get("main_tasks") or "", "", basics.get("performance_goals") or "")
    tenant = call.principal.tenant
    try:
        apps = await call.door.fetch(own(call.principal), APPS, tenant_id=tenant)
        built = await call.door.fetch(
            tenant_scope(tenant), ACCEPTED, tenant_id=tenant, id=content.get("id") or _NOBODY
        )
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        raise ServiceError(503, "unavailable", "共享应用目录暂时不能查询") from error
    found = [*(_app(wanted, row) for row in apps), *(_built(wanted, tenant, row) for row in built)]
    worth = [each for each in found if each.score >= WORTH]
    return sorted(worth, key=lambda each: (-each.score, each.kind, each.id))[:MOST]


def _app(wanted: Project, row: Row) -> Candidate:
    content = row["content"]
    tasks = "，".join([content.get("summary") or "", *content.get("functions", ())])
    likeness = similarity(wanted, Project(row["name"], tasks, "", content.get("description") or ""))
    ref = Ref(row["provider_tenant"], row["app_id"])
    return _candidate("app", str(ref), row["name"], row["provider_name"], likeness)


def _built(wanted: Project, tenant: str, row: Row) -> Candidate:
    likeness = similarity(wanted, Project(row["name"], row["main_tasks"] or "", "", row["goals"] or ""))
    return _candidate("project", str(Ref(tenant, row["id"])), row["name"], row["owner_name"], likeness)


def _candidate(kind: Any, ref: str, name: str, provider: str, likeness: Likeness) -> Candidate:
    return Candidate(
        kind=kind,
        id=ref,
        name=name,
        provider=provider,
        score=likeness.score,
        strong=likeness.score >= STRONG,
        phrases=list(likeness.phrases),
    )
