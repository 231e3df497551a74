"""What identity providers say of themselves: discovery (OpenID Connect Discovery 1.0) and keys, fetched and kept.

Fetched through kit/http.py only (allow-listed networks, never our own servers, no redirects, seconds), one at a time
for each issuer. Kept an hour; what cannot be fetched anew is used for a day; an unknown key has the keys fetched anew,
at most twice a minute, so that a stranger's tokens cannot make us ask.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import msgspec

from service.kit.http import Failure, Outbound, Response
from service.kit.own_servers import parse_address

FRESH, STALE = 3600.0, 86_400.0  # seconds
AGAIN = 30.0  # seconds between two looks for a key nobody knows, or after a failure
MOST = 200  # issuers kept
DISCOVERY = "/.well-known/openid-configuration"
_JSON = {"accept": "application/json", "accept-encoding": "identity"}


class Unreachable(Exception):
    """The provider does not answer, or not as one. `code`: why, for logs."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Provider(NamedTuple):
    """A provider's own word, checked. `tells_issuer`: it names itself in every answer (RFC 9207)."""

    issuer: str
    authorize: str
    token: str
    jwks: str
    end_session: str | None
    tells_issuer: bool


@dataclass
class _Kept:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    provider: Provider | None = None
    provider_at: float = -STALE
    provider_failed: float = -STALE
    keys: list[dict[str, Any]] = field(default_factory=list)
    keys_at: float = -STALE
    asked_at: float = -STALE


class Providers:
    """On the shelf. `plain`: http is taken for loopback addresses (development); `monotonic` in seconds."""

    def __init__(self, outbound: Outbound, *, plain: bool, monotonic: Callable[[], float]) -> None:
        self.outbound, self._plain, self._monotonic = outbound, plain, monotonic
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def provider(self, issuer: str) -> Provider:
        """What it says of itself, at most an hour old, or a day where it does not answer."""
        kept = self._of(issuer)
        async with kept.lock:
            now = self._monotonic()
            if kept.provider is not None and now - kept.provider_at < FRESH:
                return kept.provider
            try:
                if now - kept.provider_failed < AGAIN:
                    raise Unreachable("lately")
                kept.provider = self._checked(issuer, await self._read(issuer.rstrip("/") + DISCOVERY))
                kept.provider_at = now
            except Unreachable as error:
                if error.code != "lately":
                    kept.provider_failed = now
                if kept.provider is None or now - kept.provider_at >= STALE:
                    raise
            return kept.provider

    async def keys(self, issuer: str, *, anew: bool = False) -> list[dict[str, Any]]:
        """Its keys; `anew`: a token names one that is not among them."""
        provider = await self.provider(issuer)
        kept = self._of(issuer)
        async with kept.lock:
            now = self._monotonic()
            if (now - kept.keys_at < FRESH and not anew) or now - kept.asked_at < AGAIN:
                if not kept.keys:
                    raise Unreachable("no_keys")
                return kept.keys
            kept.asked_at = now
            try:
                found = (await self._read(provider.jwks)).get("keys")
                if not isinstance(found, list) or len(found) > 50:
                    raise Unreachable("no_keys")
                kept.keys = [each for each in found if isinstance(each, dict)]
                kept.keys_at = now
            except Unreachable:
                if not kept.keys or now - kept.keys_at >= STALE:
                    raise
            return kept.keys

    async def redeem(
        self, provider: Provider, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """Its token endpoint's answer to a code."""
        head = {**_JSON, "content-type": "application/x-www-form-urlencoded", **headers}
        return _json(await self.outbound.post(provider.token, urlencode(form).encode(), head, whole=True))

    async def _read(self, url: str) -> dict[str, Any]:
        return _json(await self.outbound.get(url, _JSON))

    def _of(self, issuer: str) -> _Kept:
        kept = self._kept.setdefault(issuer, _Kept())
        self._kept.move_to_end(issuer)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return kept

    def _checked(self, issuer: str, said: Mapping[str, Any]) -> Provider:
        if said.get("issuer") != issuer:
            raise Unreachable("another_issuer")
        ends = said.get("end_session_endpoint")
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        addresses = [said.get(name) for name in names] + ([ends] if ends is not None else [])
        if not all(isinstance(each, str) and self.safe(each) for each in addresses):
            raise Unreachable("unsafe_address")
        tells = said.get("authorization_response_iss_parameter_supported") is True
        return Provider(issuer, said[names[0]], said[names[1]], said[names[2]], ends, tells)

    def safe(self, url: str) -> bool:
        """Whether an address of a provider is one we would go to, or send somebody to."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            return False
        if not (host and url.isascii() and url.isprintable() and " " not in url and "\\" not in url):
            return False
        if "@" in parts.netloc or "#" in url:
            return False
        address = parse_address("127.0.0.1" if host == "localhost" else host)
        plain = self._plain and address is not None and address.is_loopback
        return parts.scheme == "https" or (parts.scheme == "http" and plain)


def _json(answer: Response | Failure) -> dict[str, Any]:
    if isinstance(answer, Failure):
        raise Unreachable(answer.code)
    if answer.status != 200:
        raise Unreachable(f"status_{answer.status}")
    try:
        return msgspec.json.decode(answer.body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreachable("no_json") from None
