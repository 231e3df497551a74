"""`tongjian migrate`: brings a database to the newest schema and sets the three logins' passwords."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from alembic import command
from alembic.config import Config
from asyncpg import exceptions as pg

ROOT = Path(__file__).resolve().parent.parent


def _alembic(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("prepend_sys_path", str(ROOT))  # the migrations share migrations/tools.py
    scheme, _, rest = url.partition("://")
    del scheme
    config.attributes["url"] = f"postgresql+asyncpg://{rest}"
    return config


async def _set_passwords(owner_url: str, login_urls: list[str]) -> None:
    connection = await asyncpg.connect(owner_url)
    try:
        for url in login_urls:
            parts = urlsplit(url)
            if parts.username and parts.password and parts.username.startswith("tj_"):
                quoted = await connection.fetchval("SELECT quote_literal($1)", parts.password)
                for _ in range(
                    20
                ):  # logins are shared by every database of the server: others may set them now
                    try:
                        await connection.execute(f'ALTER ROLE "{parts.username}" PASSWORD {quoted}')
                        break
                    except pg.InternalServerError:
                        await asyncio.sleep(0.1)
    finally:
        await connection.close()


def migrate(owner_url: str, login_urls: list[str]) -> None:
    """Runs the migrations as the owner login. Idempotent."""
    command.upgrade(_alembic(owner_url), "head")
    asyncio.run(_set_passwords(owner_url, login_urls))
