"""Recipes of suspicions; see recipes.py."""

from __future__ import annotations

from hashlib import sha256

from service.kit.ids import new_id
from tests import factories
from tests.contract.recipes import KEEPER, on, recipe
from tests.lives import REASON, Ready, Thing, World, good


def _text() -> dict[str, str]:
    """Words nobody used before, in name and materials, so that only the two projects of one recipe are alike.

    Latin ones: an unknown Chinese word is cut as it happens, and what is cut off as grammar leaves the texts that all
    drafts of the tests share.
    """
    digest = sha256(new_id().encode()).hexdigest()
    words = ["q" + digest[at : at + 10] for at in range(0, 60, 10)]
    return {
        "name": f"{words[0]} {words[1]}",
        "tasks": f"{words[2]} {words[3]}",
        "goals": words[4],
        "plan": words[5],
    }


async def _part(w: World, text: dict[str, str]) -> Thing:
    basics = factories.materials()["basics"] | {
        "main_tasks": text["tasks"],
        "performance_goals": text["goals"],
    }
    changed = {"technical_plan": text["plan"], "basics": basics}
    return await w.life(name=text["name"], materials=changed).at("submitted")


async def _split(w: World) -> tuple[Thing, Thing]:
    """An undecided group of two, and one of its projects."""
    text = _text()
    await _part(w, text)
    part = await _part(w, text)
    await w.delivered()
    found = good(await w.by(KEEPER)("GET", f"/suspicions?project_id={part.id}&state=open")).json()["items"]
    assert [each["size"] for each in found] == [2], "a third project would have to be withdrawn too"
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
