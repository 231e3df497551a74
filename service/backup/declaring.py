"""`tongjian restore declare`: says of a restored deployment what is lost, and lets nothing be given out twice.

What was acknowledged within the recovery point is gone, but others hold it: receipts with filing numbers, cursors of
feeds, signed heads of the audit trail. The anchors tell how far the numbers had come; the counters are moved past
that and a margin, the gap is signed into the anchors' file and into each tenant's trail, and administrators and
portals are told. To be run once, before the API and the worker start on the restored database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Text, bindparam
from sqlalchemy.dialects.postgresql import insert

from service.audit.actions import OPERATOR, Operator, record
from service.audit.check import all_anchors
from service.audit.jobs import LEASE, anchor
from service.audit.queries import COUNTED, END, TENANTS
from service.audit.seal import Head, anchor_log
from service.audit.verify import Anchor, genesis
from service.kit import clock
from service.kit.counters import counters
from service.kit.db import RELAY, Door, Tx, tenant_scope
from service.kit.held import SPAN, hold, release
from service.kit.ids import new_id
from service.kit.ordering import database_now
from service.kit.outbox import Recipient, emit
from service.kit.statements import TENANT_ID, Statement
from service.settings import Settings

_PLACED = insert(counters).values(
    tenant_id=TENANT_ID,
    name=bindparam("name", type_=Text),
    value=bindparam("number", type_=BigInteger),
)
_PLACE = Statement(
    _PLACED.on_conflict_do_update(
        index_elements=["tenant_id", "name"], set_={"value": _PLACED.excluded.value}
    )
)


class NotDeclared(Exception):
    """Why nothing was done."""


@dataclass(frozen=True)
class Gap:
    """What one tenant lost: audit entries beyond `seq` up to `anchored`, and how each counter was moved."""

    tenant: str
    seq: int
    anchored: int
    moved: Mapping[str, tuple[int, int]]  # counter's name → number it stood at, number it stands at

    @property
    def lost(self) -> int:
        """Audit entries that were anchored and are gone; those never anchored are not known to anybody."""
        return max(0, self.anchored - self.seq)


async def declare(door: Door, settings: Settings, margin: int) -> list[Gap]:
    """Moves, records, tells and signs, tenant by tenant. `margin`: receipts that may have gone out unanchored.

    Feed positions move by a hundred times as much: every receipt makes several events, and every tenant reads some.
    NotDeclared without anchors or keys (nothing could be compared or signed), or where the anchors' file has faults.
    """
    anchors, faults = await asyncio.to_thread(all_anchors, settings)
    log = anchor_log(settings)
    if log is None or not anchors:
        raise NotDeclared("no anchors and keys to compare with and to sign by")
    if faults:
        raise NotDeclared(f"the anchors' file has faults of its own: {faults[0].code}, line {faults[0].line}")
    fence = await _held(door, await asyncio.to_thread(log.fence))
    now = await database_now(door)
    gaps = []
    for row in await door.fetch(RELAY, TENANTS):
        tenant = str(row["tenant_id"])
        end = await door.row(RELAY, END, tenant_id=tenant)
        assert end is not None  # noqa: S101 - an aggregate always has a row
        gap = await _moved(door, tenant, end["seq"] or 0, _of(anchors, tenant), margin, now)
        head = Head(tenant, gap.seq, end["head"] or genesis(tenant), resumes=True)
        await anchor(door, [head], settings, now, fence)
        gaps.append(gap)
    await release(door, LEASE)
    return gaps


async def _held(door: Door, seen: int) -> int:
    """The anchors' lease. In the restored database one may still run that a worker had when the old one was lost."""
    until = clock.monotonic() + 1.5 * SPAN.total_seconds()
    while (fence := await hold(door, LEASE, seen)) is None:
        if clock.monotonic() > until:
            raise NotDeclared("a worker is running: stop it first")
        await asyncio.sleep(0.5)
    return fence


def _of(anchors: list[Anchor], tenant: str) -> list[Anchor]:
    return [each for each in anchors if each.tenant == tenant]


async def _moved(door: Door, tenant: str, seq: int, anchors: list[Anchor], margin: int, now: datetime) -> Gap:
    """One transaction: the counters, the entry in the trail, the event."""
    async with door.transaction(tenant_scope(tenant)) as tx:
        rows = await tx.fetch(COUNTED, tenant_id=tenant)
        stood = {str(row["name"]): int(row["value"]) for row in rows}
        moved = {}
        for name in sorted({*stood, *(name for each in anchors for name in each.numbers)}):
            reached = max([stood.get(name, 0), *(each.numbers.get(name, 0) for each in anchors)])
            to = reached + margin * (100 if name == "feed" else 1)
            tx.batch.add(_PLACE, tenant_id=tenant, name=name, number=to)
            moved[name] = (stood.get(name, 0), to)
        gap = Gap(tenant, seq, max((each.seq for each in anchors), default=0), moved)
        _told(tx, gap, now)
    return gap


def _told(tx: Tx, gap: Gap, now: datetime) -> None:
    trace = new_id()
    told: dict[str, Any] = {
        "entries_lost": gap.lost,
        "numbers": [{"name": name, "from": old, "to": new} for name, (old, new) in gap.moved.items()],
    }
    record(
        tx,
        tenant=gap.tenant,
        principal=Operator(gap.tenant),
        action="restore.declare",
        object_kind="tenant",
        object_id=gap.tenant,
        summary={**told, "chain_seq": gap.seq},
        request_id=trace,
        now=now,
    )
    emit(
        tx,
        tenant=gap.tenant,
        kind="restore.declared",
        recipients=[Recipient(gap.tenant, role) for role in ("administrator", "portal")],
        snapshot={
            "subject": {"id": gap.tenant, "name": "系统由备份恢复", "owner_name": "系统运维"},
            "restore": {"declared_at": now.isoformat(), **told},
            "message": "系统已由备份恢复，恢复前最后一段时间的办理可能没有保留；备案编号和事件序号已跳过一段接续。",
            "actor": OPERATOR,
            "steps": {
                "portal": "请核对最近一段时间送出的请求，没有保留的重新办理。",
                "administrator": "请通知各单位核对最近一段时间的办理。",
            },
        },
        trace_id=trace,
        now=now,
    )
