"""Recipes of rulebook; see recipes.py. All of it takes effect far ahead, so that no other test decides by it."""

from __future__ import annotations

from typing import Any

from tests.contract.recipes import KEEPER, recipe
from tests.lives import REASON, Ready, Thing, World

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


# ---- what is asked of declarations (art. 14) ---------------------------------------------------------------


async def _round(w: World) -> Thing:
    body = {
        "year": 2099,
        "document_number": "赣府厅发〔2099〕1号",
        "document_date": "2026-02-01",
        "effective_from": FAR,
        "fields": [{"field": "form.period"}],
    }
    return await w.made("province.drc", "/declaration-rounds", body)


@recipe("rounds_declaration_effect")
async def _(w: World) -> Ready:
    return Ready("province.office", query={"round": (await _round(w)).id})


@recipe("rounds_declaration_read")
async def _(w: World) -> Ready:
    return Ready("province.office", {"ref": (await _round(w)).id})


@recipe("rounds_declaration_confirm")
async def _(w: World) -> Ready:
    made = await _round(w)
    return Ready("province.office", {"ref": made.id}, etag=made.etag)


@recipe("rounds_declaration_refuse")
async def _(w: World) -> Ready:
    made = await _round(w)
    return Ready("province.finance", {"ref": made.id}, REASON, made.etag)


OFFICE, DRC = "province.office", "province.drc"
RATIO = "amount.unusual.ratio"


async def _amending(w: World) -> dict[str, Any]:
    """Another ratio than the one of that day: an amendment accepted before may have brought 49."""
    entries = (await w.by(OFFICE)("GET", f"/rulebook?on={FAR}")).json()["entries"]
    (now,) = [each["value"] for each in entries if each["key"] == RATIO]
    changed = {"effective_from": FAR, "entries": [{"key": RATIO, "value": 48 if int(now) == 49 else 49}]}
    seen = await w.by(OFFICE)("POST", "/rulebook/amendments/preview", changed)
    assert seen.status_code == 200, seen.text
    return {
        **changed,
        "document_number": "赣府厅发〔2026〕9号",
        "document_date": "2026-01-15",
        "issued_by": ["general_office"],
        "reason": "核对得更早",
        "expected_version": seen.json()["rulebook_version"],
    }


async def _amendment(w: World) -> Thing:
    made = await w.by(OFFICE)("POST", "/rulebook/amendments", await _amending(w))
    assert made.status_code == 201, made.text
    return Thing(made.json()["amendment"]["id"], data=made.json())


@recipe("rulebook_amendment_propose")
async def _(w: World) -> Ready:
    return Ready(OFFICE, body=await _amending(w))


@recipe("rulebook_amendment_read")
async def _(w: World) -> Ready:
    return Ready(OFFICE, {"ref": (await _amendment(w)).id})


@recipe("rulebook_amendment_confirm")
async def _(w: World) -> Ready:
    made = await _amendment(w)
    return Ready(
        DRC, {"ref": made.id}, {"accepted": False, "expected_version": made.data["rulebook_version"]}
    )


@recipe("rulebook_amendment_preview")
async def _(w: World) -> Ready:
    wanted = await _amending(w)
    return Ready(OFFICE, body={name: wanted[name] for name in ("effective_from", "entries")})
