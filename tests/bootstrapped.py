"""Two people with keys, and the command that makes them the first of a tenant."""

from __future__ import annotations

import asyncio
import subprocess
import time
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ed25519
from jwt.algorithms import OKPAlgorithm

from service.identity.trying import JWT_BEARER
from service.kit.ids import new_id
from service.settings import Settings
from service.setup.bootstrap_wish import Someone, Wish
from tests.upkeep.conftest import command as cli
from tests.upkeep.conftest import environment
from tests.worlds import Caller

KEY, GUARD_KEY = ed25519.Ed25519PrivateKey.generate(), ed25519.Ed25519PrivateKey.generate()
JWK: dict[str, Any] = OKPAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
GUARD_JWK: dict[str, Any] = OKPAlgorithm.to_jwk(GUARD_KEY.public_key(), as_dict=True)
PRIVATE: dict[str, Any] = OKPAlgorithm.to_jwk(KEY, as_dict=True)
ZHANG, LI = Someone("zhang.san", "张三", JWK), Someone("li.si", "李四", GUARD_JWK)
GOOD = Wish("360300", ZHANG, LI)


async def command(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`tongjian bootstrap …` as the operator runs it, without the owner's login."""
    line, env = cli("bootstrap", *arguments), environment(settings, database_url=None)
    return await asyncio.to_thread(subprocess.run, line, env=env, capture_output=True, text=True)


async def token(client: httpx.AsyncClient, client_id: str, login: str, key: Any = KEY) -> httpx.Response:
    claims = {
        "iss": client_id,
        "sub": login,
        "aud": "http://127.0.0.1:8000",
        "jti": new_id(),
        "exp": time.time() + 60,
    }
    assertion = jwt.encode(claims, key, "EdDSA")
    return await client.post("/api/v1/oauth/token", data={"grant_type": JWT_BEARER, "assertion": assertion})


async def somebody(client: httpx.AsyncClient, client_id: str, login: str, key: Any = KEY) -> Caller:
    answer = await token(client, client_id, login, key)
    assert answer.status_code == 200, answer.text
    return Caller(client, answer.json()["access_token"])
