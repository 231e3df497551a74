"""Three real identity providers at once (npm's oidc-provider), one a tenant: each lets its people into its own alone.

Clients prove themselves in three ways, tokens are signed with three algorithms. Every answer is tried at the other
tenants too; a provider's keys are replaced by a restart; its logout ends the sessions here.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import aiohttp
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from service.demo.client import Who
from service.kit.providers import AGAIN
from tests.drills.place import Deployment, deployed

HERE, HOME = Path(__file__).with_name("oidc"), Path("var/oidc")
SECRET = "a-secret-of-the-drill-0123456789abcdef"
# tenant, login, how the client proves itself, how tokens are signed
PLACES = (
    ("360100", "unit", "private_key_jwt", "ES256"),
    ("360400", "unit", "client_secret_basic", "RS256"),
    ("360000", "office", "client_secret_post", "EdDSA"),
)


def installed() -> bool:
    """Whether node and the provider are here; fetched once, by the lock's hashes, without scripts."""
    if shutil.which("npm") is None:
        return False
    HOME.mkdir(parents=True, exist_ok=True)
    lock, done = (HERE / "package-lock.json").read_bytes(), HOME / "installed.json"
    for name in ("package.json", "package-lock.json", "provider.mjs"):
        shutil.copy(HERE / name, HOME)
    if done.exists() and done.read_bytes() == lock:
        return True
    told = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=HOME,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    if told.returncode == 0:
        done.write_bytes(lock)
    return told.returncode == 0


def key(algorithm: str, kid: str) -> dict[str, Any]:
    """A private JWK."""
    if algorithm == "EdDSA":
        made = OKPAlgorithm.to_jwk(ed25519.Ed25519PrivateKey.generate(), as_dict=True)
    elif algorithm == "ES256":
        made = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()), as_dict=True)
    else:
        made = RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 3072), as_dict=True)
    return {**made, "kid": kid, "use": "sig", "alg": algorithm}


class Provider:
    """One process of node."""

    def __init__(self, made: Deployment, tenant: str, method: str, algorithm: str) -> None:
        self.tenant, self.method, self.algorithm, self.base = tenant, method, algorithm, made.base
        self.port, self.process = 0, None
        self.at = f"{made.base}/console/sso/{tenant}/sso"

    async def start(self, kid: str) -> None:
        """Listens; with the same port and a new key after a stop."""
        client = {
            "client_id": "tongjian",
            "redirect_uris": [f"{self.at}/back"],
            "response_types": ["code"],
            "grant_types": ["authorization_code"],
            "token_endpoint_auth_method": self.method,
            "id_token_signed_response_alg": self.algorithm,
            "backchannel_logout_uri": f"{self.at}/logout",
            "backchannel_logout_session_required": True,
            "post_logout_redirect_uris": [f"{self.base}/console/enter?tenant={self.tenant}"],
        }
        client |= (
            {"jwks_uri": f"{self.base}/.well-known/jwks.json"}
            if self.method == "private_key_jwt"
            else {"client_secret": SECRET}
        )
        config = {
            "port": self.port,
            "clients": [client],
            "jwks": {"keys": [key(self.algorithm, kid)]},
            "groups": ["all"],
            "city": self.tenant,
        }
        where = HOME / f"{self.tenant}.json"
        where.write_text(json.dumps(config))
        self.process = await asyncio.create_subprocess_exec(
            "node",
            "provider.mjs",
            where.name,
            cwd=HOME,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert self.process.stdout is not None
        async with asyncio.timeout(60):
            self.issuer = (await self.process.stdout.readline()).decode().strip()
        assert self.issuer.startswith("http://127.0.0.1:"), "the provider did not start"
        self.port = int(self.issuer.rpartition(":")[2])

    async def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            await self.process.wait()


class Person:
    """A browser: cookies of its own, every step by hand."""

    def __init__(self) -> None:
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), trust_env=False)

    async def ask(self, method: str, url: str, **more: Any) -> tuple[int, str, str]:
        """Status, where it leads, and the page."""
        async with self.session.request(method, url, allow_redirects=False, **more) as answer:
            return answer.status, urljoin(url, answer.headers.get("location", "")), await answer.text()

    async def answer_of(self, provider: Provider, login: str) -> str:
        """Signs in at the provider; the address it sends the browser back to."""
        status, at, page = await self.ask("GET", provider.at)
        assert status == 303 and at.startswith(provider.issuer), (status, page[-300:])
        for _ in range(12):
            if at.startswith(f"{provider.at}/back"):
                return at
            status, onward, page = await self.ask("GET", at)
            if status == 200:
                form = re.search(r'action="([^"]+)"', page)
                assert form is not None, page[:500]
                prompt = "login" if 'value="login"' in page else "consent"
                given = {"prompt": prompt, "login": login, "password": "x"}
                status, onward, page = await self.ask("POST", urljoin(at, form[1]), data=given)
            assert status in (302, 303), (status, page[:500])
            at = onward
        raise AssertionError("the provider leads in a circle")

    async def inside(self, base: str) -> str:
        """The tenant this browser is signed in to; empty for none."""
        status, _, _ = await self.ask("GET", f"{base}/console/messages")
        cookies = {each.key: each.value for each in self.session.cookie_jar}
        return cookies["tongjian"].partition(".")[0] if status == 200 else ""


@asynccontextmanager
async def providers(made: Deployment) -> AsyncIterator[list[Provider]]:
    """Three, each registered by two people of its tenant."""
    found = [Provider(made, tenant, method, algorithm) for tenant, _, method, algorithm in PLACES]
    try:
        await asyncio.gather(*(each.start("first") for each in found))
        for each, (tenant, login, method, _) in zip(found, PLACES, strict=True):
            body = {
                "id": "sso",
                "name": "统一身份认证",
                "issuer": each.issuer,
                "client_id": "tongjian",
                "authentication": method,
                "roles": [login],
                "required": [{"claim": "city", "value": tenant}],
            }
            await made.client.send(Who(tenant, "administrator"), "POST", "/issuers", body)
            guard, path = Who(tenant, "security_admin"), f"/issuers/{tenant}.sso"
            version = (await made.client.get(guard, path)).data["version"]
            await made.client.send(guard, "POST", f"{path}/confirm", {}, etag=f'"{version}"')
        yield found
    finally:
        await asyncio.gather(*(each.stop() for each in found))


async def _each_lands_at_home(made: Deployment, found: list[Provider], stack: AsyncExitStack) -> list[Person]:
    """All three at once; then each answer at the others' addresses."""
    people = [await stack.enter_async_context(_person()) for _ in found]
    logins = [login for _, login, _, _ in PLACES]
    answers = await asyncio.gather(
        *(person.answer_of(each, login) for person, each, login in zip(people, found, logins, strict=True))
    )
    crossed = 0
    for person, each, answer in zip(people, found, answers, strict=True):
        for other in found:
            if other is not each:
                status, _, page = await person.ask("GET", answer.replace(each.at, other.at))
                assert status in (400, 403), (status, page[-300:])
                crossed += 1
        status, _, page = await person.ask("GET", answer)
        assert status == 303, page[-400:]
        assert await person.inside(made.base) == each.tenant
        status, _, _ = await person.ask("GET", answer)
        assert status == 403, "an answer was good twice"
    print(
        f"   {len(found)} providers at once, {len(people)} people at home, {crossed} answers refused elsewhere"
    )
    return people


@asynccontextmanager
async def _person() -> AsyncIterator[Person]:
    made = Person()
    try:
        yield made
    finally:
        await made.session.close()


async def drill(short: bool) -> None:
    """Skipped with a word where node or the provider cannot be had. `short`: without the restart and its wait."""
    if not installed():
        print("   SKIPPED: node, npm or oidc-provider are not here")
        return
    secrets = " ".join(
        f"{tenant}.sso={SECRET}" for tenant, _, method, _ in PLACES if method != "private_key_jwt"
    )
    async with deployed(sso_secrets=secrets) as made, providers(made) as found, AsyncExitStack() as stack:
        people = await _each_lands_at_home(made, found, stack)
        status, out, _ = await people[0].ask("GET", f"{found[0].at}/out")
        assert status == 303 and out.startswith(found[0].issuer), out
        await _signed_out_there(people[0], out)
        async with asyncio.timeout(60):
            while await people[0].inside(made.base):  # the provider's word comes by another way
                await asyncio.sleep(0.1)
        assert await people[1].inside(made.base) == PLACES[1][0]
        print("   logged out there, over here; the others stay")
        if short:
            return
        await found[1].stop()
        await asyncio.sleep(AGAIN + 1)  # sooner, keys are not asked for anew
        await found[1].start("second")
        late = await stack.enter_async_context(_person())
        status, _, page = await late.ask("GET", await late.answer_of(found[1], PLACES[1][1]))
        assert status == 303, page[-400:]
        print("   another key after a restart: found by itself")


async def _signed_out_there(person: Person, address: str) -> None:
    """The provider asks whether to sign out, and is told yes."""
    status, onward, page = await person.ask("GET", address)
    assert status == 200, (status, onward)
    form, mark = re.search(r'action="([^"]+)"', page), re.search(r'name="xsrf" value="([^"]+)"', page)
    assert form is not None and mark is not None, page[:800]
    status, _, page = await person.ask(
        "POST", urljoin(address, form[1]), data={"xsrf": mark[1], "logout": "yes"}
    )
    assert status in (302, 303), page[:500]
