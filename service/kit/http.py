"""Outbound HTTP: only to allow-listed networks, never to our own servers, over the very address that was checked.

No redirects, no proxies from the environment, TLS verified, ten seconds in all, at most 64 KB read. A refusal
or a failure is a value, since unreachable receivers are everyday life.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import NamedTuple

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from service.kit import clock
from service.kit.own_servers import Address, Lookup, OwnServers, parse_address

Network = IPv4Network | IPv6Network
RESOLVERS = 64  # names looked up at once: a name server that hangs must not hold the others' look-ups
LONGEST_WAIT = 6 * 3600.0  # seconds a receiver may ask us to wait


class Response(NamedTuple):
    """What the other side answered; `body` may be cut; `wait`: the seconds it asked for in Retry-After, bounded."""

    status: int
    body: bytes
    wait: float | None = None


class Failure(NamedTuple):
    """Why there is no answer: a stable code, never the other side's text."""

    code: str


class _Forbidden(OSError):
    """Raised inside the resolver; `post` turns it into a Failure."""


def permitted(address: Address | None, networks: Sequence[Network]) -> bool:
    """Whether the address lies in one of the networks."""
    return address is not None and any(address in network for network in networks)


@cache
def _resolvers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(RESOLVERS, thread_name_prefix="resolve")


async def system_lookup(host: str, port: int) -> list[str]:
    """The system resolver's addresses of a name."""
    found = await asyncio.get_running_loop().run_in_executor(
        _resolvers(), socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )
    return [str(entry[4][0]) for entry in found]


class PinnedResolver(AbstractResolver):
    """Resolves once and hands the connector only what it has checked: no second look-up in between.

    One address outside the allow-list refuses the name as a whole: a receiver with one leg elsewhere is a
    mistake or a trick.
    """

    def __init__(self, networks: Sequence[Network], lookup: Lookup, own: OwnServers) -> None:
        self._networks = networks
        self._lookup = lookup
        self._own = own

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises _Forbidden unless every address is allowed."""
        del family
        addresses = [parse_address(text) for text in dict.fromkeys(await self._lookup(host, port))]
        if not addresses or not all(permitted(address, self._networks) for address in addresses):
            raise _Forbidden(host)
        for address in addresses:
            if address is None or await self._own.holds(address, port, literal=False):
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
        own: OwnServers | None = None,
        timeout: float = 10.0,
        max_bytes: int = 65_536,
        lookup: Lookup = system_lookup,
    ) -> None:
        self._networks = tuple(networks)
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._lookup = lookup
        self._own = own or OwnServers((), lookup)
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Opens the session; call inside the running loop."""
        # No DNS cache: an address is used for the connection it was checked for. No limits: many receivers may stand
        # behind one gateway, and to wait for a connection would be taken for the receiver's time-out. How many are
        # sent at once is the caller's to bound.
        connector = aiohttp.TCPConnector(
            resolver=PinnedResolver(self._networks, self._lookup, self._own),
            use_dns_cache=False,
            limit=0,
            limit_per_host=0,
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

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, whole: bool = False
    ) -> Response | Failure:
        """POSTs once. Never raises for what the network or the other side does. `whole`: read as `get` reads."""
        return await self._ask("POST", url, body, headers, whole=whole)

    async def get(self, url: str, headers: Mapping[str, str]) -> Response | Failure:
        """GETs once; the whole body counts, so one that breaks off or is too long is a Failure."""
        return await self._ask("GET", url, None, headers, whole=True)

    async def _ask(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], *, whole: bool
    ) -> Response | Failure:
        if self._session is None:
            raise RuntimeError("Outbound is not open")
        try:
            target = URL(url)
            if target.scheme not in ("http", "https") or not target.host:
                return Failure("invalid_url")
            if not await self._allowed(target.host, target.port or 0):
                return Failure("address_not_allowed")
            async with self._session.request(
                method, target, data=body, headers=dict(headers), allow_redirects=False
            ) as response:
                if not whole:
                    return Response(response.status, await self._body(response), _wait(response))
                read = await self._whole(response)
                return Failure("too_long") if read is None else Response(response.status, read)
        except TimeoutError:
            return Failure("timeout")
        except aiohttp.InvalidURL:
            return Failure("invalid_url")
        except (aiohttp.ClientError, OSError) as error:
            return Failure(_code(error))
        except ValueError:  # from yarl; after ClientError, some of which are ValueErrors too
            return Failure("invalid_url")

    async def _whole(self, response: aiohttp.ClientResponse) -> bytes | None:
        """The body to its end; None where it is longer than we read."""
        read = bytearray()
        async for chunk in response.content.iter_any():
            read += chunk
            if len(read) > self._max_bytes:
                return None
        return bytes(read)

    async def _allowed(self, host: str, port: int) -> bool:
        """Names are checked here as names, and again by the resolver for what they lead to."""
        literal = parse_address(host)
        if literal is None:
            return not self._own.named(host, port)
        return permitted(literal, self._networks) and not await self._own.holds(literal, port, literal=True)

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        """The beginning of the body. The status line was the answer: a body that breaks off changes nothing."""
        try:
            return await response.content.read(self._max_bytes)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return b""


def _wait(response: aiohttp.ClientResponse) -> float | None:
    """The seconds of Retry-After (RFC 9110, 10.2.3): a number or a date."""
    said = response.headers.get("retry-after", "").strip()
    try:
        if said.isascii() and said.isdigit():
            seconds = float(said[:12])
        else:
            seconds = parsedate_to_datetime(said).timestamp() - clock.timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


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
