"""The press: a bench (documents/bench.py) whose processes draw papers. Nothing is drawn on the event loop."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from service.documents.bench import Bench, Lost
from service.kit.errors import ServiceError
from service.kit.fonts import Fonts

PLACES = 2
MOST_TEMPLATE = 2 << 20
OURS, DEPLOYED = "送审稿模板：系统自带", "送审稿模板：部署单位自备"
DRAFTS = Path(__file__).resolve().parent / "drafts"
_FAILED = "文书未能排出，请稍后重试；仍不能的，请告知系统管理员"


class Form(NamedTuple):
    """An office's own template: the file, the office's how manieth change it came with, its digest."""

    content: bytes
    number: int
    digest: str

    @property
    def origin(self) -> str:
        """What a draft's properties say of it."""
        return f"送审稿模板：本单位第{self.number}版，SM3 {self.digest}"


def _work(
    kind: str, fields: dict[str, Any], template: bytes, origin: str, *, plain: bool = False
) -> dict[str, Any]:
    own = b64encode(template).decode()
    return {"kind": kind, "fields": fields, "own": own, "origin": origin, "plain": plain}


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

    async def draft(
        self, tenant: str, kind: str, fields: dict[str, Any], form: Form | None = None
    ) -> tuple[bytes, str]:
        """A draft, and by which template: `office` (`form`, the office's own), `own` of the deployment, `ours`, or
        `refused`: there is another one that does not do, and ours was taken.
        """
        deployed = await asyncio.to_thread(self._template, tenant, kind)
        refused = form is not None
        if form is not None:
            made = await self._filled(tenant, kind, fields, form.content, form.origin)
            if made is not None:
                return made, "office"
        if deployed:
            made = await self._filled(tenant, kind, fields, deployed, DEPLOYED)
            if made is not None:
                return made, "refused" if refused else "own"
        made = await self._made(tenant, "docx", _work(kind, fields, b"", OURS))
        if made is None:
            raise ServiceError(503, "unavailable", _FAILED)
        return made, "ours" if deployed is None and not refused else "refused"

    async def tried(
        self, tenant: str, kind: str, template: bytes, fields: dict[str, Any]
    ) -> tuple[bytes | None, str, list[str]]:
        """What a template makes of these fields; or None, why it does not do, and which fields there are not."""
        work = _work(kind, fields, template, "", plain=True)
        raw = msgspec.json.encode(work)
        async with self._seated(tenant, len(raw)):
            try:
                told, made = await self._asked("docx", raw)
            except Lost:
                return None, "size", []
        return (None, told["fault"], told.get("names", [])) if told["fault"] else (made, "", [])

    async def _filled(
        self, tenant: str, kind: str, fields: dict[str, Any], template: bytes, origin: str
    ) -> bytes | None:
        """By a template that is not ours; None where it does not do, or its process died over it."""
        return await self._made(tenant, "docx", _work(kind, fields, template, origin), lost=None)

    def deployed(self, tenant: str, kind: str) -> bool:
        """Whether the deployment has a template of its own for this tenant. Reads the disk."""
        return self._template(tenant, kind) is not None

    def in_use(self, tenant: str, kind: str) -> bytes:
        """The deployment's template, or ours where it has none that can be read. Reads the disk."""
        return self._template(tenant, kind) or (DRAFTS / f"{kind}.docx").read_bytes()

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
