"""The press: a bench (documents/bench.py) whose processes draw papers. Nothing is drawn on the event loop."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from pathlib import Path
from typing import Any

import msgspec

from service.documents.bench import Bench, Lost
from service.kit.errors import ServiceError
from service.kit.fonts import Fonts

PLACES = 2
MOST_TEMPLATE = 2 << 20
_FAILED = "文书未能排出，请稍后重试；仍不能的，请告知系统管理员"


class Press(Bench):
    """On the shelf: draws papers in the name of one API process, with an office's own fonts and templates if any."""

    module = "service.papers.apart"

    def __init__(self, fonts: Fonts, drafts: Path | None = None, places: int = PLACES) -> None:
        super().__init__(places)
        self.fonts, self._drafts = fonts, drafts

    async def pdf(self, tenant: str, data: dict[str, Any]) -> bytes:
        """A paper as PDF; 503 when it could not be drawn in its time and memory, or too many wait."""
        made = await self._made(tenant, "pdf", {"data": data, "dirs": list(self.fonts.dirs)})
        if made is None:
            raise ServiceError(503, "unavailable", _FAILED)
        return made

    async def draft(self, tenant: str, kind: str, fields: dict[str, Any]) -> tuple[bytes, str]:
        """A draft, and by which template: `own` of the office, `ours`, or `refused` (the office's own does not do)."""
        own = await asyncio.to_thread(self._template, tenant, kind)
        work = {"kind": kind, "fields": fields}
        if own:
            made = await self._made(tenant, "docx", {**work, "own": b64encode(own).decode()}, lost=None)
            if made is not None:
                return made, "own"
        made = await self._made(tenant, "docx", {**work, "own": ""})
        if made is None:
            raise ServiceError(503, "unavailable", _FAILED)
        return made, "ours" if own is None else "refused"

    def _template(self, tenant: str, kind: str) -> bytes | None:
        """The tenant's own template, else the deployment's own, else None; b"" for one that is too large or unreadable.

        `kind` and `tenant` are codes of ours.
        """
        if self._drafts is None:
            return None
        for path in (self._drafts / tenant / f"{kind}.docx", self._drafts / f"{kind}.docx"):
            if path.exists():
                try:
                    return path.read_bytes() if path.stat().st_size <= MOST_TEMPLATE else b""
                except OSError:
                    return b""
        return None

    async def _made(
        self, tenant: str, name: str, work: dict[str, Any], *, lost: str | None = _FAILED
    ) -> bytes | None:
        """None where it could not be made; `lost`: what is said where its process died over it, None: nothing."""
        raw = msgspec.json.encode(work)
        async with self._seated(tenant, len(raw)):
            try:
                told, made = await self._asked(name, raw)
            except Lost:
                if lost is None:
                    return None
                raise ServiceError(503, "unavailable", lost) from None
        return None if told["fault"] else made
