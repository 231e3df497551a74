"""The service's own servers, which no webhook may be aimed at: database, Valkey, the API, the worker's metrics.

The allow-list says where webhooks may go; this says where they may not, even within it. Names are looked up anew
every half minute, since servers move.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from service.kit import clock

Address = IPv4Address | IPv6Address
Lookup = Callable[[str, int], Awaitable[list[str]]]
_FRESH = 30.0  # seconds
_PATIENCE = 3.0


class Own(NamedTuple):
    """A server of the service. `whole`: its machine is closed on every port, unless it is this machine.

    `by_name`: a public address that may be a gateway shared with others' portals, so names are compared, and
    addresses only where the address itself was given or is this machine.
    """

    host: str
    port: int
    whole: bool = False
    by_name: bool = False


def parse_address(text: str) -> Address | None:
    """A literal address, IPv4-mapped IPv6 as IPv4; None for a name."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def is_local(address: Address) -> bool:
    """Whether the address leads to this machine: loopback, unspecified, or one of its interfaces."""
    if address.is_loopback or address.is_unspecified:
        return True
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))  # sends nothing; only an address of our own can be bound
    except OSError:
        return False
    return True


class OwnServers:
    """Answers whether an address and port are the service's own. Nothing is its own when `servers` is empty."""

    def __init__(self, servers: Sequence[Own], lookup: Lookup) -> None:
        self._servers, self._lookup = tuple(servers), lookup
        self._found: dict[str, set[Address]] = {}
        self._local: set[str] = set()
        self._until = 0.0
        self._lock = asyncio.Lock()

    def named(self, host: str, port: int) -> bool:
        """Whether one of them goes by this very name and port; what else a name leads to is for `holds`."""
        name = _plain(host)
        return any(_plain(own.host) == name and own.port == port for own in self._servers)

    async def holds(self, address: Address, port: int, *, literal: bool) -> bool:
        """Whether it is one of them. `literal`: the caller gave the address itself, not a name that led to it."""
        async with self._lock:  # whoever comes first looks up, the others wait for it
            await self._refresh()
        here = is_local(address)
        return any(self._is(own, address, port, here, literal) for own in self._servers)

    def _is(self, own: Own, address: Address, port: int, here: bool, literal: bool) -> bool:
        if own.host in self._local:
            return here and port == own.port
        if own.by_name and not literal:
            return False
        return address in self._found.get(own.host, ()) and (own.whole or port == own.port)

    async def _refresh(self) -> None:
        if clock.monotonic() < self._until:
            return
        self._until = clock.monotonic() + _FRESH
        await asyncio.gather(*(self._resolve(host) for host in {own.host for own in self._servers}))

    async def _resolve(self, host: str) -> None:
        """What cannot be looked up keeps what was known of it."""
        literal = parse_address(host)
        try:
            async with asyncio.timeout(_PATIENCE):
                texts = [str(literal)] if literal else await self._lookup(host, 0)
        except (OSError, UnicodeError):
            self._until = 0.0
            return
        self._found[host] = {found for text in texts if (found := parse_address(text)) is not None}
        (self._local.add if any(map(is_local, self._found[host])) else self._local.discard)(host)


def _plain(host: str) -> str:
    return host.lower().rstrip(".")
