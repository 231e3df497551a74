"""Which of several PostgreSQL servers is asked: the one that takes writes, found anew with every connection made.

The driver can read several hosts from a URL, but tries the next one only where a host refuses the connection: one
whose machine is off, or that is just starting up, would cost every other its turn. Here each has its part of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import asyncpg


def each_alone(url: str) -> list[str]:
    """The URL once per host of `user:password@one:5432,two:5432/database`, in their order; unchanged where it is one.

    Hosts that stand in the query (libpq's other way) stay together: the driver tries them in its own way.
    """
    parts = urlsplit(url)
    who, at, hosts = parts.netloc.rpartition("@")
    if "," not in hosts:
        return [url]
    return [urlunsplit(parts._replace(netloc=f"{who}{at}{host}")) for host in hosts.split(",")]


class Leader:
    """Connections to whichever of a URL's hosts takes writes; with one host that is nothing but connecting to it.

    `passes`: whether an error of one host lets the next one be tried, as that of a server that is away does.
    """

    def __init__(self, url: str, passes: Callable[[BaseException], bool]) -> None:
        self._urls, self._passes = each_alone(url), passes
        self._first = 0  # the host that was the leader last
        several = len(self._urls) > 1 and "target_session_attrs" not in parse_qs(urlsplit(url).query)
        self._asked = {"target_session_attrs": "read-write"} if several else {}

    async def connect(self, _url: str, *, timeout: float, **more: Any) -> Any:
        """What a pool calls instead of `asyncpg.connect`; raises what the last host said. `timeout`: seconds in all."""
        count = len(self._urls)
        order = [(self._first + step) % count for step in range(count)]
        for place in order:
            try:
                made = await asyncpg.connect(
                    self._urls[place], timeout=timeout / count, **self._asked, **more
                )
            except Exception as error:
                if place == order[-1] or not self._passes(error):
                    raise
            else:
                self._first = place
                return made
        raise OSError("no host")  # there is always one


async def connected(url: str, **more: Any) -> Any:
    """One connection of a command (`migrate`, `seed` and the like) to the host that takes writes."""
    return await Leader(url, lambda error: isinstance(error, Exception)).connect(url, timeout=60, **more)
