"""The press: a bench (documents/bench.py) whose processes draw papers. Nothing is drawn on the event loop."""

from __future__ import annotations

from typing import Any

import msgspec

from service.documents.bench import Bench, Lost
from service.kit.errors import ServiceError
from service.kit.fonts import Fonts

PLACES = 2
_FAILED = "文书未能排出，请稍后重试；仍不能的，请告知系统管理员"


class Press(Bench):
    """On the shelf: draws papers in the name of one API process, with an office's own fonts where it has them."""

    module = "service.papers.apart"

    def __init__(self, fonts: Fonts, places: int = PLACES) -> None:
        super().__init__(places)
        self.fonts = fonts

    async def pdf(self, tenant: str, data: dict[str, Any]) -> bytes:
        """A paper as PDF; 503 when it could not be drawn in its time and memory, or too many wait."""
        return await self._made(tenant, {"data": data, "dirs": list(self.fonts.dirs)})

    async def _made(self, tenant: str, work: dict[str, Any]) -> bytes:
        raw = msgspec.json.encode(work)
        async with self._seated(tenant, len(raw)):
            try:
                told, made = await self._asked("", raw)
            except Lost:
                raise ServiceError(503, "unavailable", _FAILED) from None
        if told["fault"]:
            raise ServiceError(503, "unavailable", _FAILED)
        return made
