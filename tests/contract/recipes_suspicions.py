"""Recipes of suspicions; see recipes.py."""

from __future__ import annotations

from hashlib import sha256

from service.kit.ids import new_id
from tests import factories
from tests.contract.recipes import KEEPER, on, recipe
from tests.contract.world import REASON, Ready, Thing, World, good


def _word() -> str:
    """A word nobody used before, so that only the two projects of one recipe are about the same thing."""
    return "".join(chr(0x4E00 + 11 * byte) for byte in sha256(new_id().encode()).digest()[:6])


async def _part(w: World, what: str) -> Thing:
    body = factories.draft(w.tenant, name=f"{what}系统")
    if w.owner != "city.portal":
        del body["owner_office_id"]
    case = await w.made(w.owner, "/projects", body)
    said = [{"code": code, "reason": "上级统一部署"} for code in await w._reasons(case)]
    sent = good(await w.by(w.owner)("POST", f"/projects/{case.id}/submit", {"reasons": said}, etag=case.etag))
    return Thing(case.id, sent.headers["etag"])


async def _split(w: World) -> tuple[Thing, Thing]:
    """An undecided group of two, and one of its projects."""
    what = _word()
    await _part(w, what)
    part = await _part(w, what)
    await w.delivered()
    found = good(await w.by(KEEPER)("GET", f"/suspicions?project_id={part.id}&state=open")).json()["items"]
    return await w.read(KEEPER, f"/suspicions/{found[0]['id']}"), part


@recipe("suspicions_read")
async def _(w: World) -> Ready:
    return on((await _split(w))[0], KEEPER)


@recipe("suspicions_dismiss", "suspicions_confirm")
async def _(w: World) -> Ready:
    return on((await _split(w))[0], KEEPER, REASON)


@recipe("suspicions_join")
async def _(w: World) -> Ready:
    found, part = await _split(w)
    sure = good(await w.by(KEEPER)("POST", f"/suspicions/{found.id}/confirm", REASON, etag=found.etag))
    now = await w.read(w.owner, f"/projects/{part.id}")
    good(await w.by(w.owner)("POST", f"/projects/{part.id}/withdraw", REASON, etag=now.etag))
    return Ready(KEEPER, {"ref": found.id}, {"reason": "其余项目已撤回"}, sure.headers["etag"])
