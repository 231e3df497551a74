"""Keyset pages: the cursor is the last row's key, signed, so that a forged one is refused (400)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar
from urllib.parse import urlencode
from weakref import WeakSet

import msgspec

from service.kit.call import Answer, Call
from service.kit.db import Row
from service.kit.errors import ServiceError
from service.kit.orders import Order

Item = TypeVar("Item")


def seal(secret: bytes, context: str, key: list[Any]) -> str:
    """A cursor for `key`, valid only in `context` (operation and caller)."""
    payload = msgspec.json.encode(key)
    mac = hmac.digest(secret, context.encode() + b"\x00" + payload, hashlib.sha256)[:12]
    return _spelt(mac + payload)


def _spelt(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unseal(secret: bytes, context: str, cursor: str) -> list[Any]:
    """The key inside a cursor; anything not made by `seal` in this context is 400 `invalid_cursor`."""
    try:
        data = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mac, payload = data[:12], data[12:]
        good = hmac.digest(secret, context.encode() + b"\x00" + payload, hashlib.sha256)[:12]
        # Also spelt as `seal` spells it: the decoder skips what is no letter of its.
        if hmac.compare_digest(mac, good) and _spelt(data) == cursor:
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
    spelt = {name: str(each).lower() if isinstance(each, bool) else each for name, each in params.items()}
    asked = f"{urlencode(spelt, doseq=True)}&" if params else ""
    return {"link": f'<{path}?{asked}cursor={cursor}>; rel="next"'}  # which `seal` made fit for an address


class Asked(Protocol):
    """What every query of a list has."""

    @property
    def cursor(self) -> str | None: ...
    @property
    def limit(self) -> int: ...


class Wish(NamedTuple):
    """A page as a list is told of it: the filters that were said, the order, whether it is behind a row."""

    filters: frozenset[str]
    order: str
    after: bool
    across: bool


@dataclass(frozen=True, eq=False)
class Pages(ABC):
    """How every list goes on from page to page, whoever puts its rows in order: the database (listing.py), or this
    process where they are merged of queues or ranked by words. `path`: below /api/v1. The orders' first is the default.
    """

    every: ClassVar[WeakSet[Pages]] = WeakSet()  # a test reads which list has which class

    name: str
    path: str
    orders: Mapping[str, Order]

    def __post_init__(self) -> None:
        Pages.every.add(self)

    @abstractmethod
    async def rows(
        self, call: Call, wish: Wish, given: Mapping[str, Any], *, cursor: str | None, limit: int
    ) -> list[Row]:
        """The rows behind the cursor, at most `limit`."""

    def whose(self, call: Call, wish: Wish, given: Mapping[str, Any]) -> str:
        """With what a cursor may be taken on: the same reader, the same order."""
        first = wish.order == next(iter(self.orders))
        return f"{call.principal.scope}:{call.scope.login}{'' if first else f':{wish.order}'}"

    def place(self, call: Call, wish: Wish, given: Mapping[str, Any], cursor: str) -> dict[str, Any]:
        """Where a cursor stands, as `after_<column>`; 400 `invalid_cursor` for any that this list did not make."""
        context = f"{self.name}:{self.whose(call, wish, given)}"
        return self.orders[wish.order].place(unseal(call.services.cursor_secret, context, cursor))

    def cursor(self, call: Call, wish: Wish, given: Mapping[str, Any], row: Row) -> str:
        """The cursor behind a row."""
        context = f"{self.name}:{self.whose(call, wish, given)}"
        return seal(call.services.cursor_secret, context, self.orders[wish.order].key(row))

    def headers(self, query: Any, cursor: str | None) -> dict[str, str]:
        """The Link to the next page of a query."""
        return next_link(f"/api/v1{self.path}", msgspec.to_builtins(query), cursor)

    async def page(
        self, call: Call, query: Asked, wish: Wish, given: Mapping[str, Any]
    ) -> tuple[list[Row], str | None, dict[str, str]]:
        """The rows of a page, the cursor of the next one, and the headers that lead there."""
        rows = await self.rows(call, wish, given, cursor=query.cursor, limit=query.limit + 1)
        shown = rows[: query.limit]
        cursor = self.cursor(call, wish, given, shown[-1]) if len(rows) > query.limit else None
        return shown, cursor, self.headers(query, cursor)

    async def answer(
        self,
        call: Call,
        query: Asked,
        wish: Wish,
        given: Mapping[str, Any],
        item: Callable[[Row], Item],
        page: Callable[[list[Item], str | None], Any],
    ) -> Answer:
        """The page as an answer, made of its items and its cursor."""
        rows, cursor, headers = await self.page(call, query, wish, given)
        return Answer(page([item(row) for row in rows], cursor), headers=headers)

    async def whole(
        self, call: Call, wish: Wish, given: Mapping[str, Any], item: Callable[[Row], Item], size: int
    ) -> AsyncIterator[list[Item]]:
        """All pages, of `size` rows each: the rows of an export are those of the list."""
        cursor: str | None = None
        while True:
            rows = await self.rows(call, wish, given, cursor=cursor, limit=size)
            yield [item(row) for row in rows]
            if len(rows) < size:
                return
            cursor = self.cursor(call, wish, given, rows[-1])
