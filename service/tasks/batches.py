"""One operation over many things (docs/decisions/0180): each its own call, transaction, permission, key and result.

Only for deeds that ask no judgement of the single case; whatever decides about somebody's project is done case by case.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from service.kit.api import Call, Spec
from service.kit.errors import ServiceError, not_found
from service.kit.ids import stable_id
from service.kit.inside import Ask, Inside
from service.kit.limits import Limits
from service.tasks.schemas_batches import BatchFault, BatchIn, BatchItem, BatchResult

_PART = re.compile(r"\{([a-z_]+):")
# What may be done to many at once: what is registered, told or opened after somebody has decided; why each, in 0180.
# Not here: gatekeeping, approvals, filings, opinions, scores, confirmations by a second person, orders.
BATCHABLE = frozenset(
    {
        "adoptions_provision",
        "adoptions_report",
        "inbox_mark",
        "users_create",
        "users_grant",
        "offices_create",
        "systems_create",
        "experts_create",
        "webhooks_redeliver",
    }
)


async def run(call: Call) -> list[BatchResult]:
    """Each item in turn, before the batch's own transaction begins: a failed one keeps no other from being done."""
    body: BatchIn = call.body
    inside = call.service(Inside)
    spec = inside.spec(body.operation_id)
    if spec is None or body.operation_id not in BATCHABLE:
        raise ServiceError(
            422, "not_batchable", "该操作须逐件判断，或不存在，不能成批办理", operations=sorted(BATCHABLE)
        )
    results: list[BatchResult] = []
    for number, item in enumerate(body.items):
        if number:
            try:
                call.service(Limits).admit(call.principal)  # the request itself was counted at the door
            except ServiceError as limited:
                results += [_refused(each, limited) for each in body.items[number:]]
                break
        results.append(await _one(call, inside, spec, item, number))
    return results


async def _one(call: Call, inside: Inside, spec: Spec, item: BatchItem, number: int) -> BatchResult:
    key = call.request.headers.get("idempotency-key")
    given = {**item.parts, **({} if item.id is None else {"ref": item.id})}
    if not given.keys() >= set(_PART.findall(spec.path)):
        return _refused(item, not_found())
    ask = Ask(
        call.principal,
        spec.operation_id,
        path=given,
        body=b"{}" if item.body is msgspec.UNSET else msgspec.json.encode(item.body),
        if_match=None if item.version is None else f'"{item.version}"',
        key=item.key or (None if key is None else stable_id("batch", key, str(number))),
        request_id=call.trace_id,
        address=call.request.scope.get("tj.address"),
    )
    try:
        reply = await inside.reply(ask)
    except ServiceError as refusal:
        return _refused(item, refusal)
    headers = {name.lower(): value for name, value in reply.headers.items()}
    return BatchResult(
        id=item.id,
        status=reply.status,
        etag=headers.get("etag"),
        location=headers.get("location"),
        replayed=headers.get("idempotent-replayed") == "true",
    )


def _refused(item: BatchItem, refusal: ServiceError) -> BatchResult:
    faults: list[Any] = list(refusal.extensions.get("errors", ()))
    return BatchResult(
        id=item.id,
        status=refusal.status,
        code=refusal.code,
        detail=refusal.detail,
        errors=[BatchFault(each.pointer, each.code, each.detail) for each in faults],
    )
