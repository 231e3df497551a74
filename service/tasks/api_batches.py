"""/batches: one operation over many things, where the deed asks no judgement of the single case."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.tasks.batches import run
from service.tasks.schemas_batches import BatchIn, BatchResult, BatchView

NOT_BATCHABLE = Error(
    422, "not_batchable", "该操作须逐件判断，或不存在，不能成批办理；operations 列出可以成批的操作"
)


@operation(
    "POST",
    "/batches",
    resource="me",
    action="read",
    summary="成批办理",
    tag="batches",
    body=BatchIn,
    answer=BatchView,
    before=run,
    errors=(NOT_BATCHABLE,),
)
async def submit(call: Call, _: Tx) -> Answer:
    """同一操作办理多件：每件各自核对权限、各自成败、各自记录，一件不成不影响其他；只限不须逐件判断的操作。

    每件计一次请求；带 Idempotency-Key 的，以同一键重试时已办成的不再办。如按名单登记人员、授予角色，开通应用。
    """
    results: list[BatchResult] = call.found
    done = sum(each.status < 400 for each in results)
    return Answer(BatchView(done, len(results) - done, results))


ROUTES: list[HTTPRouteHandler] = [submit]
