"""What a process remembers of the catalogue begins anew when most of it was revised; nobody who looks notices."""

from __future__ import annotations

from typing import Any

import pytest

from service.catalogue import remembered
from service.catalogue.remembered import Remembered
from service.kit.db import tenant_scope

SCOPE = tenant_scope("360100")


class _Shelf:
    """A call whose door has these apps, all of one revision."""

    class principal:
        tenant = "360100"

    def __init__(self, revision: int) -> None:
        self.door, self.asked = self, 0
        self.rows = [
            {
                "provider_tenant": "360000",
                "app_id": f"{number}",
                "revision": revision,
                "name": f"{name}{revision}",
                "category": "video",
                "content": {"summary": "会议预约", "functions": ["点名"], "description": ""},
            }
            for number, name in enumerate(("视频会议平台", "统一身份认证平台"))
        ]

    async def fetch(self, _scope: Any, _statement: Any, *, tenant_id: str, ids: list[str]) -> list[Any]:
        self.asked += 1
        return [row for row in self.rows if row["app_id"] in ids]


async def test_who_looks_while_it_begins_anew_keeps_what_there_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_SPARE", 0)
    memory, first = Remembered(), _Shelf(1)
    kept, there = await memory.there(first, SCOPE, first.rows)  # type: ignore[arg-type]
    again, same = await memory.there(first, SCOPE, first.rows)  # type: ignore[arg-type]
    assert (again, list(same), first.asked) == (kept, list(there), 1), "each revision is read once"
    for revision in (2, 3, 4):
        shelf = _Shelf(revision)
        newest, now = await memory.there(shelf, SCOPE, shelf.rows)  # type: ignore[arg-type]
        assert newest.suggested("会议", now, 5) == [f"视频会议平台{revision}"]
    assert newest is not kept and len(newest.apps) < 8
    assert list(kept.matching("视频会议", there)) == [0] and kept.said("视频会议", 0)
    assert kept.suggested("认证", there, 5) == ["统一身份认证平台1"]


async def test_nothing_stays_of_what_was_erased() -> None:
    """A purge (art. 14) takes an app's name and text and is no revision."""
    memory, shelf = Remembered(), _Shelf(1)
    await memory.there(shelf, SCOPE, shelf.rows)  # type: ignore[arg-type]
    purged = _Shelf(1)
    purged.rows[0] |= {"name": "（已清除）", "content": {}}
    kept, there = await memory.there(purged, SCOPE, purged.rows)  # type: ignore[arg-type]
    assert [app.text.name for app in kept.apps] == ["（已清除）", "统一身份认证平台1"]
    assert kept.suggested("会议", there, 5) == [] and 0 not in kept.matching("视频会议预约", there)
