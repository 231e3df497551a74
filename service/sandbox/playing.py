"""A deed of another desk, by whoever sits there: the operation itself, with its guard, transaction and audit.

No side door: the person is found as a token would name him, the call is built and not sent (kit/inside), and what the
desk would be refused is refused in the same words. The history names the person through the portal.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import msgspec

from service.docs.document import EXAMPLES
from service.kit.call import Call, Spec
from service.kit.clock import legal_day
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.idempotency import Reply
from service.kit.ids import stable_id
from service.kit.inside import Ask, Inside
from service.projects.operations import OPERATIONS
from service.sandbox.cases import approval, opinion
from service.sandbox.desks import everybody, person, tenants_of
from service.sandbox.schemas import PlayIn, PlayView

# What everybody says who is the wrong one: the next is asked.
_NOT_MINE = (403, 404)
_NOT_ME = ("same_person", "same_organ", "not_holder", "outside_duties")
# In a word what a portal waits for most.
SHORT = {
    "pass": "projects_gatekeep_pass",
    "return": "projects_gatekeep_return",
    "query": "filings_ask",
    "order": "orders_order_rectification",
}
UNKNOWN = "unknown_operation"


async def play(call: Call) -> PlayView:
    """The answer to the first who may; the refusal of the first who was asked where nobody does."""
    body: PlayIn = call.body
    inside = call.service(Inside)
    spec = inside.spec(SHORT.get(body.act) or OPERATIONS.get(body.act, body.act))
    if spec is None or not spec.resource or spec.resource == "sandbox":
        raise ServiceError(
            422, UNKNOWN, f"没有“{body.act}”这项操作；可用 operation_id，或 actions 中的 action"
        )
    refusal: ServiceError | None = None
    async for who in _asked(call, body):
        if not inside.may(who, spec.operation_id) and body.by is None:
            continue
        try:
            return await _one(call, inside, spec, who)
        except ServiceError as error:
            if body.by is not None or not _another(error):
                raise
            refusal = refusal or error
    raise refusal or not_found()


def _another(error: ServiceError) -> bool:
    """Whether somebody else might be let."""
    codes = {error.code, *(each.code for each in error.extensions.get("errors", ()))}
    return error.status in _NOT_MINE or not codes.isdisjoint(_NOT_ME)


async def _asked(call: Call, body: PlayIn) -> Any:
    if body.by is None:
        async for who, _ in everybody(call):
            yield who
        return
    tenant, _, login = body.by.rpartition("/")
    for each in (tenant,) if tenant else tenants_of(call):
        if each in tenants_of(call) and (found := await person(call, each, login)) is not None:
            yield found[0]
            return
    fault = f"本市和省级没有登录名为 {login} 的人员"
    raise invalid([FieldError("/by", "unknown_user", fault)])


async def _one(call: Call, inside: Inside, spec: Spec, who: Any) -> PlayView:
    given: PlayIn = call.body
    parts = {**given.parts, **({} if given.ref is None else {"ref": given.ref})}
    if any(name not in parts for name in inside.parts(spec.operation_id)):
        wanted = "、".join(inside.parts(spec.operation_id))
        raise invalid([FieldError("/parts", "required", f"路径中的各部分须写全：{wanted}")])
    now = await _now(call, inside, spec, who, parts)
    tag = now[0] if given.version is None else f'"{given.version}"'
    key = call.request.headers.get("idempotency-key")
    ask = Ask(
        who,
        spec.operation_id,
        path=parts,
        query=list(given.query.items()),
        body=_body(call, spec, now[1]),
        media=(spec.upload or "application/json").split(", ")[0],
        if_match=tag if spec.if_match else None,
        key=None if key is None or not spec.unsafe else stable_id("play", key, who.tenant, str(who.login)),
        request_id=call.trace_id,
        address=call.request.scope.get("tj.address"),
    )
    return _shown(spec, who, await inside.reply(ask))


async def _now(
    call: Call, inside: Inside, spec: Spec, who: Any, parts: dict[str, str]
) -> tuple[str | None, dict[str, Any]]:
    """The tag and content of the thing as the person reads it now, where the operation needs them."""
    reading = inside.reading(spec.operation_id)
    given: PlayIn = call.body
    wanted = (spec.if_match and given.version is None) or (
        spec.operation_id in _MADE and given.body is msgspec.UNSET
    )
    if reading is None or not wanted:
        return None, {}
    reply = await inside.reply(Ask(who, reading, path=parts, request_id=call.trace_id))
    content = msgspec.json.decode(reply.body)
    tags = {name.lower(): value for name, value in reply.headers.items()}
    return tags.get("etag"), content if isinstance(content, dict) else {}


def _body(call: Call, spec: Spec, now: dict[str, Any]) -> bytes:
    given: PlayIn = call.body
    if spec.upload:
        try:
            return base64.b64decode(given.file or "", validate=True)
        except ValueError:
            raise invalid([FieldError("/file", "not_allowed", "应为 base64")]) from None
    if given.body is not msgspec.UNSET:
        return msgspec.json.encode(given.body)
    return b"" if spec.body is None else json.dumps(made_up(call, spec, now), ensure_ascii=False).encode()


def made_up(call: Call, spec: Spec, now: dict[str, Any]) -> Any:
    """A body that will do: for the two deeds that depend on the case one made for it, else the document's example."""
    if (make := _MADE.get(spec.operation_id)) is not None and now:
        return make(call, now)
    file = EXAMPLES / f"{spec.operation_id}.json"
    example = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return _today(example, legal_day(call.now).isoformat())


def _today(value: Any, day: str) -> Any:
    """The example with its acts and papers dated today, wherever the clock stands; periods stay as they are."""
    if isinstance(value, list):
        return [_today(each, day) for each in value]
    if not isinstance(value, dict):
        return value
    dated = {"on", "date"}
    return {
        name: day
        if isinstance(of, str) and (name in dated or name.endswith(("_on", "_date")))
        else _today(of, day)
        for name, of in value.items()
    }


def _accepted(_: Call, project: dict[str, Any]) -> Any:
    found = [each["code"] for each in project.get("findings", ()) if each.get("reason") is not None]
    return {"opinions": [opinion(code) for code in found]}


def _approved(call: Call, project: dict[str, Any]) -> Any:
    return approval(project, legal_day(call.now))


_MADE = {"projects_gatekeep_pass": _accepted, "filings_approve": _approved}


def _shown(spec: Spec, who: Any, reply: Reply) -> PlayView:
    headers = {name.lower(): value for name, value in reply.headers.items()}
    view = PlayView(
        operation_id=spec.operation_id,
        by=f"{who.tenant}/{who.login}",
        status=reply.status,
        etag=headers.get("etag"),
        location=headers.get("location"),
    )
    if reply.body and "json" in headers.get("content-type", ""):
        view.body = msgspec.json.decode(reply.body)
    elif reply.body:
        view.file = base64.b64encode(reply.body).decode()
    return view
