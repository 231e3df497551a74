"""SM3 (GB/T 32905) over canonical JSON (RFC 8785): what versions, receipts and audit entries are sealed with."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import rfc8785


def canonical(value: Any) -> bytes:
    """Canonical JSON of plain data; dates and Structs become what they are on the wire."""
    return rfc8785.dumps(msgspec.to_builtins(value))


def sm3(data: bytes) -> str:
    """The SM3 digest in lower-case hex."""
    return hashlib.new("sm3", data).hexdigest()


def sealed(value: Any) -> str:
    """The digest of a value's canonical JSON."""
    return sm3(canonical(value))
