"""What every process reads of all tenants, where not all can be had at once: each by itself (docs/decisions/0278)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

# Seconds that a read of all tenants may take, and that of one: together less than the five after which a list of
# revocations is stale.
WHOLE, APART = 1.5, 1.0
AT_ONCE = 8  # tenants read at the same time


async def each_apart(tenants: Sequence[str], read: Callable[[str], Awaitable[None]]) -> bool:
    """Whether every tenant answered in time; raises what one of them met where none did."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(tenant: str) -> None:
        async with room, asyncio.timeout(APART):
            await read(tenant)

    outcomes = await asyncio.gather(*map(one, tenants), return_exceptions=True)
    failed = [each for each in outcomes if isinstance(each, BaseException)]
    if failed and len(failed) == len(tenants):
        raise failed[0]
    return not failed
