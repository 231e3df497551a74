"""One request for a token: where it comes from and what it claims."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.identity.credentials import Credentials
from service.kit.assertions import peek

CLIENT_CREDENTIALS = "client_credentials"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEVELOPMENT = "urn:tongjian:grant:development"
CONSOLE_DEMO = "console_demo"  # a demo person, by a link of the console
SINGLE_SIGN_ON, HAND_OVER = "sso", "hand_over"  # by an identity provider; by a portal's one-use assertion
GRANT_NAMES = {
    CLIENT_CREDENTIALS: "client_credentials",
    JWT_BEARER: "jwt-bearer",
    DEVELOPMENT: "development",
    CONSOLE_DEMO: "console_demo",
    SINGLE_SIGN_ON: "sso",
    HAND_OVER: "hand_over",
}

CLIENT_ID = re.compile(r"([0-9A-Za-z]{2,16})\.([a-z][a-z0-9-]{0,39})")
USERNAME = re.compile(r"([0-9A-Za-z]{2,16})/([^\s/\x00]{1,128})")


# Verified against for clients that do not exist or have no key; nobody holds its private half.
NOBODY = {
    "kty": "OKP",
    "crv": "Ed25519",
    "x": base64.urlsafe_b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    .rstrip(b"=")
    .decode(),
}


@dataclass(slots=True)
class Try:
    """One request for a token: where it comes from, whom it claims to come from, and what was found of that."""

    address: str
    request_id: str = ""
    claimed: str = ""  # a well-formed client id (or `<tenant>/<login>`), else empty
    client: tuple[str, str] | None = None  # tenant and id of the client, once it is known to exist
    proven: bool = False  # the client was it: what fails after that is no guess at a credential


def claimed(form: Mapping[str, str], basic: Credentials | None) -> str:
    """The client (or demo person) a request names, unproven; empty where it is none of that form."""
    name = form.get("client_id") or form.get("username") or ""
    if basic is not None:
        name = basic.client_id
    elif "assertion" in form:
        name = peek(form["assertion"])[0] or ""
    return name if CLIENT_ID.fullmatch(name) or USERNAME.fullmatch(name) else ""
