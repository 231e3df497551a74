"""Names beside codes: whoever acted as {id, kind, name, office_name}, tenants and divisions with what they are called.

A handler answers with codes, as they are stored; what its answer declares as `By`, `TenantNamed` or `DivisionNamed` is
named here, after the transaction, for the whole answer at once: `…_person` or `…_name` is written beside the code.
However long a list is, its people are asked for in one look-up per tenant, and those of the last minute are known
(service/identity/people.py). What is stored for a repeat, sealed or digested holds codes only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Annotated, Any, NamedTuple, TypeAlias

import msgspec
from msgspec import Meta, Raw, Struct
from msgspec import inspect as types
from msgspec.structs import astuple

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


async def named(call: Any, reply: Reply, content: Any = None) -> Reply:
    """The reply with the names of its codes. What is free-form in it is left as it is.

    `content`: what its bytes were made of, where that is at hand.
    """
    if call.spec.answer in (None, bytes) or not 200 <= reply.status < 300:
        return reply
    plan = _plan(call.spec.answer)
    if plan is None or not reply.body:
        return reply
    if isinstance(content, Struct) and isinstance(plan, _Members) and not plan.within:
        line: Line = (reply.body, plan.of(content))
        people = await _people(call, plan.actors((line,)))
        return Reply(reply.status, reply.headers, plan.ended((line,), call.services.names, people)[0])
    root: dict[str, Any] = {}
    codes: list[_Code] = []
    lines: list[_Lines] = []
    root[""] = _open(Raw(reply.body), plan, _Found(root, "", codes, lines))
    names: Names = call.services.names
    actors = frozenset(at[key] for at, key, kind in codes if kind == "person" and at[key] is not None)
    people = await _people(call, actors.union(*(each.plan.actors(each.lines) for each in lines)))
    for at, key, kind in codes:
        at.update(_called(key, at[key], kind, names, people))
    for each in lines:
        each.fill(names, people)
    body = root[""]
    return reply._replace(body=bytes(body) if isinstance(body, Raw) else msgspec.json.encode(body))


async def _people(call: Any, actors: frozenset[str]) -> Mapping[str, PersonView]:
    names: Names = call.services.names
    return await names.people(call, actors) if actors else {}


def _called(
    key: str, code: str | None, kind: str, names: Names, people: Mapping[str, PersonView]
) -> dict[str, Any]:
    """What is written beside a code."""
    if kind == "person":
        return {f"{key}_person": None if code is None else people[code]}
    return {f"{key}_name": None if code is None else names.places(code)}


# An object as bytes, and its codes in the order of its members; None for a null.
Line: TypeAlias = tuple[bytes, tuple[Any, ...] | None]


class _Each(NamedTuple):
    """The items of a list, or the values of an object, are each planned so."""

    of: _Plan


@dataclass(eq=False)
class _Members:
    """Of a Struct: its members that are codes, by kind, and those with codes somewhere within."""

    codes: dict[str, str] = field(default_factory=dict)
    attributes: list[str] = field(default_factory=list)  # of the codes, in Python
    within: dict[str, _Plan] = field(default_factory=dict)

    # What goes to the end of an object with these codes, where they are all of places, which keep their names.
    ends: dict[Any, bytes] = field(default_factory=dict)
    ends_of: Callable[[str], str | None] | None = None

    def known_ends(self, names: Names) -> dict[Any, bytes]:
        """Those that are known; none where people are among the codes."""
        if "person" in self.codes.values():
            return {}
        if self.ends_of != names.places or len(self.ends) > MOST_ENDS:
            self.ends, self.ends_of = {}, names.places
        return self.ends

    @cached_property
    def reader(self) -> msgspec.json.Decoder[list[Any]]:
        """Reads of objects in a list their codes and nothing else."""
        members = [
            (f"c{at}", str | None | msgspec.UnsetType, msgspec.field(name=key, default=msgspec.UNSET))
            for at, key in enumerate(self.codes)
        ]
        kind = msgspec.defstruct("Codes", members)
        return msgspec.json.Decoder(list[kind | None])  # type: ignore[valid-type]

    def of(self, content: Struct) -> tuple[Any, ...]:
        """The codes of an object that is at hand."""
        return tuple([getattr(content, name) for name in self.attributes])

    def actors(self, lines: Iterable[Line]) -> frozenset[str]:
        """The people among the codes of objects."""
        if "person" not in self.codes.values():
            return frozenset()
        alike = {codes for _, codes in lines if codes is not None}
        told = (each for codes in alike for each in self.told(codes))
        return frozenset([code for _, code, kind in told if kind == "person" and code is not None])

    def told(self, codes: tuple[Any, ...]) -> Iterator[tuple[str, str | None, str]]:
        """Member, code and kind, of the codes of one object; what an object leaves out is not told."""
        for (key, kind), code in zip(self.codes.items(), codes, strict=True):
            if code is not msgspec.UNSET:
                yield key, code, kind

    def ended(self, lines: Iterable[Line], names: Names, people: Mapping[str, PersonView]) -> list[bytes]:
        """The objects with what their codes are called."""
        ends = self.known_ends(names)
        found = []
        for text, codes in lines:
            end = ends.get(codes)
            if end is None:
                end = ends[codes] = self._end(codes, names, people)
            found.append(text[:-1] + end if end else text)
        return found

    def _end(self, codes: tuple[Any, ...] | None, names: Names, people: Mapping[str, PersonView]) -> bytes:
        """What is written behind the last member."""
        beside: dict[str, Any] = {}
        for key, code, kind in self.told(codes) if codes is not None else ():
            beside |= _called(key, code, kind, names, people)
        return b",%b" % msgspec.json.encode(beside)[1:] if beside else b""


_Plan: TypeAlias = "_Each | _Members"
# One level of an object: its members stay bytes.
_PARTS = msgspec.json.Decoder(dict[str, Raw] | list[Any] | str | int | float | bool | None)
_ITEMS = msgspec.json.Decoder(list[Raw])
_Code = tuple[dict[str, Any], str, str]
MOST_ENDS = 4096


class _Lines:
    """Objects without any within that hold codes: they stay the bytes they are, and what codes are called goes to their
    ends, worked out once for those that are coded alike. `listed`: they are a list, not one alone.
    """

    def __init__(self, found: _Found, raw: Raw, plan: _Members, *, listed: bool) -> None:
        self._at, self._key, self.plan, self._listed = found.at, found.key, plan, listed
        whole = bytes(raw)
        read = plan.reader.decode(whole if listed else b"[%b]" % whole)
        codes = [None if each is None else astuple(each) for each in read]
        texts = map(bytes, _ITEMS.decode(whole)) if listed else (whole,)
        self.lines: list[Line] = [*zip(texts, codes, strict=True)]

    def fill(self, names: Names, people: Mapping[str, PersonView]) -> None:
        """Puts the objects where they belong."""
        filled = self.plan.ended(self.lines, names, people)
        self._at[self._key] = Raw(b"[%b]" % b",".join(filled) if self._listed else filled[0])


def ended(kind: type[msgspec.Struct], lines: Iterable[Line], names: Names) -> list[bytes]:
    """Lines of a list that were rendered elsewhere, coded by places alone, with what the places are called. ValueError
    for a kind with other codes.
    """
    plan = _plan(kind)
    if not isinstance(plan, _Members) or plan.within or "person" in plan.codes.values():
        raise ValueError(kind)
    return plan.ended(lines, names, {})


class _Found(NamedTuple):
    """Where a part of the answer stands, and what was found in all of it."""

    at: dict[str, Any]
    key: str
    codes: list[_Code]
    lines: list[_Lines]


def _open(raw: Raw, plan: _Plan, found: _Found) -> Any:
    """A part of the answer, taken apart no further than to its codes.

    Of an object what holds no code stays the bytes it is. What a list holds objects of that have codes within is read
    whole.
    """
    if isinstance(plan, _Each):
        listed = bytes(raw)[:1] == b"["
        if listed and isinstance(plan.of, _Members) and not plan.of.within:
            return _lines(raw, plan.of, found, listed=True)
        value = msgspec.json.decode(raw)
        _collect(value, plan, found.codes)
        return value
    if not plan.within:
        return _lines(raw, plan, found, listed=False)
    value = _PARTS.decode(raw)
    if isinstance(value, dict):
        for key, kind in plan.codes.items():
            if key in value:
                value[key] = msgspec.json.decode(value[key])
                found.codes.append((value, key, kind))
        for key, inner in plan.within.items():
            if key in value:
                value[key] = _open(value[key], inner, found._replace(at=value, key=key))
    return value


def _lines(raw: Raw, plan: _Members, found: _Found, *, listed: bool) -> Raw:
    found.lines.append(_Lines(found, raw, plan, listed=listed))
    return raw  # until the names are known


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
            plan.attributes.append(member.name)
        elif (found := _look(member.type, seen)) is not None:
            plan.within[member.encode_name] = found
    return plan if plan.codes or plan.within else None


def _kind(info: Any) -> str | None:
    if isinstance(info, types.UnionType):
        return next(filter(None, map(_kind, info.types)), None)
    return (info.extra_json_schema or {}).get("x-named") if isinstance(info, types.Metadata) else None
