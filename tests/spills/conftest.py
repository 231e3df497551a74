"""A world of its own, in which every case may be purged; builders and the servers' owner as in the portfolio's."""

from __future__ import annotations

from tests.portfolio.conftest import build, storage, superuser
from tests.worlds import world

__all__ = ["build", "storage", "superuser"]

settings, app, door, client, token, as_user = world(
    smtp_host="127.0.0.1", smtp_from="tongjian@example.gov.cn"
)
