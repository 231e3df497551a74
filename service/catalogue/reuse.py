"""What a new build could use instead (art. 23): shared apps its tenant may see, and what the tenant has built itself.

Projects of others are met only as the published apps they became.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import asyncpg

from service.catalogue.remembered import Kept, remembered
from service.catalogue.reuse_queries import ACCEPTED, APPS, IN_USE
from service.kit.api import Call
from service.kit.db import Row, own, tenant_scope
from service.kit.errors import ServiceError
from service.kit.ids import NIL, Ref
from service.kit.refusals import AWAY
from service.projects.schemas_out import Candidate
from service.similarity.comparing import Likeness, Project, score, similarity
from service.similarity.keys import keys

STRONG = 0.35  # name and content really match: chosen on the demo's apps and cases, where strangers stay under 0.33
WORTH = 0.1  # below it nothing is shown
MOST = 10
COMPARED = 100  # apps: ten are shown, and what shares least of a hundred is never worth showing


def warm() -> None:
    """Reads the dictionaries once, at the start: half a second during which nobody else would be answered."""
    similarity(Project("业务系统"), Project("业务平台"))


async def look(call: Call, name: str, content: Mapping[str, Any]) -> list[Candidate]:
    """Candidates for a project of this name and content, best first; 503 when they cannot be read."""
    basics = (content.get("materials") or {}).get("basics") or {}
    # Not the technical plan: whatever stands on shared platforms names them there, as it should.
    wanted = Project(name, basics.get("main_tasks") or "", "", basics.get("performance_goals") or "")
    tenant = call.principal.tenant
    try:
        index, apps = await _apps(call)
        known, tokens = content.get("id") or NIL, list(keys(wanted))
        built = await call.door.fetch(
            tenant_scope(tenant), ACCEPTED, tenant_id=tenant, id=known, tokens=tokens
        )
        used = await _used(call)
    except (asyncpg.PostgresError, *AWAY) as error:
        raise ServiceError(
            503, "unavailable", "共享应用目录暂时不能查询，无法核对能否复用（第二十三条），请稍后重试"
        ) from error
    found = await asyncio.to_thread(_nearest, wanted, index, apps, [_built(tenant, row) for row in built])
    return [_candidate(each, likeness, used) for each, likeness in found]


async def _apps(call: Call) -> tuple[Kept, dict[int, Row]]:
    """What the caller's tenant may see of the catalogue."""
    scope = own(call.principal)
    rows = await call.door.fetch(scope, APPS, tenant_id=call.principal.tenant)
    return await remembered(call).there(call, scope, rows)


def _nearest(
    wanted: Project, index: Kept, apps: dict[int, Row], built: list[_Existing]
) -> list[tuple[_Existing, Likeness]]:
    """The best first. Only apps whose texts share most with the project's are compared as a whole."""
    near = index.nearest(wanted, apps, COMPARED)
    found = [*(_app(apps[number], index.apps[number].project) for number in near), *built]
    scored = [(score(wanted, each.text), each) for each in found]
    worth = sorted((pair for pair in scored if pair[0] >= WORTH), key=lambda pair: (-pair[0], pair[1][:2]))
    return [(each, similarity(wanted, each.text)) for _, each in worth[:MOST]]


async def _used(call: Call) -> dict[str, str]:
    """How the office's own adoptions stand, by app: what it uses already is told before it builds anew (arts 6, 23)."""
    office = call.principal.office
    if office is None:
        return {}
    rows = await call.door.fetch(
        own(call.principal), IN_USE, tenant_id=call.principal.tenant, office_id=office
    )
    return {str(Ref(row["provider_tenant"], row["app_id"])): row["state"] for row in rows}


class _Existing(NamedTuple):
    """Something that exists: an app or a project of the tenant's own."""

    kind: Literal["app", "project"]
    id: str
    name: str
    provider: str
    text: Project


def _app(row: Row, text: Project) -> _Existing:
    ref = str(Ref(row["provider_tenant"], row["app_id"]))
    return _Existing("app", ref, row["name"], row["provider_name"], text)


def _built(tenant: str, row: Row) -> _Existing:
    text = Project(row["name"], row["main_tasks"] or "", "", row["goals"] or "")
    return _Existing("project", str(Ref(tenant, row["id"])), row["name"], row["owner_name"], text)


def _candidate(existing: _Existing, likeness: Likeness, used: Mapping[str, str]) -> Candidate:
    return Candidate(
        kind=existing.kind,
        id=existing.id,
        name=existing.name,
        provider=existing.provider,
        score=likeness.score,
        strong=likeness.score >= STRONG,
        phrases=list(likeness.phrases),
        in_use=used.get(existing.id) if existing.kind == "app" else None,
    )
