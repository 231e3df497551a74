"""疑点 and 评审: what looks like one project in parts, side by side; and the expert's desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console.declare import LOOK
from service.console.declared import content_of
from service.console.deeds import OPERATION, deed
from service.console.pages import page, render
from service.console.records import offered, show_list
from service.console.registers_cases import ASSIGNMENTS, SUSPICIONS
from service.console.visiting import Visit
from service.kit.handler import Rendered

SIDE_BY_SIDE = 2
HIGHEST = 100  # of a criterion's marks
_SAID = ("main_tasks", "implementation", "basis")  # of the declaration: what it is to do, how, and why


@page("GET", "/console/suspicions")
async def suspicions(visit: Visit) -> Rendered:
    """What waits to be looked at, the newest first."""
    return await show_list(visit, SUSPICIONS)


@page("GET", "/console/suspicions/{ref:str}")
async def suspicion(visit: Visit) -> Rendered:
    """The projects side by side, and the decision."""
    return await _suspicion(visit)


async def _suspicion(visit: Visit) -> Rendered:
    found = await visit.ask("suspicions_read", ref=visit.part("ref"))
    others = [each for each in found["members"] if each["project_id"] != found["project_id"]]
    own = [each for each in found["members"] if each["project_id"] == found["project_id"]]
    sides = []
    for each in [*own, *others][:SIDE_BY_SIDE]:
        project = await visit.maybe("projects_read", ref=each["project_id"])
        basics = project["materials"].get("basics", {}) if project else {}
        sides.append((each, {key: basics[key] for key in _SAID if basics.get(key)}))
    open_now = ["suspicions_confirm", "suspicions_dismiss"] if found["state"] == "open" else []
    open_now += ["suspicions_join"] if found["state"] in ("open", "confirmed") else []
    return render(
        visit,
        "suspicion.html",
        found=found,
        sides=sides,
        rest=[*own, *others][SIDE_BY_SIDE:],
        deeds=await offered(visit, open_now, found),
    )


@page("POST", "/console/suspicions/{ref:str}")
async def decide(visit: Visit) -> Rendered:
    """确认, 排除, 登记合并: each with its reason."""
    return await deed(visit, _suspicion, ref=visit.part("ref"))


@page("GET", "/console/assignments")
async def assignments(visit: Visit) -> Rendered:
    """What one was drawn for; what waits comes first."""
    return await show_list(visit, ASSIGNMENTS)


@page("GET", "/console/assignments/{ref:str}")
async def assignment(visit: Visit) -> Rendered:
    """One project to score: what is declared, its papers, the criteria."""
    return await _assignment(visit)


async def _assignment(visit: Visit) -> Rendered:
    ref = visit.part("ref")
    found = await visit.ask("assignments_assignment", ref=ref)
    papers = await visit.maybe("assignments_documents", ref=ref)
    waits = not found["scored_at"] and not found["recused_at"] and found["status"] == "drawn"
    return render(
        visit,
        "assignment.html",
        found=found,
        papers=papers,
        content=content_of(found),
        sum=_sum(visit, found),
        recuse=await offered(visit, ["assignments_recuse"] if waits else []),
        may_score=waits and visit.may("assignments_score"),
    )


class Sum(NamedTuple):
    """The marks as they stand: `given` of `of` criteria; `beyond`: marks that are none; `mean`: of the others."""

    given: int
    of: int
    beyond: int
    mean: str


def _sum(visit: Visit, found: Mapping[str, Any]) -> Sum:
    """Of the sheet that was handed in, or else of the form."""
    if found["sheet"]:
        written = [str(each["score"]) for each in found["sheet"]["scores"]]
    else:
        fields = (visit.field(f"/scores/{n}/score:number") for n in range(len(found["criteria"])))
        written = [each.strip() for each in fields if each.strip()]
    marks = [int(each) for each in written if each.isascii() and each.isdigit() and int(each) <= HIGHEST]
    mean = f"{sum(marks) / len(marks):.1f}" if marks else "—"
    return Sum(len(marks), len(found["criteria"]), len(written) - len(marks), mean)


@page("POST", "/console/assignments/{ref:str}")
async def score(visit: Visit) -> Rendered:
    """Hands the sheet in, once; or steps aside, after which the project is no longer one's to see."""
    if visit.field(LOOK):
        return await _assignment(visit)
    aside = visit.field(OPERATION) == "assignments_recuse"
    then = (lambda _: "/console/assignments") if aside else None
    return await deed(visit, _assignment, then=then, ref=visit.part("ref"))


@page("GET", "/console/assignments/{ref:str}/files/{document:str}")
async def paper(visit: Visit) -> Rendered:
    """A paper of the project, as an expert may read it."""
    reply = await visit.reply(
        "assignments_document", {"ref": visit.part("ref"), "document": visit.part("document")}
    )
    return Rendered(reply.status, reply.headers, reply.body)


ROUTES: list[HTTPRouteHandler] = [
    suspicions,
    suspicion,
    decide,
    assignments,
    assignment,
    score,
    paper,
]
