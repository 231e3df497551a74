"""Ids of offices in bodies and queries: as /offices and /me give them, `<tenant>-<uuid>` or the bare `office_id`.

Both are taken everywhere. What a field of this type holds after decoding is the bare id: the prefix falls here and
nowhere else, and one that names another tenant is an office nobody of this tenant knows.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from msgspec.inspect import ListType, Metadata, StructType, UnionType, type_info

from service.kit.errors import FieldError, ServiceError, invalid

_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_LENGTH = 36
OfficeId = Annotated[
    str,
    Meta(
        pattern=rf"^([0-9A-Za-z]{{2,16}}-)?{_UUID}$(?!\n)",
        description="单位的 id 或 office_id",
        extra={"office": True},
    ),
]
UNKNOWN = "没有这个单位，或不在您的权限内"


def _is_office(kind: Any) -> bool:
    return isinstance(kind, Metadata) and bool((kind.extra or {}).get("office"))


def _plain(kind: Any) -> Any:
    return kind.type if isinstance(kind, Metadata) and not _is_office(kind) else kind


@cache
def office_fields(kind: Any) -> tuple[tuple[str, bool], ...]:
    """The fields of a struct that hold office ids, and whether each is a list of them."""
    if kind is None:
        return ()
    info = _plain(type_info(kind))
    found = []
    for each in info.fields if isinstance(info, StructType) else ():
        one = _plain(each.type)
        for part in one.types if isinstance(one, UnionType) else (one,):
            part = _plain(part)
            if _is_office(part):
                found.append((each.name, False))
            elif isinstance(part, ListType) and _is_office(part.item_type):
                found.append((each.name, True))
    return tuple(found)


def strip_offices(value: Any, tenant: str, *, across: bool = False, query: bool = False) -> Any:
    """The decoded struct with bare office ids. `across`: the province filters by offices of any tenant.

    422 `unknown_office` with the pointer (400 in a query) for an office of another tenant.
    """
    for name, many in office_fields(type(value)):  # type: ignore[arg-type]
        given = getattr(value, name)
        if many and isinstance(given, list):
            bare: Any = [
                _bare(each, f"/{name}/{index}", tenant, across, query) for index, each in enumerate(given)
            ]
        elif isinstance(given, str):
            bare = _bare(given, f"/{name}", tenant, across, query)
        else:
            continue
        msgspec.structs.force_setattr(value, name, bare)
    return value


def _bare(given: str, pointer: str, tenant: str, across: bool, query: bool) -> str:
    prefix = given[:-_LENGTH]
    if not prefix or across or prefix == f"{tenant}-":
        return given[-_LENGTH:]
    if query:
        fault = FieldError(pointer.removeprefix("/"), "unknown_office", UNKNOWN)
        raise ServiceError(400, "invalid_query", f"查询参数有误：{UNKNOWN}", errors=[fault])
    raise invalid([FieldError(pointer, "unknown_office", UNKNOWN)])
