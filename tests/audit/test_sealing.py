"""Sealing: complete, in one line however many sealers run, anchored outside, cheap on a long chain."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from service.audit.check import trusted_anchors
from service.audit.jobs import seal, sweep
from service.audit.queries import UNSEALED
from service.audit.seal import AnchorLog, Head, anchor_log, complete_lines
from service.audit.verify import read_anchors
from service.kit import clock, keys
from tests.audit.conftest import OTHER, TENANT, Trail


def heads(trail: Trail) -> list[tuple[str, int]]:
    lines = [json.loads(line) for line in trail.anchors.read_text().splitlines()]
    return [(line["tenant"], line["seq"]) for line in lines]


async def test_heads_are_anchored_and_the_age_is_told(sealed: Trail) -> None:
    assert heads(sealed) == [(TENANT, 6), (OTHER, 5), (TENANT, 10)]
    assert b"tongjian_audit_unsealed_seconds 0.0" in sealed.telemetry.render()
    assert await sealed.seal() == 0
    assert len(heads(sealed)) == 3, "nothing moved, nothing written"


async def test_young_entries_wait_a_second(trail: Trail) -> None:
    later = clock.now() + timedelta(minutes=5)
    await trail.write(1, at=later)
    assert await trail.seal() == 0
    clock.travel(later + timedelta(seconds=2))
    assert await trail.seal() == 1


async def test_the_age_grows_while_the_anchors_place_is_away(trail: Trail) -> None:
    """`tongjian_audit_unsealed_seconds` is an alarm: a sealer that cannot begin must not leave it at its last 0."""
    await trail.write(1)
    await trail.seal()
    await trail.write(1, at=clock.now() - timedelta(minutes=7))
    kept = trail.anchors.rename(trail.anchors.with_name("kept"))
    trail.anchors.mkdir()  # whoever opens it fails, root too
    with pytest.raises(OSError):
        await trail.seal()
    told = float(re.findall(rb"^tongjian_audit_unsealed_seconds (\S+)", trail.telemetry.render(), re.M)[0])
    assert told >= 420
    trail.anchors.rmdir()
    kept.rename(trail.anchors)
    assert await trail.seal() == 1
    assert b"tongjian_audit_unsealed_seconds 0.0" in trail.telemetry.render()


async def test_heads_that_could_not_be_anchored_are_tried_until_they_are(trail: Trail) -> None:
    """Else the job would fail once per entry and be well between: never often enough in a row for its alarm."""
    place = trail.anchors.parent
    kept = place.rename(place.with_name("kept")) if place.exists() else None
    place.touch()  # a file where the directory was: nothing can be written, root's neither
    await trail.write(2)
    for _ in range(2):  # the second time nothing is new
        with pytest.raises(OSError):
            await trail.seal()
    place.unlink()
    if kept is not None:
        kept.rename(place)
    assert await trail.seal() == 0
    assert heads(trail)[-1][0] == TENANT and await trail.findings() == []
    assert await trail.seal() == 0 and not trail.behind


async def test_late_committer_is_not_skipped(trail: Trail) -> None:
    """Its `at` is older than what was sealed before it became visible."""
    late = clock.now() - timedelta(minutes=3)
    await trail.write(5)
    await trail.seal()
    await trail.write(1, at=late)
    assert await trail.seal() == 1
    assert await trail.findings() == []


async def test_backlog_longer_than_a_batch_and_older_than_the_window(trail: Trail) -> None:
    """A worker that was down for days comes back to more than one batch."""
    for day in range(6, 0, -1):
        await trail.write(200, at=clock.now() - timedelta(days=day))
    assert await trail.seal() == 1200
    assert await trail.findings() == []


async def test_concurrent_sealers_do_not_fork(trail: Trail) -> None:
    async def writer() -> None:
        for _ in range(25):
            await trail.write(4)

    async def sealer() -> int:
        total = 0
        for _ in range(12):
            total += await seal(trail.door, trail.settings, trail.telemetry)
        return total

    results = await asyncio.gather(writer(), writer(), sealer(), sealer(), sealer())
    rest = await trail.seal()
    assert sum(results[2:]) + rest == 200  # type: ignore[arg-type]
    (row,) = await trail.sql("SELECT count(*) n, count(DISTINCT entry_id) d, max(seq) m FROM audit_chain")
    assert tuple(row) == (200, 200, 200)
    assert await trail.findings() == []


async def test_relay_cannot_change_what_it_sealed(sealed: Trail) -> None:
    relay = await asyncpg.connect(sealed.settings.relay_url)
    try:
        for statement in (
            "UPDATE audit_chain SET head = ''",
            "DELETE FROM audit_chain",
            "UPDATE audit_entries SET actor = ''",
            "DELETE FROM audit_entries",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await relay.execute(statement)
    finally:
        await relay.close()


async def test_sweep_anchors_what_a_crash_left_and_counts_strays(sealed: Trail) -> None:
    lines = sealed.anchors.read_bytes().splitlines(keepends=True)
    sealed.anchors.write_bytes(b"".join(lines[:2]) + lines[2][:40])  # died while writing the third line
    assert await sealed.findings() == []
    await sealed.write(1, at=clock.now() - timedelta(days=2))
    assert await sweep(sealed.door, sealed.settings, sealed.telemetry) == 1
    assert heads(sealed) == [(TENANT, 6), (OTHER, 5), (TENANT, 10)]
    assert await sealed.codes() == {"entry_unsealed"}


async def test_rotated_keys_keep_old_anchors(sealed: Trail) -> None:
    file = sealed.settings.signing_keys_file
    assert file is not None
    keys.rotate(file, clock.timestamp())
    await sealed.write(1)
    await sealed.seal()
    assert await sealed.findings() == []
    retired = keys.load(file)
    log = anchor_log(sealed.settings)
    assert log is not None
    only_new = keys.KeySet(
        retired.signing_kid, retired.private_key, {}, {retired.signing_kid: retired.private_key.public_key()}
    )
    good, faults = read_anchors(complete_lines(sealed.anchors), only_new.verify)
    assert (len(good), faults) == (4, []), "a later valid signature vouches for lines of a dropped key"


async def test_two_processes_append_to_one_file(trail: Trail) -> None:
    log = anchor_log(trail.settings)
    assert isinstance(log, AnchorLog)
    await asyncio.gather(
        *(asyncio.to_thread(log.append, [Head(TENANT, n, "0" * 64)], clock.now()) for n in range(1, 30))
    )
    good, faults = trusted_anchors(trail.settings)
    assert (len(good), faults) == (29, [])


async def plan(trail: Trail, **params: Any) -> str:
    arguments = [params[name] for name in UNSEALED.names]
    connection = await asyncpg.connect(trail.settings.relay_url)
    try:
        rows = await connection.fetch(f"EXPLAIN (ANALYZE, COSTS OFF) {UNSEALED.plain}", *arguments)
        return "\n".join(row[0] for row in rows)
    finally:
        await connection.close()


async def test_cost_follows_the_window_not_the_chain(trail: Trail) -> None:
    await trail.sql(
        "INSERT INTO audit_entries SELECT $1, gen_random_uuid(), now() - n * interval '1 minute', 'a', $1, NULL, 'x', "
        "'project', 'o', '{}', 'r', 'd' FROM generate_series(1, 30000) n",
        TENANT,
    )
    await trail.sql(
        "INSERT INTO audit_chain "
        "SELECT tenant_id, row_number() OVER (ORDER BY at), id, digest, 'h', at FROM audit_entries"
    )
    await trail.sql("ANALYZE audit_entries, audit_chain")
    now = clock.now()
    text = await plan(trail, tenant_id=TENANT, since=now - timedelta(hours=1), until=now, limit=500)
    assert "ix_audit_entries_at" in text
    assert "Seq Scan" not in text
