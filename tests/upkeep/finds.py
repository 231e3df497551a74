"""What each periodic job finds to do, and how it is seen that it was done."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import redis.asyncio

from service.audit.seal import seal_tenant
from service.documents.storage import LocalStorage
from service.kit import clock
from service.kit.db import Door
from service.kit.ids import new_id, parse_ref
from service.kit.outbox import Recipient
from service.kit.telemetry import Telemetry
from service.settings import Settings
from tests.factories import draft
from tests.lives import World, good, needs, people
from tests.notifications.events import emit_one
from tests.portfolio.spilling import SECRET, Planted, agreed, on_disk, places, spilled_city_case
from tests.worlds import Caller, by_hand

Seen = Callable[[], Awaitable[Any]]
LONG_AGO = timedelta(days=800)


class Running:
    """The real API over HTTP, the database past row level security, and what the processes write to."""

    def __init__(
        self, settings: Settings, door: Door, look: Any, client: httpx.AsyncClient, token: Any
    ) -> None:
        self.settings, self.door, self.look, self.client = settings, door, look, client
        self.storage = LocalStorage(settings.documents_dir)
        self.as_user: Callable[..., Caller] = lambda *who: Caller(client, token(*who))

    def world(self, tenant: str, kind: type[World] = World) -> World:
        return kind(people(self.as_user), self.door, Telemetry(), self.settings.database_url, tenant)


# ---- what each job finds to do, and how it shows that it was done --------------------------------------------


async def relay(at: Running) -> Seen:
    """An event whose ring was lost."""
    event = await emit_one(at.door, "360300", "project.approved", [Recipient("360300", "unit")])
    return lambda: at.look.fetchval("SELECT 1 FROM inbox WHERE event_id = $1", event)


async def retries(at: Running) -> Seen:
    """A delivery that is due again where nothing else happens."""
    endpoint = good(
        await at.as_user("360400", "administrator")("POST", "/webhooks", {"url": HOOK[0], "kinds": []})
    )
    await at.look.execute("DELETE FROM outbox WHERE tenant_id = '360400'")
    delivery = new_id()
    await at.look.execute(
        "INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, kind, payload, state, attempts, "
        "created_at, next_attempt_at) VALUES ('360400', $1, $2, $3, 'project.filed', $4, 'pending', 1, now(), now())",
        delivery,
        parse_ref(endpoint.json()["id"]).id,
        new_id(),
        json.dumps({"timestamp": "2026-01-01T00:00:00Z", "data": {}, "trace_id": "t"}),
    )
    return lambda: at.look.fetchval(
        "SELECT 1 FROM webhook_deliveries WHERE id = $1 AND state = 'delivered'", delivery
    )


async def fold(at: Running) -> Seen:
    """Counted in rows that wait to be added up."""
    await at.world("360500").submitted()
    assert await at.look.fetchval("SELECT count(*) FROM summary_deltas WHERE tenant_id = '360500'")
    return lambda: at.look.fetchval(
        "SELECT count(*) = 0 AND EXISTS (SELECT FROM summary s WHERE s.tenant_id = '360500' AND s.count > 0) "
        "FROM summary_deltas WHERE tenant_id = '360500'"
    )


async def sealing(at: Running) -> Seen:
    """Entries that no chain holds yet."""
    await at.world("360600").draft()
    return lambda: at.look.fetchval(
        "SELECT (SELECT count(*) FROM audit_entries WHERE tenant_id = '360600') = count(*) AND count(*) > 0 "
        "FROM audit_chain WHERE tenant_id = '360600'"
    )


async def anchor(at: Running) -> Seen:
    """A chain whose head no anchor names: who sealed it died before writing it down."""
    await at.world("360700").draft()
    await seal_tenant(at.door, "360700", clock.now() + timedelta(minutes=1))
    assert await at.look.fetchval("SELECT count(*) FROM audit_chain WHERE tenant_id = '360700'")
    assert at.settings.audit_anchor_dir is not None
    file = at.settings.audit_anchor_dir / "anchors.jsonl"

    async def seen() -> bool:
        return file.exists() and '"360700"' in file.read_text()

    return seen


async def purge(at: Running) -> Seen:
    """A reply that nobody may ask for again."""
    await at.look.execute(
        "INSERT INTO idempotency VALUES ('360800', 'c', 'POST /x', 'old', 'f', 200, '{}', '', $1)",
        clock.now() - LONG_AGO,
    )
    return lambda: at.look.fetchval("SELECT count(*) = 0 FROM idempotency WHERE key = 'old'")


async def apps(at: Running) -> Seen:
    """A tenant that joined after the apps were published."""
    foreign = "FROM app_entries WHERE tenant_id = '360900' AND provider_tenant <> tenant_id"
    assert await at.look.execute(f"DELETE {foreign}") != "DELETE 0"
    return lambda: at.look.fetchval(f"SELECT count(*) > 0 {foreign}")


async def orphans(at: Running) -> Seen:
    """Bytes whose row never committed."""
    key = new_id()
    at.storage.put("360100", key, b"nobody's")
    path = next(each for each in Path(str(at.settings.documents_dir)).rglob(key))
    os.utime(path, (0, 0))

    async def seen() -> bool:
        return at.storage.get("360100", key) is None

    return seen


async def snippets(at: Running) -> Seen:
    """A case with other words than its snippets were made of."""
    ref = good(await at.as_user("360700", "unit")("POST", "/projects", draft("360700"))).json()["id"]
    return lambda: at.look.fetchval(
        "SELECT 1 FROM case_snippets WHERE tenant_id || '-' || project_id = $1 LIMIT 1", ref
    )


async def spills(at: Running) -> Seen:
    """A confirmed spill: gone everywhere after the first pass, done with after the second."""
    ref = await spilled_city_case(at.world("360100", Planted), at.as_user)
    assert {"projects", "project_versions", "idempotency", "outbox"} <= (await places(at.look)).keys()
    assert on_disk(at.storage)
    spill = parse_ref(await agreed(at.as_user, project_id=ref)).id
    assert at.settings.clock_file is not None
    moved = at.settings.clock_file

    async def seen() -> bool:
        state, first = await at.look.fetchrow("SELECT state, erased_at FROM spills WHERE id = $1", spill)
        if first is not None:
            moved.write_text("120")  # what was under way has settled
        if state != "purged" or await places(at.look) or on_disk(at.storage):
            return False
        return not await _in_valkey(at.settings.valkey_url)

    return seen


async def _in_valkey(url: str) -> bool:
    client = redis.asyncio.from_url(url)
    keys = [key async for key in client.scan_iter()]
    found = [key for key in keys if SECRET.encode() in key + (await client.dump(key) or b"")]
    await client.aclose()
    return bool(found)


async def lapsing(at: Running) -> Seen:
    """An entry whose two years are over."""
    case = parse_ref((await needs.entered(at.world("360200"), **needs.DEPLOYED)).id)
    await at.look.execute(
        "UPDATE projects SET dated = jsonb_set(dated, '{library,valid_until}', '\"2026-01-01\"') WHERE id = $1",
        by_hand(case.id),
    )
    return lambda: at.look.fetchval("SELECT 1 FROM projects WHERE id = $1 AND state = 'lapsed'", case.id)


async def obligations(at: Running) -> Seen:
    """A case that owes something and of which no event tells any more."""
    await at.world("361000").filed()
    await at.look.execute("DELETE FROM outbox WHERE tenant_id = '361000'")
    return lambda: at.look.fetchval("SELECT count(*) > 0 FROM obligations WHERE tenant_id = '361000'")


async def logins(at: Running) -> Seen:
    """Failed sign-ins of ten minutes that are over."""
    await at.look.execute(
        "INSERT INTO login_failures (tenant_id, client, address, window_at, count, first_at, last_at) "
        "VALUES ('360100', 'portal', '192.0.2.200', '2026-01-05', 3, '2026-01-05', '2026-01-05')"
    )
    return lambda: at.look.fetchval(
        "SELECT 1 FROM audit_entries WHERE action = 'login.failed' AND summary->>'address' = '192.0.2.200'"
    )


HOOK = [""]
FINDS = {
    "relay": relay,
    "retries": retries,
    "fold": fold,
    "seal": sealing,
    "anchor": anchor,
    "purge": purge,
    "apps": apps,
    "orphans": orphans,
    "spills": spills,
    "library": lapsing,
    "obligations": obligations,
    "logins": logins,
    "snippets": snippets,
}
