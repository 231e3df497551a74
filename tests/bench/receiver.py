"""A portal's receiver of webhooks: takes every event and says so, which is all that a benchmark needs of one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def application() -> Callable[[dict[str, Any], Receive, Send], Awaitable[None]]:
    """An ASGI application that answers 204 to everything, once it has read it."""
    return _taken


async def _taken(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    if scope["type"] != "http":  # its beginning and end
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})
