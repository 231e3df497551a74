"""The guide's signed example, run as it stands for each kind of key; `make contract` runs its commands."""

from __future__ import annotations

import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from service.kit import clock
from service.kit.assertions import verify_assertion
from tests.contract_tools.play import GUIDE

ISSUER = "https://tongjian.example"
KEYS: list[tuple[str, Any, Any]] = [
    ("EdDSA", OKPAlgorithm, ed25519.Ed25519PrivateKey.generate()),
    ("ES256", ECAlgorithm, ec.generate_private_key(ec.SECP256R1())),
    ("PS256", RSAAlgorithm, rsa.generate_private_key(65537, 3072)),
]


@pytest.mark.parametrize(("algorithm", "kind", "key"), KEYS, ids=[each[0] for each in KEYS])
def test_the_signed_example_is_accepted(algorithm: str, kind: Any, key: Any) -> None:
    (script,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    given: dict[str, Any] = {"CLIENT": "360100.portal", "LOGIN": "unit", "ISSUER": ISSUER}
    given |= {"PRIVATE_KEY": key, "ALGORITHM": algorithm}
    exec(script, given)
    claims = verify_assertion(
        given["assertion"],
        public_jwk=kind.to_jwk(key.public_key(), as_dict=True),
        client_id="360100.portal",
        audiences=(ISSUER,),
        now=clock.timestamp(),
    )
    assert claims.sub == "unit"
