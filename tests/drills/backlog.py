"""Three thousand alike submissions wait; an ordinary filing of that city reaches its inbox in five seconds.

The submissions are the outbox's events of one real, declared project each, copied in SQL: what the worker does with
them is the same, and making them over HTTP would take the drill's time.
"""

from __future__ import annotations

import asyncio
from time import perf_counter

from service.demo.client import Who
from tests.drills.place import Deployment, declaration, deployed

CITY, PROVINCE = "360100", "360000"
WITHIN = 5.0  # seconds
UNIT, KEEPER, APPROVER, PORTAL = Who(CITY, "unit"), Who(CITY, "gatekeeper"), Who(CITY, "approver"), Who(CITY)
APPROVAL = {
    "approved_amount_yuan": "3900000.00",
    "document_number": "洪发改〔2026〕12号",
    "document_date": "2026-02-01",
    "document_digest": "0" * 64,
}
# A project of its own for each, alike in all but its number, with its event; the keys are the examination's to write.
_COPY = """
WITH n AS (SELECT gen_random_uuid() AS project, gen_random_uuid() AS event, g FROM generate_series(1, $2) g),
p AS (
  INSERT INTO projects ({columns}) SELECT {columns} FROM (
    SELECT (jsonb_populate_record(p, jsonb_build_object('id', n.project, 'external_ref', NULL,
      'name', p.name || '（' || n.g || '）'))).* FROM projects p, n WHERE p.id = $1) copied RETURNING id
)
INSERT INTO outbox SELECT (jsonb_populate_record(o, jsonb_build_object('id', n.event, 'done_at', NULL, 'attempts', 0,
  'next_attempt_at', now(), 'snapshot',
  jsonb_set(o.snapshot, '{{project,id}}', to_jsonb(o.tenant_id || '-' || n.project))))).*
FROM outbox o, n WHERE o.kind = 'project.submitted' AND o.snapshot->'project'->>'id' = $3
"""
_COLUMNS = """
SELECT string_agg(quote_ident(column_name), ', ') AS names FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = 'projects' AND is_generated = 'NEVER'
"""


_ARRIVED = "SELECT FROM inbox WHERE kind = 'filing.filed' AND snapshot->'project'->>'id' = $1"


async def _submitted(made: Deployment, name: str) -> tuple[str, str]:
    """A declared project's id and ETag."""
    draft = await made.client.send(UNIT, "POST", "/projects", declaration(name, "2600000.00"))
    path = f"/projects/{draft.data['id']}"
    etag = draft.etag
    strong = [each["id"] for each in draft.data.get("reuse", {}).get("candidates", []) if each["strong"]]
    if strong:  # a shared app is about it, too
        answers = [{"candidate": each, "answer": "build", "reason": "须与本市系统整合"} for each in strong]
        given = await made.client.send(UNIT, "POST", f"{path}/reuse-check", {"answers": answers}, etag=etag)
        etag = given.etag
    preview = await made.client.send(UNIT, "POST", f"{path}/preview", {})
    said = [{"code": code, "reason": "上级统一部署"} for code in preview.data["reasons_required"]]
    sent = await made.client.send(UNIT, "POST", f"{path}/submit", {"reasons": said}, etag=etag)
    assert sent.etag is not None
    return draft.data["id"], sent.etag


async def _filed(made: Deployment, project: str, etag: str) -> None:
    path = f"/projects/{project}"
    passed = await made.client.send(KEEPER, "POST", f"{path}/gatekeeping/pass", {}, etag=etag)
    approval = APPROVAL | {"approved_amount_yuan": "2500000.00"}
    approved = await made.client.send(APPROVER, "POST", f"{path}/approve", approval, etag=passed.etag)
    await made.client.send(PORTAL, "POST", f"{path}/file", {}, etag=approved.etag)


async def _until_quiet(made: Deployment) -> None:
    async with asyncio.timeout(120):
        while await _waiting(made):
            await asyncio.sleep(0.1)


async def _waiting(made: Deployment) -> int:
    (row,) = await made.rows(
        "SELECT (SELECT count(*) FROM outbox WHERE done_at IS NULL) + (SELECT count(*) FROM outbox_work) AS n"
    )
    return int(row["n"])


async def drill(short: bool) -> None:
    many = 200 if short else 3000
    async with deployed() as made:
        ordinary, etag = await _submitted(made, "公文流转系统")
        alike, _ = await _submitted(made, "智慧停车诱导系统")
        await _until_quiet(made)
        made.stop("worker0")
        (columns,) = await made.rows(_COLUMNS)
        await made.rows(_COPY.format(columns=columns["names"]), alike.partition("-")[2], many, alike)
        waiting = await _waiting(made)
        assert waiting >= many, waiting
        await _filed(made, ordinary, etag)
        (moment,) = await made.rows("SELECT now() AS at")
        made.start("worker0")
        told = "SELECT FROM outbox WHERE tenant_id = $1 AND done_at > $2 LIMIT 1"
        async with asyncio.timeout(300):
            while not await made.rows(told, CITY, moment["at"]):  # a process takes its time to start
                await asyncio.sleep(0.02)
            begun = perf_counter()
            while not await made.rows(_ARRIVED, ordinary):
                await asyncio.sleep(0.1)
        first = perf_counter() - begun
        (left,) = await made.rows("SELECT count(*) AS n FROM outbox_work WHERE lane = 'examining'")
        print(
            f"{waiting} waited; the filing came {first:.2f} s after the first of them, "
            f"{left['n']} examinations still wait"
        )
        assert left["n"] > 0, "it did not wait for the examinations"
        assert short or first <= WITHIN, f"{first:.1f} s"
        # And once more while the worker is at the examinations.
        second, etag = await _submitted(made, "电子证照归档系统")
        await _filed(made, second, etag)
        begun = perf_counter()
        async with asyncio.timeout(300):
            while not await made.rows(_ARRIVED, second):
                await asyncio.sleep(0.1)
        again = perf_counter() - begun
        (left,) = await made.rows("SELECT count(*) AS n FROM outbox_work WHERE lane = 'examining'")
        print(f"another one, filed beside {left['n']} waiting examinations: {again:.2f} s")
        assert short or again <= WITHIN, f"{again:.1f} s"
