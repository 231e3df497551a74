"""Drafts of apps come from accepted projects, by hand or by the event of their acceptance."""

from __future__ import annotations

from typing import Any

from tests.catalogue.conftest import content
from tests.catalogue.sides import CITY, OTHER
from tests.contract.recipes_catalogue import accepted_project
from tests.lives import World, people


async def test_an_accepted_projects_results_become_a_draft(
    as_user: Any, door: Any, settings: Any, relay: Any
) -> None:
    world = World(people(as_user), door, None, settings.database_url)  # type: ignore[arg-type]
    early = (await world.submitted()).id
    project = await accepted_project(world)
    body = {
        "project_id": project,
        "design_documents": ["总体设计说明书"],
        "source": ["源代码移交清单"],
        "data_resources": [{"name": "城市部件库"}],
        "interfaces": content()["interfaces"],
    }
    provider = as_user(CITY, "app_provider")
    refused = await provider("POST", "/apps/from-project", {**body, "project_id": early})
    assert (refused.status_code, refused.json()["code"], refused.json()["article"]) == (
        409,
        "project_not_accepted",
        31,
    )
    for stranger, status in ((as_user(OTHER, "app_provider"), 404), (as_user(CITY, "360102.unit"), 422)):
        answer = await stranger("POST", "/apps/from-project", body)
        assert answer.status_code == status, answer.text
    made = await provider("POST", "/apps/from-project", body)
    assert made.status_code == 201, made.text
    draft = made.json()
    assert (draft["status"], draft["source_project"]) == ("draft", project)
    assert "总体设计说明书" in draft["content"]["description"]
    assert draft["content"]["data_items"] == [{"name": "城市部件库"}]
    again = await provider("POST", "/apps/from-project", body)
    assert (again.status_code, again.json()["code"]) == (409, "draft_exists")
    await relay()
    assert "共享应用草稿待完善" in (await provider("GET", "/inbox?limit=20")).text


async def test_the_province_accepts_and_the_draft_comes_by_the_event(
    as_user: Any, door: Any, settings: Any, relay: Any, superuser: Any, app: Any
) -> None:
    """draft_from_project as a provincial acceptance calls it: with the province's login, on a city's project."""
    from types import SimpleNamespace

    from service.catalogue.actions_artefacts import draft_from_project
    from service.catalogue.schemas import ArtefactsIn
    from service.kit import clock
    from service.kit.db import Scope
    from service.kit.ids import parse_ref
    from service.projects.case import case_of
    from service.projects.queries import DECLARED_CASE

    world = World(people(as_user), door, None, settings.database_url)  # type: ignore[arg-type]
    ref = parse_ref((await world.with_province()).id)
    principal = SimpleNamespace(tenant="360000", actor="user:360000:drc", office=None)
    call: Any = SimpleNamespace(principal=principal, now=clock.now(), trace_id="trace-0001")
    for _ in range(2):  # also when it is said twice
        async with door.transaction(Scope("province", "360000/*")) as tx:
            row = await tx.row(DECLARED_CASE, tenant_id=ref.tenant, id=ref.id)
            draft_from_project(call, tx, case_of(row), ArtefactsIn(source=["源代码移交清单"]))
    assert await superuser.fetchval("SELECT count(*) FROM apps WHERE source_project::text = $1", ref.id) == 0
    await relay()
    kept = await superuser.fetch("SELECT tenant_id, status FROM apps WHERE source_project::text = $1", ref.id)
    assert [tuple(row) for row in kept] == [(CITY, "draft")]
    listed = (await as_user(CITY, "app_provider")("GET", "/apps/working?limit=200")).json()["items"]
    mine = [each for each in listed if each["source_project"] == str(ref)]
    assert "源代码移交清单" in mine[0]["content"]["description"]
