"""Clients that speak to the real process as they like, and what is asked of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import psutil

from tests.server.conftest import Served


def request(head: str = "", method: str = "GET", path: str = "/livez") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{head}\r\n".encode()


def problem(answer: bytes) -> tuple[int, str]:
    """Status and code of a problem document, which every refusal is."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head, answer[:300]
    assert b"connection: close" in head.lower()
    document = json.loads(body)
    assert document["status"] == int(head.split(b" ", 2)[1])
    assert document["detail"]
    return document["status"], document["code"]


def post(body: bytes, *, path: str = "/api/v1/projects", token: str = "", length: int | None = None) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    head += f"Authorization: Bearer {token}\r\n" if token else ""
    head += (
        f"Idempotency-Key: 01234567890\r\nContent-Length: {len(body) if length is None else length}\r\n\r\n"
    )
    return head.encode() + body


def open_connections(served: Served) -> int:
    found = psutil.Process(served.process.pid).net_connections("tcp")
    here = [each for each in found if each.laddr and each.laddr.port == served.port]
    return sum(each.status not in ("LISTEN", "CLOSE_WAIT", "NONE") for each in here)


async def until(holds: Any) -> None:
    async with asyncio.timeout(240):
        while not holds():
            await asyncio.sleep(0.05)
