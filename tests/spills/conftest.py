"""A world of its own, in which every case may be purged; builders and the servers' owner as in the portfolio's."""

from __future__ import annotations

from typing import Any

import pytest

from migrations.spread import leave_before
from tests.portfolio.conftest import build, storage, superuser
from tests.worlds import world

__all__ = ["build", "storage", "superuser"]

settings, app, door, client, token, as_user = world(
    smtp_host="127.0.0.1", smtp_from="tongjian@example.gov.cn"
)


@pytest.fixture(autouse=True)
async def asked_inside(superuser: Any) -> None:
    """The policies that only the version before needs are not there: the erasing does without (decision 0286)."""
    await leave_before(superuser)
