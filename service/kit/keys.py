"""The service's signing keys: one private JWKS file (Ed25519), rotated by appending.

The newest key signs, every key in the file verifies, so a rotation never ends a session. The file is
replaced atomically and only ever readable by its owner.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from jwt.exceptions import PyJWTError

STAT_INTERVAL = 2.0
"""Seconds between two looks at the key file: half of the five seconds a revocation may take."""

_SHAPES = {
    ("OKP", "Ed25519"): ("EdDSA", ("x",)),
    ("EC", "P-256"): ("ES256", ("x", "y")),
    ("RSA", "None"): ("PS256", ("n", "e")),
}
_LOADERS = {"EdDSA": OKPAlgorithm.from_jwk, "ES256": ECAlgorithm.from_jwk, "PS256": RSAAlgorithm.from_jwk}
PublicKey = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey
LEAST_RSA_BITS, MOST_RSA_BITS = 2048, 4096
SOUND_RSA_BITS = 3072  # 128 bits of security; below, a key is registered with a reason only (0282)
MOST_EXPONENT = 2**32  # with the length, what keeps each verification quick for everybody


@dataclass(frozen=True, slots=True)
class KeySet:
    """One state of the key file: who signs, and who verifies by `kid`."""

    signing_kid: str
    private_key: Ed25519PrivateKey
    jwks: dict[str, Any]
    verify: Mapping[str, Ed25519PublicKey]


def public_key(jwk: Mapping[str, Any]) -> tuple[str, PublicKey]:
    """The algorithm and key of a registered public JWK (Ed25519, P-256, or RSA for PS256); ValueError otherwise.

    The algorithm comes from the key alone, never from a token; a private part is not even read.
    """
    shape = _SHAPES.get((str(jwk.get("kty")), str(jwk.get("crv"))))
    if shape is None:
        raise ValueError("a public key is a JWK of kty OKP/Ed25519, EC/P-256 or RSA")
    algorithm, members = shape
    if jwk.get("alg", algorithm) != algorithm or jwk.get("use", "sig") != "sig":
        raise ValueError("alg or use of the JWK does not fit its key")
    if not all(isinstance(jwk.get(member), str) for member in members):
        raise ValueError("the JWK lacks its public members")
    public = {name: jwk[name] for name in ("kty", "crv", *members) if name in jwk}
    try:
        key = _LOADERS[algorithm](public)
    except (PyJWTError, ValueError) as error:
        raise ValueError("the JWK is not a valid public key") from error
    if not isinstance(key, PublicKey):
        raise ValueError("the JWK is not a valid public key")
    if isinstance(key, RSAPublicKey) and not (
        LEAST_RSA_BITS <= key.key_size <= MOST_RSA_BITS and key.public_numbers().e <= MOST_EXPONENT
    ):
        raise ValueError(
            f"the RSA key of a JWK has {LEAST_RSA_BITS} to {MOST_RSA_BITS} bits and a small exponent"
        )
    return algorithm, key


def short(key: PublicKey) -> bool:
    """Whether the key has less than 128 bits of security: RSA below 3072 bits."""
    return isinstance(key, RSAPublicKey) and key.key_size < SOUND_RSA_BITS


def generate(file: Path, now: float) -> str:
    """Creates the file with a first key and returns its kid; FileExistsError rather than overwrite."""
    jwk = _new_jwk(now)
    temporary = _written_beside(file, {"keys": [jwk]})
    try:
        os.link(temporary, file)
    finally:
        os.unlink(temporary)
    return str(jwk["kid"])


def rotate(file: Path, now: float, drop_after: float | None = None) -> str:
    """Appends a new signing key and returns its kid.

    `drop_after` also removes keys that stopped signing at least so many seconds ago. Counting from the
    end of their use, not from their birth, a value above the token lifetime never breaks a live token.
    """
    with _locked(file):
        keys = _read(file)
        superseded = [float(key["created"]) for key in keys[1:]] + [now]
        if drop_after is not None:
            keys = [key for key, end in zip(keys, superseded, strict=True) if now - end < drop_after]
        jwk, owner = _new_jwk(now), file.stat()
        fresh = _written_beside(file, {"keys": [*keys, jwk]})
        if os.geteuid() == 0:  # the operator rotates as root, and the service's user goes on reading
            os.chown(fresh, owner.st_uid, owner.st_gid)
        os.replace(fresh, file)
    return str(jwk["kid"])


def load(file: Path) -> KeySet:
    """Reads the file; OSError or ValueError when it is absent or not a private Ed25519 JWKS."""
    jwks = _read(file)
    private = {jwk["kid"]: Ed25519PrivateKey.from_private_bytes(_unb64(jwk["d"])) for jwk in jwks}
    public = [{name: jwk[name] for name in ("kty", "crv", "alg", "use", "kid", "x")} for jwk in jwks]
    verify = {kid: key.public_key() for kid, key in private.items()}
    if any(_b64(verify[jwk["kid"]].public_bytes_raw()) != jwk["x"] for jwk in jwks):
        raise ValueError(f"{file}: public and private part of a key differ")
    newest = str(jwks[-1]["kid"])
    return KeySet(newest, private[newest], {"keys": public}, verify)


class KeySource:
    """The current keys of a file, looked at no more often than every two seconds.

    A file that cannot be read after a good start leaves the last good keys in force: `error` then says
    why, for readiness and logs. `monotonic` gives seconds of a clock that never goes back.
    """

    def __init__(self, file: Path, monotonic: Callable[[], float]) -> None:
        self._file = file
        self._monotonic = monotonic
        self._seen = _signature(file)
        self._keys = load(file)
        self._next = monotonic() + STAT_INTERVAL
        self.error: str | None = None

    def current(self) -> KeySet:
        """The keys in force; the same object as long as the file is unchanged."""
        if self._monotonic() >= self._next:
            self.refresh()
        return self._keys

    def refresh(self) -> KeySet:
        """Looks at the file at once: another instance may already sign with a key newer than ours."""
        self._next = self._monotonic() + STAT_INTERVAL
        try:
            seen = _signature(self._file)
            if seen != self._seen:
                self._keys = load(self._file)
                self._seen = seen
            self.error = None
        except (OSError, ValueError) as error:
            self.error = f"{type(error).__name__}: {error}"
        return self._keys


def _signature(file: Path) -> tuple[int, int, int]:
    # The inode changes with every atomic replacement, also within one tick of the modification time.
    stat = file.stat()
    return stat.st_mtime_ns, stat.st_ino, stat.st_size


def _new_jwk(now: float) -> dict[str, Any]:
    private = Ed25519PrivateKey.generate()
    x = _b64(private.public_key().public_bytes_raw())
    # kid = RFC 7638 thumbprint: needs no register and cannot collide.
    thumbprint = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": x}, separators=(",", ":"))
    kid = _b64(hashlib.sha256(thumbprint.encode()).digest())
    public = {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": x}
    return {**public, "d": _b64(private.private_bytes_raw()), "created": now}


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        keys = json.loads(file.read_bytes())["keys"]
        kinds = {(key["kty"], key["crv"], key["alg"]) for key in keys}
        if kinds != {("OKP", "Ed25519", "EdDSA")}:
            raise ValueError("no keys, or a key that is not Ed25519")
        if any(not isinstance(key[name], str) for key in keys for name in ("kid", "x", "d", "use")):
            raise ValueError("a key lacks kid, x, d or use")
        [float(key["created"]) for key in keys]
    except (KeyError, TypeError, ValueError) as error:
        # The message must never carry the content: it is a private key.
        raise ValueError(f"{file}: not a private key file of this service ({type(error).__name__})") from None
    return list(keys)


def _written_beside(file: Path, content: dict[str, Any]) -> str:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # created with mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        json.dump(content, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    return name


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    # Two rotations at once would each drop the other's new key; the directory needs no extra lock file.
    handle = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
