"""Where a webhook may lead: outside, over TLS, never to the service itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec

from service.kit.api import Call
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.http import Network, permitted, system_lookup
from service.kit.own_servers import OwnServers, parse_address

_LOOKUP = 2.0  # seconds


async def leads_home(call: Call) -> bool:
    """Whether the address given is one of the service's own servers, looked up ahead of the transaction.

    A name that does not resolve yet is let through: what it leads to is checked at every send.
    """
    url = getattr(call.body, "url", msgspec.UNSET)
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return False  # told by check_url
    own = call.service(OwnServers)
    if not host or own.named(host, port):
        return bool(host)
    literal = parse_address(host)
    if literal is not None:
        return await own.holds(literal, port, literal=True)
    try:
        async with asyncio.timeout(_LOOKUP):
            found = [parse_address(text) for text in await system_lookup(host, port)]
    except (OSError, UnicodeError):
        return False
    return any([await own.holds(each, port, literal=False) for each in found if each is not None])


def check_url(url: str, networks: Sequence[Network], *, own: bool = False) -> None:
    """422 for an address we would never send to; `own`: it is one of the service's own servers."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _bad("invalid_url", "不是有效的地址") from None
    if (
        not url.isascii()
        or any(char.isspace() or not char.isprintable() for char in url)
        or not host
        or port == 0
    ):
        raise _bad("invalid_url", "不是有效的地址")
    if "@" in parts.netloc or "#" in url:
        raise _bad("invalid_url", "地址不能含有用户名、密码或片段")
    address = parse_address("127.0.0.1" if host == "localhost" else host)
    if address is not None and not permitted(address, networks):
        raise _bad("address_not_allowed", "该地址不在允许的网络内")
    if own:
        raise _bad("own_server", "该地址是本服务自己的服务器，不能作为回调地址")
    if parts.scheme != "https" and not (
        parts.scheme == "http" and address is not None and address.is_loopback
    ):
        raise _bad("https_required", "地址应以 https:// 开头")


def _bad(code: str, detail: str) -> ServiceError:
    return invalid([FieldError("/url", code, detail)])
