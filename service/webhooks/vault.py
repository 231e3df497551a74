"""How signing secrets lie in the database: sealed by an authenticated cipher, bound to their endpoint.

Several keys and ciphers are at work at once, so that either can be changed without a receiver noticing: the first key
and the cipher of the settings seal, all keys open. A sealed text names its cipher, as `sm4-gcm.<base64>`; one without a
name is of AES-256-GCM. Which key it was the cipher's own tag tells.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.settings import Settings

_NONCE, _TAG = 12, 16
_AES = "aes-256-gcm"


class _Aead(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


class _Sm4:
    """SM4 (GB/T 32907) in GCM (GB/T 36624), as AESGCM is called."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        made = Cipher(algorithms.SM4(self._key), modes.GCM(nonce)).encryptor()
        made.authenticate_additional_data(associated_data)
        return made.update(data) + made.finalize() + made.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        if len(data) < _TAG:
            raise InvalidTag
        made = Cipher(algorithms.SM4(self._key), modes.GCM(nonce, data[-_TAG:])).decryptor()
        made.authenticate_additional_data(associated_data)
        return made.update(data[:-_TAG]) + made.finalize()


class _Kind(NamedTuple):
    """A cipher: the length of its key, for what the key is derived, and what makes it."""

    length: int
    info: bytes
    made: Callable[[bytes], _Aead]


_KINDS = {
    _AES: _Kind(32, b"tongjian/webhook-secrets/v1", AESGCM),
    "sm4-gcm": _Kind(16, b"tongjian/webhook-secrets/sm4-gcm/v1", _Sm4),
}


class Vault:
    """Seals and opens. `earlier`: secret keys of before, which only open; `cipher`: what seals."""

    def __init__(self, secret_key: str, earlier: Sequence[str] = (), cipher: str = _AES) -> None:
        self._keys, self._cipher = (secret_key, *earlier), cipher
        self._made: dict[tuple[str, int], _Aead] = {}

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """That of the settings."""
        return cls(settings.secret_key, settings.secret_keys_before, settings.sealing)

    def seal(self, secret: str, context: str) -> str:
        """The secret as it may be stored."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + self._aead(self._cipher, 0).encrypt(nonce, secret.encode(), context.encode())
        name = "" if self._cipher == _AES else f"{self._cipher}."
        return name + base64.b64encode(sealed).decode()

    def unseal(self, sealed: str, context: str) -> str:
        """The secret; cryptography.exceptions.InvalidTag where no key opens it, or it is of another endpoint."""
        return self._opened(sealed, context)[0]

    def stale(self, sealed: str, context: str) -> bool:
        """Whether it was sealed by an earlier key or another cipher; InvalidTag as `unseal`."""
        return self._opened(sealed, context)[1:] != (self._cipher, 0)

    def _opened(self, sealed: str, context: str) -> tuple[str, str, int]:
        """The secret, by which cipher, by which of the keys."""
        name, _, text = sealed.rpartition(".")
        cipher, data = name or _AES, base64.b64decode(text)
        for place in range(len(self._keys)):
            try:
                opened = self._aead(cipher, place).decrypt(data[:_NONCE], data[_NONCE:], context.encode())
            except InvalidTag:
                continue
            return opened.decode(), cipher, place
        raise InvalidTag

    def _aead(self, cipher: str, place: int) -> _Aead:
        if cipher not in _KINDS:
            raise InvalidTag
        found = self._made.get((cipher, place))
        if found is None:
            kind = _KINDS[cipher]
            kdf = HKDF(algorithm=SHA256(), length=kind.length, salt=None, info=kind.info)
            found = self._made[cipher, place] = kind.made(kdf.derive(self._keys[place].encode()))
        return found
