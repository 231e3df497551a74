"""What a handler is given and what it returns: Services, Spec, Answer, Again and the Call, one decoded request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from secrets import token_bytes
from typing import Any, Literal, TypeVar, cast

import msgspec
from litestar import Request
from litestar.datastructures import Headers

from service.kit import clock
from service.kit.acting import HEADER, acting
from service.kit.authn import Principal
from service.kit.authz import Policy
from service.kit.crowd import Crowds
from service.kit.db import Door, Scope, cases, own, tenant_scope
from service.kit.decoding import decode_body, decode_json, unnamed
from service.kit.errors import Error, ServiceError
from service.kit.every_fault import Labels
from service.kit.fresh import Tags
from service.kit.idempotency import Key, Reply
from service.kit.naming import Names, PersonView
from service.kit.office_ids import strip_own
from service.kit.preconditions import Precondition, precondition
from service.kit.query import decode_query, form_of
from service.kit.wire import encode

# `service`: an administrator's act on all that an office holds, of which he is shown numbers and ids only.
Where = Literal["cases", "own", "service"]
T = TypeVar("T")
_ACTING = HEADER.encode()


async def _untold(call: Any, error: ServiceError) -> None:
    return None


async def _nobody(call: Any, actors: frozenset[str]) -> Mapping[str, PersonView]:
    return {actor: PersonView(actor, "system", None, None) for actor in actors}


NAMELESS = Names(_nobody, lambda code: None)


@dataclass
class Services:
    """What `create_app` joins and every call can reach; `shelf` holds feature services by their type."""

    door: Door
    policy: Policy
    cursor_secret: bytes
    doorbell: Callable[[str], None]
    shelf: dict[type, Any] = field(default_factory=dict)
    tags: Tags = field(
        default_factory=lambda: Tags(token_bytes())
    )  # `create_app` has those of the deployment
    in_flight: set[Key] = field(default_factory=set)
    crowds: Crowds = field(default_factory=Crowds)
    # By the name of a query parameter: whether its value is one there is. What is not is 400, never an empty list.
    known: dict[str, Callable[[str], bool]] = field(default_factory=dict)
    names: Names = NAMELESS
    # Adds to a 412 who changed the record, when and by what deed.
    changed: Callable[[Any, ServiceError], Awaitable[None]] = _untold
    # What the codes of a request's member are called, for who chose none of them (kit/every_fault).
    labels: Labels = unnamed


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
    also: tuple[int, ...] = ()  # other statuses of success, with the same content
    tagged: bool = False  # answers with an ETag though its content names no version
    cached: bool = False  # a read that answers with a tag of its content, and 304 to whoever has it already
    description: str = ""
    then: tuple[tuple[str, str], ...] = ()
    deprecated: tuple[datetime, datetime] | None = (
        None  # since when, and when it may be gone (openapi/CHANGELOG.md)
    )
    form: bool = False  # the body is a form (RFC 6749), not JSON
    upload: str = ""  # media types, parted by ", ", of a body taken as it is: a file, lines
    before: Callable[[Call], Awaitable[Any]] | None = None  # runs before BEGIN; its result is `call.found`
    # Runs after a refusal was rolled back, in a transaction of its own: whom the refusal concerns is told.
    refused: Callable[[Call, ServiceError], Awaitable[None]] | None = None


@dataclass(slots=True)
class Answer:
    """What a handler returns: a Struct, bytes as they are, or (reads only) an async generator of bytes that is sent
    as it yields; and the headers that belong to it.
    """

    content: Any
    version: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    named: bool = False  # its bytes hold the names of their codes already
    replayed: Any = None  # stored in place of `content` where that holds a secret shown once

    def kept(self, reply: Reply) -> Reply:
        """What is stored for a replay: the same bytes, but never a secret."""
        return reply if self.replayed is None else reply._replace(body=encode(self.replayed))

    def reply(self, spec: Spec) -> Reply:
        """Rendered once: these bytes are stored, sent and replayed."""
        headers = {"content-type": spec.media_type, **self.headers, **farewell(spec)}
        if self.version is not None:
            headers["etag"] = f'"{self.version}"'
        content = self.content
        if content is None:
            headers.pop("content-type")
        body = content if isinstance(content, bytes) else b"" if content is None else encode(content)
        return Reply(self.status or spec.status, headers, body)


def farewell(spec: Spec) -> dict[str, str]:
    """What every answer of an operation that is going says: since when (RFC 9745), and until when (RFC 8594)."""
    if spec.deprecated is None:
        return {}
    since, until = spec.deprecated
    return {"deprecation": f"@{int(since.timestamp())}", "sunset": format_datetime(until, usegmt=True)}


class Again(Exception):
    """What this process holds in memory is older than the rows it just read: catch up, then run it once more."""

    def __init__(self, catch_up: Callable[[], Awaitable[None]]) -> None:
        super().__init__("behind")
        self.catch_up = catch_up


def scope_of(principal: Principal, where: Where) -> Scope:
    """In which scope an operation meets its rows."""
    if where == "service":
        return tenant_scope(principal.tenant)
    return cases(principal) if where == "cases" else own(principal)


def header(request: Request[Any, Any, Any], name: bytes) -> str | None:
    """All values of one header, joined by commas (RFC 9110, section 5.3); None where it was not sent.

    Looked for as it came: to take a whole head apart takes thirty microseconds.
    """
    found = [value for each, value in request.scope["headers"] if each == name]
    return b",".join(found).decode("latin-1") if found else None


class _NoRequest:
    """What a call inside another has in place of a request."""

    __slots__ = ("headers", "path_params", "scope")

    def __init__(self) -> None:
        self.headers, self.path_params = Headers(), dict[str, Any]()
        self.scope: dict[str, Any] = {"headers": []}


class Call:
    """One request, decoded: who, what, when; `found` is what the operation's `before` returned.

    `empty_desks`: (tenant, role) of desks a `before` found nobody at (projects/manning.py).
    """

    __slots__ = (
        "body",
        "empty_desks",
        "form",
        "found",
        "now",
        "principal",
        "query",
        "request",
        "scope",
        "services",
        "spec",
        "trace_id",
    )

    def __init__(self, request: Request[Any, Any, Any], spec: Spec, raw: bytes) -> None:
        self.request = request
        self.spec = spec
        self.services: Services = request.app.state.services
        self.principal: Principal = cast(Principal, request.scope.get("tj.principal"))
        if spec.unsafe and self.principal is not None:
            pairs = ((spec.resource, spec.action), *spec.then)
            named = header(request, _ACTING)
            self.principal = acting(self.principal, self.services.policy, pairs, named)
        self.scope: Scope = scope_of(self.principal, spec.where)
        self.trace_id: str = cast(str, request.scope.get("tj.request_id", ""))
        self.now: datetime = clock.now()
        self.body: Any = None
        if spec.body is not None:
            self.body = decode_body(
                raw,
                header(request, b"content-type") or "",
                spec.body,
                encoding=header(request, b"content-encoding") or "",
                labels=self.services.labels,
            )
            self._strip(self.body)
        asked: bytes = request.scope["query_string"]
        self.form: str | None = None  # of a list as a file: csv or xlsx
        if spec.media_type.startswith("text/csv"):
            asked, self.form = form_of(asked)
        self.query: Any = decode_query(asked, spec.query, self.services.known)
        self._strip(self.query, query=True)
        self.found: Any = None
        self.empty_desks: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def inside(cls, around: Call, spec: Spec, raw: bytes) -> Call:
        """The call of another operation by the same caller, with this JSON body: decoded and scoped as if it were sent.

        The caller's right to it is asked by `authz.check`; there is no path, no query and no precondition.
        """
        call = cls.__new__(cls)
        call.request = cast("Request[Any, Any, Any]", _NoRequest())
        call.spec, call.services, call.principal = spec, around.services, around.principal
        call.scope, call.trace_id, call.now = (
            scope_of(around.principal, spec.where),
            around.trace_id,
            clock.now(),
        )
        call.body = decode_json(raw, spec.body, around.services.labels)
        call._strip(call.body)
        call.query, call.found, call.form, call.empty_desks = None, None, None, frozenset()
        return call

    def _strip(self, value: Any, *, query: bool = False) -> None:
        """Office ids without their tenant; the province filters by offices of any tenant."""
        if self.principal is not None:
            across = query and self.scope.login == "province"
            strip_own(value, self.principal.tenant, across=across, query=query)

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
    def expected(self) -> Precondition:
        """The versions of If-Match: 428 when missing, 400 when it cannot be read."""
        return precondition(header(self.request, b"if-match"))
