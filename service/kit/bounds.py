"""The figures of one connection, and what is answered before there is a request to answer."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import NamedTuple

import msgspec
import uvicorn

from service.kit.errors import PROBLEM_JSON, ServiceError

_REASONS = {
    400: "Bad Request",
    408: "Request Timeout",
    414: "URI Too Long",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


@dataclass(frozen=True)
class Bounds:
    """The figures of one server: bytes, counts and seconds."""

    header_bytes: int = 32 << 10
    header_count: int = 200
    line_bytes: int = 8 << 10
    header_seconds: float = 10
    write_seconds: float = 30
    connections: int = 1000
    per_address: int = 400
    trusted: tuple[IPv4Network | IPv6Network, ...] = ()  # proxies: many callers come from one of these
    proxy_protocol: bool = False  # those send PROXY lines (version 1 or 2) before anything else


class Config(uvicorn.Config):
    """uvicorn's configuration with our bounds; picklable, since each worker process gets a copy."""

    bounds: Bounds = Bounds()


class Fault(NamedTuple):
    """Why a connection is refused."""

    status: int
    code: str
    detail: str

    def answer(self) -> bytes:
        """The whole answer as it goes over the wire: a problem document, and the end of the connection."""
        body = msgspec.json.encode(ServiceError(*self).body())
        head = {
            "Content-Type": PROBLEM_JSON,
            "Content-Length": str(len(body)),
            "Connection": "close",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        if self.status == 503:
            head["Retry-After"] = "2"
        lines = [f"HTTP/1.1 {self.status} {_REASONS[self.status]}", *(f"{k}: {v}" for k, v in head.items())]
        return "\r\n".join([*lines, "", ""]).encode() + body


MALFORMED = Fault(400, "malformed_request", "不是有效的 HTTP 请求")
LATE = Fault(408, "request_timeout", "请求头未在规定时间内传完")
FULL = Fault(503, "too_many_connections", "连接数已达上限，请稍后重试")
