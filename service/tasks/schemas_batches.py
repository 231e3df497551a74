"""A batch on the wire."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from service.kit.text import opaque

_Name = Annotated[str, Meta(pattern=r"^[a-z_]{1,40}$(?!\n)")]


class BatchItem(Struct, forbid_unknown_fields=True, kw_only=True):
    """One call: `id` and `parts` fill the path (`ref` and the other names in braces), `version` is its If-Match."""

    id: Annotated[str, opaque(100)] | None = None
    parts: Annotated[dict[_Name, Annotated[str, opaque(100)]], Meta(max_length=4)] = {}
    version: Annotated[int, Meta(ge=1, le=2147483647)] | None = None
    body: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    key: Annotated[str, Meta(pattern=r"^[0-9A-Za-z._-]{8,64}$(?!\n)")] | None = None


class BatchIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """One operation over up to 200 items, in their order."""

    operation_id: Annotated[str, Meta(pattern=r"^[a-z_]{3,60}$(?!\n)")]
    items: Annotated[list[BatchItem], Meta(min_length=1, max_length=200)]


class BatchFault(Struct):
    """What is wrong with an item's body, by a pointer into it."""

    pointer: str
    code: str
    detail: str


class BatchResult(Struct, kw_only=True, omit_defaults=True):
    """How an item went: as the operation alone would have answered; of a success its ETag, and where it is."""

    id: str | None
    status: int
    code: str | None = None
    detail: str | None = None
    errors: list[BatchFault] = []
    etag: str | None = None
    location: str | None = None
    replayed: bool = False


class BatchView(Struct):
    """The results in the order of the items."""

    done: int
    failed: int
    items: list[BatchResult]
