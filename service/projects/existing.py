"""One department, one system (art. 6): what an office runs already is shown before it declares more.

Who counts is the register of systems, put on the shelf by the application; where nobody counts, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from service.kit.api import Call


@dataclass(frozen=True)
class SystemsDesk:
    """On the shelf: how many systems an office of the caller's tenant runs, by its id."""

    count: Callable[[Call, str], Awaitable[int]]


async def running(call: Call, tenant: str, office: str | None) -> int | None:
    """Running systems of the office; None where it is not the caller's to know, or nobody counts (law.md, trap 11)."""
    desk: SystemsDesk | None = call.services.shelf.get(SystemsDesk)
    if desk is None or office is None or tenant != call.principal.tenant:
        return None
    return await desk.count(call, office)
