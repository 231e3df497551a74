"""`tongjian check audit` and GET /audit/verify: streams every chain past its entries and anchors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rich.console import Console
from rich.table import Table

from service.audit.cases import check_cases
from service.audit.powers import check_powers
from service.audit.queries import CHAIN, ENTRY_COLUMNS, TENANTS, UNSEALED
from service.audit.seal import anchor_path, complete_lines
from service.audit.verify import (
    KEPT_FINDINGS,
    Anchor,
    ChainRow,
    Finding,
    Verdict,
    Verifier,
    in_force,
    read_anchors,
)
from service.kit import clock, keys
from service.kit.db import RELAY, Door, Scope
from service.settings import Settings

PAGE = 500
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
AnchorState = Literal["checked", "not_checked"]


def trusted_anchors(settings: Settings) -> tuple[list[Anchor], list[Finding]]:
    """The anchors that can be relied on, and the anchor file's own faults. Blocking."""
    anchors, faults = all_anchors(settings)
    return in_force(anchors), faults


def all_anchors(settings: Settings) -> tuple[list[Anchor], list[Finding]]:
    """As trusted_anchors, with those that were declared lost. Blocking."""
    path = anchor_path(settings)
    if path is None or not path.exists():
        return [], []
    return read_anchors(complete_lines(path), _public_keys(settings))


def _public_keys(settings: Settings) -> Mapping[str, Ed25519PublicKey] | None:
    return keys.load(settings.signing_keys_file).verify if settings.signing_keys_file else None


def anchor_state(settings: Settings) -> AnchorState:
    """A check that could not run says so (law.md, trap 11)."""
    return "checked" if settings.audit_anchor_dir and settings.signing_keys_file else "not_checked"


async def check_tenant(door: Door, scope: Scope, tenant: str, anchors: list[Anchor]) -> Verdict:
    """One tenant's chain, cases and powers in pages. The anchors must have been read before: the chain only grows.

    A page reads all of one moment, which began before it came here: an anchor written since would name a place that the
    chain does not reach in it, and the end of the trail would seem cut off.
    """
    await door.anew()
    verifier = Verifier(tenant, anchors)
    while True:
        rows = await door.fetch(scope, CHAIN, tenant_id=tenant, after=verifier.seq, limit=PAGE)
        verifier.feed(_chain_row(row) for row in rows)
        if len(rows) < PAGE:
            break
        await asyncio.sleep(0)  # hashing a page takes tens of milliseconds; others are served in between
    now = clock.now()
    until = now + timedelta(days=36500)
    unsealed = await door.fetch(scope, UNSEALED, tenant_id=tenant, since=_ALWAYS, until=until, limit=1000)
    verdict = verifier.finish([(row["id"], row["at"]) for row in unsealed], now)
    cases = await check_cases(door, tenant)
    verdict.cases, verdict.cases_not_checked = cases.checked, cases.not_checked + cases.erased
    found = [*cases.findings, *await check_powers(door, tenant)]
    verdict.problems += len(found)
    verdict.findings += found[: max(0, KEPT_FINDINGS - len(verdict.findings))]
    return verdict


def _chain_row(row: Mapping[str, Any]) -> ChainRow:
    entry = {name: row[name] for name in ENTRY_COLUMNS} if row["id"] is not None else None
    return ChainRow(
        row["chain_seq"],
        row["chain_entry_id"],
        row["chain_entry_digest"],
        row["chain_head"],
        row["chain_sealed_at"],
        entry,
    )


def missing_file(settings: Settings, verdicts: list[Verdict]) -> list[Finding]:
    """A sealed chain whose anchor file is gone: the sealer writes one with the first entry."""
    path = anchor_path(settings)
    if path is None or path.exists() or not any(verdict.sealed for verdict in verdicts):
        return []
    return [
        Finding("anchor_file_missing", None, "锚点文件不存在，而链上已有记录：锚点被删除，或配置的目录不对")
    ]


async def check_all(door: Door, settings: Settings) -> tuple[list[Verdict], list[Finding]]:
    """Every tenant's verdict, and the findings on the anchor file."""
    anchors, faults = await asyncio.to_thread(trusted_anchors, settings)
    tenants = [row["tenant_id"] for row in await door.fetch(RELAY, TENANTS)]
    verdicts = [await check_tenant(door, RELAY, tenant, anchors) for tenant in tenants]
    strange = {anchor.tenant for anchor in anchors} - set(tenants)
    faults += [
        Finding("tenant_missing", tenant, "库外锚点有这个地区，库中没有") for tenant in sorted(strange)
    ]
    return verdicts, faults + missing_file(settings, verdicts)


async def check_audit(door: Door, settings: Settings) -> list[Finding]:
    """All findings; empty = nothing was edited, deleted, swapped, or cut up to the last anchor."""
    verdicts, faults = await check_all(door, settings)
    return faults + [finding for verdict in verdicts for finding in verdict.findings]


async def report(door: Door, settings: Settings, console: Console | None = None) -> int:
    """Prints the check as tables; the exit code, 1 with findings."""
    out = console or Console()
    verdicts, faults = await check_all(door, settings)
    out.print(_overview(verdicts))
    if anchor_state(settings) == "not_checked":
        out.print("库外锚点未核对：未配置锚点目录或签名密钥")
    findings = faults + [finding for verdict in verdicts for finding in verdict.findings]
    problems = len(faults) + sum(verdict.problems for verdict in verdicts)
    if not findings:
        out.print("未发现问题")
        return 0
    out.print(_list(findings))
    out.print(f"发现 {problems} 处问题，列出 {len(findings)} 处")
    return 1


def _overview(verdicts: list[Verdict]) -> Table:
    columns: dict[str, Callable[[Verdict], object]] = {
        "地区": lambda v: v.tenant,
        "已入链": lambda v: v.sealed,
        "待入链": lambda v: v.unsealed,
        "最近锚点": lambda v: f"第 {v.last_anchor.seq} 号 {v.last_anchor.at[:19]}" if v.last_anchor else "无",
        "链尾": lambda v: v.head[:16] if v.sealed else "",
        "案卷": lambda v: v.cases,
        "未核对案卷": lambda v: v.cases_not_checked,
        "问题": lambda v: v.problems,
    }
    table = Table(*columns, title="审计链核对")
    for verdict in verdicts:
        table.add_row(*(str(cell(verdict)) for cell in columns.values()))
    return table


def _list(findings: list[Finding]) -> Table:
    table = Table("问题", "地区", "链上序号", "锚点行", title="发现的问题")
    for name in ("记录", "说明"):
        table.add_column(
            name, overflow="fold"
        )  # whole in a narrow terminal too: the record is looked up by it
    for each in findings:
        cells = (each.code, each.tenant, each.seq, each.line, each.entry_id, each.detail)
        table.add_row(*("" if cell is None else str(cell) for cell in cells))
    return table
