"""The worker's part of the search by text: whatever has other words than its snippets were made of gets them anew."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit import scopes
from service.kit.db import RELAY, Door, Scope
from service.kit.statements import Statement
from service.kit.telemetry import Telemetry
from service.obligations.queries import TENANTS
from service.projects.snippets import BEHIND, CODES, DIGEST, FLAG, MOST_BEHIND

BATCH = 50  # cases that are held at a time, for a tenth of a second
_TURN = 200  # batches of a tenant before the next tenant has its turn
_BEHIND = (
    "tongjian_search_behind",
    "Cases whose words the search's index has not reached, counted to 301",
)
_OF_TENANT = (
    f"FROM projects WHERE projects.tenant_id = :tenant_id AND {BEHIND} ORDER BY projects.version, projects.id"
)
_THESE = "WHERE projects.tenant_id = :tenant_id AND projects.id = ANY(:ids)"
_AT = tuple(f"ascii(substr(projects.search_key, place + {n}, 1))::bigint" for n in range(3))
_SNIPPET = f"(({_AT[0]} * {CODES} + {_AT[1]}) * {CODES} + {_AT[2]}) * 2 + {FLAG}"
MAKE = (
    f"INSERT INTO case_snippets (tenant_id, snippet, project_id) SELECT DISTINCT projects.tenant_id, {_SNIPPET}, "
    "projects.id FROM projects CROSS JOIN LATERAL generate_series(1, char_length(projects.search_key)) AS place"
)


def _statement(sql: str) -> Statement:
    kinds: dict[str, Any] = {"tenant_id": Text, "ids": ARRAY(Uuid(as_uuid=False)), "limit": Integer}
    return Statement(
        text(sql).bindparams(*(bindparam(n, type_=k) for n, k in kinds.items() if f":{n}" in sql))
    )


_COUNTED = _statement(f"SELECT count(*) AS behind FROM (SELECT 1 {_OF_TENANT} LIMIT :limit) found")
# Those that somebody else writes at this moment have their turn later.
_HELD = _statement(f"SELECT projects.id {_OF_TENANT} LIMIT :limit FOR NO KEY UPDATE SKIP LOCKED")
_FORGET = _statement("DELETE FROM case_snippets WHERE tenant_id = :tenant_id AND project_id = ANY(:ids)")
_MAKE = _statement(f"{MAKE} {_THESE}")
_DONE = _statement(f"UPDATE projects SET snipped_as = {DIGEST} {_THESE}")


async def snip(door: Door, telemetry: Telemetry) -> int:
    """Brings every tenant's snippets up to its cases' words; returns how many cases had others.

    A batch is one transaction around its cases, held from before they are read: of two workers none overtakes the
    other, and whoever searches sees a case either behind or with its snippets.
    """
    done = 0
    for row in await door.fetch(RELAY, TENANTS):
        scope = Scope("relay", scopes.service(row["tenant_id"]))
        async with door.transaction(scope) as tx:
            (found,) = await tx.fetch(_COUNTED, tenant_id=scope.tenant, limit=MOST_BEHIND + 1)
        telemetry.gauge(*_BEHIND, float(found["behind"]), tenant=scope.tenant)
        for _ in range(_TURN if found["behind"] else 0):
            held = await _batch(door, scope)
            done += held
            if held < BATCH:
                break
    return done


async def _batch(door: Door, scope: Scope) -> int:
    async with door.transaction(scope) as tx:
        held = await tx.fetch(_HELD, tenant_id=scope.tenant, limit=BATCH)
        given = {"tenant_id": scope.tenant, "ids": [row["id"] for row in held]}
        if held:
            for statement in (_FORGET, _MAKE, _DONE):
                await tx.fetch(statement, **given)
    return len(held)
