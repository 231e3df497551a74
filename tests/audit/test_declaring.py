"""A database restored to before what was given out: numbers go on past it, the gap is signed, a later cut is found."""

from __future__ import annotations

import json

import pytest

from service.audit.jobs import LEASE
from service.backup.declaring import NotDeclared, declare
from service.cli.arguments import parser
from tests.audit.conftest import OTHER, TENANT, Trail

FILING, FEED = "filing:2026", "feed"


async def _counted(trail: Trail) -> dict[str, int]:
    rows = await trail.sql("SELECT name, value FROM counters WHERE tenant_id = $1", TENANT)
    return {row["name"]: row["value"] for row in rows}


async def _given(trail: Trail, **numbers: int) -> None:
    for name, value in numbers.items():
        await trail.sql(
            "INSERT INTO counters (tenant_id, name, value) VALUES ($1, $2, $3) "
            "ON CONFLICT (tenant_id, name) DO UPDATE SET value = excluded.value",
            TENANT,
            name.replace("filing", FILING),
            value,
        )


async def _restored(trail: Trail, seq: int) -> None:
    """As a backup has it that was taken when the chain ended at `seq`."""
    await trail.sql(
        "DELETE FROM audit_entries WHERE tenant_id = $1 AND id IN "
        "(SELECT entry_id FROM audit_chain WHERE tenant_id = $1 AND seq > $2)",
        TENANT,
        seq,
    )
    await trail.sql("DELETE FROM audit_chain WHERE tenant_id = $1 AND seq > $2", TENANT, seq)


async def _lost(trail: Trail) -> None:
    """Five entries, three more with receipt 9 and feed position 55, and a restore to before the three."""
    await trail.write(5)
    await trail.write(1, OTHER)
    await _given(trail, filing=7, feed=40)
    await trail.seal()
    await trail.write(3)
    await _given(trail, filing=9, feed=55)
    await trail.seal()
    await _restored(trail, 5)
    await _given(trail, filing=7, feed=40)


async def test_numbers_go_on_past_what_was_given_out_and_the_gap_is_signed(trail: Trail) -> None:
    await _lost(trail)
    assert await trail.codes() == {"tail_cut"}
    gaps = {gap.tenant: gap for gap in await declare(trail.door, trail.settings, 100)}
    assert (gaps[TENANT].lost, gaps[OTHER].lost) == (3, 0)
    assert gaps[TENANT].moved == {FEED: (40, 55 + 10_000), FILING: (7, 9 + 100)}
    assert await _counted(trail) == {FEED: 10_055, FILING: 109}
    await trail.seal()
    assert await trail.codes() == set(), "the gap is declared, and the chain goes on"
    await trail.write(4)
    await trail.seal()
    assert await trail.codes() == set()


async def test_it_is_told_in_the_trail_and_to_administrators_and_portals(trail: Trail) -> None:
    await _lost(trail)
    await declare(trail.door, trail.settings, 5)
    (entry,) = await trail.sql(
        "SELECT actor, summary FROM audit_entries WHERE tenant_id = $1 AND action = 'restore.declare'", TENANT
    )
    summary = json.loads(entry["summary"])
    assert (entry["actor"], summary["chain_seq"], summary["entries_lost"]) == ("operator", 5, 3)
    rows = await trail.sql(
        "SELECT tenant_id, recipients, snapshot FROM outbox WHERE kind = 'restore.declared'"
    )
    told = {row["tenant_id"]: row for row in rows}
    assert {TENANT, OTHER, "360000"} <= told.keys(), "every tenant was restored"
    asked = json.loads(told[TENANT]["recipients"])
    assert {each["role"] for each in asked} == {"administrator", "portal"}
    assert {each["tenant"] for each in asked} == {TENANT}
    numbers = json.loads(told[TENANT]["snapshot"])["restore"]["numbers"]
    assert {"name": FILING, "from": 7, "to": 14} in numbers


async def test_a_worker_that_the_backup_remembers_is_waited_for(trail: Trail) -> None:
    """Its lease came back with the database; it runs out, and who declares need do nothing about it."""
    await _lost(trail)
    await trail.sql("UPDATE leases SET holder = 'of before', until = now() + interval '1 second'")
    assert {gap.tenant: gap.seq for gap in await declare(trail.door, trail.settings, 1)}[TENANT] == 5
    assert await trail.codes() == set()


async def test_a_cut_after_the_declaration_is_found(trail: Trail) -> None:
    await _lost(trail)
    await declare(trail.door, trail.settings, 1)
    await trail.write(2)
    await trail.seal()
    await _restored(trail, 6)
    assert await trail.codes() == {"tail_cut"}


async def test_who_cannot_sign_cannot_declare(trail: Trail) -> None:
    """A gap in the database alone, or in a line nobody signed, stays a finding."""
    await _lost(trail)
    last = json.loads(trail.anchors.read_bytes().splitlines()[-1])
    forged = {**last, "seq": 5, "resumes": True}
    with trail.anchors.open("a") as file:
        file.write(json.dumps(forged) + "\n")
    assert "tail_cut" in await trail.codes()
    with pytest.raises(NotDeclared, match="faults"):
        await declare(trail.door, trail.settings, 1)
    trail.anchors.unlink()
    with pytest.raises(NotDeclared, match="no anchors"):
        await declare(trail.door, trail.settings, 1)
    assert await _counted(trail) == {FEED: 40, FILING: 7}


def test_the_margin_is_a_whole_number() -> None:
    assert parser(()).parse_args(["restore", "declare"]).margin == 100
    for wrong in ("0", "-1", "x", "1.5"):
        with pytest.raises(SystemExit):
            parser(()).parse_args(["restore", "declare", "--margin", wrong])


@pytest.mark.parametrize("left", ["300 milliseconds", "1 day"], ids=["of a moment ago", "of a clock ahead"])
async def test_a_lease_that_came_along_with_the_backup_runs_out(trail: Trail, left: str) -> None:
    """Its holder died with the old machine; whose clock may have been ahead of this one's."""
    await _lost(trail)
    await trail.sql("DELETE FROM leases")
    await trail.sql(
        "INSERT INTO leases (tenant_id, name, holder, fence, until) "
        f"VALUES ('*', $1, 'dead', 41, now() + interval '{left}')",
        LEASE,
    )
    gaps = {gap.tenant: gap for gap in await declare(trail.door, trail.settings, 5)}
    assert gaps[TENANT].lost == 3
    (row,) = await trail.sql("SELECT fence, until < now() AS over FROM leases WHERE name = $1", LEASE)
    assert row["fence"] > 41 and row["over"], "taken, and given back for the worker that is started next"
    await trail.sql("DELETE FROM leases")
