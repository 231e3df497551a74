"""Generated clients at work: each plays one declaration, from draft to receipt and its webhook, on real servers;
the guide's commands are run on the same."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from service.demo.client import Who
from service.docs.document import COMMITTED, EXAMPLES
from tests.drills.live import missed_day
from tests.drills.place import Deployment, deployed
from tests.drills.sandbox import in_a_sandbox

CITY = "360100"
GUIDE = COMMITTED.parent / "GUIDE.zh-CN.md"
ROLES = {
    "UNIT": "unit",
    "KEEPER": "gatekeeper",
    "APPROVER": "approver",
    "ADMIN": "administrator",
    "PORTAL": None,
}


async def all_of(commands: Mapping[str, tuple[Sequence[str], Path]]) -> list[str]:
    """Each client's last line; RuntimeError with what it printed where it fails."""
    async with deployed() as made:
        told = [f"{name}: {await _played(made, command, home)}" for name, (command, home) in commands.items()]
        told.append(await _guide(made))
        told.append(await missed_day(made.base, made.client))
    with tempfile.TemporaryDirectory(prefix="tongjian-guide-") as place:
        return [*told, await in_a_sandbox(Path(place))]


async def _guide(made: Deployment) -> str:
    """Every command of the guide, as it stands, beside two files that it names."""
    blocks = re.findall(r"```console\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    with tempfile.TemporaryDirectory() as place:
        shutil.copy(EXAMPLES / "projects_preview_facts.json", Path(place, "facts.json"))
        shutil.copy(EXAMPLES / "clients" / "declaration.json", place)
        given = {"T": f"{made.base}/api/v1", "ASSERTION": await _assertion(made), **await _tokens(made)}
        lines = [line for block in blocks for line in block.splitlines()]
        for line in lines:
            answer = json.loads(await _output(["bash", "-c", line], Path(place), given))
            if "code" in answer:
                raise RuntimeError(f"{line}: {answer}")
    return f"guide: {len(lines)} commands answered"


async def _assertion(made: Deployment) -> str:
    """Of a portal registered with its key and confirmed by a second person, for somebody of the city's unit."""
    key, admin, guard = Ed25519PrivateKey.generate(), Who(CITY, "administrator"), Who(CITY, "security_admin")
    body = {
        "id": "handing",
        "name": "政务门户",
        "public_jwk": OKPAlgorithm.to_jwk(key.public_key(), as_dict=True),
        "vouch_roles": ["unit"],
    }
    told = await made.client.send(admin, "POST", "/clients", body)
    await made.client.send(guard, "POST", f"/clients/{CITY}.handing/confirm", {}, etag=told.etag)
    (script,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    given: dict[str, Any] = {"CLIENT": f"{CITY}.handing", "LOGIN": "unit", "ISSUER": made.at.settings.issuer}
    exec(script, given | {"PRIVATE_KEY": key, "ALGORITHM": "EdDSA"}, given)
    return str(given["assertion"])


async def _tokens(made: Deployment) -> dict[str, str]:
    return {name: await made.client.token(Who(CITY, login)) for name, login in ROLES.items()}


async def _played(made: Deployment, command: Sequence[str], home: Path) -> str:
    given = {"BASE": made.base, "EXAMPLES": str(EXAMPLES), "HOOK": str(_free_port()), **await _tokens(made)}
    return (await _output(command, home, given)).strip().splitlines()[-1]


async def _output(command: Sequence[str], home: Path, given: Mapping[str, str]) -> str:
    """What a command prints; RuntimeError with that where it fails, or does not end."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=home,
        env={**os.environ, **given},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        told, _ = await asyncio.wait_for(process.communicate(), 180)
    except TimeoutError:
        process.kill()
        raise RuntimeError(f"{command[0]} waits for what does not come") from None
    if process.returncode:
        raise RuntimeError(told.decode()[-4000:])
    return told.decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
