"""Recipes of workbooks; see recipes.py."""

from __future__ import annotations

import asyncio

from service.kit.ids import new_id
from tests.contract.recipes import recipe
from tests.lives import Ready, Thing, World

KEEPER = "city.gatekeeper"


def _file() -> bytes:
    head = "姓名*,职称*,专业领域*,工作单位*,聘期起*"
    return f"{head}\r\n专家{new_id()[-9:]},教授,总体架构,某大学,2026-01-01\r\n".encode("utf-8-sig")


async def _sent(w: World) -> Thing:
    """A workbook of experts that was found good."""
    keeper = w.by(KEEPER)
    sent = await keeper("POST", "/workbooks", content=_file(), params={"sheet": "experts"})
    assert sent.status_code == 202, sent.text
    while True:
        found = await keeper("GET", f"/workbooks/{sent.json()['id']}")
        if found.json()["state"] != "checking":
            assert found.json()["state"] == "checked", found.text
            return Thing(found.json()["id"], found.headers["etag"])
        await asyncio.sleep(0.02)


@recipe("workbooks_send")
async def _(w: World) -> Ready:
    return Ready(KEEPER, content=_file(), query={"sheet": "experts"})


@recipe("workbooks_blank")
async def _(w: World) -> Ready:
    return Ready(KEEPER, query={"sheet": "experts"})


@recipe("workbooks_read", "workbooks_marked")
async def _(w: World) -> Ready:
    return Ready(KEEPER, {"ref": (await _sent(w)).id})


@recipe("workbooks_commit", "workbooks_withdraw")
async def _(w: World) -> Ready:
    book = await _sent(w)
    return Ready(KEEPER, {"ref": book.id}, None, book.etag)
