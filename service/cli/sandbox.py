"""`tongjian sandbox`: a deployment of its own of the same code, for portals to try everything in.

Nothing is shared with any other deployment: it reads TONGJIAN_SANDBOX_* and no other setting (but which province this
is), has its own directory, database, secret, signing keys and issuer. Without a database of its own it brings
PostgreSQL and Valkey along.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from service.demo.client import Client
from service.demo.run import prepare, processes, ready, until_told
from service.demo.servers import Place, directory, place
from service.province import VARIABLE
from service.settings import LOGINS, Settings
from service.setup.demo_mark import NO_SANDBOX
from service.setup.seed import demo_client_secret

PREFIX = "TONGJIAN_SANDBOX_"
PORT = 8100


_BEGIN = """
Sandbox        {address}     every answer says Tongjian-Sandbox: true
Documentation  {address}/docs
Client         {client_id}
Secret         {client_secret}
Data           {home}

T={address}/api/v1
PORTAL=$(curl -s $T/oauth/token -u {client_id}:{client_secret} -d grant_type=client_credentials \\
  | sed 's/.*"access_token":"\\([^"]*\\).*/\\1/')
call() {{ curl -s -H "Authorization: Bearer $PORTAL" -H 'Content-Type: application/json' \\
  -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" "$@"; }}
call $T/sandbox                                                      # the clock, and who can be played
call $T/sandbox/play -d '{{"act":"gatekeep_pass","ref":"PROJECT"}}'    # any desk's deed, on your case
call $T/sandbox/clock -d '{{"to":"2031-01-01T00:00:00+08:00"}}'        # later, for everybody here
call "$T/events?after=0"                                             # what came of it

Ctrl-C ends the sandbox; its data stays. The guide: openapi/GUIDE.zh-CN.md"""


@dataclass(frozen=True)
class Wish:
    """How a sandbox was asked for. `once`: temporary, ends when it is ready; `tenant`: whose portal is told."""

    once: bool
    json: bool
    port: int | None
    home: Path
    tenant: str


def run(wish: Wish, env: Mapping[str, str]) -> int:
    """Serves until a signal unless `once`; says address, client and secret."""
    with (
        directory(wish.home, once=wish.once) as home,
        place(home, environment_of(env, home), once=wish.once, port=wish.port, environment="sandbox") as at,
    ):
        settings = at.settings
        if problems := settings.problems():
            raise SystemExit("tongjian sandbox: " + "; ".join(problems))
        if at.servers is None:
            asyncio.run(claim(settings, home / "claimed"))
        prepare(settings)
        asyncio.run(mark(settings))
        asyncio.run(until_told(_live(wish, at)))
    return 0


def environment_of(env: Mapping[str, str], home: Path) -> dict[str, str]:
    """What the sandbox's processes are told: TONGJIAN_SANDBOX_X as TONGJIAN_X, and no setting of another deployment."""
    plain = {name: value for name, value in env.items() if not name.startswith("TONGJIAN_")}
    ours = {
        f"TONGJIAN_{name.removeprefix(PREFIX)}": value
        for name, value in env.items()
        if name.startswith(PREFIX)
    }
    defaults = {
        "TONGJIAN_SECRET_KEY": ours.get("TONGJIAN_SECRET_KEY") or _secret(home / "secret"),
        "TONGJIAN_AUDIENCE": "tongjian-sandbox",
        "TONGJIAN_PORT": str(PORT),
    }
    # Which province this is, is of the program and no setting (0236): what runs here has read it before any.
    here = {VARIABLE: env[VARIABLE]} if VARIABLE in env else {}
    return {**plain, **here, **defaults, **{name: value for name, value in ours.items() if value}}


def _secret(file: Path) -> str:
    """The sandbox's own, made once and readable by its owner only."""
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
            made.write(secrets.token_urlsafe(48))
    return file.read_text(encoding="utf-8").strip()


async def claim(settings: Settings, file: Path) -> None:
    """Ends the process unless the database is a sandbox's, or as empty as its server is of other deployments.

    The three logins belong to the whole server: to set their passwords would lock out whoever else uses them there.
    `file` keeps which one was found empty, for a start that was broken off before the database says so itself.
    """
    known = hashlib.sha256(settings.database_url.encode()).hexdigest()
    if file.exists() and file.read_text(encoding="utf-8") == known:
        return
    connection = await asyncpg.connect(settings.database_url)
    try:
        if await connection.fetchval("SELECT to_regclass('tenant_local')") is not None:
            marked = await connection.fetchval(
                "SELECT count(*) FROM pg_attribute WHERE attrelid = 'tenant_local'::regclass AND attname = 'sandbox'"
            ) and await connection.fetchval("SELECT bool_and(sandbox) FROM tenant_local")
            if not marked:
                raise SystemExit(f"tongjian sandbox: {NO_SANDBOX}")
        elif await connection.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = ANY($1)", list(LOGINS)):
            raise SystemExit(f"tongjian sandbox: {NO_SANDBOX}")
    finally:
        await connection.close()


async def mark(settings: Settings) -> None:
    """Says in the database that it is a sandbox's; nothing else serves it from now on."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        await connection.execute("UPDATE tenant_local SET sandbox = true WHERE NOT sandbox")
    finally:
        await connection.close()


async def _live(wish: Wish, at: Place) -> None:
    async with processes(at) as running, Client(at.base, at.settings.secret_key) as client:
        await ready(client, running)
        _show(wish, at)
        if not wish.once:
            await asyncio.Event().wait()


def _show(wish: Wish, at: Place) -> None:
    """Address, client and key, and how to begin."""
    secret = demo_client_secret(at.settings.secret_key, wish.tenant)
    told = {
        "address": at.base,
        "issuer": at.settings.issuer,
        "client_id": f"{wish.tenant}.portal",
        "client_secret": secret,
        "home": str(at.home),
    }
    if wish.json:
        print(json.dumps(told, indent=1), flush=True)
        return
    print(_BEGIN.format(**told), flush=True)


__all__ = ["Wish", "run"]
