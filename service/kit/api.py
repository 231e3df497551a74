"""One way to write an endpoint: `@operation(...)` on `async (call) -> Answer` or `async (call, tx) -> Answer`.

Reads get a Call. Unsafe operations get an open transaction; the wrapper adds the idempotency record, writes all
rows in one statement, commits, and only then answers. The decorator's Spec feeds guards and the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar, cast

import asyncpg
import msgspec
from litestar import Request
from litestar.handlers import HTTPRouteHandler

from service.kit import clock
from service.kit.authn import Principal
from service.kit.authz import Policy, requires
from service.kit.db import Door, Scope, Tx, cases, own
from service.kit.decoding import decode_body, decode_query
from service.kit.errors import Error as Error
from service.kit.errors import ServiceError
from service.kit.handler import Handler, Rendered, Streamed
from service.kit.idempotency import Key, Reply, make_key, remember, replay
from service.kit.refusals import refusals

Where = Literal["cases", "own"]
T = TypeVar("T")


@dataclass
class Services:
    """What `create_app` joins and every call can reach; `shelf` holds feature services by their type."""

    door: Door
    policy: Policy
    cursor_secret: bytes
    doorbell: Callable[[str], None]
    shelf: dict[type, Any] = field(default_factory=dict)
    in_flight: set[Key] = field(default_factory=set)


class Spec(msgspec.Struct, frozen=True):
    """All that is known of an operation without running it."""

    method: str
    path: str
    operation_id: str
    summary: str
    tag: str
    resource: str
    action: str
    status: int
    body: Any = None
    query: Any = None
    answer: Any = None
    media_type: str = "application/json"
    where: Where = "own"
    unsafe: bool = False
    if_match: bool = False
    errors: tuple[Error, ...] = ()
    conflict: Error | None = None
    paged: bool = False
    description: str = ""
    then: tuple[tuple[str, str], ...] = ()
    upload: str = ""  # the media type of a body that is taken as it is: a file, lines


_STALE = Error(412, "stale_version", "记录已被更新，请重新读取后再试")


@dataclass(slots=True)
class Answer:
    """What a handler returns: a Struct, bytes as they are, or (reads only) an async generator of bytes that is sent
    as it yields; and the headers that belong to it.
    """

    content: Any
    version: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    replayed: Any = None  # stored in place of `content` where that holds a secret shown once

    def kept(self, reply: Reply) -> Reply:
        """What is stored for a replay: the same bytes, but never a secret."""
        return reply if self.replayed is None else reply._replace(body=msgspec.json.encode(self.replayed))

    def reply(self, spec: Spec) -> Reply:
        """Rendered once: these bytes are stored, sent and replayed."""
        headers = {"content-type": spec.media_type, **self.headers}
        if self.version is not None:
            headers["etag"] = f'"{self.version}"'
        content = self.content
        if content is None:
            headers.pop("content-type")
        body = (
            content
            if isinstance(content, bytes)
            else b""
            if content is None
            else msgspec.json.encode(content)
        )
        return Reply(self.status or spec.status, headers, body)


class Again(Exception):
    """What this process holds in memory is older than the rows it just read: catch up, then run it once more."""

    def __init__(self, catch_up: Callable[[], Awaitable[None]]) -> None:
        super().__init__("behind")
        self.catch_up = catch_up


class Call:
    """One request, decoded: who, what, when."""

    __slots__ = ("body", "now", "principal", "query", "request", "scope", "services", "spec", "trace_id")

    def __init__(self, request: Request[Any, Any, Any], spec: Spec, raw: bytes) -> None:
        self.request = request
        self.spec = spec
        self.services: Services = request.app.state.services
        self.principal: Principal = cast(Principal, request.scope.get("tj.principal"))
        self.scope: Scope = cases(self.principal) if spec.where == "cases" else own(self.principal)
        self.trace_id: str = cast(str, request.scope.get("tj.request_id", ""))
        self.now: datetime = clock.now()
        self.body: Any = None
        if spec.body is not None:
            self.body = decode_body(raw, request.headers.get("content-type", ""), spec.body)
        self.query: Any = decode_query(request.scope["query_string"], spec.query)

    @property
    def door(self) -> Door:
        return self.services.door

    def path(self, name: str) -> str:
        """A path parameter as text."""
        return str(self.request.path_params[name])

    def service(self, kind: type[T]) -> T:
        """A feature's service put on the shelf by `create_app`."""
        return cast("T", self.services.shelf[kind])

    @property
    def expected_version(self) -> int:
        """The version of If-Match: 428 when missing, 400 when not one of ours (RFC 9110, RFC 6585)."""
        value = self.request.headers.get("if-match")
        if value is None:
            raise ServiceError(428, "if_match_required", "请先读取该记录，并以 If-Match 携带其 ETag")
        number = value.strip()[1:-1]
        strong = value.strip() == f'"{number}"'  # a weak tag never matches (RFC 9110, section 13.1.1)
        if not (strong and number.isascii() and number.isdigit() and len(number) <= 9):
            raise ServiceError(412, "stale_version", "If-Match 不是该记录的当前版本，请重新读取后再试")
        return int(number)


Read = Callable[[Call], Awaitable[Answer]]
Write = Callable[[Call, Tx], Awaitable[Answer]]


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
            **more,
        )
        return _route(spec, handler)

    return decorate


def _route(spec: Spec, handler: Any) -> HTTPRouteHandler:
    async def endpoint(request: Request[Any, Any, Any]) -> Rendered | Streamed:
        raw: bytes = request.scope.get("tj.body", b"")  # type: ignore[assignment]
        call = Call(request, spec, raw)
        request.scope["tj.login"] = call.scope.login  # type: ignore[typeddict-unknown-key]
        if spec.if_match:
            _ = call.expected_version  # a missing precondition is told before any work
        if spec.unsafe:
            reply = await caught_up(lambda: _perform(call, handler, raw))
        else:
            answer = await caught_up(lambda: _read(call, handler))
            if isinstance(answer.content, AsyncGenerator):
                headers = {"content-type": spec.media_type, **answer.headers}
                return Streamed(answer.status or spec.status, headers, answer.content)
            reply = answer.reply(spec)
        return Rendered(reply.status, reply.headers, reply.body)

    endpoint.__name__ = spec.operation_id
    return Handler(
        spec.path,
        http_method=[spec.method],  # type: ignore[list-item]
        status_code=200,  # for Litestar only: the real one is on each answer
        guards=[requires(spec.resource, spec.action, *spec.then)],
        opt={"spec": spec},
        include_in_schema=False,
        name=spec.operation_id,
    )(endpoint)


async def caught_up(run: Callable[[], Awaitable[T]]) -> T:
    """Runs it, anew after each catching up; whoever changes faster than that is asked to come back."""
    for _ in range(_CATCHES):
        try:
            return await run()
        except Again as behind:
            await behind.catch_up()
    raise ServiceError(503, "unavailable", "规则正在变更，请稍后以相同的 Idempotency-Key 重试")


_CATCHES = 3
_AWAY = (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)


async def _read(call: Call, handler: Read) -> Answer:
    """A read; a database that is away is 503, everything unexpected stays a logged 500."""
    try:
        return await handler(call)
    except (*_AWAY, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        raise ServiceError(503, "unavailable", "数据服务暂不可用，请稍后重试") from error


def _key(call: Call, raw: bytes) -> Key | None:
    """The request's idempotency key; machine clients must send one (trust.md)."""
    value = call.request.headers.get("idempotency-key")
    if value is None:
        if call.principal.client is None:
            return None
        raise ServiceError(400, "idempotency_key_required", "接口客户端的写操作须携带 Idempotency-Key")
    caller = f"{call.principal.client or ''}/{call.principal.user or ''}"
    path = f"{call.spec.method} {call.request.scope['path']}"
    # The query says what to do with the body: a file's name, whether an import is a dry run.
    query = call.request.scope["query_string"].decode("latin-1")
    precondition = "\x00".join((call.request.headers.get("if-match", ""), query))
    return make_key(call.principal.tenant, caller, path, value, raw, precondition)


async def _perform(call: Call, handler: Write, raw: bytes) -> Reply:
    key = _key(call, raw)
    if key is None:
        return await _transact(call, handler, None)
    busy = call.services.in_flight
    if key in busy:
        raise ServiceError(409, "idempotency_in_flight", "同一请求正在处理，请稍后以相同的键重试")
    busy.add(key)
    try:
        return await _transact(call, handler, key)
    except ServiceError as error:
        # A repeat fails on what its first run changed; the stored answer, if any, is the true one.
        if error.status >= 500:
            raise
        stored = await replay(call.door, own(call.principal), key)
        if stored is None:
            raise
        return stored._replace(headers={**stored.headers, "idempotent-replayed": "true"})
    finally:
        busy.discard(key)


async def _transact(call: Call, handler: Write, key: Key | None) -> Reply:
    # Two decided on one version: the rows of the second collide before its update misses.
    raced = _STALE if call.spec.if_match else None
    with refusals(call.spec.conflict or raced):
        async with call.door.transaction(call.scope) as tx:
            answer = await handler(call, tx)
            reply = answer.reply(call.spec)
            if key is not None:
                remember(tx, key, answer.kept(reply), call.now)
    for tenant in tx.rings:
        call.services.doorbell(tenant)
    return reply
