"""Three thousand alike submissions wait; an ordinary filing of that city reaches its inbox in five seconds.

The submissions are the outbox's events of one real, declared project each, copied in SQL: what the worker does with
them is the same, and making them over HTTP would take the drill's time.
"""

from __future__ import annotations

import asyncio
from time import perf_counter

from tests.drills.place import Deployment, deployed, living
from tests.lives import Life, World

CITY, PROVINCE = "360100", "360000"
WITHIN = 5.0  # seconds
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


async def _submitted(city: World, name: str) -> Life:
    return await city.life(name=name, facts={"investment_yuan": "2600000.00"}).at("submitted")


async def _filed(case: Life) -> None:
    await case.gatekeep()
    await case.approve(approved_amount_yuan="2500000.00")
    await case.file()


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
    async with deployed() as made, living(made, CITY) as city:
        ordinary, alike = await _submitted(city, "公文流转系统"), await _submitted(city, "智慧停车诱导系统")
        await _until_quiet(made)
        made.stop("worker0")
        (columns,) = await made.rows(_COLUMNS)
        copies = _COPY.format(columns=columns["names"])
        await made.rows(copies, alike.id.partition("-")[2], many, alike.id)
        waiting = await _waiting(made)
        assert waiting >= many, waiting
        await _filed(ordinary)
        (moment,) = await made.rows("SELECT now() AS at")
        made.start("worker0")
        told = "SELECT FROM outbox WHERE tenant_id = $1 AND done_at > $2 LIMIT 1"
        async with asyncio.timeout(300):
            while not await made.rows(told, CITY, moment["at"]):  # a process takes its time to start
                await asyncio.sleep(0.02)
        first, left = await _arrived(made, ordinary)
        print(
            f"{waiting} waited; the filing came {first:.2f} s after the first of them, "
            f"{left} examinations still wait"
        )
        assert left > 0, "it did not wait for the examinations"
        assert short or first <= WITHIN, f"{first:.1f} s"
        # And once more while the worker is at the examinations.
        second = await _submitted(city, "电子证照归档系统")
        await _filed(second)
        again, left = await _arrived(made, second)
        print(f"another one, filed beside {left} waiting examinations: {again:.2f} s")
        assert short or again <= WITHIN, f"{again:.1f} s"


async def _arrived(made: Deployment, case: Life) -> tuple[float, int]:
    """Seconds until its filing lies in the inbox, and how many examinations wait then."""
    begun = perf_counter()
    async with asyncio.timeout(300):
        while not await made.rows(_ARRIVED, case.id):
            await asyncio.sleep(0.1)
    took = perf_counter() - begun
    (left,) = await made.rows("SELECT count(*) AS n FROM outbox_work WHERE lane = 'examining'")
    return took, int(left["n"])
