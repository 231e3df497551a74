"""Ending background tasks for certain."""

from __future__ import annotations

import asyncio
from typing import Any


async def end(*tasks: asyncio.Task[Any] | None, seconds: float = 5) -> None:
    """Cancels until each task has ended: a single cancel can be swallowed (wait_for before Python 3.12, clients)."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    pending = {task for task in tasks if task is not None and not task.done()}
    while pending and loop.time() < until:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=0.2)
