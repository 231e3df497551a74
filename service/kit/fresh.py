"""Conditional reads: a weak ETag of the content, and 304 without content where the caller has it already.

Weak, since a proxy may compress it (RFC 9110, sections 8.8.1, 13.1.2); never a version, so it fits no If-Match.
"""

from __future__ import annotations

import hashlib
import re

from service.kit.idempotency import Reply

_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')
_LENGTH = 32


def marked(reply: Reply, if_none_match: str | None) -> Reply:
    """The reply with the tag of its content; 304 when `if_none_match` names it (weak comparison, or `*`)."""
    tag = hashlib.sha256(reply.body).hexdigest()[:_LENGTH]
    headers = {**reply.headers, "etag": f'W/"{tag}"'}
    if if_none_match is None or not _names(if_none_match, tag):
        return reply._replace(headers=headers)
    kept = {name: value for name, value in headers.items() if name in ("etag", "link")}
    return Reply(304, kept, b"")


def _names(value: str, tag: str) -> bool:
    if value.strip() == "*":
        return True
    return any(found[1] == tag for part in value.split(",") if (found := _TAG.fullmatch(part.strip())))
