"""If-Match: which versions of a record its caller has seen (RFC 9110, section 13.1.1; RFC 6585 for its absence)."""

from __future__ import annotations

import re
from typing import NamedTuple

from service.kit.errors import ServiceError

_MISSING = ServiceError(428, "if_match_required", "请先读取该记录，并以 If-Match 携带其 ETag")
_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e]*)"')
_VERSION = re.compile(r"[1-9][0-9]{0,8}|0")
_WEAK = (
    "If-Match 中的 W/ 弱标签不能用于修改：压缩内容的中间代理会把 ETag 改写成这样，"
    "请去掉前面的 W/ 重发，或让代理保留 ETag"
)


class Precondition(NamedTuple):
    """The versions named; None = whatever there is (`*`)."""

    versions: frozenset[int] | None

    def met(self, version: int) -> bool:
        """Whether the record stands at a version that was named."""
        return self.versions is None or version in self.versions

    def check(self, version: int) -> None:
        """412 with the current ETag unless the record stands at a version that was named."""
        if not self.met(version):
            raise ServiceError(
                412, "stale_version", "记录已被更新，请重新读取后再试", current_etag=f'"{version}"'
            )


def precondition(value: str | None) -> Precondition:
    """The header's value, lists joined by commas. 428 when missing, 400 when it is no list of quoted tags.

    Tags that are not ours name no version; weak ones never match, and are told so, since it is a proxy that made
    them and its operator who can mend it.
    """
    if value is None:
        raise _MISSING
    if value.strip() == "*":
        return Precondition(None)
    versions, weak = set(), False
    for part in value.split(","):
        tag = _TAG.fullmatch(part.strip())
        if tag is None:
            raise ServiceError(
                400, "if_match_invalid", 'If-Match 应为带引号的 ETag，如 "3"，多个以逗号分隔，或为 *'
            )
        weak = weak or tag[1] is not None
        if tag[1] is None and _VERSION.fullmatch(tag[2]):
            versions.add(int(tag[2]))
    if weak and not versions:
        raise ServiceError(412, "weak_etag", _WEAK)
    return Precondition(frozenset(versions))
