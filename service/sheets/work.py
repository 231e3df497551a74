"""One workbook being worked on, and how its row is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec

from service.kit.api import Call
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError
from service.sheets import queries
from service.sheets.columns import Fault, Sheet
from service.sheets.declared import SHEETS
from service.sheets.rows import Thing, located
from service.sheets.staged import unpack
from service.sheets.targets import TARGETS, Target


class Work:
    """One workbook being worked on, by the call that began it."""

    def __init__(self, call: Call, row: Row | dict[str, Any], proposer: str = "") -> None:
        self.call, self.row, self.done = call, row, 0
        self.proposer = (
            proposer  # who sent it, where another person puts it in force; nobody while it is checked
        )
        self.sheet: Sheet = SHEETS[row["sheet"]]
        self.target: Target = TARGETS[row["sheet"]]
        self.place = {"of_tenant": row["tenant_id"], "of_id": row["id"]}

    def inside(self, thing: Thing) -> Call:
        """The operation's call with the thing's body; raises what the wire would refuse."""
        call = Call.inside(self.call, self.target.spec, msgspec.json.encode(thing.body))
        call.found = self.proposer
        return call

    async def prepared(self, thing: Thing) -> Call:
        """With what the operation needs before BEGIN."""
        call = self.inside(thing)
        if self.target.spec.before is not None:
            call.found = await self.target.spec.before(call)
        return call

    def faults(self, thing: Thing, error: ServiceError) -> list[Fault]:
        """A refusal at the row and columns it speaks of."""
        told = list(error.extensions.get("errors", ())) or [FieldError("", error.code, error.detail)]
        return [located(self.sheet, thing, each.pointer, each.code, each.detail) for each in told]


async def save(work: Work, statement: Any, also: Callable[[Tx], None] | None = None, **values: Any) -> None:
    """One update of the row as it was begun; `also`: what is told in the same transaction."""
    new = {f"new_{name}": value for name, value in values.items()}
    async with work.call.door.transaction(_own(work)) as tx:
        tx.batch.add(statement, expect=None, read_version=work.row["version"], **work.place, **new)
        if also is not None:
            also(tx)
    for tenant in tx.rings:
        work.call.services.doorbell(tenant)


def _own(work: Work) -> Any:
    return work.call.scope


async def content(work: Work) -> list[Thing]:
    row = await work.call.door.row(
        _own(work), queries.CONTENT, tenant_id=work.row["tenant_id"], id=work.row["id"]
    )
    if row is None or row["content"] is None:
        raise ServiceError(410, "workbook_gone", "表格内容已不在，请重新上传")
    return (await asyncio.to_thread(unpack, row["content"])).things()
