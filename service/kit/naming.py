"""Names beside codes: whoever acted as {id, kind, name, office_name}, tenants and divisions with what they are called.

A handler answers with codes, as they are stored; what its answer declares as `By`, `TenantNamed` or `DivisionNamed` is
named here, after the transaction, for the whole answer at once: `…_person` or `…_name` is written beside the code.
However long a list is, its people are asked for in one look-up per tenant, and those of the last minute are known
(service/identity/people.py). What is stored for a repeat, sealed or digested holds codes only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeAlias

import msgspec
from msgspec import Meta, Raw, Struct
from msgspec import inspect as types

from service.kit.coded import ActorKindCode
from service.kit.idempotency import Reply

By = Annotated[str, Meta(extra_json_schema={"x-named": "person"})]
TenantNamed = Annotated[str, Meta(extra_json_schema={"x-named": "tenant"})]
DivisionNamed = Annotated[str, Meta(extra_json_schema={"x-named": "division"})]


class PersonView(Struct):
    """Who acted, as called today; `id` is as recorded and never changes."""

    id: Annotated[str, Meta(description="办理人或客户端的标识，与记录一致。Who acted, as recorded.")]
    kind: Annotated[ActorKindCode, Meta(description="人员、接口客户端或系统。Person, client or system.")]
    name: Annotated[
        str | None,
        Meta(description="姓名，或客户端的名称；评审专家、已不在册的不具名。Name, or a word."),
    ]
    office_name: Annotated[str | None, Meta(description="所在单位。Office of the person.")]
    client_name: Annotated[
        str | None, Meta(description="经由哪个接口客户端办理。The client through which the person acted.")
    ] = None
    stands_for_name: Annotated[
        str | None, Meta(description="代谁办理（代办期间）。For whom, where a deputy acted.")
    ] = None


class Names(NamedTuple):
    """How the service looks names up; put among Services by `create_app`."""

    people: Callable[[Any, frozenset[str]], Awaitable[Mapping[str, PersonView]]]
    places: Callable[[str], str | None]


async def named(call: Any, reply: Reply) -> Reply:
    """The reply with the names of its codes. What is free-form in it is left as it is."""
    if call.spec.answer in (None, bytes) or not 200 <= reply.status < 300:
        return reply
    plan = _plan(call.spec.answer)
    if plan is None or not reply.body:
        return reply
    content, found = _opened(reply.body, plan)
    names: Names = call.services.names
    actors = frozenset(at[key] for at, key, kind in found if kind == "person" and at[key] is not None)
    people = await names.people(call, actors) if actors else {}
    for at, key, kind in found:
        code = at[key]
        if kind == "person":
            at[f"{key}_person"] = None if code is None else people[code]
        else:
            at[f"{key}_name"] = None if code is None else names.places(code)
    return reply._replace(body=msgspec.json.encode(content))


class _Each(NamedTuple):
    """The items of a list, or the values of an object, are each planned so."""

    of: _Plan


@dataclass(eq=False)
class _Members:
    """Of a Struct: its members that are codes, by kind, and those with codes somewhere within."""

    codes: dict[str, str] = field(default_factory=dict)
    within: dict[str, _Plan] = field(default_factory=dict)


_Plan: TypeAlias = "_Each | _Members"
# One level of an object: its members stay bytes.
_PARTS = msgspec.json.Decoder(dict[str, Raw] | list[Any] | str | int | float | bool | None)


_Code = tuple[dict[str, Any], str, str]


def _opened(body: bytes, plan: _Plan) -> tuple[Any, list[_Code]]:
    """The answer, taken apart to its codes, and (object, member, kind) of each of them.

    Of one object what holds no code stays the bytes it is, of a case nearly all; the many small ones of a list are read
    whole, which costs less than to part them.
    """
    found: list[_Code] = []
    return _open(Raw(body), plan, found), found


def _open(raw: Raw, plan: _Plan, found: list[_Code]) -> Any:
    if isinstance(plan, _Each):
        value = msgspec.json.decode(raw)
        _collect(value, plan, found)
        return value
    value = _PARTS.decode(raw)
    if isinstance(value, dict):
        for key, kind in plan.codes.items():
            if key in value:
                value[key] = msgspec.json.decode(value[key])
                found.append((value, key, kind))
        for key, inner in plan.within.items():
            if key in value:
                value[key] = _open(value[key], inner, found)
    return value


def _collect(value: Any, plan: _Plan, found: list[_Code]) -> None:
    """The codes of what is read whole."""
    if isinstance(plan, _Each):
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            _collect(each, plan.of, found)
    elif isinstance(value, dict):
        found += [(value, key, kind) for key, kind in plan.codes.items() if key in value]
        for key, inner in plan.within.items():
            if key in value:
                _collect(value[key], inner, found)


@cache
def _plan(answer: Any) -> _Plan | None:
    return _look(types.type_info(answer), {})


def _look(info: Any, seen: dict[Any, _Members]) -> _Plan | None:
    if isinstance(info, types.Metadata):
        return _look(info.type, seen)
    if isinstance(info, types.UnionType):
        return next((found for each in info.types if (found := _look(each, seen)) is not None), None)
    if isinstance(info, types.CollectionType | types.DictType):
        inner = info.item_type if isinstance(info, types.CollectionType) else info.value_type
        of = _look(inner, seen)
        return None if of is None else _Each(of)
    if not isinstance(info, types.StructType):
        return None
    if info.cls in seen:  # a Struct within itself
        return seen[info.cls]
    plan = seen[info.cls] = _Members()
    for member in info.fields:
        kind = _kind(member.type)
        if kind is not None:
            plan.codes[member.encode_name] = kind
        elif (found := _look(member.type, seen)) is not None:
            plan.within[member.encode_name] = found
    return plan if plan.codes or plan.within else None


def _kind(info: Any) -> str | None:
    if isinstance(info, types.UnionType):
        return next(filter(None, map(_kind, info.types)), None)
    return (info.extra_json_schema or {}).get("x-named") if isinstance(info, types.Metadata) else None
