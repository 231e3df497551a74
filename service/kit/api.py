"""One way to write an endpoint: `@operation(...)` on `async (call) -> Answer` or `async (call, tx) -> Answer`.

Reads get a Call. Unsafe operations get an open transaction; the wrapper adds the idempotency record, writes all
rows in one statement, commits, and only then answers. What takes time or another connection (a file to be judged,
a lookup in another scope) is done by `before=prepare`, ahead of BEGIN. The decorator's Spec feeds guards and the
OpenAPI document.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from types import AsyncGeneratorType
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.handlers import HTTPRouteHandler

from service.kit.authz import requires
from service.kit.call import Again as Again
from service.kit.call import Answer as Answer
from service.kit.call import Call as Call
from service.kit.call import Services as Services
from service.kit.call import Spec as Spec
from service.kit.call import header
from service.kit.db import Tx, own
from service.kit.errors import Error as Error
from service.kit.errors import ServiceError, not_found
from service.kit.fresh import marked
from service.kit.handler import Handler, Rendered, Streamed
from service.kit.idempotency import Key, Reply, Said, make_key, meaning, remember, replay
from service.kit.naming import named
from service.kit.refusals import READING, read_refusal, refusals

T = TypeVar("T")

Read = Callable[[Call], Awaitable[Answer]]
Write = Callable[[Call, Tx], Awaitable[Answer]]
Done = tuple[Reply, Any]  # what a command answers, and what that was made of; None of one that is repeated


def operation(
    method: str,
    path: str,
    *,
    resource: str,
    action: str,
    summary: str,
    tag: str,
    status: int = 200,
    **more: Any,
) -> Callable[[Any], HTTPRouteHandler]:
    """Declares an endpoint under /api/v1. `unsafe` defaults to everything but GET; see Spec for the rest."""

    def decorate(handler: Any) -> HTTPRouteHandler:
        spec = Spec(
            method=method,
            path=path,
            operation_id=f"{tag}_{handler.__name__}",
            summary=summary,
            tag=tag,
            resource=resource,
            action=action,
            status=status,
            unsafe=more.pop("unsafe", method != "GET"),
            description=(handler.__doc__ or "").strip(),
            cached=more.pop("cached", False) or more.get("paged", False),
            **more,
        )
        return _route(spec, handler)

    return decorate


def _route(spec: Spec, handler: Any) -> HTTPRouteHandler:
    async def endpoint(request: Request[Any, Any, Any]) -> Rendered | Streamed:
        if not all(_spelt(part, request.scope["path"]) for part in request.path_params.values()):
            raise not_found()
        raw: bytes = request.scope.get("tj.body", b"")  # type: ignore[assignment]
        call = Call(request, spec, raw)
        request.scope["tj.login"] = call.scope.login  # type: ignore[typeddict-unknown-key]
        if spec.if_match:
            _ = call.expected  # a missing precondition is told before any work
        if spec.unsafe:
            done = caught_up(lambda: _perform(call, handler, raw))
            reply = await named(call, *await _told_of_changes(call, done))
        else:
            answer = await caught_up(lambda: _read(call, handler))
            if isinstance(answer.content, AsyncGeneratorType):
                headers = {"content-type": spec.media_type, **answer.headers}
                return Streamed(answer.status or spec.status, headers, answer.content)
            reply = answer.reply(spec)
            reply = reply if answer.named else await named(call, reply, answer.content)
            if spec.cached and reply.status == 200:
                reply = marked(reply, header(request, b"if-none-match"), call.services.tags)
        return Rendered(reply.status, reply.headers, reply.body)

    endpoint.__name__ = spec.operation_id
    return Handler(
        spec.path,
        http_method=[spec.method],  # type: ignore[list-item]
        status_code=200,  # for Litestar only: the real one is on each answer
        guards=[requires(spec.resource, spec.action, *spec.then)],
        opt={"spec": spec, "module": handler.__module__},
        include_in_schema=False,
        name=spec.operation_id,
    )(endpoint)


async def _told_of_changes(call: Call, performed: Awaitable[Done]) -> Done:
    """The reply; a refusal for an older version says who made the newer one."""
    try:
        return await performed
    except ServiceError as error:
        if error.code == _STALE.code:
            with refusals():
                await call.services.changed(call, error)
        raise


def _spelt(part: object, path: str) -> bool:
    """Whether a part of the path is text that PostgreSQL could hold (nothing else is anybody's id), a number written in
    its one way: the router reads `01`, `+1` and full-width digits too."""
    if isinstance(part, int):
        return f"/{part}/" in f"{path}/"
    return _UNSTORABLE.search(str(part)) is None


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


async def caught_up(run: Callable[[], Awaitable[T]]) -> T:
    """Runs it, anew after each catching up; whoever changes faster than that is asked to come back."""
    for _ in range(_CATCHES):
        try:
            return await run()
        except Again as behind:
            await behind.catch_up()
    raise ServiceError(503, "unavailable", "规则正在变更，请稍后以相同的 Idempotency-Key 重试")


_STALE = Error(412, "stale_version", "记录已被更新，请重新读取后再试")
_CATCHES = 3


async def _read(call: Call, handler: Read) -> Answer:
    """A read; everything unexpected stays a logged 500."""
    try:
        return await handler(call)
    except (
        READING
    ) as error:  # not by `reading`: a manager for each read costs more than what it guards against
        if (refusal := read_refusal(error)) is None:
            raise
        raise refusal from error


def _key(call: Call, raw: bytes) -> Key | None:
    """The request's idempotency key; machine clients must send one (docs/decisions/0007)."""
    value = header(call.request, b"idempotency-key")
    if value is None:
        if call.principal.client is None:
            return None
        raise ServiceError(400, "idempotency_key_required", "接口客户端的写操作须携带 Idempotency-Key")
    caller = f"{call.principal.client or ''}/{call.principal.user or ''}"
    path = f"{call.spec.method} {call.request.scope['path']}"
    # The query says what to do with the body: a file's name, whether an import is a dry run.
    asked: bytes = call.request.scope["query_string"]
    said = Said(
        header(call.request, b"if-match") or "",
        msgspec.json.encode(call.query) if asked else b"",
        asked,
        raw if call.spec.body is None else meaning(raw),
    )
    return make_key(call.principal.tenant, caller, path, value, said)


async def _perform(call: Call, handler: Write, raw: bytes) -> Done:
    key = _key(call, raw)
    if key is None:
        await _prepare(call)
        return await _transact(call, handler, None)
    busy = call.services.in_flight
    if key in busy:
        raise ServiceError(409, "idempotency_in_flight", "同一请求正在处理，请稍后以相同的键重试")
    busy.add(key)
    begun = False
    try:
        # Judging a file takes long: a repeat is looked for first. Elsewhere its collision tells for nothing.
        if call.spec.upload and (stored := await _stored(call, key)) is not None:
            return stored, None
        await _prepare(call)
        begun = True
        return await _transact(call, handler, key)
    except ServiceError as error:
        # A repeat fails on what its first run changed, or on what is now too busy to be prepared; the stored answer,
        # if any, is the true one.
        if begun and error.status >= 500:
            raise
        stored = await _stored(call, key)
        if stored is None:
            raise
        return stored, None
    finally:
        busy.discard(key)


async def _stored(call: Call, key: Key) -> Reply | None:
    """The reply this key got before, marked as a repeat."""
    with refusals():
        stored = await replay(call.door, own(call.principal), key)
    if stored is None:
        return None
    return stored._replace(headers={**stored.headers, "idempotent-replayed": "true"})


async def _prepare(call: Call) -> None:
    """What the operation needs before BEGIN; anew each time the command runs."""
    if call.spec.before is not None:
        with refusals():
            call.found = await call.spec.before(call)


async def _transact(call: Call, handler: Write, key: Key | None) -> Done:
    try:
        return await _committed(call, handler, key)
    except ServiceError as error:
        if call.spec.refused is not None:
            with refusals():
                await call.spec.refused(call, error)
        raise


async def _committed(call: Call, handler: Write, key: Key | None) -> Done:
    # Two decided on one version: the rows of the second collide before its update misses.
    raced = _STALE if call.spec.if_match else None
    with refusals(call.spec.conflict or raced):
        async with (
            call.services.crowds.turn(call.request.path_params.get("ref")) as turn,
            call.door.transaction(call.scope) as tx,
        ):
            turn.begun()
            answer = await handler(call, tx)
            reply = answer.reply(call.spec)
            if key is not None:
                remember(tx, key, answer.kept(reply), call.now)
    for tenant in tx.rings:
        call.services.doorbell(tenant)
    return reply, answer.content
