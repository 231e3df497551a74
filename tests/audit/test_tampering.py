"""Whatever a superuser does to the trail is found, up to the last anchor."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from rich.console import Console

from service.audit.check import report
from service.audit.queries import ENTRY_COLUMNS
from service.audit.verify import genesis, next_head, recomputed
from service.kit import clock
from tests.audit.conftest import OTHER, TENANT, Trail

ENTRY_5 = f"(SELECT entry_id FROM audit_chain WHERE tenant_id = '{TENANT}' AND seq = 5)"
ROW_5 = f"tenant_id = '{TENANT}' AND id = {ENTRY_5}"


async def redigest(trail: Trail) -> str:
    """The digest that fits entry 5 as it stands now: what a careful forger would write beside it."""
    (row,) = await trail.sql(
        f"SELECT *, id::text AS id, summary::text AS summary FROM audit_entries WHERE {ROW_5}"
    )
    entry = {name: row[name] for name in ENTRY_COLUMNS} | {"summary": json.loads(row["summary"])}
    digest = recomputed(entry)
    assert digest is not None
    return digest


async def rewrite_chain(trail: Trail) -> None:
    """Recomputes every digest and head after tampering, as somebody who knows the formula would."""
    rows = await trail.sql(
        f"SELECT seq, entry_id::text AS entry_id, entry_digest FROM audit_chain "
        f"WHERE tenant_id = '{TENANT}' ORDER BY seq"
    )
    head = genesis(TENANT)
    await trail.sql(f"CREATE TABLE redo AS SELECT * FROM audit_chain WHERE tenant_id = '{TENANT}'")
    await trail.sql(f"DELETE FROM audit_chain WHERE tenant_id = '{TENANT}'")
    for number, row in enumerate(rows, 1):
        head = next_head(head, number, row["entry_id"], row["entry_digest"])
        await trail.sql(
            "INSERT INTO audit_chain SELECT tenant_id, $1, entry_id, $2, $3, sealed_at FROM redo WHERE seq = $4",
            number,
            row["entry_digest"],
            head,
            row["seq"],
        )
    await trail.sql("DROP TABLE redo")


async def test_edited_entry(sealed: Trail) -> None:
    for change in (
        "summary = '{\"version\": 9}'",
        "actor = 'user:360100:nobody'",
        "at = at + interval '1 microsecond'",
        "client = ''",
        "summary = '{\"version\": 99999999999999999999}'",
        "digest = repeat('0', 64)",
    ):
        await sealed.sql("CREATE TABLE honest AS SELECT * FROM audit_entries")
        await sealed.sql(f"UPDATE audit_entries SET {change} WHERE {ROW_5}")
        found = await sealed.findings()
        assert [(f.code, f.tenant, f.seq) for f in found] == [("entry_edited", TENANT, 5)], change
        await sealed.sql("TRUNCATE audit_entries")
        await sealed.sql("INSERT INTO audit_entries SELECT * FROM honest")
        await sealed.sql("DROP TABLE honest")
        assert await sealed.findings() == []


async def test_edited_entry_with_a_fitting_digest(sealed: Trail) -> None:
    await sealed.sql(f"UPDATE audit_entries SET actor = 'nobody' WHERE {ROW_5}")
    await sealed.sql(f"UPDATE audit_entries SET digest = $1 WHERE {ROW_5}", await redigest(sealed))
    assert await sealed.codes() == {"entry_edited"}
    await sealed.sql(
        f"UPDATE audit_chain SET entry_digest = $1 WHERE tenant_id = '{TENANT}' AND seq = 5",
        await redigest(sealed),
    )
    assert await sealed.codes() == {"chain_broken"}
    await rewrite_chain(sealed)
    assert await sealed.codes() == {"anchor_mismatch"}


async def test_deleted_entry(sealed: Trail) -> None:
    await sealed.sql(f"DELETE FROM audit_entries WHERE {ROW_5}")
    assert [(f.code, f.seq) for f in await sealed.findings()] == [("entry_deleted", 5)]


async def test_deleted_with_its_chain_row(sealed: Trail) -> None:
    await sealed.sql(f"DELETE FROM audit_entries WHERE {ROW_5}")
    await sealed.sql(f"DELETE FROM audit_chain WHERE tenant_id = '{TENANT}' AND seq = 5")
    assert await sealed.codes() == {"chain_gap", "chain_broken"}
    await rewrite_chain(sealed)
    assert await sealed.codes() == {"anchor_mismatch", "tail_cut"}


async def test_swapped_chain_rows(sealed: Trail) -> None:
    for one, two in ((3, 1003), (4, 3), (1003, 4)):
        await sealed.sql(
            "UPDATE audit_chain SET seq = $2 WHERE tenant_id = $3 AND seq = $1", one, two, TENANT
        )
    assert await sealed.codes() == {"chain_broken"}


async def test_renumbered_chain(sealed: Trail) -> None:
    await sealed.sql(f"UPDATE audit_chain SET seq = seq + 1000 WHERE tenant_id = '{TENANT}' AND seq > 7")
    assert {"chain_gap", "chain_broken"} <= await sealed.codes()


async def test_chain_of_another_tenant(sealed: Trail) -> None:
    await sealed.sql(f"DELETE FROM audit_chain WHERE tenant_id = '{TENANT}'")
    await sealed.sql(f"UPDATE audit_chain SET tenant_id = '{TENANT}' WHERE tenant_id = '{OTHER}'")
    assert {"chain_broken", "entry_deleted", "tail_cut"} <= await sealed.codes()


@pytest.mark.parametrize("kept", [9, 6, 0])
async def test_tail_cut(sealed: Trail, kept: int) -> None:
    """Entries and chain rows cut off together leave a perfect shorter chain: only the anchor knows."""
    await sealed.sql(
        f"DELETE FROM audit_entries WHERE id IN "
        f"(SELECT entry_id FROM audit_chain WHERE tenant_id = '{TENANT}' AND seq > {kept})"
    )
    await sealed.sql(f"DELETE FROM audit_chain WHERE tenant_id = '{TENANT}' AND seq > {kept}")
    assert [(f.code, f.seq) for f in await sealed.findings()] == [("tail_cut", 10)]
    await sealed.write(20)
    await sealed.seal()
    assert await sealed.codes() == {"anchor_mismatch"}, "growing over the cut does not hide it"


async def test_inserted_entries(sealed: Trail) -> None:
    long_ago = clock.now() - timedelta(days=30)
    await sealed.write(1, at=long_ago)
    await sealed.write(1, at=clock.now() + timedelta(days=30))
    await sealed.seal()
    assert [f.code for f in await sealed.findings()] == ["entry_unsealed"] * 2
    head = await sealed.sql(
        f"SELECT seq, head FROM audit_chain WHERE tenant_id = '{TENANT}' ORDER BY seq DESC LIMIT 1"
    )
    (row,) = await sealed.sql(
        "SELECT id::text AS id, digest FROM audit_entries WHERE at < $1", clock.now() - timedelta(days=1)
    )
    await sealed.sql(
        "INSERT INTO audit_chain VALUES ($1, 11, $2, $3, $4, now())",
        TENANT,
        row["id"],
        row["digest"],
        next_head(head[0]["head"], 11, row["id"], row["digest"]),
    )
    assert await sealed.codes() == {"entry_backdated", "entry_unsealed"}


async def forge(trail: Trail, change: Any) -> set[str]:
    lines = trail.anchors.read_bytes().splitlines()
    trail.anchors.write_bytes(b"".join(line + b"\n" for line in change(lines)))
    return await trail.codes()


def altered(line: bytes, **fields: Any) -> bytes:
    return json.dumps({**json.loads(line), **fields}, separators=(",", ":"), sort_keys=True).encode()


def sm3(line: bytes) -> str:
    return hashlib.new("sm3", line).hexdigest()


async def test_forged_anchors(sealed: Trail) -> None:
    lines = sealed.anchors.read_bytes().splitlines()
    assert len(lines) == 3
    assert await forge(sealed, lambda _: [lines[0], lines[2]]) == {"anchor_lines_missing"}
    assert await forge(sealed, lambda _: lines[1:]) == {"anchor_lines_missing"}
    assert await forge(sealed, lambda _: [lines[0], b"{}", lines[2]]) == {
        "anchor_unreadable",
        "anchor_lines_missing",
    }
    assert await forge(sealed, lambda _: [*lines[:2], altered(lines[2], seq=9)]) == {"anchor_forged"}
    assert await forge(sealed, lambda _: [*lines[:2], altered(lines[2], signature="zz")]) == {"anchor_forged"}
    assert await forge(sealed, lambda _: [*lines[:2], altered(lines[2], kid="mine")]) == {
        "anchor_key_unknown"
    }
    edited = altered(lines[0], head="0" * 64)
    assert await forge(sealed, lambda _: [edited, *lines[1:]]) == {"anchor_forged", "anchor_lines_missing"}
    relinked = altered(lines[1], prev=sm3(edited))
    assert "anchor_forged" in await forge(
        sealed, lambda _: [edited, relinked, altered(lines[2], prev=sm3(relinked))]
    )
    assert await forge(sealed, lambda _: lines) == set()


async def test_deleted_anchor_file_is_told(sealed: Trail) -> None:
    sealed.anchors.unlink()
    assert await sealed.codes() == {"anchor_file_missing"}


async def test_report_prints_and_answers_an_exit_code(sealed: Trail) -> None:
    console = Console(record=True, width=200, quiet=False, file=open("/dev/null", "w"))  # noqa: SIM115
    assert await report(sealed.door, sealed.settings, console) == 0
    assert "未发现问题" in console.export_text()
    await sealed.sql(f"DELETE FROM audit_entries WHERE {ROW_5}")
    assert await report(sealed.door, sealed.settings, console) == 1
    assert "审计记录已被删除" in console.export_text()
