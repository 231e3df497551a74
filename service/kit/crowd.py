"""Who changes the same thing takes turns, and waits without a connection (docs/decisions/0052).

A lock on one case would hold as many connections as there are people who save it, two seconds each. So in a process
only FEW commands on one object are in a transaction at a time. The others stand in line with empty hands. Once all of
the few have their connection and none has come to an end for PATIENCE, something holds the object, and whoever waits
is told 409 `busy`; whoever comes later is told at once, until somebody gets through.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.kit.refusals import busy

FEW = 3
PATIENCE = 0.5  # seconds
LONGEST = 10.0  # seconds in line, even where it moves


class _Turn:
    """One command's turn; it tells when its transaction has begun."""

    def __init__(self, crowd: _Crowd | None) -> None:
        self._crowd = crowd
        self.has_begun = False

    def begun(self) -> None:
        """It has its connection: from now on it can be held up by nothing but the object."""
        if self._crowd is not None and not self.has_begun:
            self.has_begun = True
            self._crowd.begun += 1
            self._crowd.moved = asyncio.get_running_loop().time()


class _Crowd:
    """The commands on one object: how many are inside and how many of them begun, who waits, when it last moved."""

    def __init__(self) -> None:
        self.inside = self.begun = 0
        self.moved = 0.0  # loop time
        self.waiting: deque[asyncio.Future[None]] = deque()

    def patience(self, now: float) -> float:
        """Seconds for which it may still be waited; 0 or less when something holds the object."""
        return PATIENCE if self.begun < self.inside else self.moved + PATIENCE - now


class Crowds:
    """The crowds of one process by the public id of what they crowd around."""

    def __init__(self) -> None:
        self._crowds: dict[str, _Crowd] = {}

    @asynccontextmanager
    async def turn(self, name: str | None) -> AsyncIterator[_Turn]:
        """Inside, the caller may take a connection for this object; 409 `busy` when it does not come to that."""
        if name is None:
            yield _Turn(None)
            return
        crowd = self._crowds.setdefault(name, _Crowd())
        if crowd.inside < FEW:
            crowd.inside += 1
        else:
            await self._stand_in_line(name, crowd)
        turn = _Turn(crowd)
        try:
            yield turn
        finally:
            crowd.begun -= turn.has_begun
            crowd.moved = asyncio.get_running_loop().time()
            self._pass_on(name, crowd)

    async def _stand_in_line(self, name: str, crowd: _Crowd) -> None:
        """Returns with a place inside."""
        loop = asyncio.get_running_loop()
        latest = loop.time() + LONGEST
        place: asyncio.Future[None] = loop.create_future()
        crowd.waiting.append(place)
        try:
            while not place.done():
                now = loop.time()
                left = min(crowd.patience(now), latest - now)
                if left <= 0:
                    raise busy()
                await asyncio.wait([place], timeout=left)
        except BaseException:
            if place.done():
                self._pass_on(name, crowd)  # given in the very moment of giving up
            place.cancel()
            raise

    def _pass_on(self, name: str, crowd: _Crowd) -> None:
        """A place inside has become free."""
        while crowd.waiting:
            following = crowd.waiting.popleft()
            if not following.done():
                following.set_result(None)  # `inside` stays as it is
                return
        crowd.inside -= 1
        if not crowd.inside:
            del self._crowds[name]
