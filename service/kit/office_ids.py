"""Ids of offices, people and experts in bodies and queries: `<tenant>-<uuid>` as lists give them, or the bare one.

Both are taken everywhere. What a field of this type holds after decoding is the bare id: the prefix falls here and
nowhere else, and one that names another tenant is an office, a person, an expert whom nobody of this tenant knows.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta
from msgspec.inspect import ListType, Metadata, StructType, UnionType, type_info

from service.kit.errors import FieldError, ServiceError, invalid

_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_LENGTH = 36


def _own(unknown: str, told: str) -> Meta:
    pattern = rf"^([0-9A-Za-z]{{2,16}}-)?{_UUID}$(?!\n)"
    return Meta(pattern=pattern, description=told, extra={"unknown": unknown})


OfficeId = Annotated[str, _own("unknown_office", "单位的 id 或 office_id")]
UserRef = Annotated[str, _own("unknown_user", "用户的 id，可省略地区前缀")]
ExpertRef = Annotated[str, _own("unknown_expert", "专家的 id 或 expert_id")]
UNKNOWN = {
    "unknown_office": "没有这个单位，或不在您的权限内",
    "unknown_user": "没有这个用户，或不在您的权限内",
    "unknown_expert": "没有这位专家，或不在您的权限内",
}


class OwnField(NamedTuple):
    """A field that holds such an id, or a list of them (`many`); `unknown`: what the fault of its kind is called."""

    name: str
    many: bool
    unknown: str


def _unknown(kind: Any) -> str | None:
    return (kind.extra or {}).get("unknown") if isinstance(kind, Metadata) else None


def _plain(kind: Any) -> Any:
    return kind.type if isinstance(kind, Metadata) and _unknown(kind) is None else kind


def _parts(kind: Any) -> list[Any]:
    one = _plain(kind)
    return [_plain(each) for each in one.types] if isinstance(one, UnionType) else [one]


@cache
def own_fields(kind: Any) -> tuple[OwnField, ...]:
    """The fields of a struct that hold such ids."""
    info = None if kind is None else _plain(type_info(kind))
    found = []
    for each in info.fields if isinstance(info, StructType) else ():
        for part in _parts(each.type):
            if (unknown := _unknown(part)) is not None:
                found.append(OwnField(each.name, False, unknown))
            elif isinstance(part, ListType) and (unknown := _unknown(part.item_type)) is not None:
                found.append(OwnField(each.name, True, unknown))
    return tuple(found)


@cache
def _below(kind: Any) -> tuple[str, ...]:
    """The fields that are lists of structs with such ids."""
    info = None if kind is None else _plain(type_info(kind))
    return tuple(
        each.name
        for each in (info.fields if isinstance(info, StructType) else ())
        for part in _parts(each.type)
        if isinstance(part, ListType)
        and isinstance(part.item_type, StructType)
        and own_fields(part.item_type.cls)
    )


def strip_own(value: Any, tenant: str, *, across: bool = False, query: bool = False, at: str = "") -> Any:
    """The decoded struct with bare ids. `across`: the province filters by offices of any tenant.

    422 with the pointer (400 in a query) for an id of another tenant.
    """
    kind: Any = type(value)
    for name, many, unknown in own_fields(kind):
        given = getattr(value, name)
        if many and isinstance(given, list):
            # Of a query a pointer is the parameter's name.
            where = [f"{at}/{name}" if query else f"{at}/{name}/{index}" for index in range(len(given))]
            bare: Any = [
                each[-_LENGTH:] if across else _bare(each, place, tenant, unknown, query)
                for each, place in zip(given, where, strict=True)
            ]
        elif isinstance(given, str):
            bare = given[-_LENGTH:] if across else _bare(given, f"{at}/{name}", tenant, unknown, query)
        else:
            continue
        msgspec.structs.force_setattr(value, name, bare)
    for name in _below(kind):
        for index, each in enumerate(getattr(value, name) or ()):
            strip_own(each, tenant, at=f"{at}/{name}/{index}")
    return value


def _bare(given: str, pointer: str, tenant: str, unknown: str, query: bool) -> str:
    prefix = given[:-_LENGTH]
    if not prefix or prefix == f"{tenant}-":
        return given[-_LENGTH:]
    if query:
        fault = FieldError(pointer.removeprefix("/"), unknown, UNKNOWN[unknown])
        raise ServiceError(400, "invalid_query", f"查询参数有误：{fault.detail}", errors=[fault])
    raise invalid([FieldError(pointer, unknown, UNKNOWN[unknown])])
