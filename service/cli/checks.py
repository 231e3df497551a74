"""`tongjian check audit|deployment|keys|rulebook`: what needs the settings; 1 where something is found.

Imports stand inside, as in commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from service.kit.db import Door
    from service.settings import Settings


def audit(settings: Settings) -> int:
    """The trail against itself, its anchors and the cases."""
    from service.audit.check import report

    return _opened(settings, lambda door: report(door, settings))


def keys(settings: Settings) -> int:
    """What is registered with less than is asked of new ones (decision 0282)."""
    from service.signin.shortfalls import report

    return _opened(settings, report)


def _opened(settings: Settings, report: Callable[[Door], Awaitable[int]]) -> int:
    import asyncio

    from service.app import door_of

    async def opened() -> int:
        door = door_of(settings)
        await door.open()
        try:
            return await report(door)
        finally:
            await door.close()

    return asyncio.run(opened())


def deployment(settings: Settings) -> int:
    """What the settings name, tried."""
    import asyncio
    import os

    from service.setup.deployment import report

    return asyncio.run(report(settings, os.environ))


def rulebook(settings: Settings) -> int:
    """The recorded rules against the files."""
    import asyncio

    from service.rulebook.loader import base_rulebook
    from service.rulebook.recording import problems

    found = asyncio.run(problems(settings.relay_url, base_rulebook()))
    for problem in found:
        print(problem)
    return 1 if found else 0
