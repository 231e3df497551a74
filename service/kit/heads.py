"""What the head of a request must be, so that a proxy in front and this service read one and the same request.

RFC 9112, sections 3.2 and 6.1: one Host, no transfer coding but `chunked`. And what says who asks, for whom, or whether
this was asked before, stands once: of two, one program takes the first and another the last.
"""

from __future__ import annotations

from collections.abc import Sequence

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
