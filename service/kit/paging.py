"""Keyset pages: the cursor is the last row's key, signed, so that a forged one is refused (400)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import urlencode

import msgspec

from service.kit.errors import ServiceError


def seal(secret: bytes, context: str, key: list[Any]) -> str:
    """A cursor for `key`, valid only in `context` (operation and caller)."""
    payload = msgspec.json.encode(key)
    mac = hmac.digest(secret, context.encode() + b"\x00" + payload, hashlib.sha256)[:12]
    return base64.urlsafe_b64encode(mac + payload).rstrip(b"=").decode()


def unseal(secret: bytes, context: str, cursor: str) -> list[Any]:
    """The key inside a cursor; anything not made by `seal` in this context is 400 `invalid_cursor`."""
    try:
        data = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mac, payload = data[:12], data[12:]
        good = hmac.digest(secret, context.encode() + b"\x00" + payload, hashlib.sha256)[:12]
        if hmac.compare_digest(mac, good):
            key: list[Any] = msgspec.json.decode(payload)
            return key
    except (ValueError, msgspec.DecodeError):
        pass
    raise ServiceError(400, "invalid_cursor", "翻页游标无效，请从第一页重新读取")


def next_link(path: str, query: dict[str, Any], cursor: str | None) -> dict[str, str]:
    """The Link header of the next page (RFC 8288), or none on the last one."""
    if cursor is None:
        return {}
    params = {k: v for k, v in query.items() if v is not None and k != "cursor"}
    return {"link": f'<{path}?{urlencode({**params, "cursor": cursor}, doseq=True)}>; rel="next"'}
