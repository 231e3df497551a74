"""Deeds that leave text of a case where no recipe alone leaves it."""

from __future__ import annotations

from service.kit.relay import drain
from service.kit.telemetry import Telemetry
from service.worker import SUBSCRIBERS
from tests import factories
from tests.catalogue.conftest import content
from tests.contract import recipes_library_joint as joint
from tests.contract import recipes_reviews  # noqa: F401 - joins the recipes in their order
from tests.contract.recipes_catalogue import accepted_project
from tests.lives import World, good
from tests.spills.planting import Planting

DESKS = ("360000", "360100", "360200", "360300")


async def delivered(w: World) -> None:
    for tenant in DESKS:
        await drain(w.door, tenant, SUBSCRIBERS, Telemetry())


async def app_of_a_case(w: World) -> None:
    """Art. 31: what was built is drafted as an app, published, edited, adopted by another city's county, rated."""
    provider, county = w.by("city.app_provider"), w.find("360200", "county.user")
    drafted = good(await provider("POST", "/apps/from-project", {"project_id": await accepted_project(w)}))
    path = f"/apps/working/{drafted.json()['id']}"
    answer = await provider(
        "PATCH", path, content(name="地图服务", reach="province"), etag=drafted.headers["etag"]
    )
    answer = good(await provider("POST", f"{path}/publish", {}, etag=good(answer).headers["etag"]))
    await delivered(w)
    body = {"app_id": drafted.json()["id"], "users": 40, "scope": "窗口人员办件时核验身份"}
    asked = good(await county("POST", "/adoptions", body))
    here = f"/adoptions/{asked.json()['id']}"
    await delivered(w)
    there = f"/provisions/360100-{asked.json()['id'].partition('-')[2]}"
    etag = good(await provider("GET", there)).headers["etag"]
    good(await provider("POST", f"{there}/provision", {}, etag=etag))
    await delivered(w)
    etag = good(await county("GET", here)).headers["etag"]
    good(await county("PUT", f"{here}/feedback", {"score": 4}, etag=etag))
    status = {"status": "pilot", "reason": "扩容期间先作试点"}
    good(
        await provider(
            "POST", f"{path}/status", status, etag=good(await provider("GET", path)).headers["etag"]
        )
    )


async def joined(w: World) -> None:
    """Art. 12: a department leads, a city joins with a project of its own, and the lead sets a standard."""
    lead = await joint._departments(w)
    asked = await w.made(
        joint.DEPARTMENT, f"/projects/{lead.id}/links", {"child_tenant": w.tenant, "task": "参与共建"}
    )
    standard = {"text": "统一接口规范", "on": "2026-02-01"}
    good(await w.by(joint.DEPARTMENT)("POST", f"/projects/{lead.id}/links/standards", standard))
    await w.delivered()
    body = {"join": True, "project_id": (await w.submitted()).id}
    ref = f"{w.tenant}-{asked.id.partition('-')[2]}"
    good(await w.by("city.gatekeeper")("POST", f"/link-invitations/{ref}/answer", body))


async def file_of_a_case(w: World) -> None:
    """An attachment whose name and text tell."""
    case = await w.submitted()
    name = f"说明{Planting.pen.mark}.txt"
    good(
        await w.by(w.owner)(
            "POST",
            f"/projects/{case.id}/documents",
            content="可以公开".encode(),
            params={"slot": "technical_plan", "name": name},
            headers={"content-type": "application/octet-stream"},
        )
    )


async def entry_of_a_case(w: World) -> None:
    """Art. 8: an entry of before the system, brought in by two people, on which a declaration stands."""
    owner, entered = factories.city_office(w.tenant), {"entered_on": "2026-01-20", "note": "由纸质清单补录"}
    body = {
        **entered,
        "owner": f"{w.tenant}-{owner}",
        "project_name": "市级指挥系统",
        "document": factories.PAPER,
    }
    made = await w.made("province.drc", "/library-imports", body)
    path = f"/library-imports/{made.id}/confirm"
    good(await w.by("province.office")("POST", path, {"accepted": True}, etag=made.etag))
    await delivered(w)
    case = await w.submitted(provincial=True, library_entry=made.id)
    assert case.data["dated"]["library"]["entry"] == made.id.partition("-")[2]


async def system_of_a_case(w: World) -> None:
    case = await w.submitted()
    office = factories.city_office(w.tenant)
    await w.made(w.owner, "/systems", {"name": "城管系统", "office_id": office, "project_id": case.id})
