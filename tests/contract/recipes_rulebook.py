"""Recipes of rulebook; see recipes.py. All of it takes effect far ahead, so that no other test decides by it."""

from __future__ import annotations

from typing import Any

from tests.contract.recipes import KEEPER, recipe
from tests.contract.world import Ready, Thing, World

FAR = "2099-01-01"


async def _version(w: World) -> str:
    return str((await w.by(KEEPER)("GET", f"/rulebook?on={FAR}")).json()["version"])


async def _body(w: World, **more: Any) -> dict[str, Any]:
    return {"effective_from": FAR, "reason": "提前提示", "expected_version": await _version(w), **more}


async def _overlay(w: World) -> Thing:
    made = await w.by(KEEPER)("POST", "/rulebook/overlays", await _body(w, key="near_line.percent", value=80))
    assert made.status_code == 201, made.text
    return Thing(made.json()["overlay"]["id"], data=made.json()["overlay"])


@recipe("rulebook_overlay_record")
async def _(w: World) -> Ready:
    return Ready(KEEPER, body=await _body(w, key="near_line.percent", value=80))


@recipe("rulebook_overlay_read")
async def _(w: World) -> Ready:
    return Ready(KEEPER, {"ref": (await _overlay(w)).id})


@recipe("rulebook_overlay_end")
async def _(w: World) -> Ready:
    return Ready(KEEPER, {"ref": (await _overlay(w)).id}, await _body(w))
