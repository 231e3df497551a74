"""A sandbox: a world whose database says so, with a clock of its own for the length of a test."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from service.kit import clock
from service.settings import Settings
from tests.notifications.events import query
from tests.worlds import world


def sandbox_world() -> tuple[Any, ...]:
    """The fixtures of a world of its own, and its clock."""
    file = Path(tempfile.mkdtemp(prefix="tongjian-sandbox-")) / "clock"

    @pytest.fixture(autouse=True)
    async def _its_own_clock(app: Any, settings: Settings) -> AsyncIterator[None]:
        """The process's clock is the sandbox's while a test of it runs, and everybody's again after."""
        await query(settings.database_url, "UPDATE tenant_local SET sandbox = true WHERE NOT sandbox")
        clock.follow(file)
        yield
        clock.follow(None)

    return (*world(environment="sandbox", clock_file=file), _its_own_clock)


settings, app, door, client, token, as_user, its_own_clock = sandbox_world()
