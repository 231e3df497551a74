"""Outbound HTTP: only to allow-listed networks, over the very address that was checked.

No redirects, no proxies from the environment, TLS verified, ten seconds in all, at most 64 KB read. A refusal
or a failure is a value, since unreachable receivers are everyday life.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Lookup = Callable[[str, int], Awaitable[list[str]]]


class Response(NamedTuple):
    """What the other side answered; `body` may be cut."""

    status: int
    body: bytes


class Failure(NamedTuple):
    """Why there is no answer: a stable code, never the other side's text."""

    code: str


class _Forbidden(OSError):
    """Raised inside the resolver; `post` turns it into a Failure."""


def parse_address(text: str) -> Address | None:
    """A literal address, IPv4-mapped IPv6 as IPv4; None for a name."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def permitted(address: Address | None, networks: Sequence[Network]) -> bool:
    """Whether the address lies in one of the networks."""
    return address is not None and any(address in network for network in networks)


async def system_lookup(host: str, port: int) -> list[str]:
    """The system resolver's addresses of a name."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(entry[4][0]) for entry in found]


class PinnedResolver(AbstractResolver):
    """Resolves once and hands the connector only what it has checked: no second look-up in between.

    One address outside the allow-list refuses the name as a whole: a receiver with one leg elsewhere is a
    mistake or a trick.
    """

    def __init__(self, networks: Sequence[Network], lookup: Lookup) -> None:
        self._networks = networks
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises _Forbidden unless every address is allowed."""
        del family
        addresses = [parse_address(text) for text in dict.fromkeys(await self._lookup(host, port))]
        if not addresses or not all(permitted(address, self._networks) for address in addresses):
            raise _Forbidden(host)
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing to close."""


class Outbound:
    """One session for a process. `lookup` is replaced in tests."""

    def __init__(
        self,
        networks: Sequence[Network],
        *,
        timeout: float = 10.0,
        max_bytes: int = 65_536,
        lookup: Lookup = system_lookup,
    ) -> None:
        self._networks = tuple(networks)
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._lookup = lookup
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Opens the session; call inside the running loop."""
        # No DNS cache: an address is used for the connection it was checked for.
        connector = aiohttp.TCPConnector(
            resolver=PinnedResolver(self._networks, self._lookup),
            use_dns_cache=False,
            limit=0,
            limit_per_host=16,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._timeout),
            trust_env=False,
            auto_decompress=False,
            raise_for_status=False,
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Response | Failure:
        """POSTs once. Never raises for what the network or the other side does."""
        if self._session is None:
            raise RuntimeError("Outbound is not open")
        try:
            target = URL(url)
            if target.scheme not in ("http", "https") or not target.host:
                return Failure("invalid_url")
            literal = parse_address(target.host)  # the connector would not ask the resolver about these
            if literal is not None and not permitted(literal, self._networks):
                return Failure("address_not_allowed")
            async with self._session.post(
                target, data=body, headers=dict(headers), allow_redirects=False
            ) as response:
                return Response(response.status, await self._body(response))
        except TimeoutError:
            return Failure("timeout")
        except aiohttp.InvalidURL:
            return Failure("invalid_url")
        except (aiohttp.ClientError, OSError) as error:
            return Failure(_code(error))
        except ValueError:  # from yarl; after ClientError, some of which are ValueErrors too
            return Failure("invalid_url")

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        """The beginning of the body. The status line was the answer: a body that breaks off changes nothing."""
        try:
            return await response.content.read(self._max_bytes)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return b""


def _code(error: Exception) -> str:
    """A stable code; the connector wraps what the resolver raised."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, _Forbidden):
            return "address_not_allowed"
        cause = getattr(cause, "os_error", None) or cause.__cause__
        if cause is error:
            break
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "unresolvable"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return "tls_failed"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "connection_refused"
    if isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError):
        return "connection_lost"
    return "protocol_error"
