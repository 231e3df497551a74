"""Where a request really comes from: the peer, or what a trusted proxy says of it.

Of `X-Forwarded-For` the rightmost hop that is no trusted proxy counts, and only when the peer is one: everything
further left was written by somebody we do not know. `Forwarded` and the like are never read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

FORWARDED_FOR = b"x-forwarded-for"
_FORWARDING = (FORWARDED_FOR, b"forwarded", b"x-real-ip", b"via")
_MAX_HOPS = 20
_V2 = b"\r\n\r\n\x00\r\nQUIT\n"


class Hop(NamedTuple):
    """One address, None where it is unknown (a socket file, nonsense in a header)."""

    address: Address | None

    @classmethod
    def of(cls, peer: tuple[str, int] | None) -> Hop:
        """The other end of a connection."""
        return cls(None if peer is None else parse(peer[0]))

    @property
    def text(self) -> str:
        """For logs and the audit trail."""
        return _text(self.address)

    @property
    def group(self) -> str:
        """What is counted together: an IPv4 address, the /64 an IPv6 subscriber gets."""
        if isinstance(self.address, IPv6Address):
            return str(ip_network((self.address, 64), strict=False))
        return self.text


@lru_cache(maxsize=4096)  # the same few callers ask again and again
def parse(text: str) -> Address | None:
    """An address, with or without brackets, port and zone; IPv4-mapped IPv6 as IPv4. None for anything else."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text, bracket, port = text[1:].partition("]")
        if not bracket or (port and not (port[0] == ":" and port[1:].isdigit())):
            return None
    elif text.count(":") == 1:
        text, _, port = text.partition(":")
        if not port.isdigit():
            return None
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


@lru_cache(maxsize=4096)
def _text(address: Address | None) -> str:
    return "unknown" if address is None else str(address)


def is_within(address: Address | None, networks: Sequence[Network]) -> bool:
    """Whether the address lies in one of the networks."""
    return bool(networks) and address is not None and any(address in network for network in networks)


def caller(peer: Hop, headers: Iterable[tuple[bytes, bytes]], trusted: Sequence[Network]) -> Hop:
    """The caller of a request. A hop that is no address ends the search at the proxy that wrote it."""
    if not is_within(peer.address, trusted):
        return peer
    given = b",".join(value for name, value in headers if name == FORWARDED_FOR)
    found = peer
    for part in reversed(given.decode("latin-1").split(",")[-_MAX_HOPS:] if given else []):
        address = parse(part)
        if address is None:
            break
        found = Hop(address)
        if not is_within(address, trusted):
            break
    return found


def vouched(peer: Hop, headers: Iterable[tuple[bytes, bytes]], trusted: Sequence[Network]) -> bool:
    """Whether `caller` tells who asks: directly, or by a proxy of ours. False behind one that nobody told us of."""
    return is_within(peer.address, trusted) or not any(name in _FORWARDING for name, _ in headers)


def in_the_clear(peer: Hop, headers: Iterable[tuple[bytes, bytes]], trusted: Sequence[Network]) -> bool:
    """Whether a proxy of ours says that it was asked without TLS (X-Forwarded-Proto, of which the last is its own)."""
    said = [value for name, value in headers if name == b"x-forwarded-proto"]
    return (
        bool(said)
        and said[-1].rpartition(b",")[2].strip().lower() == b"http"
        and is_within(peer.address, trusted)
    )


def proxied(data: bytes) -> tuple[tuple[str, int] | None, bytes] | None:
    """A PROXY header (haproxy's proxy-protocol.txt, versions 1 and 2) at the beginning of a connection.

    (the caller, what follows); the caller is None where the proxy speaks for itself (health checks). None while
    more has to come; ValueError when it is no such header.
    """
    if data[:12] == _V2[: len(data[:12])]:
        return _version2(data)
    line, end, rest = data.partition(b"\r\n")
    if not b"PROXY ".startswith(line[:6]):
        raise ValueError("no PROXY header")
    if not end:
        if len(data) > 107:
            raise ValueError("PROXY line without end")
        return None
    parts = line.decode("latin-1").split(" ")
    if len(parts) >= 2 and parts[1] == "UNKNOWN":
        return None, rest
    if len(line) > 105 or len(parts) != 6 or parts[1] not in ("TCP4", "TCP6") or not parts[4].isdigit():
        raise ValueError("PROXY line")
    return (str(ip_address(parts[2])), int(parts[4])), rest


def _version2(data: bytes) -> tuple[tuple[str, int] | None, bytes] | None:
    if len(data) < 16:
        return None
    version, family, length = data[12], data[13], struct.unpack("!H", data[14:16])[0]
    if version >> 4 != 2 or length > 2048:
        raise ValueError("PROXY version")
    if len(data) < 16 + length:
        return None
    body, rest = data[16 : 16 + length], data[16 + length :]
    width = {1: 4, 2: 16}.get(family >> 4, 0)
    if version & 0xF != 1 or not width or length < 2 * width + 4:
        return None, rest
    port = struct.unpack("!H", body[2 * width : 2 * width + 2])[0]
    return (str(ip_address(body[:width])), port), rest
