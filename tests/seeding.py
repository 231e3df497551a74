"""The seeded database that all worlds are cloned of, made once per run: other workers begin with a copy."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import asyncpg
import pytest

from migrations.spread import translate
from service.embedded.servers import Servers
from service.kit import clock, keys
from service.kit.db import Door
from service.settings import Settings
from service.setup.migrate import migrate
from service.setup.seed import seed
from tests import amended

# Set to anything: policies that ask are the functions that they become on Citus, on plain PostgreSQL (decision 0273).
SPREAD = "TONGJIAN_SPREAD_RULES"
SECRET = "tests-only-secret-0123456789-abcdefghij-KLMNOPQRST"
# A test suite is nobody's pace; tests/limits puts the limits back.
NO_LIMITS = {
    f"TONGJIAN_LIMIT_{name}": "0"
    for name in ("PERSON", "CLIENT", "TENANT", "ANONYMOUS", "TOKEN", "TOKEN_ADDRESS", "FEED", "FAILURES")
}
DATABASE, WHOLE = "seeded", "whole"
COPIED = pytest.StashKey[Path]()


def settings_in(workdir: Path, database_url: str, valkey_url: str) -> Settings:
    """Settings of the seeded database; what belongs to it lies in `workdir`."""
    signing = workdir / "keys.json"
    if not signing.exists():
        keys.generate(signing, clock.timestamp())
    return Settings.from_env(
        {
            "TONGJIAN_ENVIRONMENT": "development",
            "TONGJIAN_DATABASE_URL": database_url,
            "TONGJIAN_VALKEY_URL": os.environ.get("TONGJIAN_VALKEY_URL") or valkey_url,
            "TONGJIAN_SECRET_KEY": SECRET,
            "TONGJIAN_SIGNING_KEYS_FILE": str(signing),
            "TONGJIAN_AUDIT_ANCHOR_DIR": str(workdir / "anchors"),
            "TONGJIAN_DOCUMENTS_DIR": str(workdir / "documents"),
            "TONGJIAN_LOG_LEVEL": "WARNING",
            "TONGJIAN_NESTED_LENDS": "refuse",
            **NO_LIMITS,
        }
    )


def fill(made: Settings) -> None:
    """Migrates and seeds the database, and closes every connection to it, so that it can be cloned."""
    migrate(made.database_url, [made.tenant_url, made.province_url, made.relay_url])
    if os.environ.get(SPREAD):
        asyncio.run(_spread(made.database_url))
    asyncio.run(_seed(made))
    if os.environ.get(amended.VARIABLE) == "api":  # before any world is cloned: tests/amended.py
        asyncio.run(amended.conclude(made))


async def _spread(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        assert await translate(connection) > 100
    finally:
        await connection.close()


async def _seed(made: Settings) -> None:
    door = Door({"tenant": made.tenant_url, "province": made.province_url, "relay": made.relay_url})
    await door.open()
    try:
        await seed(made.database_url, door, demo=True, secret_key=made.secret_key)
    finally:
        await door.close()


def servers_of(workdir: Path) -> Servers:
    return Servers(workdir / "servers", durable=False)


def of_run(run: str) -> Path:
    """What the workers of one run share."""
    return Path(tempfile.gettempdir()) / f"tj-run-{run}"


def shared(config: pytest.Config) -> Path | None:
    """Where the workers of this run find what the first of them made; None where each makes its own.

    That is so without other workers, and on a server of somebody else's.
    """
    run = getattr(config, "workerinput", {}).get("testrunuid")
    return None if run is None or os.environ.get("TONGJIAN_DATABASE_URL") else of_run(run)


def copied(source: Path, target: Path) -> None:
    """Fills `target` as the first worker has filled `source`; whoever comes first fills that."""
    source.mkdir(mode=0o711, exist_ok=True)
    with (source / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = source / "made"
        if not (made / WHOLE).exists():
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir(mode=0o711)
            with servers_of(made) as own:
                fill(settings_in(made, own.create_database(DATABASE), own.valkey_url))
            (made / WHOLE).touch()
    # cp keeps the owner, who is not us where we are root.
    subprocess.run(["cp", "-a", f"{made}/.", str(target)], check=True)


def removed(path: Path) -> None:
    """Deletes it beside what comes next: databases by the hundred take seconds, which nobody need wait for."""
    subprocess.Popen(["rm", "-rf", "--", str(path)], start_new_session=True, stderr=subprocess.DEVNULL)
