"""Identifiers: UUIDv7 made by the client, and public ids that carry their tenant."""

from __future__ import annotations

import re
import uuid
from typing import Final, NamedTuple

import uuid_utils

from service.kit.errors import or_404

_PUBLIC = re.compile(r"([0-9A-Za-z]{2,16})-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")
_NAMESPACE = uuid.UUID("6f5c9d7e-6d0b-5f0e-9a55-2f6a1c0e7b11")

NIL: Final = (
    "00000000-0000-0000-0000-000000000000"  # nobody's id, and before each that is somebody's (RFC 9562, 5.9)
)


class Ref(NamedTuple):
    """A row of a tenant. On the wire `<tenant>-<uuid>`, so a read across tenants keeps tenant equality."""

    tenant: str
    id: str

    def __str__(self) -> str:
        return f"{self.tenant}-{self.id}"


def new_id() -> str:
    """A UUIDv7 (RFC 9562): sorts by creation time."""
    return str(uuid_utils.uuid7())


def stable_id(*parts: str) -> str:
    """The same id for the same parts: what makes a repeated delivery one message."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(parts)))


def parse_ref(text: str) -> Ref:
    """Reads a public id; anything else is answered like an absent row (404)."""
    match = or_404(_PUBLIC.fullmatch(text))
    return Ref(match[1], match[2])


def bare(text: str, prefix: str) -> str | None:
    """The UUID of an id that may stand with its prefix; None for what is none."""
    found = text.removeprefix(prefix)
    return found if is_uuid(found) else None


def is_uuid(text: str) -> bool:
    """Whether the text is a lower-case hyphenated UUID."""
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) is not None
