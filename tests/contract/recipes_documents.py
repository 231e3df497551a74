"""Recipes of documents; see recipes.py."""

from __future__ import annotations

from tests.contract.recipes import on, recipe
from tests.lives import Ready, Thing, World, good

NOTE = "技术方案：依托政务云建设。".encode()
WHERE = {"slot": "technical_plan", "name": "技术方案.txt"}


async def uploaded(w: World, case: Thing) -> str:
    """A document of the case; its id."""
    answer = await w.by(w.owner)("POST", f"/projects/{case.id}/documents", content=NOTE, params=WHERE)
    return str(good(answer).json()["id"])


@recipe("documents_upload")
async def _(w: World) -> Ready:
    case = await w.submitted()
    return Ready(w.owner, {"ref": case.id}, query=dict(WHERE), content=NOTE)


@recipe("documents_list_all", "documents_checklist")
async def _(w: World) -> Ready:
    return on(await w.draft(), w.owner)


@recipe("documents_read", "documents_download", "documents_remove")
async def _(w: World) -> Ready:
    return Ready(w.owner, {"ref": await uploaded(w, await w.draft())})
