"""What a case is found by is made of its words, and goes with them (art. 14)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from service.caselist.snipping import snip
from service.kit.ids import parse_ref
from service.kit.telemetry import Telemetry
from tests.portfolio.spilling import SECRET, Planted, agreed, purged

OF_IT = "SELECT count(*) FROM case_snippets WHERE project_id = $1"


async def test_its_snippets_go_with_its_words(
    build: Any, as_user: Any, door: Any, superuser: Any, storage: Any
) -> None:
    """Until the worker comes by again it is searched by itself, and found by what stays: its owner's name."""
    case = await build(kind=Planted).submitted()
    told = (await _found(as_user, SECRET))[case.id]
    await snip(door, Telemetry())
    assert await superuser.fetchval(OF_IT, parse_ref(case.id).id) > 10
    await agreed(as_user, project_id=case.id)
    await purged(door, storage)
    assert await superuser.fetchval(OF_IT, parse_ref(case.id).id) == 0
    for reached in (False, True):
        assert case.id in await _found(as_user, told["owner_name"]), reached
        assert case.id not in await _found(as_user, told["name"]), reached
        await snip(door, Telemetry())
    assert await superuser.fetchval(OF_IT, parse_ref(case.id).id) > 5


async def _found(as_user: Any, words: str) -> dict[str, Any]:
    answer = await as_user("360100", "gatekeeper")("GET", f"/projects?text={quote(words)}&limit=200")
    return {each["id"]: each for each in answer.json()["items"]}
