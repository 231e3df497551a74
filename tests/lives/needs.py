"""A need on its way into the library (arts 8, 9, 14): `entered(w)`, and the waypoints before it.

The owner of the world drafts it: a city's portal, whose need goes over the city's desk, or a department, which reports
its own. Facts are the declaration's; a need whose facts tell of a deployment has the paper and cites it, so that it
comes in on whatever day.
"""

from __future__ import annotations

from typing import Any

from tests import factories
from tests.lives import reviews
from tests.lives.life import Life
from tests.lives.people import PROVINCE, TENANT
from tests.lives.world import DEPARTMENT, World

KEEPER, OFFICE = "city.gatekeeper", "province.office"
BIG = {"investment_yuan": "50000000.00"}  # over any limit that an amendment may bring
DEPLOYED = {"investment_yuan": "8000000.00", "national_or_provincial_deployment": True}
REPORT = {"deployment_citation": "国办函〔2026〕18号"}


def need(w: World, **facts: Any) -> dict[str, Any]:
    """The body of a new need; people write for their own office, a portal names it."""
    body = factories.draft(TENANT if w.tenant == PROVINCE else w.tenant, facts=BIG | facts)
    if not w.owner.endswith(".portal"):
        del body["owner_office_id"]
    return body


async def drafted(w: World, **facts: Any) -> Life:
    made = await w.made("owner", "/needs", need(w, **facts))
    if facts.get("national_or_provincial_deployment"):
        await factories.attach(w.by("owner"), made.id, "deployment_basis")
    return w.case(made.id, made.etag, made.data)


async def submitted(w: World, **facts: Any) -> Life:
    """With the city's desk."""
    case = await drafted(w, **facts)
    await case.does("owner", "need/submit")
    return case


async def gatekept(w: World, **facts: Any) -> Life:
    """Passed by the city's desk, which has yet to report it."""
    case = await submitted(w, **facts)
    await case.does(KEEPER, "need/gatekeep")
    return case


async def reported(w: World, **facts: Any) -> Life:
    """With the province: over the city's desk, or straight from a department's draft."""
    body = REPORT if facts.get("national_or_provincial_deployment") else {}
    own = w.owner == DEPARTMENT
    case = await (drafted if own else gatekept)(w, **facts)
    await case.does("owner" if own else KEEPER, "need/report", body)
    return case


async def joint(w: World, **facts: Any) -> Life:
    """A department's, to be built together with the police (art. 12)."""
    return await reported(w, participating_offices=["省公安厅"], **facts)


async def handed_in_again(case: Life, report: Any = None) -> None:
    """Submitted to the city's desk once more, and reported by it."""
    await case.does("owner", "need/submit")
    await case.does(KEEPER, "need/gatekeep")
    await case.does(KEEPER, "need/report", report)


async def again(case: Life) -> Life:
    """Handed back by the province and reported anew, unchanged."""
    await case.does(OFFICE, "need/reject", {"reason": "下一批次再议"})
    await handed_in_again(case, REPORT)
    return case


async def appraised(case: Life, verdict: str = "pass") -> Life:
    """Commissioned, drawn, scored and concluded (art. 18); as the leading group's office sees it."""
    await reviews.appraised(case.world, case, verdict=verdict)
    await case.read(OFFICE)
    return case


async def enter(case: Life, body: Any = None) -> dict[str, Any]:
    """The office enters what was appraised; the entry."""
    return dict((await case.does(OFFICE, "library/enter", body))["entry"])


async def taken_in(case: Life) -> Life:
    """Appraised and in the library; as its owner sees it."""
    await enter(await appraised(case))
    await case.read()
    return case


async def entered(w: World, **facts: Any) -> Life:
    return await taken_in(await reported(w, **facts))
