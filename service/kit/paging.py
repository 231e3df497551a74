"""Keyset pages: the cursor is the last row's key, signed, so that a forged one is refused (400)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec

from service.kit.call import Call
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


@dataclass(frozen=True)
class Pages:
    """How a list goes on from page to page, whoever puts its rows in order: the database (listing.py), or this process
    where they are merged of queues, picked from what is read or ranked by words. `path`: below /api/v1.

    `whose` says what a cursor may be taken on with: the same reader, the same question.
    """

    name: str
    path: str

    def behind(self, call: Call, whose: str, cursor: str) -> list[Any]:
        """The key of the row that a cursor stands behind; 400 `invalid_cursor` for any that this list did not make."""
        return unseal(call.services.cursor_secret, f"{self.name}:{whose}", cursor)

    def cursor(self, call: Call, whose: str, key: list[Any]) -> str:
        """The cursor behind the row of this key."""
        return seal(call.services.cursor_secret, f"{self.name}:{whose}", key)

    def headers(self, query: Any, cursor: str | None) -> dict[str, str]:
        """The Link to the next page of a query."""
        return next_link(f"/api/v1{self.path}", msgspec.to_builtins(query), cursor)
