"""HTTP as somebody: the demo does nothing that a portal or a person with a token could not do."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import aiohttp

from service.kit import clock
from service.kit.ids import new_id
from service.setup.seed import demo_client_secret

PATIENCE = 20.0  # seconds during which a call is repeated while the API restarts
_PAUSE = 0.2
_AGAIN = ("idempotency_in_flight", "busy", "unavailable", "revocations_stale")


class Who(NamedTuple):
    """A person of a tenant by login, or its portal."""

    tenant: str
    login: str | None = None


class Reply(NamedTuple):
    """An answer: status, ETag where there is one, and the JSON."""

    status: int
    etag: str | None
    data: Any


class Refused(Exception):
    """An answer other than 2xx."""

    def __init__(self, reply: Reply) -> None:
        self.problem: Mapping[str, Any] = reply.data if isinstance(reply.data, dict) else {}
        self.status = reply.status
        super().__init__(f"{reply.status} {self.code}")

    @property
    def code(self) -> str:
        return str(self.problem.get("code", ""))

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The faults by JSON pointer, or the refusal itself as one."""
        whole = {
            "pointer": "",
            "code": self.code or str(self.status),
            "detail": self.problem.get("detail", ""),
        }
        return list(self.problem.get("errors") or [whole])


class Client:
    """A session with the API at `base`; tokens are fetched once per identity."""

    def __init__(self, base: str, secret_key: str) -> None:
        self.base = base
        self._secret_key = secret_key
        self._session: aiohttp.ClientSession | None = None
        self._tokens: dict[Who, asyncio.Task[str]] = {}

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        self._session = aiohttp.ClientSession(self.base, timeout=timeout, trust_env=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, who: Who, path: str, **query: str | int) -> Reply:
        """A read under /api/v1; Refused unless 2xx."""
        return await self._call(who, "GET", path, params=query)

    async def send(
        self, who: Who, method: str, path: str, body: Any = None, *, etag: str | None = None
    ) -> Reply:
        """A command under /api/v1, with a key of its own; Refused unless 2xx."""
        headers = {"idempotency-key": new_id()}
        if etag is not None:
            headers["if-match"] = etag
        return await self._call(
            who, method, path, headers=headers, **({} if body is None else {"json": body})
        )

    async def token(self, who: Who) -> str:
        """An access token: client credentials for a portal, the development grant for a person."""
        if who not in self._tokens:
            self._tokens[who] = asyncio.create_task(self._fetch_token(who))
        return await self._tokens[who]

    async def ready(self) -> bool:
        """What /readyz says; False also while nobody answers."""
        try:
            return (await self._once("GET", "/readyz", {})).status == 200
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    async def _fetch_token(self, who: Who) -> str:
        if who.login is None:
            secret = demo_client_secret(self._secret_key, who.tenant)
            form = {"client_id": f"{who.tenant}.portal", "client_secret": secret}
            form["grant_type"] = "client_credentials"
        else:
            form = {"grant_type": "urn:tongjian:grant:development", "username": f"{who.tenant}/{who.login}"}
        reply = await self._patiently("POST", "/api/v1/oauth/token", {"data": form})
        return str(reply.data["access_token"])

    async def _call(self, who: Who, method: str, path: str, **more: Any) -> Reply:
        headers = {**more.pop("headers", {}), "authorization": f"Bearer {await self.token(who)}"}
        return await self._patiently(method, f"/api/v1{path}", {**more, "headers": headers})

    async def _patiently(self, method: str, path: str, more: dict[str, Any]) -> Reply:
        """Repeats with the same Idempotency-Key while the API is away: a repeat can do nothing twice."""
        until = clock.monotonic() + PATIENCE
        while True:
            late = clock.monotonic() > until
            try:
                reply = await self._once(method, path, more)
            except (aiohttp.ClientConnectionError, TimeoutError):
                if late:
                    raise
            else:
                if reply.status < 300:
                    return reply
                refused = Refused(reply)
                if late or refused.code not in _AGAIN:
                    raise refused
            await asyncio.sleep(_PAUSE)

    async def _once(self, method: str, path: str, more: dict[str, Any]) -> Reply:
        if self._session is None:
            raise RuntimeError("the client is not open")
        async with self._session.request(method, path, **more) as response:
            is_json = "json" in response.headers.get("content-type", "")
            data = await response.json(content_type=None) if is_json else None
            return Reply(response.status, response.headers.get("etag"), data)
