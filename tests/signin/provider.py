"""A small identity provider on a loopback socket, honest until a test tells it to lie: OpenID Connect with PKCE."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from service.kit import clock, keys
from service.settings import Settings

SSO = "sso"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Key:
    """A signing key with its public JWK."""

    def __init__(self, kid: str, algorithm: str = "ES256", bits: int = 3072) -> None:
        self.kid, self.algorithm = kid, algorithm
        if algorithm.startswith("RS") or algorithm.startswith("PS"):
            self.private: Any = rsa.generate_private_key(65537, bits)
            public = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        else:
            self.private = ec.generate_private_key(ec.SECP256R1())
            public = ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        self.jwk = {**public, "kid": kid, "use": "sig"}

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        return jwt.encode(claims, self.private, self.algorithm, {"kid": self.kid, **header})


class Provider:
    """`behave()` puts everything right again; tests then change one thing."""

    def __init__(self, settings: Settings, *, secret: str | None = None) -> None:
        self.service, self.secret = settings, secret
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.key = Key("k1")
        self.behave()

    def behave(self) -> None:
        self.keys, self.person = [self.key], {"sub": "unit"}
        self.claims: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.signer: Callable[[dict[str, Any]], str] = self.key.sign
        self.down = False

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/token", self._token)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.issuer = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    def settings_of(self, **changes: Any) -> dict[str, Any]:
        """What is registered of it."""
        return {
            "name": "市统一身份认证",
            "issuer": self.issuer,
            "client_id": "tongjian",
            "roles": ["unit", "gatekeeper"],
            **changes,
        }

    def _refused(self) -> web.Response | None:
        return web.Response(status=503) if self.down else None

    async def _discovery(self, request: web.Request) -> web.Response:
        self.asked.append("discovery")
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint": f"{self.issuer}/token",
            "end_session_endpoint": f"{self.issuer}/out",
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }
        return self._refused() or web.json_response(said)

    async def _keys(self, request: web.Request) -> web.Response:
        self.asked.append("keys")
        return self._refused() or web.json_response({"keys": [each.jwk for each in self.keys]})

    async def _token(self, request: web.Request) -> web.Response:
        """As RFC 6749 and 7636 want it: who asks proves himself, a code is good once, for its verifier and address."""
        form = dict(parse_qsl((await request.read()).decode()))
        self.asked.append("token")
        kept = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(
            b"="
        )
        fits = kept is not None and kept["code_challenge"] == challenge.decode()
        if (
            kept is None
            or not fits
            or kept["redirect_uri"] != form["redirect_uri"]
            or not self._client(request, form)
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(clock.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": kept["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": kept["nonce"],
            **self.person,
            **self.claims,
        }
        made = self.signer({name: value for name, value in claims.items() if value is not None})
        return web.json_response({"access_token": "x", "token_type": "Bearer", "id_token": made})

    def _client(self, request: web.Request, form: dict[str, str]) -> bool:
        if self.secret is not None:
            pair = base64.b64decode(request.headers.get("authorization", "").partition(" ")[2]).decode()
            return pair == f"tongjian:{self.secret}"
        assert self.service.signing_keys_file is not None
        verify = keys.load(self.service.signing_keys_file).verify
        told = form["client_assertion"]
        claims = jwt.decode(
            told,
            verify[jwt.get_unverified_header(told)["kid"]],
            ["EdDSA"],
            audience=self.issuer,
            options={"verify_exp": False, "verify_iat": False, "require": ["exp", "jti"]},
        )
        return bool(claims["iss"] == claims["sub"] == form["client_id"])

    def agree(self, address: str) -> dict[str, str]:
        """The person signs in at the address the browser was sent to: the parameters it is sent back with."""
        parts = urlsplit(address)
        asked = dict(parse_qsl(parts.query))
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256", asked
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def logout_token(self, typ: str | None = "logout+jwt", **changes: Any) -> str:
        now = int(clock.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": "tongjian",
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_urlsafe(8),
            "sub": "unit",
            "events": {LOGOUT_EVENT: {}},
            **changes,
        }
        return self.key.sign({k: v for k, v in claims.items() if v is not None}, typ=typ)


def unsigned(claims: dict[str, Any]) -> str:
    """alg none, as the attack spells it."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "none", "kid": "k1"}, claims)
    ]
    return ".".join([*parts, ""])


async def confirmed(as_user: Any, tenant: str, body: dict[str, Any]) -> str:
    """Registers an identity provider by two people; its id."""
    made = await as_user(tenant, "administrator")("POST", "/issuers", body)
    assert made.status_code == 201, made.text
    ref = str(made.json()["id"])
    agreed = await as_user(tenant, "security_admin")(
        "POST", f"/issuers/{ref}/confirm", {}, etag=made.headers["etag"]
    )
    assert agreed.status_code == 200, agreed.text
    return ref
