"""What the head of a request must be, so that a proxy in front and this service read one and the same request.

RFC 9112, sections 3.2 and 6.1: one Host, no transfer coding but `chunked`. And what says who asks, for whom, or whether
this was asked before, stands once: of two, one program takes the first and another the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.kit.address import Hop, Network, in_the_clear
from service.kit.errors import ServiceError, not_found

_VERSIONS = ("1.0", "1.1")
_ONCE = (b"host", b"authorization", b"content-type", b"idempotency-key", b"acting-for", b"origin")


def misleading(headers: Sequence[tuple[bytes, bytes]], version: str) -> str | None:
    """Why this head is refused, in words; None for nearly all. Names are in lower case."""
    names = [name for name, _ in headers]
    if version not in _VERSIONS:
        return "只支持 HTTP/1.1"
    if version == "1.1" and b"host" not in names:
        return "缺少请求头 Host"
    if b"transfer-encoding" in names:
        codings = [value.strip().lower() for name, value in headers if name == b"transfer-encoding"]
        if codings != [b"chunked"] or version == "1.0":
            return "Transfer-Encoding 只能是 chunked"
    if len(set(names)) == len(names):
        return None
    twice = next((name for name in _ONCE if names.count(name) > 1), None)
    return None if twice is None else f"请求头 {twice.decode().title()} 只能出现一次"


# What programs ask for, whom a redirect would let go on sending secrets in the clear (ASVS 5.0, 4.1.2).
_PROGRAMS = ("/api/", "/feeds/", "/.well-known/")
_CLEAR = "请以 https 访问；刚才未加密发出的令牌和密钥，请视为已经泄露并更换"


def check_address(scope: Mapping[str, Any], trusted: Sequence[Network] | None) -> None:
    """404 for an empty step, which the router would skip: another address than a proxy and the gate have read.

    400 for a program in the clear, where `trusted` names the proxies that tell so; None where https is not asked for.
    """
    path: str = scope["path"]
    if "//" in path:
        raise not_found()
    if trusted is None or not path.startswith(_PROGRAMS):
        return
    if in_the_clear(Hop.of(scope.get("client")), scope["headers"], trusted):
        raise ServiceError(400, "malformed_request", _CLEAR)
