"""Conditional reads: a weak ETag of the content, and 304 without content where the caller has it already.

Weak, since a proxy may compress it (RFC 9110, sections 8.8.1, 13.1.2); never a version, so it fits no If-Match.
"""

from __future__ import annotations

import hashlib
import re

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.kit.idempotency import Reply

_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')
_LENGTH = 32
_ALIKE = bytes(12)  # always the same nonce, so that what is alike has one tag: see Tags


class Tags:
    """Tags of contents, alike in every process that has the secret.

    A page of fifty cases is 47 KB, which SHA-256 takes 50 µs for. So it is summed by GMAC (NIST SP 800-38D), at a
    twentieth of that: under a secret key two contents meet in one sum with a chance of some 2⁻¹¹⁵. Given out sums under
    one nonce would betray the key, so what is given out is SHA-256 of sum and secret.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = hashlib.sha256(secret).digest()
        self._sum = AESGCM(hashlib.sha256(b"sum" + secret).digest())

    def of(self, body: bytes) -> str:
        """The tag of a content."""
        return hashlib.sha256(self._secret + self._sum.encrypt(_ALIKE, b"", body)).hexdigest()[:_LENGTH]


def marked(reply: Reply, if_none_match: str | None, tags: Tags) -> Reply:
    """The reply with the tag of its content; 304 when `if_none_match` names it (weak comparison, or `*`)."""
    tag = tags.of(reply.body)
    headers = {**reply.headers, "etag": f'W/"{tag}"'}
    if if_none_match is None or not _names(if_none_match, tag):
        return Reply(reply.status, headers, reply.body)
    kept = {name: value for name, value in headers.items() if name in ("etag", "link")}
    return Reply(304, kept, b"")


def _names(value: str, tag: str) -> bool:
    if value.strip() == "*":
        return True
    return any(found[1] == tag for part in value.split(",") if (found := _TAG.fullmatch(part.strip())))
